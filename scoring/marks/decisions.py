# SPDX-License-Identifier: Apache-2.0
"""Reading decisions of the council, its chair and the authority, each with the number of its document."""

from __future__ import annotations

from scoring.marks.material import check_size, given_mark, read_ballots
from scoring.marks.model import Decision
from scoring.reading import Table
from scoring.ruleset.document import RuleSet
from scoring.ruleset.parts import Part

PANEL_DECISIONS = ("panel_keep", "panel_exclude", "panel_remark")
DECISIONS = ("tie", *PANEL_DECISIONS, "chair_mark", "proceed")
DECISION_NAMES = ("kind", "type", "decision", "code")


def read_decision(table: Table, ruleset: RuleSet, codes: set[str]) -> Decision:
    """A decision; its name stands under `kind`, and is understood under `type`, `decision` or `code` too."""
    named = [key for key in DECISION_NAMES if table.has(key)] or ["kind"]
    kind = table.text(named[0], choices=DECISIONS)
    part = _decided_part(table, ruleset, kind)
    decision = Decision(
        path=table.path,
        kind=kind,
        minute=table.text("minute"),
        candidate=_decided_candidate(table, codes, kind),
        part=part.key if part else "",
        order=_tie_order(table, codes) if kind == "tie" else (),
        value=given_mark(table, "value", ruleset.numbers.scale, ruleset) if kind == "chair_mark" else None,
        ballot=table.text("ballot") if kind == "panel_exclude" else None,
        ballots=read_ballots(table, "ballots", part, ruleset) if kind == "panel_remark" and part else (),
    )
    check_size(table, "ballots", len(decision.ballots), part)
    table.close()
    return decision


def _tie_order(table: Table, codes: set[str]) -> tuple[str, ...]:
    order = table.texts("order")
    for index, code in enumerate(order):
        if code not in codes:
            table.problem(f"order[{index}]", f"there is no candidate {code!r}")
    return order


def _decided_candidate(table: Table, codes: set[str], kind: str) -> str | None:
    if kind not in {"chair_mark", *PANEL_DECISIONS} or (kind != "chair_mark" and not table.has("candidate")):
        return None
    code = table.text("candidate")
    if code and code not in codes:
        table.problem("candidate", f"there is no candidate {code!r}")
    return code


def _decided_part(table: Table, ruleset: RuleSet, kind: str) -> Part | None:
    """The part a decision is about; a panel decision may leave it out where there is one panel."""
    panels = kind in PANEL_DECISIONS
    if kind != "chair_mark" and not panels:
        return None
    fitting = {part.key: part for part in ruleset.parts if (part.panel if panels else _by_chair(part))}
    if panels and not table.has("part") and len(fitting) == 1:
        return next(iter(fitting.values()))
    key = table.text("part")
    if key and key not in fitting:
        table.problem("part", f"{key!r} is not a part of which this can be decided")
    return fitting.get(key)


def _by_chair(part: Part) -> bool:
    return part.marking is not None and part.marking.resolve == "chair_decides"
