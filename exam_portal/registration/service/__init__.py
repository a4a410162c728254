# SPDX-License-Identifier: Apache-2.0
"""Verbs of registration and vetting."""

from exam_portal.registration.service.applications import (
    attach,
    check_window,
    content_of,
    enter_dossier,
    prepare_attachment,
    remove_attachment,
    save_draft,
    start_application,
    submit,
    withdraw,
)
from exam_portal.registration.service.vetting import (
    approve_list,
    conclude,
    confirm_readings,
    decide_preference,
    exclude_candidate,
    note_view,
    record_finding,
    refuse_below_minimum,
)

__all__ = [
    "approve_list",
    "attach",
    "check_window",
    "conclude",
    "confirm_readings",
    "content_of",
    "decide_preference",
    "enter_dossier",
    "exclude_candidate",
    "note_view",
    "prepare_attachment",
    "record_finding",
    "refuse_below_minimum",
    "remove_attachment",
    "save_draft",
    "start_application",
    "submit",
    "withdraw",
]
