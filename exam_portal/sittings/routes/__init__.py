# SPDX-License-Identifier: Apache-2.0
"""Pages of the sittings: the candidate's player, and the desks of those who hold the room."""

from flask import Blueprint

bp = Blueprint("sittings", __name__)

from exam_portal.sittings.routes import (  # noqa: E402 - they add to the blueprint
    answers,
    arranging,
    bags,
    beforehand,
    board,
    desk,
    documents,
    forms_at_hand,
    hall,
    halls,
    late,
    machines,
    masking,
    own,
    player,
    proposals,
    receipts,
    registers,
    scripts,
    stacks,
    turning,
)

__all__ = [
    "answers",
    "arranging",
    "bags",
    "beforehand",
    "board",
    "bp",
    "desk",
    "documents",
    "forms_at_hand",
    "hall",
    "halls",
    "late",
    "machines",
    "masking",
    "own",
    "player",
    "proposals",
    "receipts",
    "registers",
    "scripts",
    "stacks",
    "turning",
]
