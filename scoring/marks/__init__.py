# SPDX-License-Identifier: Apache-2.0
"""Marks on their way in: `exam-portal/marks/1`, typed and checked before anything is computed."""

from scoring.marks.decisions import PANEL_DECISIONS
from scoring.marks.document import MARKS_SCHEMA, parse_marks, read_marks
from scoring.marks.model import (
    Ballot,
    BallotBox,
    Candidate,
    Decision,
    Mark,
    Marks,
    MarkSheet,
    Material,
    TestCorrection,
    TestScore,
)

__all__ = [
    "MARKS_SCHEMA",
    "PANEL_DECISIONS",
    "Ballot",
    "BallotBox",
    "Candidate",
    "Decision",
    "Mark",
    "MarkSheet",
    "Marks",
    "Material",
    "TestCorrection",
    "TestScore",
    "parse_marks",
    "read_marks",
]
