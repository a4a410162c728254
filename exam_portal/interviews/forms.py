# SPDX-License-Identifier: Apache-2.0
"""Forms of the panel: seating, lots, absences, ballots, counting sheets."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import OptionalPaperFields, SignedPaperFields
from exam_portal.interviews.ballots import CountingSheet, Slip
from exam_portal.interviews.messages import MODES
from exam_portal.web import filters
from exam_portal.web.forms import (
    BooleanField,
    CheckboxesField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    InstantField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    at_least,
    length,
    optional,
    pattern,
    required,
    required_later,
)
from scoring.ruleset.parts import Part

SCORE = "score_"
RELOAD = _l("Open the page of the ballot again")
HEARD = _l("I have heard all of this hearing: the presentation, and the questions with their answers.")
NOT_HEARD = _l("Confirm that you have heard all of the hearing; who has not gives no ballot")


class PanelForm(Form):
    """When and where a panel sits, and how ballots are given."""

    place = StringField(_l("Place"), [required(_l("Write where the panel sits")), length(high=300)])
    starts_at = InstantField(_l("Begins"), [required(_l("Write when the panel begins"))])
    mode = RadioField(
        _l("Ballots"), [required(_l("Choose how ballots are given"))], choices=list(MODES.items())
    )


class BallotModeForm(Form):
    """How ballots are given from now on, and why."""

    mode = RadioField(_l("Ballots"), [required(_l("Choose how ballots are given"))])
    reason = StringField(
        _l("Reason"),
        [required(_l("Write why it is changed")), length(high=500)],
        description=_l("Such as: the tablets of the hall failed. Members read it, and the minutes print it"),
    )

    def offer(self, now: str) -> None:
        """Offer every way but the one in which ballots are given now."""
        self.mode.choices = [choice for choice in MODES.items() if choice[0] != now]


class MemberForm(Form):
    """A member: chosen from the council's accounts, or named, where no account is needed."""

    account = SelectField(
        _l("Account"),
        [optional()],
        blank=_l("No account: named only"),
        description=_l("Needed only where ballots are given in the portal"),
    )
    name = StringField(
        _l("Full name"),
        [optional(), length(high=200)],
        description=_l("Where an account is chosen and this stays empty, the name of the account"),
    )
    is_substitute = BooleanField(_l("A substitute: sits only when called for a member"))
    duty = StringField(
        _l("Position and duty"),
        [required(_l("Write position and duty as printed")), length(high=300)],
        description=_l("As printed, such as: Director of the Department of Home Affairs, chair"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and ask for a name where no account is chosen."""
        sound = bool(super().validate(extra_validators))
        if not self.account.data and not self.name.data:
            self.name.errors = [_l("Write the name, or choose an account")]
            return False
        return sound


class VotingMemberForm(MemberForm):
    """A member who votes on a screen, and signs in for it."""

    account = SelectField(
        _l("Account"),
        [required(_l("Choose the account"))],
        description=_l("Members of this panel sign in to vote"),
    )


class LotsForm(OptionalPaperFields):
    """Who is admitted and who witnesses; with a minute, the order as drawn on paper."""

    candidates = CheckboxesField(_l("Candidates admitted"), [required(_l("Choose who is heard"))], coerce=str)
    witnesses = StringField(
        _l("Witnesses"),
        [required(_l("Name at least one witness")), length(high=500)],
        description=_l("Names of those before whom the lots are drawn"),
    )
    words = StringField(
        _l("Words of the witnesses"),
        [required_later(), length(high=500)],
        description=_l("A word or a number from each, that nobody knew before"),
    )
    order = StringField(
        _l("Order drawn on paper"),
        [optional(), length(high=2000)],
        description=_l("Candidate numbers in the order drawn, separated by commas; empty: drawn here"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and tie an order from paper to its minute."""
        sound = bool(super().validate(extra_validators))
        if not (self.order.data or self.words.data):
            self.words.errors = [_l("Write what the witnesses call out")]
            return False
        if self.order.data and not self.has_paper and not self.paper_number.errors:
            self.paper_number.errors = [_l("An order drawn on paper needs its signed minute")]
            return False
        return sound

    def numbers(self) -> list[str]:
        """Return the candidate numbers in the order typed."""
        return [one.strip() for one in (self.order.data or "").replace(";", ",").split(",") if one.strip()]


class AbsenceForm(Form):
    """Which member missed what."""

    member = SelectField(_l("Member"), [required(_l("Choose the member"))])
    hearing = SelectField(_l("Missed"), blank=_l("The whole day"))
    reason = StringField(_l("Reason"), [required(_l("Write the reason")), length(high=500)])


class SupplementaryForm(SignedPaperFields):
    """A candidate who is heard in addition, on a signed decision."""

    candidate = SelectField(_l("Candidate"), [required(_l("Choose the candidate"))])


class CandidateAbsentForm(OptionalPaperFields):
    """That a candidate did not come: two witnesses, or a signed minute."""

    first_witness = StringField(_l("First witness"), [optional(), length(high=200)])
    second_witness = StringField(_l("Second witness"), [optional(), length(high=200)])

    def witnesses(self) -> list[str]:
        """Return the names given."""
        return [name for name in (self.first_witness.data, self.second_witness.data) if name]


class OutOfTurnForm(CandidateAbsentForm):
    """Why a hearing comes before its turn: two witnesses, or a signed minute."""

    reason = StringField(_l("Reason"), [required(_l("Write the reason")), length(high=500)])


class SubstituteForm(SignedPaperFields):
    """Who takes the seat of a member, why, and the decision."""

    substitute = SelectField(_l("Substitute"), [required(_l("Choose the substitute"))])
    reason = StringField(_l("Reason"), [required(_l("Write the reason")), length(high=500)])


class BreakOffForm(SignedPaperFields):
    """The council's signed minute that a hearing ended without a ballot."""


class RepeatForm(SignedPaperFields):
    """What is done again, on a signed decision of the council."""

    occasion = RadioField(_l("What is done again"), [required(_l("Choose what is done again"))])


class CountForm(Form):
    """Counting what was given in the portal."""

    outstanding = BooleanField(_l("Members who have not voted return no ballot"))


class BallotForm(Form):
    """A member's ballot; made for the part by ``ballot_form``."""

    def value(self) -> Decimal | None:
        """Return the total where there are no criteria."""
        field = self._fields.get("total")
        return field.data if field is not None else None

    def scores(self) -> dict[str, Decimal]:
        """Return the figure of each criterion."""
        return {
            name.removeprefix(SCORE): field.data
            for name, field in self._fields.items()
            if name.startswith(SCORE) and field.data is not None
        }

    def criteria(self) -> list[Any]:
        """Return the fields of the criteria."""
        return [field for name, field in self._fields.items() if name.startswith(SCORE)]

    def has_heard(self) -> bool:
        """Whether the member confirms to have heard all of the hearing."""
        return bool(self["heard"].data)


class SlipRow(BallotForm):
    """One valid slip on a counting sheet."""

    slip = StringField(_l("Slip"), [optional(), length(high=16)])

    @property
    def is_empty(self) -> bool:
        """Whether no figure stands in the row."""
        return self.value() is None and not self.scores()

    def read(self) -> Slip:
        """Return the slip."""
        return Slip(slip=self.slip.data or "", value=self.value(), scores=self.scores())


class SheetForm(Form):
    """A typist's reading of one counting sheet; made for the part by ``sheet_form``."""

    paper = SelectField(_l("Scan of the sheets"), [required(_l("Choose the scan that holds this sheet"))])
    page = IntegerField(_l("Page of the scan"), [required(_l("Write the page of the sheet")), at_least(1)])
    issued = IntegerField(_l("Slips issued"), [required(_l("Write how many slips were issued")), at_least(0)])
    returned = IntegerField(
        _l("Slips returned"), [required(_l("Write how many slips were returned")), at_least(0)]
    )
    invalid = IntegerField(
        _l("Of these, invalid"), [required(_l("Write how many were invalid, or 0")), at_least(0)]
    )

    def offer(self, papers: Sequence[Any]) -> None:
        """The scans to choose from."""
        self.paper.choices = [
            (
                paper.public_id,
                f"{paper.number} · {filters.date(paper.issued_on)} · "
                + gettext("%(count)s pages", count=paper.pages),
            )
            for paper in papers
        ]

    def rows(self) -> list[Any]:
        """Return the rows of slips."""
        return list(self._fields["slips"].entries)

    def sheet(self) -> CountingSheet:
        """Return what was read; empty rows are left out."""
        rows = [entry.form for entry in self.rows()]
        assert self.issued.data is not None
        assert self.returned.data is not None
        assert self.invalid.data is not None
        return CountingSheet(
            issued=self.issued.data,
            returned=self.returned.data,
            invalid=self.invalid.data,
            slips=[row.read() for row in rows if not row.is_empty],
        )


class SheetsForm(SignedPaperFields):
    """The scan of signed counting sheets."""


def ballot_form(part: Part, base: type[BallotForm] = BallotForm) -> type[BallotForm]:
    """Return the form of a ballot of this part: its criteria, else one figure; a sheet takes either."""
    on_sheet = base is SlipRow
    fields: dict[str, Any] = {}
    for row in part.rubric:
        title = filters.localised({"vi": row.title.vi, "en": row.title.en})
        check = optional() if on_sheet else required(_l("Give a mark for this criterion"))
        fields[f"{SCORE}{row.key}"] = DecimalField(title, [check])
    if not on_sheet:
        fields["heard"] = BooleanField(HEARD, [required(NOT_HEARD)])
        fields["submission"] = HiddenField(validators=[optional(), pattern("[0-9a-f]{32}", RELOAD)])
    if not part.rubric or on_sheet:
        fields["total"] = DecimalField(
            _l("Confidence") if part.kind == "vote" else _l("Mark"),
            [optional() if on_sheet else required(_l("Write the mark"))],
        )
    return type("BallotForm", (base,), fields)


def sheet_form(part: Part, rows: int) -> type[SheetForm]:
    """Return the form of a counting sheet with so many rows for slips."""
    row = ballot_form(part, SlipRow)
    slips = FieldList(
        FormField(row), label=_l("Marks of the valid slips"), min_entries=rows, max_entries=rows
    )
    return type("SheetForm", (SheetForm,), {"slips": slips})
