# SPDX-License-Identifier: Apache-2.0
"""What each kind of decision has to say (contracts 2). Candidates are named by their candidate numbers.

What the rules decide of is checked here; candidates and marks are known by later stages, which say through
``checked_by`` what a decision would do to them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from exam_portal.competitions.errors import BadDecision, Fault, UnfitDecision
from exam_portal.competitions.models import Decision
from exam_portal.competitions.models import DecisionKind as Kind
from exam_portal.core.db import Session
from scoring.rounding import is_multiple, plain
from scoring.ruleset import Part, RuleSet

FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PROCEED: (),
    Kind.NOMINATE: (),
    Kind.POSTPONE: (),
    Kind.TIE: ("order",),
    Kind.PANEL_KEEP: ("candidate", "part"),
    Kind.PANEL_EXCLUDE: ("candidate", "part", "ballot"),
    Kind.CHAIR_MARK: ("candidate", "part", "value"),
    Kind.LATE_ADMISSION: ("candidate", "part"),
    Kind.REVOKE: (),
}
OF_A_VACANCY = frozenset({Kind.PROCEED, Kind.NOMINATE, Kind.POSTPONE, Kind.TIE})
OF_A_PANEL = frozenset({Kind.PANEL_KEEP, Kind.PANEL_EXCLUDE})
DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")

# the decision about to be recorded, its document's number, the one it replaces -> what does not fit
Check = Callable[[Session, Decision, str, Decision | None], Sequence[Fault]]

_checks: list[Check] = []


def checked_by(check: Check) -> None:
    """Ask this whether a decision fits candidates and marks; named once, by the stage that knows."""
    _checks[:] = [check]


def require_fit(session: Session, decision: Decision, minute: str, supersedes: Decision | None) -> None:
    """The decision can be carried out as things stand, or UnfitDecision says what would be right."""
    faults = [fault for check in _checks for fault in check(session, decision, minute, supersedes)]
    if faults:
        raise UnfitDecision(faults)


def checked(kind: Kind, payload: Mapping[str, Any], ruleset: RuleSet, *, has_vacancy: bool) -> dict[str, Any]:
    """Return what the decision says; BadDecision names what is missing, UnfitDecision what does not fit."""
    wrong = [name for name in FIELDS[kind] if not _fits(name, payload.get(name))]
    if kind in OF_A_VACANCY and not has_vacancy:
        wrong.append("vacancy")
    if wrong:
        raise BadDecision(wrong)
    if faults := _against_rules(kind, payload, ruleset):
        raise UnfitDecision(faults)
    return dict(payload)


def decidable(kind: Kind, part: Part) -> bool:
    """Whether the rules leave anything to decide in this way about the part."""
    if kind in OF_A_PANEL:
        return part.panel is not None and part.panel.deviation.action != "off"
    if kind is Kind.CHAIR_MARK:
        return part.marking is not None and part.marking.resolve == "chair_decides"
    return True


def _against_rules(kind: Kind, payload: Mapping[str, Any], ruleset: RuleSet) -> list[Fault]:
    faults = []
    fitting = tuple(part for part in ruleset.parts if decidable(kind, part))
    if "part" in payload and payload["part"] not in {part.key for part in fitting}:
        faults.append(Fault("part", "part", fitting))
    if "value" in payload:
        value, step, scale = Decimal(payload["value"]), ruleset.numbers.step, ruleset.numbers.scale
        if value > scale or not is_multiple(value, step):
            faults.append(Fault("value", "value", (plain(scale), plain(step))))
    return faults


def _fits(name: str, value: object) -> bool:
    if name == "order":
        return (
            isinstance(value, list | tuple)
            and len(value) > 1
            and len(set(value)) == len(value)
            and all(isinstance(each, str) and each for each in value)
        )
    if name == "value":
        return isinstance(value, str) and DECIMAL.fullmatch(value) is not None
    return isinstance(value, str) and bool(value)
