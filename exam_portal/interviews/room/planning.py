# SPDX-License-Identifier: Apache-2.0
"""What a panel plans before its first hearing: the minutes of each phase, within what was announced. Pure."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from exam_portal.interviews.room import errors
from exam_portal.interviews.room.timing import PhaseKey, PlannedPhase
from scoring.ruleset import Part

PREPARATION_MINUTES = 30
MINUTES = 45  # of a part that says none


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The phases of every hearing of a panel."""

    phases: Sequence[PlannedPhase]

    def minutes(self, key: PhaseKey) -> int:
        """Return the minutes of a phase; 0 where the plan has none."""
        return next((phase.minutes for phase in self.phases if phase.key is key), 0)

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as it is kept."""
        return {"phases": [[phase.key.value, phase.minutes] for phase in self.phases]}


def of(minutes: Mapping[PhaseKey, int]) -> Plan:
    """Return the plan of these minutes, its phases in their order; one without minutes is left out."""
    phases = [PlannedPhase(key=key, minutes=minutes[key]) for key in PhaseKey if minutes.get(key)]
    return Plan(phases=phases)


def default(part: Part) -> Plan:
    """The plan of a panel that has made none: the part's minutes, a third of them for the presentation."""
    whole = part.duration_minutes or MINUTES
    presentation = max(1, whole // 3)
    return of(
        {
            PhaseKey.PREPARATION: PREPARATION_MINUTES,
            PhaseKey.PRESENTATION: presentation,
            PhaseKey.QUESTIONS: max(1, whole - presentation),
        }
    )


def checked(part: Part, plan: Plan) -> Plan:
    """Return the plan, or raise PlanTooLong: the hearing keeps within the minutes that were announced."""
    heard = plan.minutes(PhaseKey.PRESENTATION) + plan.minutes(PhaseKey.QUESTIONS)
    if part.duration_minutes is not None and heard > part.duration_minutes:
        raise errors.PlanTooLong(heard, part.duration_minutes)
    return plan


def read(kept: Mapping[str, Any]) -> Plan:
    """Return the plan that is kept."""
    return of({PhaseKey(key): minutes for key, minutes in kept["phases"]})
