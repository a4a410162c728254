# SPDX-License-Identifier: Apache-2.0
"""The reads of sittings in one place: plans, seats, clocks, registers, and what later stages ask."""

from exam_portal.sittings.queries.bags import BagEntry, bags
from exam_portal.sittings.queries.bindings import browser_keys, networks
from exam_portal.sittings.queries.clocks import RoomState, grants, paper_turns, room_states, timing_facts
from exam_portal.sittings.queries.collected import (
    PartStanding,
    attendance,
    corrected_tests,
    declared,
    hand_ins,
    handover,
    handovers,
    part_standings,
    sanctioned,
    test_marks,
)
from exam_portal.sittings.queries.desk import calls, messages
from exam_portal.sittings.queries.late import LateAttempt, late_answers, late_attempts
from exam_portal.sittings.queries.own import OwnSitting, own_sittings
from exam_portal.sittings.queries.planned import SittingEntry, events_of, rooms, rooms_of, sittings, state
from exam_portal.sittings.queries.proposals import OpenProposal, open_proposals, rulings
from exam_portal.sittings.queries.registers import incidents, sanctions
from exam_portal.sittings.queries.seating import (
    RoomTally,
    SeatEntry,
    SeatState,
    board,
    seat,
    seat_states,
    seats,
    tallies,
)
from exam_portal.sittings.queries.stacks import (
    MissingPages,
    PageEntry,
    StackEntry,
    missing_pages,
    pages_of,
    stacks,
)

__all__ = [
    "BagEntry",
    "LateAttempt",
    "MissingPages",
    "OpenProposal",
    "OwnSitting",
    "PageEntry",
    "PartStanding",
    "RoomState",
    "RoomTally",
    "SeatEntry",
    "SeatState",
    "SittingEntry",
    "StackEntry",
    "attendance",
    "bags",
    "board",
    "browser_keys",
    "calls",
    "corrected_tests",
    "declared",
    "events_of",
    "grants",
    "hand_ins",
    "handover",
    "handovers",
    "incidents",
    "late_answers",
    "late_attempts",
    "messages",
    "missing_pages",
    "networks",
    "open_proposals",
    "own_sittings",
    "pages_of",
    "paper_turns",
    "part_standings",
    "room_states",
    "rooms",
    "rooms_of",
    "rulings",
    "sanctioned",
    "sanctions",
    "seat",
    "seat_states",
    "seats",
    "sittings",
    "stacks",
    "state",
    "tallies",
    "test_marks",
    "timing_facts",
]
