# SPDX-License-Identifier: Apache-2.0
"""Verbs of the panel: seat it, draw lots, hear, vote in secret, count."""

from exam_portal.interviews import declared
from exam_portal.interviews.service.ballot_mode import change_ballot_mode
from exam_portal.interviews.service.counting import file_sheets, key_count
from exam_portal.interviews.service.declaring import declare_relations
from exam_portal.interviews.service.hearings import (
    break_off_hearing,
    call_out_of_turn,
    note_absence,
    note_candidate_absent,
    open_ballot,
    open_hearing,
)
from exam_portal.interviews.service.seating import (
    add_member,
    add_supplementary_hearing,
    draw_lots,
    repeat_hearing,
    seat_panel,
)
from exam_portal.interviews.service.substituting import call_substitute
from exam_portal.interviews.service.voting import cast_ballot, count_ballots

__all__ = [
    "add_member",
    "add_supplementary_hearing",
    "break_off_hearing",
    "call_out_of_turn",
    "call_substitute",
    "cast_ballot",
    "change_ballot_mode",
    "count_ballots",
    "declare_relations",
    "draw_lots",
    "file_sheets",
    "key_count",
    "note_absence",
    "note_candidate_absent",
    "open_ballot",
    "open_hearing",
    "repeat_hearing",
    "seat_panel",
]

declared.register()  # from here on dossiers are closed to members who have not declared
