# SPDX-License-Identifier: Apache-2.0
"""The pages of the panel: seating and lots, hearings, the member's ballot, the counting."""

from exam_portal.interviews.routes import (
    agreement,
    ballot_mode,
    counting,
    declaring,
    hearings,
    irregular,
    member,
    questions,
    record,
    room,
    seating,
    substituting,
)
from exam_portal.interviews.routes.blueprint import bp

__all__ = [
    "agreement",
    "ballot_mode",
    "bp",
    "counting",
    "declaring",
    "hearings",
    "irregular",
    "member",
    "questions",
    "record",
    "room",
    "seating",
    "substituting",
]
