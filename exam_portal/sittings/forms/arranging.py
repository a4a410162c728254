# SPDX-License-Identifier: Apache-2.0
"""Rooms, times, seats, summons: what is arranged before the day."""

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l

from exam_portal.competitions.rules import MODES
from exam_portal.competitions.service.drafts import ALLOWED_MODES
from exam_portal.sittings.models import Room
from exam_portal.web.forms import (
    CheckboxesField,
    Form,
    InstantField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    between,
    length,
    optional,
    required,
)
from scoring.ruleset import Part

REASON = 2000


class RoomForm(Form):
    """A room."""

    name = StringField(
        _l("Name of the room"),
        [required(_l("Write the name of the room")), length(high=64)],
        description=_l("As on its door, such as P.101"),
    )
    location = StringField(_l("Address"), [optional(), length(high=300)])
    capacity = IntegerField(_l("Seats"), [required(_l("Write how many seats it has")), between(1, 2000)])


class SittingForm(Form):
    """A part at a time."""

    part = SelectField(_l("Part"), [required(_l("Choose the part"))])
    starts_at = InstantField(_l("Start"), [required(_l("Write when the sitting starts"))])
    mode = RadioField(
        _l("How it is held"), [optional()], description=_l("Empty: as the rules say for this part")
    )
    duration = IntegerField(
        _l("Minutes"),
        [optional(), between(1, 1440)],
        description=_l("Empty: as the rules say for this part"),
    )

    def offer(self, parts: Sequence[Part], titles: dict[str, str]) -> None:
        """Offer the parts that are sat in rooms, and the modes that any of them allows."""
        self.part.choices = [(part.key, titles[part.key]) for part in parts]
        allowed = {mode for part in parts for mode in ALLOWED_MODES[part.kind]}
        self.mode.choices = [(mode, words) for mode, words in MODES.items() if mode in allowed]


class TimeForm(Form):
    """Another time."""

    starts_at = InstantField(_l("Start"), [required(_l("Write when the sitting starts"))])


class SeatsForm(Form):
    """Who is seated, and in which rooms."""

    rooms = CheckboxesField(_l("Rooms"), [required(_l("Choose at least one room"))])
    candidates = CheckboxesField(_l("Candidates"), [required(_l("Choose at least one candidate"))])

    def offer(self, rooms: Iterable[Room], candidates: Sequence[tuple[str, str]]) -> None:
        """Offer rooms with their size, and the candidates who wait for a seat."""
        self.rooms.choices = [(room.public_id, f"{room.name} ({room.capacity})") for room in rooms]
        self.candidates.choices = list(candidates)


class MoveSeatForm(Form):
    """Another place."""

    room = SelectField(_l("Room"), [required(_l("Choose the room"))])
    label = StringField(_l("Seat"), [required(_l("Write the number of the seat")), length(high=16)])


class SummonForm(Form):
    """The summons, with a reason where the notice is short."""

    reason = TextAreaField(_l("Reason for the short notice"), [optional(), length(high=REASON)])


class CancelForm(Form):
    """Why a sitting does not count."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write the reason")), length(high=REASON)])
