# SPDX-License-Identifier: Apache-2.0
"""The forms of results."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from exam_portal.accounts.queries import AccountEntry
from exam_portal.audit.paper_form import SignedPaperFields
from exam_portal.results.messages import CORRECTIONS, STANDARD_METHODS
from exam_portal.web.forms import (
    CheckboxesField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    length,
    optional,
    required,
)


class StandardForm(Form):
    """Which held form is judged, how, and by whom."""

    form = RadioField(_l("Form"), [required(_l("Choose one"))])
    method = RadioField(
        _l("Method"),
        [required(_l("Choose one"))],
        choices=[
            (
                "angoff",
                STANDARD_METHODS["angoff"],
                {"hint": _l("A share of 100 people, question by question")},
            ),
            (
                "ebel",
                STANDARD_METHODS["ebel"],
                {
                    "hint": _l(
                        "Questions sorted by relevance and difficulty; a share for each of twelve cells"
                    )
                },
            ),
        ],
        default="angoff",
    )
    judges = CheckboxesField(_l("Judges"), [required(_l("Choose at least two judges"))])


class ExcuseJudgeForm(Form):
    """Without whom the rounds go on, and why."""

    judge = RadioField(_l("Judge"), [required(_l("Choose one"))])
    reason = TextAreaField(_l("Reason"), [required(_l("Write why the judge is excused")), length(high=2000)])


class UnmaskForm(SignedPaperFields):
    """Who is present, and the minute that both have signed."""

    witness = SelectField(
        _l("Witness"),
        [required(_l("Choose who is present as a witness"))],
        description=_l("Somebody of another board, who signs the minute too"),
    )

    def offer(self, people: Iterable[AccountEntry]) -> None:
        """Offer the people of other boards."""
        self.witness.choices = [(one.public_id, one.name) for one in people]


class RunForm(Form):
    """Why the ranking is computed again."""

    reason = TextAreaField(_l("Reason"), [optional(), length(high=2000)])


class PublicationForm(Form):
    """What the next publication is about."""

    kind = HiddenField(_l("Kind"), [required()])
    reason = TextAreaField(
        _l("Reason of the change"),
        [optional(), length(high=2000)],
        description=_l("Published beside the difference when an earlier publication is superseded"),
    )


class ApprovalForm(Form):
    """The content that the approver has read."""

    content_hash = HiddenField(_l("Content hash"), [required()])


class PaperApprovalForm(SignedPaperFields):
    """An approval that was signed by hand on the printed sheet."""

    content_hash = HiddenField(_l("Content hash"), [required()])


class DiscardForm(Form):
    """Why the prepared publication is not published."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write why it is discarded")), length(high=2000)])


class CorrectionForm(Form):
    """What becomes of a question after its test, the new key where it gets one, and why."""

    kind = RadioField(
        _l("What becomes of the question"),
        [required(_l("Choose one"))],
        choices=[(name, words) for name, words in CORRECTIONS.items()],
    )
    one = RadioField(_l("New right answer"), [optional()], description=_l("Only where the key changes"))
    several = CheckboxesField(_l("New right answers"), [optional()])
    typed = TextAreaField(_l("New key"), [optional(), length(high=4000)])
    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write why the question has to be corrected")), length(high=2000)],
        description=_l("Kept sealed and read by those who decide. Name the legal source where there is one."),
    )

    def chosen(self) -> list[str]:
        """Return the answers that were chosen as the new key; none where the key stays or is typed."""
        if self.kind.data != "key":
            return []
        return [each for each in (self.one.data, *(self.several.data or ())) if each]


class CorrectionApprovalForm(Form):
    """The council's minute, and the effect that the approver has read."""

    minute = StringField(
        _l("Number of the council's minute"),
        [required(_l("Give the number of the minute")), length(high=80)],
    )
    effect = HiddenField(_l("Effect"), [required()])


class CorrectionRefusalForm(Form):
    """Why the question stays as it is."""

    reason = TextAreaField(_l("Reason"), [required(_l("Write why it is refused")), length(high=2000)])


class StepForm(SignedPaperFields):
    """Opinion or recognition: number, date, signers, scan."""
