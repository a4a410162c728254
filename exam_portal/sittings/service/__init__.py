# SPDX-License-Identifier: Apache-2.0
"""The verbs of sittings in one place: ``(session, actor, now, *, …)``, never committing."""

from exam_portal.sittings.service.arranging import (
    add_room,
    allot_seats,
    create_sitting,
    move_seat,
    prepare,
    reschedule,
    use_reserve_paper,
)
from exam_portal.sittings.service.attendance import check_in, check_in_room
from exam_portal.sittings.service.collecting import (
    add_scan,
    collect_scripts,
    correct_sheets,
    hand_over,
    receive,
)
from exam_portal.sittings.service.handing_in import correct_hand_in
from exam_portal.sittings.service.machines import add_browser_key, bind_room, withdraw_browser_key
from exam_portal.sittings.service.messaging import answer_call, call_invigilator, send_message
from exam_portal.sittings.service.proposing import accept_proposal, dismiss_proposal
from exam_portal.sittings.service.registering import (
    confirm_sanction,
    register_incident,
    report_other_form,
    sanction,
)
from exam_portal.sittings.service.ruling import approve_ruling, propose_ruling, withdraw_ruling
from exam_portal.sittings.service.running import (
    approve_credit,
    cancel,
    end,
    evacuate,
    grant_time,
    pause,
    resume,
    start,
)
from exam_portal.sittings.service.stacking import accept_pages, add_stack, place_page, set_aside
from exam_portal.sittings.service.stacking import finish as finish_stack
from exam_portal.sittings.service.summons import summon
from exam_portal.sittings.service.turning import approve_paper, propose_paper

__all__ = [
    "accept_pages",
    "accept_proposal",
    "add_browser_key",
    "add_room",
    "add_scan",
    "add_stack",
    "allot_seats",
    "answer_call",
    "approve_credit",
    "approve_paper",
    "approve_ruling",
    "bind_room",
    "call_invigilator",
    "cancel",
    "check_in",
    "check_in_room",
    "collect_scripts",
    "confirm_sanction",
    "correct_hand_in",
    "correct_sheets",
    "create_sitting",
    "dismiss_proposal",
    "end",
    "evacuate",
    "finish_stack",
    "grant_time",
    "hand_over",
    "move_seat",
    "pause",
    "place_page",
    "prepare",
    "propose_paper",
    "propose_ruling",
    "receive",
    "register_incident",
    "report_other_form",
    "reschedule",
    "resume",
    "sanction",
    "send_message",
    "set_aside",
    "start",
    "summon",
    "use_reserve_paper",
    "withdraw_browser_key",
    "withdraw_ruling",
]
