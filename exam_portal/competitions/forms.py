# SPDX-License-Identifier: Apache-2.0
"""The forms of competitions."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.accounts.models import Organisation
from exam_portal.audit.paper_form import OptionalPaperFields, SignedPaperFields
from exam_portal.competitions import criteria
from exam_portal.competitions.decisions import FIELDS, OF_A_VACANCY
from exam_portal.competitions.errors import Fault
from exam_portal.competitions.messages import fault
from exam_portal.competitions.models import (
    CompetitionKind,
    CriterionKind,
    Decision,
    DecisionKind,
    Vacancy,
)
from exam_portal.competitions.rules import MODES
from exam_portal.competitions.service.drafts import ALLOWED_MODES
from exam_portal.web import filters, messages
from exam_portal.web.forms import (
    DateField,
    DecimalField,
    Form,
    InstantField,
    IntegerField,
    RadioField,
    Refusal,
    SelectField,
    StringField,
    TextAreaField,
    between,
    length,
    optional,
    pattern,
    required,
    required_later,
)
from scoring.ruleset import Part

CODE = r"[A-Za-zĐđ0-9][A-Za-zĐđ0-9./_-]{0,31}"
CODE_WORDS = _l("Use letters, digits and . / - _, at most 32 of them")


class CompetitionForm(Form):
    """The facts of a competition."""

    organisation = SelectField(_l("Authority that holds the competition"), [required()], blank=None)
    kind = RadioField(
        _l("Does it count?"),
        [required()],
        choices=[
            (CompetitionKind.REAL.value, _l("Yes, a competition")),
            (
                CompetitionKind.REHEARSAL.value,
                _l("No, a rehearsal"),
                {"hint": _l("Marked on every page, never listed publicly, with a clock of its own")},
            ),
        ],
        default=CompetitionKind.REAL.value,
    )
    code = StringField(
        _l("Code"),
        [required(_l("Write the code of the competition")), pattern(CODE, CODE_WORDS)],
        description=_l("As it stands in documents, such as TT-2026-01"),
    )
    title = StringField(_l("Title"), [required(_l("Write the title of the competition")), length(high=300)])
    title_en = StringField(_l("Title in English"), [optional(), length(high=300)])
    apply_opens_at = InstantField(
        _l("Applications are accepted from"), [required(_l("Write from when applications are accepted"))]
    )
    apply_closes_at = InstantField(
        _l("Applications are accepted until"), [required(_l("Write until when applications are accepted"))]
    )
    description = TextAreaField(
        _l("What the notice says beside the rules"),
        [required_later(), length(high=8000)],
        description=_l(
            "Where and to whom dossiers are handed in, contacts, planned days. "
            "An empty line parts paragraphs; a line beginning with - is an item of a list."
        ),
    )
    legal_basis = TextAreaField(
        _l("Legal basis"),
        [required(_l("Write the instruments on which the competition rests")), length(high=4000)],
        description=_l("One instrument a line, in the order in which documents cite them"),
    )

    def offer(self, organisations: Sequence[Organisation], *, rehearsals: bool) -> None:
        """Offer these authorities, and rehearsals only where they are allowed."""
        is_english = filters.language() == "en"
        self.organisation.choices = [
            (o.public_id, o.name_en if is_english else o.name) for o in organisations
        ]
        if not rehearsals:
            del self.kind

    def for_edit(self) -> None:
        """What is settled at creation is not asked again."""
        del self.organisation
        if "kind" in self:
            del self.kind

    def validate_apply_closes_at(self, field: Any) -> None:
        """The period ends after it begins."""
        opens = self.apply_opens_at.data
        if field.data is not None and opens is not None and field.data <= opens:
            raise Refusal(_l("Set an end that is later than the beginning"))

    def facts(self) -> dict[str, Any]:
        """Return what the verbs want to know."""
        return {
            "code": self.code.data,
            "title": self.title.data,
            "title_en": self.title_en.data or self.title.data,
            "description": self.description.data or "",
            "legal_basis": [line.strip() for line in self.legal_basis.data.splitlines() if line.strip()],
            "apply_opens_at": self.apply_opens_at.data,
            "apply_closes_at": self.apply_closes_at.data,
        }


class VacancyForm(Form):
    """A post."""

    code = StringField(
        _l("Code"),
        [required(_l("Write the code of the post")), pattern(CODE, CODE_WORDS)],
        description=_l("Short, such as PGD-TC"),
    )
    title = StringField(_l("Post"), [required(_l("Write the name of the post")), length(high=300)])
    title_en = StringField(_l("Post in English"), [optional(), length(high=300)])
    unit = StringField(_l("Unit of the post"), [required(_l("Write the unit of the post")), length(high=300)])
    level = RadioField(
        _l("Level of the post"),
        [required(_l("Choose the level of the post"))],
        choices=[("department", _l("Department (cấp sở)")), ("division", _l("Division (cấp phòng)"))],
    )
    places = IntegerField(
        _l("Number of places"), [required(_l("Write the number of places")), between(1, 99)], default=1
    )
    description = TextAreaField(_l("Duties of the post"), [optional(), length(high=4000)])

    def facts(self) -> dict[str, Any]:
        """Return what the verbs want to know."""
        names = ("code", "title", "unit", "level", "places")
        facts = {name: self[name].data for name in names}
        return facts | {
            "title_en": self.title_en.data or self.title.data,
            "description": self.description.data or "",
        }


class CriterionForm(Form):
    """One criterion: its kind says which value it needs."""

    kind = RadioField(_l("What is asked"), [required(_l("Choose what is asked"))])
    years = IntegerField(
        _l("Years"),
        [optional(), between(1, criteria.MOST_YEARS)],
        description=_l("For kinds that count years"),
    )
    at = DateField(
        _l("Age counted on"), [optional()], description=_l("Only for the age; empty: the end of registration")
    )
    level = SelectField(_l("Level"), [optional()], description=_l("For degrees and certificates"))
    text = TextAreaField(
        _l("Wording in Vietnamese"),
        [optional(), length(high=1000)],
        description=_l("Empty: the usual words of the kind"),
    )
    text_en = TextAreaField(_l("Wording in English"), [optional(), length(high=1000)])

    def offer(self) -> None:
        """Offer every kind, and every level under the kind that it belongs to."""
        self.kind.choices = [(kind.value, messages.label(kind)) for kind in CriterionKind]
        self.level.choices = [
            (f"{kind.value}:{level}", f"{messages.label(kind)} {_level_words(kind, level)}")
            for kind, levels in criteria.LEVELS.items()
            for level in levels
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and that the value of the chosen kind is there."""
        sound = bool(super().validate(extra_validators))
        if self.kind.data is None or self.kind.errors:
            return False
        return self._check_value(CriterionKind(self.kind.data)) and sound

    def _check_value(self, kind: CriterionKind) -> bool:
        if kind in criteria.YEARS and self.years.data is None and not self.years.errors:
            self.years.errors = [gettext("Write the number of years")]
            return False
        if kind in criteria.LEVELS and not (self.level.data or "").startswith(f"{kind.value}:"):
            self.level.errors = [gettext("Choose a level of the kind that you chose above")]
            return False
        if kind is CriterionKind.OTHER and not self.text.data:
            self.text.errors = [gettext("Write the condition: this kind has no usual words")]
            return False
        return True

    def facts(self) -> dict[str, Any]:
        """Return what the verbs want to know; values of other kinds are left out."""
        kind = CriterionKind(self.kind.data)
        params: dict[str, Any] = {}
        if kind in criteria.YEARS:
            params["years"] = self.years.data
        if kind is CriterionKind.MAX_AGE and self.at.data:
            params["at"] = self.at.data
        if kind in criteria.LEVELS:
            params["level"] = self.level.data.partition(":")[2]
        return {
            "kind": kind,
            "params": params,
            "text": self.text.data or "",
            "text_en": self.text_en.data or "",
        }


