# SPDX-License-Identifier: Apache-2.0
"""Papers to be printed: the booklet of each code, and one key sheet for all of them.

`of(form, seed, codes)` gives both. A code ("mã đề") is a candidate of the documented shuffle
(`exam/shuffle/v1`, docs/papers.md): whoever has form and seed derives each booklet again.
"""

from question_bank.booklets.booklet import Booklet, Heading, Line, Question, booklet
from question_bank.booklets.corrections import (
    Corrected,
    Correction,
    CorrectionSheet,
    correction_sheets,
)
from question_bank.booklets.keyed import Keyed, keyed, keyed_form
from question_bank.booklets.printing import MOST_CODES, Printed, codes_of, of
from question_bank.booklets.right import Column, KeySheet, right_answers

__all__ = [
    "MOST_CODES",
    "Booklet",
    "Column",
    "Corrected",
    "Correction",
    "CorrectionSheet",
    "Heading",
    "KeySheet",
    "Keyed",
    "Line",
    "Printed",
    "Question",
    "booklet",
    "codes_of",
    "correction_sheets",
    "keyed",
    "keyed_form",
    "of",
    "right_answers",
]
