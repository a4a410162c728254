# SPDX-License-Identifier: Apache-2.0
"""At the desk while a sitting runs: who is there, time, words to the screens, what happened."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import OptionalPaperFields
from exam_portal.sittings.models import (
    AttendanceStatus,
    GrantKind,
    IncidentCategory,
    LateVerdict,
    Room,
    SanctionLevel,
)
from exam_portal.web import messages
from exam_portal.web.forms import (
    Form,
    HiddenField,
    InstantField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    between,
    length,
    optional,
    pattern,
    required,
)

EVERYWHERE = _l("All rooms")
REASON = 2000


class FindingForm(Form):
    """What was found at a seat."""

    finding = RadioField(_l("At the seat"), [required(_l("Choose what was found"))])
    arrived_at = InstantField(
        _l("Arrived"), [optional()], description=_l("Empty: now. Otherwise as the invigilators wrote it.")
    )
    note = StringField(_l("Note"), [optional(), length(high=500)])
    seen = HiddenField()

    def offer(self) -> None:
        """Offer the findings."""
        self.finding.choices = [(status.value, messages.label(status)) for status in AttendanceStatus]


class PlaceForm(Form):
    """One room or all of them."""

    room = SelectField(_l("Where"), [optional()], blank=EVERYWHERE)

    def offer(self, rooms: Iterable[Room]) -> None:
        """Offer the rooms of the sitting."""
        self.room.choices = [(room.public_id, room.name) for room in rooms]


class SeatOrRoomForm(PlaceForm):
    """One candidate, a room, or everybody."""

    seat = SelectField(_l("Candidate"), [optional()], blank=_l("Everybody there"))

    def offer_places(self, rooms: Iterable[Room], seats: Sequence[tuple[str, str]]) -> None:
        """Offer rooms and candidates."""
        self.offer(rooms)
        self.seat.choices = list(seats)


class PauseForm(PlaceForm):
    """Why the clock stands still, and where."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write the reason")), length(high=REASON)])


READY = {
    "ten": _l("Ten minutes are left."),
    "quiet": _l("Please keep quiet."),
    "stay": _l("Please stay in your place and wait for the invigilator."),
    "fault": _l("There is a technical fault. Go on writing: your answers are kept on this computer."),
    "credit": _l("The time that the fault takes will be given back to you."),
}


class MessageForm(SeatOrRoomForm):
    """Words to the screens: typed, or from the list."""

    ready = SelectField(_l("From the list"), [optional()], blank=_l("None, I write it myself"))
    words = TextAreaField(
        _l("Own words"),
        [optional(), length(high=500)],
        description=_l("It comes after what was chosen from the list"),
    )

    def offer_places(self, rooms: Iterable[Room], seats: Sequence[tuple[str, str]]) -> None:
        """Offer rooms, candidates and what is often said."""
        super().offer_places(rooms, seats)
        self.ready.choices = list(READY.items())

    def said(self) -> str:
        """Return the message."""
        parts = [str(READY[self.ready.data]) if self.ready.data else "", (self.words.data or "").strip()]
        return "\n".join(part for part in parts if part)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse a message that says nothing."""
        is_valid = super().validate(*args, **kwargs)
        if is_valid and not self.said():
            self.refuse(str(_l("Write the message, or choose one from the list")), field="words")
            return False
        return bool(is_valid)


class EvacuationForm(PlaceForm):
    """Why the rooms are cleared, and what the screens say."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write the reason")), length(high=REASON)])
    instructions = TextAreaField(
        _l("What the screens say"), [required(_l("Write what the screens say")), length(high=500)]
    )

    def propose(self) -> None:
        """Propose the words that fit most rooms."""
        if self.instructions.data is None:
            self.instructions.data = str(
                _l("Leave the room calmly with the invigilator. Leave everything where it is.")
            )


