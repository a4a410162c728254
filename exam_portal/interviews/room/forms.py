# SPDX-License-Identifier: Apache-2.0
"""Forms of the room: the plan, and one act on a phase."""

from flask_babel import lazy_gettext as _l

from exam_portal.interviews.room import planning
from exam_portal.interviews.room.planning import Plan
from exam_portal.interviews.room.timing import PhaseKey
from exam_portal.web.forms import (
    Form,
    IntegerField,
    StringField,
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
