# SPDX-License-Identifier: Apache-2.0
"""Forms of the applicant, the counter and the vetting board."""

import dataclasses
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import OptionalPaperFields, SignedPaperFields
from exam_portal.registration.form_content import (
    AttachmentKind,
    Degree,
    FormContent,
    Gender,
    PoliticalTheory,
    StateManagement,
    from_mapping,
)
from exam_portal.registration.messages import FIELDS, LABELS
from exam_portal.registration.period_form import PeriodForm
from exam_portal.registration.presentation import DocumentLine
from exam_portal.registration.work_history import BLANK_ROWS, MOST_PERIODS
from exam_portal.web import filters
from exam_portal.web.forms import (
    LARGEST_FILE,
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FileField,
    Form,
    FormField,
    InstantField,
    RadioField,
    Refusal,
    SelectField,
    StringField,
    TextAreaField,
    between,
    file_kind,
    length,
    optional,
    pattern,
    required,
    required_later,
)
from scoring.rounding import plain
from scoring.ruleset import PreferencePoints, RuleSet

_YES_NO = [("yes", _l("Yes")), ("no", _l("No"))]
_TRUTH = {"yes": True, "no": False}
_YES_NO_FIELDS = ("in_planning", "first_appointment", "under_discipline", "managing_body_consent")


def _choices(kind: type[Any]) -> list[tuple[str, Any]]:
    return [(member.value, LABELS[member]) for member in kind]


def _given_by(rules: PreferencePoints) -> Callable[[Any, Any], None]:
    """Refuse more points than the rule set gives."""
    most = filters.mark(rules.max)
    return between(0, rules.max, _l("Preference gives from 0 to %(most)s points", most=most))


class ApplicationForm(Form):
    """The application form; a draft may be saved with gaps, submitting asks for what is required."""

    birth_date = DateField(FIELDS["birth_date"], [required_later()])
    gender = RadioField(FIELDS["gender"], [required_later()], choices=_choices(Gender))
    identity_number = StringField(
        FIELDS["identity_number"],
        [required_later(), pattern(r"\d{9}|\d{12}", _l("An identity number has 12 digits (old cards: 9)"))],
    )
    phone = StringField(FIELDS["phone"], [optional(), length(high=20)])
    address = StringField(FIELDS["address"], [optional(), length(high=300)])
    present_post = StringField(FIELDS["present_post"], [required_later(), length(high=200)])
    present_unit = StringField(FIELDS["present_unit"], [required_later(), length(high=200)])
    service_since = DateField(FIELDS["service_since"], [required_later()])
    history = FieldList(
        FormField(PeriodForm), label=FIELDS["history"], min_entries=BLANK_ROWS, max_entries=MOST_PERIODS
    )
    line_manager = StringField(FIELDS["line_manager"], [optional(), length(high=200)])
    degree = SelectField(FIELDS["degree"], [required_later()], choices=_choices(Degree))
    degree_field = StringField(FIELDS["degree_field"], [required_later(), length(high=200)])
    political_theory = SelectField(
        FIELDS["political_theory"], [optional()], choices=_choices(PoliticalTheory)
    )
    state_management = SelectField(
        FIELDS["state_management"], [optional()], choices=_choices(StateManagement)
    )
    in_planning = RadioField(FIELDS["in_planning"], [required_later()], choices=_YES_NO)
    nominated_by = StringField(FIELDS["nominated_by"], [optional(), length(high=200)])
    first_appointment = RadioField(FIELDS["first_appointment"], [required_later()], choices=_YES_NO)
    under_discipline = RadioField(FIELDS["under_discipline"], [required_later()], choices=_YES_NO)
    managing_body_consent = RadioField(FIELDS["managing_body_consent"], [required_later()], choices=_YES_NO)
    programme_title = StringField(FIELDS["programme_title"], [optional(), length(high=300)])
    preference_category = StringField(
        FIELDS["preference_category"],
        [optional(), length(high=300)],
        description=_l("As the law names it, such as: child of a fallen soldier. Empty: none is claimed"),
    )
    preference_points = DecimalField(FIELDS["preference_points"], [optional()])
    declared = BooleanField(
        _l("I declare that what I state here is true, and I answer for it before the law.")
    )

    def fit(self, ruleset: RuleSet) -> None:
        """Ask only for what the rule set uses: a preference for which it gives points, and no more of them
        than it gives; a line manager where it keeps one off the boards."""
        if "line_manager" not in ruleset.coi.relations:
            del self.line_manager
        rules = ruleset.total.preference_points
        if not rules.enabled:
            del self.preference_category, self.preference_points
            return
        self.preference_points.validators = [*self.preference_points.validators, _given_by(rules)]

    def validate_preference_points(self, field: DecimalField) -> None:
        """Points are claimed for a category."""
        if field.data and not self.preference_category.data:
            raise Refusal(_l("Write for which category the points are claimed"))

    def content(self) -> FormContent:
        """Return what was typed as the content of the application form."""
        values = {name: field.data for name, field in self._fields.items() if name in FIELDS}
        if (points := values.get("preference_points")) is not None:
            values["preference_points"] = plain(points)
        for name in _YES_NO_FIELDS:
            values[name] = _TRUTH.get(values[name])
        return from_mapping(
            {name: "" if value is None and name in _TEXTS else value for name, value in values.items()}
        )

    @staticmethod
    def values(content: FormContent) -> dict[str, Any]:
        """Return a stored content as the form shows it."""
        shown = {name: getattr(content, name) for name in FIELDS}
        for name in _YES_NO_FIELDS:
            shown[name] = {True: "yes", False: "no", None: None}[shown[name]]
        kept = [dataclasses.asdict(period) for period in content.history]
        shown["history"] = [*kept, *[{}] * min(BLANK_ROWS, MOST_PERIODS - len(kept))]
        shown["preference_points"] = Decimal(content.preference_points) if content.preference_points else None
        return shown


