# SPDX-License-Identifier: Apache-2.0
"""What looks like an incident, from the server's own log of silences: a pure function. People decide.

A candidate who has to complain first was let down twice: what the server knows it says by itself.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from exam_portal.sittings.models import ProposalKind

FEWEST_IN_ROOM = 2  # one silent screen is a person's matter
RESTART_AT_LEAST = timedelta(seconds=10)  # a quicker one nobody has noticed


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A screen from which nothing came while its time ran; it lasts where ``until`` is None."""

    seat_id: int
    room_id: int
    since: datetime
    until: datetime | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another computer took the attempt of a seat."""

    seat_id: int
    room_id: int
    at: datetime
    device: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """A process of the server began; before it the last answer was given at ``since``."""

    since: datetime
    at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something to look at: what, where, from when to when, how many screens, and the new device if any."""

    kind: ProposalKind
    began_at: datetime
    ended_at: datetime | None
    room_id: int | None = None
    seat_id: int | None = None
    screens: int = 1
    device: str = ""

    def covers(self, kind: str, seat_id: int | None, room_id: int | None) -> bool:
        """Whether it is about the same kind of thing at the same place."""
        return (self.kind, self.seat_id, self.room_id) == (kind, seat_id, room_id)


def propose(
    silences: Iterable[Silence],
    watched: Mapping[int, int],
    changes: Iterable[Change],
    restarts: Iterable[Restart],
) -> list[Proposal]:
    """Return what looks like an incident, the latest first; ``watched``: how many screens each room has.

    A room is silent while at least half of its screens are; what a restart or a silent room explains is not
    proposed for each seat again.
    """
    found = _restarted(restarts)
    left = [one for one in silences if not any(_overlaps(one, each) for each in found)]
    rooms = [each for room_id, own in _by_room(left).items() for each in _rooms(room_id, own, watched)]
    found += rooms
    found += [
        Proposal(
            kind=ProposalKind.SEAT_SILENT,
            began_at=one.since,
            ended_at=one.until,
            room_id=one.room_id,
            seat_id=one.seat_id,
        )
        for one in left
        if not any(each.room_id == one.room_id and _overlaps(one, each) for each in rooms)
    ]
    found += [
        Proposal(
            kind=ProposalKind.DEVICE_CHANGED,
            began_at=one.at,
            ended_at=one.at,
            room_id=one.room_id,
            seat_id=one.seat_id,
            device=one.device,
        )
        for one in changes
    ]
    return sorted(found, key=lambda one: one.began_at, reverse=True)


def _restarted(restarts: Iterable[Restart]) -> list[Proposal]:
    """Several processes that begin after one stop are one restart."""
    found: list[Proposal] = []
    for one in sorted(restarts, key=lambda each: each.at):
        if one.at - one.since < RESTART_AT_LEAST or (found and one.since < (found[-1].ended_at or one.at)):
            continue
        found.append(
            Proposal(kind=ProposalKind.SERVER_RESTARTED, began_at=one.since, ended_at=one.at, screens=0)
        )
    return found


def _rooms(room_id: int, silences: Sequence[Silence], watched: Mapping[int, int]) -> list[Proposal]:
    """Sweep over the silences of a room."""
    need = max(FEWEST_IN_ROOM, (watched.get(room_id, 0) + 1) // 2)
    steps = [(one.since, 1) for one in silences] + [(one.until, -1) for one in silences if one.until]
    found: list[Proposal] = []
    count, most, since = 0, 0, None
    for at, step in sorted(steps):
        count += step
        most = max(most, count)
        if count >= need and since is None:
            since = at
        elif count < need and since is not None:
            found.append(_room(room_id, since, at, most))
            since, most = None, count
    if since is not None:
        found.append(_room(room_id, since, None, most))
    return found


def _room(room_id: int, since: datetime, until: datetime | None, screens: int) -> Proposal:
    return Proposal(
        kind=ProposalKind.ROOM_SILENT, began_at=since, ended_at=until, room_id=room_id, screens=screens
    )


def _by_room(silences: Iterable[Silence]) -> Mapping[int, list[Silence]]:
    rooms: dict[int, list[Silence]] = defaultdict(list)
    for one in silences:
        rooms[one.room_id].append(one)
    return rooms


def _overlaps(silence: Silence, found: Proposal) -> bool:
    begins_before_end = found.ended_at is None or silence.since <= found.ended_at
    return begins_before_end and (silence.until is None or silence.until >= found.began_at)