class GrantForm(SeatOrRoomForm):
    """Time for one candidate, a room or all."""

    kind = RadioField(_l("What for"), [required(_l("Choose what the time is given for"))])
    minutes = IntegerField(_l("Minutes"), [required(_l("Write how many minutes")), between(1, 600)])
    reason = TextAreaField(_l("Reason"), [required(_l("Write the reason")), length(high=REASON)])

    def offer_places(self, rooms: Iterable[Room], seats: Sequence[tuple[str, str]]) -> None:
        """Offer rooms, candidates and what time is given for."""
        super().offer_places(rooms, seats)
        self.kind.choices = [
            (GrantKind.EXTRA_TIME.value, messages.label(GrantKind.EXTRA_TIME)),
            (
                GrantKind.CREDIT.value,
                messages.label(GrantKind.CREDIT),
                {"hint": _l("Counts when a second person has approved it")},
            ),
        ]


class PaperTurnForm(SeatOrRoomForm):
    """Who goes on on paper, and why."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write the reason")), length(high=REASON)])


class IncidentForm(SeatOrRoomForm, OptionalPaperFields):
    """What happened; the signed minute may be added."""

    category = SelectField(_l("What happened"), [required(_l("Choose the kind of incident"))])
    seat = SelectField(_l("Candidate"), [optional()], blank=_l("No particular candidate"))
    occurred_at = InstantField(_l("When"), [required(_l("Write when it happened"))])
    description = TextAreaField(_l("In words"), [required(_l("Write what happened")), length(high=4000)])

    def offer_places(self, rooms: Iterable[Room], seats: Sequence[tuple[str, str]]) -> None:
        """Offer rooms, candidates and categories."""
        super().offer_places(rooms, seats)
        self.category.choices = [(one.value, messages.label(one)) for one in IncidentCategory]


class ProposalForm(Form):
    """What is made of something that the server noticed."""

    verdict = RadioField(_l("What was it"), [required(_l("Choose what is made of it"))])
    category = SelectField(_l("Kind of incident"), [optional()])
    credit = IntegerField(
        _l("Minutes to give back"),
        [optional(), between(0, 600)],
        description=_l("Counts when a second person has approved it. Empty: none."),
    )
    words = TextAreaField(
        _l("What happened, or why nothing did"), [required(_l("Write what happened")), length(high=REASON)]
    )

    def offer(self) -> None:
        """Offer both verdicts and the categories."""
        self.verdict.choices = [
            ("accept", _l("An incident: it goes into the register")),
            ("dismiss", _l("Nothing that concerns the council")),
        ]
        self.category.choices = [(one.value, messages.label(one)) for one in IncidentCategory]

    def is_accepted(self) -> bool:
        """Whether it becomes an incident."""
        return bool(self.verdict.data == "accept")


class SanctionForm(Form):
    """A sanction; another invigilator confirms it."""

    level = RadioField(_l("Sanction"), [required(_l("Choose the sanction"))])
    reason = TextAreaField(
        _l("What the candidate did"), [required(_l("Write what the candidate did")), length(high=REASON)]
    )

    def offer(self) -> None:
        """Offer the levels."""
        self.level.choices = [
            (SanctionLevel.REPRIMAND.value, messages.label(SanctionLevel.REPRIMAND)),
            (SanctionLevel.WARNING.value, messages.label(SanctionLevel.WARNING)),
            (
                SanctionLevel.SUSPENSION.value,
                messages.label(SanctionLevel.SUSPENSION),
                {"hint": _l("Once confirmed, the work is sealed and the candidate is disqualified")},
            ),
        ]


class ConfirmSanctionForm(OptionalPaperFields):
    """The second invigilator's word; the signed minute may be added."""


class LateRulingForm(Form):
    """Whether late answers count, and why; another person approves."""

    verdict = RadioField(_l("Ruling"), [required(_l("Choose whether they count"))])
    reason = TextAreaField(_l("Reason"), [required(_l("Write the reason")), length(high=REASON)])
    last = HiddenField(validators=[pattern(r"[0-9a-f]{64}", _l("Load the page again"))])

    def offer(self, *, is_void: bool) -> None:
        """Offer both verdicts; of a void attempt nothing can count."""
        offered = [LateVerdict.REFUSE] if is_void else list(LateVerdict)
        self.verdict.choices = [(one.value, messages.label(one)) for one in offered]


class ApproveRulingForm(OptionalPaperFields):
    """The second person's word; the signed decision may be added."""
