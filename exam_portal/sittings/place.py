# SPDX-License-Identifier: Apache-2.0
"""Whom an act at the desk concerns: one candidate, a room, or everybody in the sitting."""

from typing import NamedTuple

from exam_portal.core.errors import NotFound
from exam_portal.sittings.models import Room, Seat, Sitting


class Place(NamedTuple):
    """A seat, or else a room, or else the whole sitting."""

    room: Room | None
    seat: Seat | None

    @classmethod
    def of(cls, sitting: Sitting, room: Room | None, seat: Seat | None) -> "Place":
        """Return the place (beside a seat no room is kept); raise NotFound for a seat of another sitting."""
        if seat is not None and seat.sitting_id != sitting.id:
            raise NotFound
        return cls(room=None if seat else room, seat=seat)

    @property
    def lies_in(self) -> int | None:
        """The room whose course counts there; None for all rooms."""
        if self.seat is not None:
            return self.seat.room_id
        return self.room.id if self.room else None

    @property
    def row(self) -> dict[str, int | None]:
        """The place as a row holds it."""
        return {
            "room_id": self.room.id if self.room else None,
            "seat_id": self.seat.id if self.seat else None,
        }

    @property
    def told(self) -> dict[str, str | None]:
        """The place as a leaf tells it."""
        return {
            "room": self.room.public_id if self.room else None,
            "seat": self.seat.public_id if self.seat else None,
        }
