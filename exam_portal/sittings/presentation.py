# SPDX-License-Identifier: Apache-2.0
"""The live part of the board, in the reader's words."""

from datetime import datetime
from typing import Any

from exam_portal.core.db import Session
from exam_portal.sittings import messages, queries
from exam_portal.sittings.models import Sitting
from exam_portal.web.filters import clock_time


def board_state(session: Session, sitting: Sitting, now: datetime) -> dict[str, Any]:
    """Return what of the board changes by itself: rooms with their clocks, seats with their states."""
    return {
        "now": now.isoformat(),
        "rooms": [_room(room) for room in queries.room_states(session, sitting, now)],
        "seats": [_seat(seat) for seat in queries.board(session, sitting)],
    }


def clock_words(seconds: int | None) -> str:
    """Return the time left as hours, minutes and seconds."""
    if seconds is None:
        return "–"
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _room(room: queries.RoomState) -> dict[str, Any]:
    text, kind = messages.STATES[room.state]
    runs = room.state == "running"
    return {
        "id": room.room.public_id,
        "state": {"text": str(text), "kind": kind},
        "closes_at": room.closes_at.isoformat() if room.closes_at and runs else None,
        "left": None if runs else clock_words(room.remaining_seconds),
        "until": clock_time(room.closes_at),
    }


def _seat(seat: queries.SeatEntry) -> dict[str, Any]:
    text, kind = messages.FINDINGS[seat.status]
    found: dict[str, Any] = {
        "id": seat.public_id,
        "finding": {"text": str(text), "kind": kind},
        "arrived": clock_time(seat.arrived_at),
    }
    if seat.attempt_state is not None:
        words, colour = messages.ATTEMPTS[seat.attempt_state]
        found["attempt"] = {"text": str(words), "kind": colour}
        found["saved"] = clock_time(seat.last_event_at, seconds=True)
    return found
