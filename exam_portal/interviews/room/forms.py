# SPDX-License-Identifier: Apache-2.0
"""Forms of the room: the plan, one act on a phase, the questions and their draw."""

from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import OptionalPaperFields
from exam_portal.interviews.room import planning, questions
from exam_portal.interviews.room.planning import Plan
from exam_portal.interviews.room.questions import Set
from exam_portal.interviews.room.timing import PhaseKey
from exam_portal.web.forms import (
    BooleanField,
    Form,
    IntegerField,
    StringField,
    TextAreaField,
    at_least,
    at_most,
    length,
    optional,
    required,
)

MOST_MINUTES = 240


class PlanForm(Form):
    """Minutes of each phase."""

    preparation = IntegerField(
        _l("Preparation"), [required(_l("Write the minutes, or 0")), at_least(0), at_most(MOST_MINUTES)]
    )
    presentation = IntegerField(
        _l("Presentation"), [required(_l("Write the minutes")), at_least(1), at_most(MOST_MINUTES)]
    )
    questions = IntegerField(
        _l("Questions and answers"), [required(_l("Write the minutes")), at_least(1), at_most(MOST_MINUTES)]
    )

    def plan(self) -> Plan:
        """Return the plan as typed."""
        return planning.of({key: self[key.value].data or 0 for key in PhaseKey})


class PhaseForm(Form):
    """Why the clock stands still, or goes on after an end."""

    reason = StringField(_l("Reason"), [optional(), length(high=300)])


class QuestionsForm(Form):
    """The questions of a panel, one a line."""

    questions = TextAreaField(
        _l("Text of the questions"), [required(_l("Write the questions")), length(high=200_000)]
    )
    each = IntegerField(
        _l("Each candidate draws, of every topic and level"),
        [required(_l("Write how many questions are drawn")), at_least(1), at_most(10)],
    )
    once = BooleanField(_l("No question comes twice among the candidates of this panel"))

    def made(self) -> Set:
        """Return the set as typed."""
        return questions.read(self.questions.data or "", each=self.each.data or 1, once=bool(self.once.data))


class RenewalForm(QuestionsForm):
    """The same questions with a fresh seed, or with further ones behind them."""

    questions = TextAreaField(_l("Further questions"), [optional(), length(high=200_000)])

    def made(self) -> Set:
        """Return what is added to the set: nothing where nothing was typed."""
        if (self.questions.data or "").strip():
            return super().made()
        return Set(questions=(), each=self.each.data or 1, once=bool(self.once.data))


class DrawForm(OptionalPaperFields):
    """Before whom a candidate draws; with a minute, the numbers drawn on paper."""

    witnesses = StringField(
        _l("Witnesses"),
        [required(_l("Name at least one witness")), length(high=500)],
        description=_l("Names of those before whom the candidate draws"),
    )
    numbers = StringField(
        _l("Numbers drawn on paper"),
        [optional(), length(high=200)],
        description=_l("Numbers of the questions or envelopes, separated by commas; empty: drawn here"),
    )

    def chosen(self) -> list[int] | None:
        """Return the numbers typed; None where the candidate draws here, 0 for what is no number."""
        typed = [one.strip() for one in (self.numbers.data or "").replace(";", ",").split(",") if one.strip()]
        return [int(one) if one.isdecimal() else 0 for one in typed] or None
