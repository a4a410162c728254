# SPDX-License-Identifier: Apache-2.0
"""What each kind of decision has to say (contracts 2). Candidates are named by their candidate numbers."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from exam_portal.competitions.errors import BadDecision
from exam_portal.competitions.models import DecisionKind as Kind

FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PROCEED: (),
    Kind.NOMINATE: (),
    Kind.POSTPONE: (),
    Kind.TIE: ("order",),
    Kind.PANEL_KEEP: ("candidate", "part"),
    Kind.PANEL_EXCLUDE: ("candidate", "part", "ballot"),
    Kind.PANEL_REMARK: ("candidate", "part", "ballots"),
    Kind.CHAIR_MARK: ("candidate", "part", "value"),
    Kind.LATE_ADMISSION: ("candidate", "part"),
}
OF_A_VACANCY = frozenset({Kind.PROCEED, Kind.NOMINATE, Kind.POSTPONE, Kind.TIE})
LISTS = frozenset({"order"})
DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


def checked(kind: Kind, payload: Mapping[str, Any], *, has_vacancy: bool) -> dict[str, Any]:
    """Return what the decision says, or raise BadDecision with the names of what is missing or wrong."""
    wrong = [name for name in FIELDS[kind] if not _fits(name, payload.get(name))]
    if kind in OF_A_VACANCY and not has_vacancy:
        wrong.append("vacancy")
    if wrong:
        raise BadDecision(wrong)
    return dict(payload)


def _fits(name: str, value: object) -> bool:
    if name in LISTS:
        return (
            isinstance(value, list | tuple)
            and len(value) > 1
            and len(set(value)) == len(value)
            and all(isinstance(each, str) and each for each in value)
        )
    if name == "ballots":
        return isinstance(value, list | tuple) and len(value) > 0
    if name == "value":
        return isinstance(value, str) and _is_decimal(value)
    return isinstance(value, str) and bool(value)


def _is_decimal(value: str) -> bool:
    try:
        return bool(DECIMAL.fullmatch(value)) and Decimal(value) >= 0
    except InvalidOperation:
        return False