def criterion_values(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored parameters as the form shows them."""
    level = params.get("level")
    return {
        "years": params.get("years"),
        "at": _day(params.get("at")),
        "level": f"{kind}:{level}" if level else None,
    }


def decision_values(decision: Decision, vacancies: Sequence[Vacancy]) -> dict[str, Any]:
    """Return what a recorded decision says as the form shows it."""
    said = decision.payload
    return {
        "kind": decision.kind,
        "vacancy": next((each.public_id for each in vacancies if each.id == decision.vacancy_id), None),
        "candidates": ", ".join(said.get("order", ())) or said.get("candidate"),
        "part": said.get("part"),
        "ballot": said.get("ballot"),
        "value": Decimal(said["value"]) if "value" in said else None,
    }


def _day(value: str | None) -> Any:
    """Return a stored day as a date."""
    return date.fromisoformat(value) if value else None


class ModeForm(Form):
    """In which way a part is held."""

    mode = RadioField(_l("How the part is held"), [required(_l("Choose how the part is held"))])
    panel_size = IntegerField(
        _l("Number of panel members"), [optional(), between(3, 25, _l("A panel has from 3 to 25 members"))]
    )

    def offer(self, part: Part) -> None:
        """Offer the ways in which a part of this kind can be held, and its panel's size."""
        self.mode.choices = [(mode, MODES[mode]) for mode in ALLOWED_MODES[part.kind]]
        if part.panel is None:
            del self.panel_size


class ReturnForm(Form):
    """Why the draft goes back."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write what has to be changed")), length(high=2000)])


class PaperApprovalForm(SignedPaperFields):
    """The chair's approval on a signed paper."""


class AnnounceForm(OptionalPaperFields):
    """The notice, as the records office numbered it; its signed scan may be added."""


class ProlongForm(SignedPaperFields):
    """A later end of the period for applications, on a signed amendment."""

    apply_closes_at = InstantField(
        _l("Applications are accepted until"), [required(_l("Write until when applications are accepted"))]
    )


class DecisionForm(SignedPaperFields):
    """A decision with the page it stands on."""

    kind = SelectField(_l("What was decided"), [required(_l("Choose what was decided"))])
    vacancy = SelectField(_l("Post"), [optional()])
    part = SelectField(_l("Part"), [optional()])
    candidates = StringField(
        _l("Candidate numbers"),
        [
            optional(),
            pattern(r"[0-9A-Za-z]+([ ,;]+[0-9A-Za-z]+)*", _l("Write candidate numbers with commas")),
        ],
        description=_l("One, or for equal totals all of them in the order decided: 003, 001"),
    )
    ballot = StringField(
        _l("Number of the ballot that is left out"),
        [optional(), pattern(r"[0-9A-Za-z-]+", _l("Write the number of one ballot"))],
        description=_l("The number of the slip on the counting sheet"),
    )
    value = DecimalField(_l("Mark"), [optional(), between(0, 1000)])
    page = IntegerField(_l("Page of the scan"), [required(_l("Write the page")), between(1, 9999)], default=1)

    def offer(
        self, vacancies: Sequence[Vacancy], parts: Sequence[tuple[str, str]], *, replaces: bool = False
    ) -> None:
        """Offer what this competition has; only a decision that replaces another one takes it back."""
        self.kind.choices = [
            (kind.value, messages.label(kind))
            for kind in DecisionKind
            if replaces or kind is not DecisionKind.REVOKE
        ]
        self.vacancy.choices = [(v.public_id, f"{v.code} – {v.title}") for v in vacancies]
        self.part.choices = list(parts)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and that everything which the kind of decision names is there."""
        sound = bool(super().validate(extra_validators))
        if self.kind.data is None or self.kind.errors:
            return False
        for name in self._lacking(DecisionKind(self.kind.data)):
            if not self[name].errors:
                self[name].errors = [gettext("A decision of this kind also names this")]
            sound = False
        return sound

    def _lacking(self, kind: DecisionKind) -> list[str]:
        wanted = [_FIELD.get(name, name) for name in FIELDS[kind]]
        if kind in OF_A_VACANCY:
            wanted.append("vacancy")
        return [name for name in wanted if self[name].data in (None, "")]

    def payload(self) -> dict[str, Any]:
        """Return what the decision says, as the ranking reads it."""
        numbers = _split(self.candidates.data)
        found: dict[str, Any] = {
            "order": numbers,
            "candidate": numbers[0] if numbers else "",
            "part": self.part.data or "",
            "ballot": self.ballot.data or "",
            "value": f"{self.value.data:f}" if self.value.data is not None else "",
        }
        return {name: found[name] for name in FIELDS[DecisionKind(self.kind.data)]}

    def refuse_unfit(self, faults: Sequence[Fault]) -> None:
        """Each field that does not fit says what would be right."""
        for each in faults:
            self.refuse(fault(each), field=_FIELD.get(each.field, each.field))


_FIELD = {"order": "candidates", "candidate": "candidates"}


class ClockForm(Form):
    """How far the clock of a rehearsal is moved."""

    hours = IntegerField(
        _l("Hours ahead"), [required(_l("Write a number of hours")), between(1, 24 * 400)], default=24
    )


def _split(typed: str | None) -> list[str]:
    return [part for part in (typed or "").replace(",", " ").replace(";", " ").split() if part]


def _level_words(kind: CriterionKind, level: str) -> str:
    words = criteria.level_words(kind, level)
    return words.en if filters.language() == "en" else words.vi
