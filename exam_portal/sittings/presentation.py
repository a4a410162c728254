# SPDX-License-Identifier: Apache-2.0
"""The live part of the board, in the reader's words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext

from exam_portal.core.db import Session
from exam_portal.sittings import binding, messages, queries
from exam_portal.sittings.models import ProposalKind, Sitting
from exam_portal.sittings.proposals import Proposal
from exam_portal.web.filters import clock_time

WORKING = frozenset({"authorised", "active", "paused"})
HEARD_WITHIN = timedelta(seconds=60)  # a screen asks twice in this time
SHOWN_AT_ONCE = 60  # seats; a larger hall is shown room by room


def board_state(
    session: Session, sitting: Sitting, now: datetime, room: str | None, silent_seconds: int
) -> dict[str, Any]:
    """Return what of the board changes by itself: rooms with their clocks, shown seats with their states."""
    rooms = queries.room_states(session, sitting, now)
    shown = shown_rooms([one.tally for one in rooms], room)
    networks = queries.networks(session, shown)
    return {
        "now": now.isoformat(),
        "rooms": [_room(one) for one in rooms],
        "calls": len(queries.calls(session, sitting, only_open=True)),
        "proposals": len(queries.open_proposals(session, sitting, now, silent_seconds)),
        "seats": [seat_state(seat, networks, now) for seat in queries.seat_states(session, sitting, shown)],
    }


def seat_state(
    seat: queries.SeatState | queries.SeatEntry, networks: Mapping[int, Sequence[str]], now: datetime
) -> dict[str, Any]:
    """Return the changing part of a seat in codes; the words for them stand in the page once."""
    line = _line(seat, now)
    return {
        "id": seat.public_id,
        "finding": seat.status,
        "arrived": clock_time(seat.arrived_at),
        "attempt": seat.attempt_state,
        "saved": clock_time(seat.last_event_at, seconds=True) if seat.attempt_state else "",
        "line": line,
        "gone": clock_time(seat.seen_at, seconds=True) if line == "gone" else "",
        "marks": _marks(seat, networks),
    }


def board_words() -> dict[str, dict[str, list[str]]]:
    """Return word and colour of every code in the changing part."""
    tables = {"finding": messages.FINDINGS, "attempt": messages.ATTEMPTS, "line": messages.LINES}
    return {
        **{
            name: {code: [str(text), kind] for code, (text, kind) in table.items()}
            for name, table in tables.items()
        },
        "marks": {code: [str(text), kind] for code, (text, kind) in messages.MARKS.items()},
    }


def evidence(found: Proposal, now: datetime) -> str:
    """Return what the server noticed, in a sentence that the register can hold."""
    since = clock_time(found.began_at, seconds=True)
    until = clock_time(found.ended_at or now, seconds=True)
    seconds = int(((found.ended_at or now) - found.began_at).total_seconds())
    words = ""
    facts = {"since": since, "until": until, "seconds": seconds, "screens": found.screens}
    match found.kind:
        case ProposalKind.ROOM_SILENT:
            words = gettext(
                "%(screens)s screens of the room were silent from %(since)s to %(until)s (%(seconds)s s).",
                **facts,
            )
        case ProposalKind.SEAT_SILENT:
            words = gettext("The screen was silent from %(since)s to %(until)s (%(seconds)s s).", **facts)
        case ProposalKind.DEVICE_CHANGED:
            words = gettext(
                "Another computer took the attempt at %(since)s: %(device)s", since=since, device=found.device
            )
        case ProposalKind.SERVER_RESTARTED:
            words = gettext("The server gave no answer from %(since)s to %(until)s (%(seconds)s s).", **facts)
    return str(words)


def _line(seat: queries.SeatState | queries.SeatEntry, now: datetime) -> str:
    """Return whether the screen still asks; of nobody's while no work is under way."""
    if seat.attempt_state not in WORKING or seat.seen_at is None:
        return ""
    last = max(seat.seen_at, seat.last_event_at or seat.seen_at)
    return "gone" if now - last > HEARD_WITHIN else "here"


def _marks(seat: queries.SeatState | queries.SeatEntry, networks: Mapping[int, Sequence[str]]) -> list[str]:
    found = {
        "calls": seat.calls,
        "outside": bool(seat.address) and not binding.is_inside(seat.address, networks.get(seat.room_id, ())),
        "browser": seat.browser == "other",
        "devices": seat.devices > 1,
        "incidents": seat.incidents > 0,
    }
    return [name for name, holds in found.items() if holds]


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
        "has_begun": room.closes_at is not None,
        "closes_at": room.closes_at.isoformat() if room.closes_at and runs else None,
        "left": None if runs else clock_words(room.remaining_seconds),
        "until": clock_time(room.closes_at),
        "tally": tally_words(room.tally),
    }
