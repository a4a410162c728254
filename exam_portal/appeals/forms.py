# SPDX-License-Identifier: Apache-2.0
"""The forms of reviews."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from exam_portal.appeals.service import Reason
from exam_portal.audit.paper_form import OptionalPaperFields, SignedPaperFields
from exam_portal.web import messages
from exam_portal.web.forms import (
    Form,
    InstantField,
    RadioField,
    SelectField,
    TextAreaField,
    length,
    optional,
    required,
)


class RequestForm(Form):
    """A candidate asks for a review."""

    reason = RadioField(_l("Reason"), [required(_l("Choose a reason"))])
    words = TextAreaField(
        _l("In your own words"),
        [required(_l("Write what should be looked at")), length(high=3000)],
        description=_l("Do not write your name here: the review board does not know whose script it marks"),
    )

    def offer(self) -> None:
        """Offer the reasons."""
        self.reason.choices = [(one.value, messages.label(one)) for one in Reason]


class PaperRequestForm(SignedPaperFields):
    """A request that was handed in on paper; its stamp is its time."""

    candidate = SelectField(_l("Candidate"), [required(_l("Choose the candidate"))])
    part = SelectField(_l("Part"), [required(_l("Choose the part"))])
    reason = RadioField(_l("Reason"), [required(_l("Choose a reason"))])
    words = TextAreaField(_l("What the candidate wrote"), [optional(), length(high=3000)])
    received_at = InstantField(
        _l("Stamped at"), [required(_l("Write the time of the stamp"))], description=_l("The stamp decides")
    )

    def offer(self, people: Iterable[tuple[str, str]], parts: Iterable[tuple[str, str]]) -> None:
        """Offer candidates, parts and reasons."""
        self.candidate.choices = list(people)
        self.part.choices = list(parts)
        self.reason.choices = [(one.value, messages.label(one)) for one in Reason]


class RefusalForm(OptionalPaperFields):
    """Why a request is refused."""

    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write why the request is refused")), length(high=3000)],
        description=_l("The candidate is told"),
    )


class DecisionForm(SignedPaperFields):
    """The signed minute by which a review is decided."""

    words = TextAreaField(_l("Remarks"), [optional(), length(high=3000)])
