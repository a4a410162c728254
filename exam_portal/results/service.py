# SPDX-License-Identifier: Apache-2.0
"""What can be done with results: each function is one act and writes one leaf of its own."""

from exam_portal.results import admission, deciding
from exam_portal.results.publications import (
    approve_publication,
    discard_publication,
    post_marks,
    prepare_publication,
)
from exam_portal.results.runs import compute, compute_run
from exam_portal.results.steps import close_reviews, recognise, record_opinion
from exam_portal.results.unmasking import unmask

__all__ = [
    "approve_publication",
    "close_reviews",
    "compute",
    "compute_run",
    "discard_publication",
    "post_marks",
    "prepare_publication",
    "recognise",
    "record_opinion",
    "unmask",
]

admission.register()  # from here on those who seat candidates know who passed the gates
deciding.register()  # and no decision goes on record that no ranking could be made with
