# SPDX-License-Identifier: Apache-2.0
"""Verbs of marking: assign a bag, give a mark, key a slip twice, lock, correct with two."""

from exam_portal.marking.pseudonyms import pseudonym
from exam_portal.marking.service.closing import (
    approve_correction,
    ask_lock,
    lock_marks,
    propose_correction,
)
from exam_portal.marking.service.common import page_of, read_of, rule_of, sheet_of
from exam_portal.marking.service.desk import (
    assign_bag,
    give_mark,
    take_back,
)
from exam_portal.marking.service.drafts import Sheet, choose_draft, save_draft
from exam_portal.marking.service.lot import commit_lot, draw_lot
from exam_portal.marking.service.slips import file_slips, key_slip

__all__ = [
    "Sheet",
    "approve_correction",
    "ask_lock",
    "assign_bag",
    "choose_draft",
    "commit_lot",
    "draw_lot",
    "file_slips",
    "give_mark",
    "key_slip",
    "lock_marks",
    "page_of",
    "propose_correction",
    "pseudonym",
    "read_of",
    "rule_of",
    "save_draft",
    "sheet_of",
    "take_back",
]
