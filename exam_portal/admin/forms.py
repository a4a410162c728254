# SPDX-License-Identifier: Apache-2.0
"""Forms of the pages that span slices."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l

from exam_portal.admin.oversight import Participant
from exam_portal.audit.paper_form import SignedPaperFields
from exam_portal.competitions.models import Relation
from exam_portal.registration.queries import CandidateEntry
from exam_portal.web import messages
from exam_portal.web.forms import DateField, Form, RadioField, SelectField, StringField, length, required


class LogSearch(Form):
    """Which acts of the record to show."""

    type = SelectField(_l("What was done"), choices=[], blank=_l("All acts"))
    person = SelectField(_l("Person"), choices=[], blank=_l("Everybody"))
    since = DateField(_l("From"))
    until = DateField(_l("Until"))

    def offer(self, types: Sequence[str], people: Sequence[Participant]) -> None:
        """Offer the types that occur and the people who acted."""
        self.type.choices = sorted(((code, messages.audit(code)) for code in types), key=lambda c: str(c[1]))
        self.person.choices = [(person.public_id, person.name) for person in people]

    def days(self) -> tuple[date | None, date | None]:
        """Return the first and the last day asked for."""
        return self.since.data, self.until.data


class TypedRelationForm(SignedPaperFields):
    """A relation as somebody without an account has declared and signed it."""

    person = StringField(
        _l("Who declares"),
        [required(_l("Write the name of who has signed the declaration")), length(high=200)],
        description=_l("Name as it will stand below the signature on slips"),
    )
    candidate = SelectField(_l("Candidate"), [required(_l("Choose the candidate"))], choices=[])
    relation = RadioField(_l("Relation"), [required(_l("Say how the two are related"))], choices=[])

    def offer(self, candidates: Sequence[CandidateEntry]) -> None:
        """Offer the candidates of the competition and the relations that count."""
        self.candidate.choices, self.relation.choices = _offered(candidates)


class ConflictForm(Form):
    """The own relation to a candidate."""

    candidate = SelectField(_l("Candidate"), [required(_l("Choose the candidate"))], choices=[])
    relation = RadioField(_l("Relation"), [required(_l("Say how you are related"))], choices=[])

    def offer(self, candidates: Sequence[CandidateEntry]) -> None:
        """Offer the candidates of the competition and the relations that count."""
        self.candidate.choices, self.relation.choices = _offered(candidates)


def _offered(candidates: Sequence[CandidateEntry]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    people = [(each.public_id, f"{each.candidate_no} – {each.name} ({each.unit})") for each in candidates]
    return people, [(relation.value, str(messages.label(relation))) for relation in Relation]
