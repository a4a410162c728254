# SPDX-License-Identifier: Apache-2.0
"""The live part of the board, in the reader's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from exam_portal.core.db import Session
from exam_portal.sittings import messages, queries
from exam_portal.sittings.models import Sitting
from exam_portal.web.filters import clock_time

SHOWN_AT_ONCE = 60  # seats; a larger hall is shown room by room


def board_state(session: Session, sitting: Sitting, now: datetime, room: str | None) -> dict[str, Any]:
    """Return what of the board changes by itself: rooms with their clocks, shown seats with their states."""
    rooms = queries.room_states(session, sitting, now)
    shown = shown_rooms([one.tally for one in rooms], room)
    return {
        "now": now.isoformat(),
        "rooms": [_room(one) for one in rooms],
        "calls": len(queries.calls(session, sitting, only_open=True)),
        "seats": [_seat(seat) for seat in queries.seat_states(session, sitting, shown)],
    }


def shown_rooms(rooms: Sequence[queries.RoomTally], asked: str | None) -> frozenset[int]:
    """Return the rooms whose seats a page shows: all of a small hall, else the one asked for or the first.

    A room is always whole: whoever watches it sees everybody in it.
    """
    if sum(one.seats for one in rooms) <= SHOWN_AT_ONCE:
        return frozenset(one.room.id for one in rooms)
    wanted = next((one for one in rooms if one.room.public_id == asked), rooms[0])
    return frozenset({wanted.room.id})


def tally_words(tally: queries.RoomTally) -> str:
    """Return who has been seen in a room."""
    counts = {"present": tally.present, "away": tally.away, "open": tally.open}
    return str(gettext("%(present)s present, %(away)s away, %(open)s not recorded yet", **counts))


def by_room(seats: Sequence[queries.SeatEntry]) -> dict[int, list[queries.SeatEntry]]:
    """Return the seats of each room, in their order."""
    rooms: dict[int, list[queries.SeatEntry]] = {}
    for seat in seats:
        rooms.setdefault(seat.room_id, []).append(seat)
    return rooms


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
        "tally": tally_words(room.tally),
    }


def _seat(seat: queries.SeatState) -> dict[str, Any]:
    text, kind = messages.FINDINGS[seat.status]
    found: dict[str, Any] = {
        "id": seat.public_id,
        "finding": {"text": str(text), "kind": kind},
        "arrived": clock_time(seat.arrived_at),
        "calls": seat.calls,
    }
    if seat.attempt_state is not None:
        words, colour = messages.ATTEMPTS[seat.attempt_state]
        found["attempt"] = {"text": str(words), "kind": colour}
        found["saved"] = clock_time(seat.last_event_at, seconds=True)
    return found
