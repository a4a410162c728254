# SPDX-License-Identifier: Apache-2.0
"""What can be done to a competition: each function is one act and writes one leaf."""

from exam_portal.competitions.service.approval import (
    announce,
    approve,
    approve_on_paper,
    missing,
    return_draft,
    submit_for_approval,
)
from exam_portal.competitions.service.course import amend_dates, close_registration, reach, shift_clock
from exam_portal.competitions.service.decisions import declare_conflict, declare_on_paper, record_decision
from exam_portal.competitions.service.drafts import create_competition, edit_draft, set_mode
from exam_portal.competitions.service.vacancies import (
    add_criterion,
    add_vacancy,
    edit_criterion,
    edit_vacancy,
    remove_criterion,
    remove_vacancy,
)

__all__ = [
    "add_criterion",
    "add_vacancy",
    "amend_dates",
    "announce",
    "approve",
    "approve_on_paper",
    "close_registration",
    "create_competition",
    "declare_conflict",
    "declare_on_paper",
    "edit_criterion",
    "edit_draft",
    "edit_vacancy",
    "missing",
    "reach",
    "record_decision",
    "remove_criterion",
    "remove_vacancy",
    "return_draft",
    "set_mode",
    "shift_clock",
    "submit_for_approval",
]
