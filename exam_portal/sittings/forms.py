# SPDX-License-Identifier: Apache-2.0
"""The forms of the sittings."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import KINDS, OptionalPaperFields, SignedPaperFields
from exam_portal.competitions.rules import MODES
from exam_portal.competitions.service.drafts import ALLOWED_MODES
from exam_portal.sittings import binding, safe_browser
from exam_portal.sittings.models import (
    AttendanceStatus,
    BrowserKeyKind,
    GrantKind,
    IncidentCategory,
    LateVerdict,
    Room,
    SanctionLevel,
)
from exam_portal.web import messages
from exam_portal.web.forms import (
    LARGEST_FILE,
    CheckboxesField,
    FileField,
    Form,
    HiddenField,
    InstantField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    between,
    file_kind,
    length,
    optional,
    pattern,
    required,
)
from scoring.ruleset import Part

EVERYWHERE = _l("All rooms")
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


class NetworksForm(Form):
    """The networks of a room."""

    networks = TextAreaField(
        _l("Networks"),
        [optional(), length(high=2000)],
        description=_l("One on each line, such as 192.168.10.0/24 or 2001:db8:10::/64. Empty: any computer."),
    )

    def read(self) -> list[str]:
        """Return the networks."""
        return binding.read_networks(self.networks.data or "")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse what is no network, naming the line."""
        if not super().validate(*args, **kwargs):
            return False
        try:
            self.read()
        except binding.NotANetwork as problem:
            words = _l("This is not a network, or one too many: %(line)s", line=problem.line[:60])
            self.refuse(str(words), field="networks")
            return False
        return True


class HallAddressForm(Form):
    """For which laptop a sitting is packed."""

    line = TextAreaField(
        _l("Address line of the laptop"),
        [required(_l("Paste the line that the laptop prints")), length(high=1000)],
        description=_l("It begins with exam-portal-address/1. Compare it with the laptop by telephone."),
    )


class HallResultsForm(Form):
    """What a laptop sends home."""

    package = FileField(
        _l("File of the hall"),
        [required(_l("Choose the file that the laptop has written"))],
        description=_l("At most %(size)s", size=LARGEST_FILE),
    )


class HallWithdrawForm(Form):
    """Why a hall is not waited for."""

    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write why what that laptop holds is not waited for")), length(high=REASON)],
    )


class BrowserKeyForm(Form):
    """A key of Safe Exam Browser: from a settings file, or typed."""

    found = ""
    kind = RadioField(_l("Kind of key"), [required(_l("Choose the kind of key"))])
    settings = FileField(
        _l("Settings file (.seb, not encrypted)"),
        [optional()],
        description=_l("The Config Key is computed from it; the file itself is not kept."),
    )
    key = StringField(
        _l("Key"), [optional(), length(high=64)], description=_l("64 characters; instead of a file")
    )
    note = StringField(
        _l("Note"), [optional(), length(high=200)], description=_l("Such as: version 3.10 for Windows")
    )

    def offer(self) -> None:
        """Offer both kinds."""
        self.kind.choices = [(one.value, messages.label(one)) for one in BrowserKeyKind]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Find the one key that was meant, or say at the field why there is none."""
        if not super().validate(*args, **kwargs):
            return False
        typed, file = (self.key.data or "").strip().lower(), self.settings.data
        problem: tuple[Any, str] | None = None
        if file is not None and self.kind.data == BrowserKeyKind.CONFIG.value and not typed:
            try:
                self.found = safe_browser.config_key(file.read())
            except safe_browser.SettingsEncrypted:
                problem = _l("The settings are encrypted: save them without a password"), "settings"
            except safe_browser.NotSettings:
                problem = _l("These are not settings of Safe Exam Browser"), "settings"
        elif safe_browser.KEY.fullmatch(typed) and file is None:
            self.found = typed
        else:
            problem = _l("Choose a settings file for a Config Key, or write 64 characters from 0 to f"), "key"
        if problem:
            self.refuse(str(problem[0]), field=problem[1])
        return problem is None


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

    def offer(self) -> None:
        """Offer both verdicts."""
        self.verdict.choices = [(one.value, messages.label(one)) for one in LateVerdict]


class ApproveRulingForm(OptionalPaperFields):
    """The second person's word; the signed decision may be added."""


class SheetsForm(Form):
    """A corrected count of sheets."""

    sheets = IntegerField(_l("Sheets"), [required(_l("Write how many sheets")), between(1, 200)])
    reason = StringField(_l("Reason"), [required(_l("Write the reason")), length(high=500)])


class CancelForm(Form):
    """Why a sitting does not count."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write the reason")), length(high=REASON)])


class ReceiptForm(OptionalPaperFields):
    """What the masking board counted itself; the signed minute may be added."""

    scripts = IntegerField(
        _l("Scripts counted"), [required(_l("Write how many scripts were counted")), between(0, 100_000)]
    )
    sheets = IntegerField(
        _l("Sheets counted"), [required(_l("Write how many sheets were counted")), between(0, 1_000_000)]
    )


class MaskForm(Form):
    """How many scripts lie in a bag."""

    bag_size = IntegerField(
        _l("Scripts in a bag"), [optional(), between(1, 1000)], description=_l("Empty: all in one bag")
    )


class ScanForm(Form):
    """The scan of one script."""

    sheet_code = StringField(
        _l("Sheet code"),
        [required(_l("Write the code printed on the first sheet")), length(high=20)],
        description=_l("Eight letters and digits, printed with a QR code on the header of the script"),
    )
    scan = FileField(
        _l("Scanned pages, header detached"),
        [required(_l("Choose the scan")), file_kind(*KINDS)],
        description=_l("PDF, or a picture of a single page (JPG, PNG); at most %(size)s", size=LARGEST_FILE),
    )


class StackForm(Form):
    """The scan of many sheets at once."""

    scan = FileField(
        _l("Scanned stack"),
        [required(_l("Choose the scan")), file_kind(*KINDS)],
        description=_l(
            "PDF of all pages, or a picture of one (JPG, PNG); at most %(size)s", size=LARGEST_FILE
        ),
    )


class PlacePageForm(Form):
    """Which page of which script it is, as a person read it."""

    sheet_code = StringField(
        _l("Sheet code"),
        [required(_l("Write the code printed at the top of the page")), length(high=20)],
    )
    number = IntegerField(_l("Page"), [required(_l("Write the number of the page")), between(1, 800)])
    turn = RadioField(
        _l("Where its top edge is in the picture"),
        [required(_l("Choose where the top edge is"))],
        default="0",
    )
    strip = RadioField(
        _l("The strip with the code"), [required(_l("Choose whether the strip is there"))], default="hide"
    )

    def offer(self) -> None:
        """Offer the four ways to lie on the glass, and whether there is a strip to hide."""
        self.turn.choices = [
            ("0", _l("Above")),
            ("90", _l("On the right")),
            ("180", _l("Below")),
            ("270", _l("On the left")),
        ]
        self.strip.choices = [
            ("hide", _l("It is there: paint it over for the marker")),
            ("gone", _l("It was cut off: keep the whole page")),
        ]


class SetAsideForm(Form):
    """Why a page lies with no script."""

    reason = StringField(_l("Reason"), [required(_l("Write the reason")), length(high=500)])


class AttendancePaperForm(SignedPaperFields):
    """The attendance list as it was signed."""