_TEXTS = {
    "identity_number",
    "phone",
    "address",
    "present_post",
    "present_unit",
    "line_manager",
    "degree_field",
    "nominated_by",
    "programme_title",
    "preference_category",
    "preference_points",
}


class DossierForm(ApplicationForm):
    """A paper dossier at the counter: whose it is, for which post, and when it was stamped."""

    vacancy = SelectField(_l("Post applied for"), [required(_l("Choose the post"))])
    person = SelectField(
        _l("Applicant"), [required(_l("Choose the applicant, or register the person first"))]
    )
    stamped_at = InstantField(
        _l("Date and time of the counter's stamp"), [required(_l("Give date and time as stamped"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = ("vacancy", "person", "stamped_at")  # as on the page, so that the error summary follows it
        fields: dict[str, Any] = vars(self)["_fields"]
        self._fields = {name: fields[name] for name in dict.fromkeys((*first, *fields))}

    def ask_for(self, missing: Sequence[str]) -> None:
        """Each of these fields says that it has to be filled in."""
        for name in missing:
            self.refuse(_l("This is required"), field=name)

    def offer(self, posts: list[tuple[str, str]], people: list[tuple[str, str]]) -> None:
        """The form offers these posts and these people registered at the counter."""
        self.vacancy.choices = posts
        self.person.choices = people


class AttachmentForm(Form):
    """One document of the dossier."""

    kind = SelectField(_l("Kind of document"), [required()], choices=_choices(AttachmentKind))
    file = FileField(
        _l("File"),
        [required(_l("Choose a file")), file_kind("pdf", "jpg", "jpeg", "png")],
        description=_l("PDF, JPG or PNG, at most %(size)s", size=LARGEST_FILE),
    )


class WithdrawalForm(Form):
    """Why the applicant withdraws."""

    reason = TextAreaField(_l("Reason"), [required(_l("Give a reason in a few words")), length(high=1000)])


def _evidence(documents: Sequence[DocumentLine]) -> list[tuple[str, str]]:
    """Return the documents of a dossier, to be named as evidence."""
    return [(str(line.id), f"{LABELS[line.kind]} – {line.file_name}") for line in documents]


class PaperWithdrawalForm(SignedPaperFields):
    """A written withdrawal at the counter: its stamp, the reason, the signed paper."""

    stamped_at = InstantField(
        _l("Date and time of the counter's stamp"), [required(_l("Give date and time as stamped"))]
    )
    reason = TextAreaField(_l("Reason"), [required(_l("Give a reason in a few words")), length(high=1000)])


class FindingForm(Form):
    """The board's word on one criterion."""

    decision = RadioField(
        _l("Finding"),
        [required(_l("Choose a finding"))],
        choices=[("met", _l("Met")), ("not_met", _l("Not met"))],
    )
    reason = StringField(_l("Reason"), [optional(), length(high=500)])
    attachment = SelectField(_l("Evidence"), [optional()])

    @classmethod
    def of(cls, documents: Sequence[DocumentLine], *, sent_for: str = "") -> "FindingForm":
        """Return the form, offering the documents as evidence; a sent one stands at its criterion."""
        form = cls() if sent_for else cls(formdata=None)
        for field in form:
            field.id = f"{field.name}-{sent_for}"
        form.attachment.choices = _evidence(documents)
        return form

    def validate_decision(self, field: RadioField) -> None:
        """A criterion that is not met needs its reason."""
        if field.data == "not_met" and not (self.reason.data or "").strip():
            raise Refusal(_l("Say why the criterion is not met"))


class PreferenceForm(Form):
    """The board's word on the preference that is claimed."""

    points = DecimalField(_l("Points given"), [required(_l("Write the points; 0 where the claim fails"))])
    preference_reason = StringField(
        _l("Category found, and why"),
        [required(_l("Write the category and why it is (not) met")), length(high=500)],
    )
    preference_attachment = SelectField(_l("Evidence"), [optional()])

    @classmethod
    def of(
        cls, documents: Sequence[DocumentLine], rules: PreferencePoints, *, sent: bool = False
    ) -> "PreferenceForm":
        """Return the form, offering the documents as evidence and no more points than the rule set gives."""
        form = cls() if sent else cls(formdata=None)
        form.points.validators = [*form.points.validators, _given_by(rules)]
        form.preference_attachment.choices = _evidence(documents)
        return form


class ConclusionForm(Form):
    """Eligible or not."""

    outcome = RadioField(
        _l("Conclusion"),
        [required(_l("Choose a conclusion"))],
        choices=[("eligible", _l("Eligible")), ("ineligible", _l("Not eligible"))],
    )
    conclusion_reason = TextAreaField(_l("Remark"), [optional(), length(high=1000)])


class ApprovalForm(OptionalPaperFields):
    """The approval of the list, with the signed list where the chair does not sign in."""


class ExclusionForm(SignedPaperFields):
    """A candidate leaves, on a signed paper."""

    candidate = SelectField(_l("Candidate"), [required(_l("Choose the candidate"))])
    status = RadioField(
        _l("What happened"),
        [required(_l("Choose what happened"))],
        choices=[("withdrawn", _l("Withdrew in writing")), ("disqualified", _l("Was disqualified"))],
    )
    exclusion_reason = TextAreaField(_l("Reason"), [required(_l("Give the reason")), length(high=1000)])
