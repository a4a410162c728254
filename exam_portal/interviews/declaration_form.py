# SPDX-License-Identifier: Apache-2.0
"""The form on which a member goes through the list of candidates and says of each how they are related."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import SignedPaperFields
from exam_portal.competitions.models import Relation
from exam_portal.interviews.declared import DISCIPLINED, Line
from exam_portal.web import messages
from exam_portal.web.forms import Form, RadioField, SelectField, TextAreaField, length, optional, required
from scoring.ruleset import RuleSet

NONE = "none"
YES = "yes"
ROW = "relation_"


class DeclarationForm(Form):
    """Made for the candidates to be spoken of by ``declaration_form``."""

    units = TextAreaField(
        _l("Units in which the member works or has worked"),
        [optional(), length(high=2000)],
        description=_l("One to a line; only used to compare with the units of the candidates"),
    )

    def rows(self) -> list[Any]:
        """Return the fields of the candidates."""
        return [field for name, field in self._fields.items() if name.startswith(ROW)]

    def answers(self, lines: Sequence[Line]) -> dict[int, Relation | None]:
        """Return the relation to each candidate by id; None where there is none."""
        given = {line.candidate.id: self._fields[ROW + line.candidate.public_id].data for line in lines}
        return {who: None if said == NONE else Relation(said) for who, said in given.items()}

    def is_disciplined(self) -> bool | None:
        """Return what the member said of a disciplinary measure; None where it was not asked."""
        field = self._fields.get(DISCIPLINED)
        return None if field is None else field.data == YES


class SignedDeclarationForm(DeclarationForm, SignedPaperFields):
    """The same, typed from the member's signed declaration."""


def declaration_form(
    lines: Sequence[Line], ruleset: RuleSet, base: type[DeclarationForm] = DeclarationForm
) -> type[DeclarationForm]:
    """Return the form that asks about these candidates: number, name, birth year and unit, and no more."""
    choices = [(NONE, gettext("No relation")), *relations(ruleset)]
    check = required(_l("Say how the member is related, or that there is no relation"))
    fields: dict[str, Any] = {
        ROW + line.candidate.public_id: SelectField(
            told(line), [check], choices=choices, blank=gettext("Choose")
        )
        for line in lines
    }
    is_question = all(line.is_open for line in lines)  # then only what the comparison found is asked
    if DISCIPLINED in ruleset.coi.relations and not is_question:
        fields[DISCIPLINED] = RadioField(
            _l("In a disciplinary period, or executing a disciplinary decision"),
            [required(_l("Say whether the member is under discipline"))],
            choices=[("no", gettext("No")), (YES, gettext("Yes"))],
            description=_l("Of the member, not of a candidate. Who says yes does not sit on the council."),
        )
    return type("DeclarationForm", (base,), fields)


def said_before(lines: Sequence[Line], *, is_disciplined: bool) -> dict[str, str]:
    """Return the form as a member has answered it, for who declares again."""
    given = {
        ROW + line.candidate.public_id: line.relation or NONE
        for line in lines
        if line.is_answered and not line.is_open
    }
    return {**given, DISCIPLINED: YES if is_disciplined else "no"} if given else {}


def relations(ruleset: RuleSet) -> list[tuple[str, Any]]:
    """Return the relations that the rule set names, and another one."""
    kinds = [one for one in Relation if one.value in ruleset.coi.relations or one is Relation.OTHER]
    return [(one.value, messages.label(one)) for one in kinds]


def told(line: Line) -> str:
    """Return what a member reads of a candidate before the declaration."""
    person = line.candidate
    born = gettext("born %(year)s", year=person.birth_year) if person.birth_year else ""
    return " · ".join(each for each in (person.candidate_no, person.name, born, person.unit) if each)
