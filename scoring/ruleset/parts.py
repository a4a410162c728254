# SPDX-License-Identifier: Apache-2.0
"""The parts of a competition, by what they may do to a result.

Only a ranked part has a weight: a qualifying or gate part cannot enter a sum, because there is nothing to
multiply it with.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from scoring.reading import KEY, Table
from scoring.rounding import is_multiple, plain
from scoring.ruleset.settings import Numbers, Title, read_title

KINDS = ("test", "written", "panel", "dossier", "vote")
MODES = ("paper", "lan", "portal")
ROLES = ("qualifying", "gate", "ranked", "advisory")
OPERATORS = (">=", ">")
BASES = ("points", "percent_of_max")
RESOLVES = ("mean", "third_decides", "closest_two", "median", "two_agree_else_mean", "chair_decides")
BALLOTS = ("secret", "named")
RECORDS = ("sealed", "none")
AGGREGATES = ("mean", "trimmed_mean", "median")
DEVIATION_ACTIONS = ("off", "flag", "panel_meets")
DURATIONS = {"test": 60, "written": 180, "panel": 45}
HUNDRED = Decimal(100)
QUORUM = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """From which difference two independent marks do not simply make a mean."""

    threshold: Decimal
    operator: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """How people mark scripts: how many of them, and what happens when they differ."""

    markers: int
    discrepancy: Discrepancy
    resolve: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """When the ballots of a panel lie too far apart, and what follows."""

    from_mean: Decimal
    spread: Decimal
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """How a council marks: its size, its quorum, its ballot, and what is made of the valid ballots.

    ``record``: of secret ballots it is kept under seal who gave which one, or it is not kept at all.
    """

    size: int
    quorum: Fraction
    ballot: str
    record: str
    aggregate: str
    trim: int
    deviation: Deviation

    @property
    def needed(self) -> int:
        """Ballots that make the quorum: the fraction of the size, rounded up."""
        return math.ceil(self.quorum * self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """An anchor of a criterion: what is seen of a candidate who earns this mark."""

    mark: Decimal
    label: Title
    words: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of a rubric, the most it can give, and its anchors, if it has any, best first."""

    key: str
    title: Title
    max: Decimal
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every part has. Tests mark themselves; other kinds have a marking or a panel."""

    role: ClassVar[str]
    key: str
    title: Title | None
    kind: str
    mode: str
    duration_minutes: int | None
    pass_mark: Decimal
    reviewable: bool
    marking: Marking | None
    panel: Panel | None
    rubric: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualifyingPart(Part):
    """Must be passed; its mark never counts."""

    role: ClassVar[str] = "qualifying"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePart(Part):
    """Opens the next part; its mark never counts."""

    role: ClassVar[str] = "gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisoryPart(Part):
    """Is recorded and decides nothing."""

    role: ClassVar[str] = "advisory"


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPart(Part):
    """Makes the total, with its weight; a mark under its minimum fails the candidate."""

    role: ClassVar[str] = "ranked"
    weight: Decimal


def read_part(table: Table, numbers: Numbers, weights: dict[str, Decimal]) -> Part:
    """The part in the class of its role."""
    kind = table.text("kind", choices=KINDS)
    role = table.text("role", choices=ROLES)
    part = Part(
        key=_key(table),
        title=read_title(table.table("title")) if table.has("title") else None,
        kind=kind,
        mode=table.text("mode", "portal" if kind == "test" else "paper", MODES),
        duration_minutes=_duration(table, kind),
        pass_mark=of_a_hundred(table, "pass", "50", numbers, counts=role != "advisory"),
        reviewable=table.flag("reviewable", default=table.has("marking")),
        marking=read_marking(table.table("marking"), numbers) if table.has("marking") else None,
        panel=read_panel(table.table("panel"), numbers) if table.has("panel") else None,
        rubric=_rubric(table, numbers),
    )
    _check_material(table, part)
    table.close()
    return _in_role(part, role, weights)


def _in_role(part: Part, role: str, weights: dict[str, Decimal]) -> Part:
    common: dict[str, Any] = {field.name: getattr(part, field.name) for field in fields(part)}
    if role == "ranked":
        return RankedPart(**common, weight=weights.get(part.key, Decimal(1)))
    if role == "qualifying":
        return QualifyingPart(**common)
    return AdvisoryPart(**common) if role == "advisory" else GatePart(**common)


def _key(table: Table) -> str:
    key = table.text("key")
    if key and not KEY.fullmatch(key):
        table.problem("key", f"must be small letters, digits and _, not {key!r}")
    return key


def of_a_hundred(table: Table, key: str, default: str, numbers: Numbers, *, counts: bool = True) -> Decimal:
    """A number of points whose default is meant for a scale of 100; where it counts, others must state it."""
    points = table.decimal(key, default, most=numbers.scale)
    if counts and not table.has(key) and numbers.scale != HUNDRED:
        table.problem(key, f"is missing: the default {default} is meant for a scale of 100")
    return points


def _duration(table: Table, kind: str) -> int | None:
    if table.has("duration_minutes") or kind in DURATIONS:
        return table.whole("duration_minutes", DURATIONS.get(kind), least=1)
    return None


def _check_material(table: Table, part: Part) -> None:
    """A test has neither marking nor panel; every other kind has the one that fits it."""
    if part.kind not in KINDS:
        return
    may_mark, may_meet = part.kind in {"written", "dossier"}, part.kind in {"panel", "vote", "dossier"}
    if part.marking and not may_mark:
        table.problem("marking", f"a {part.kind} is not marked by markers")
    if part.panel and not may_meet:
        table.problem("panel", f"a {part.kind} has no panel")
    if part.kind == "dossier" and bool(part.marking) == bool(part.panel):
        table.problem("marking", "a dossier needs either a marking or a panel")
    elif may_mark and not may_meet and not part.marking:
        table.problem("marking", "is missing")
    elif may_meet and not may_mark and not part.panel:
        table.problem("panel", "is missing")
    if part.panel and not part.marking and part.reviewable:
        table.problem("reviewable", "ballots of a panel are not marked again: there is nothing to review")
    if part.rubric and part.kind in {"test", "vote"}:
        table.problem("rubric", f"a {part.kind} has no rubric")


def read_marking(table: Table, numbers: Numbers) -> Marking:
    """Two blind markers and a third who decides from ten points on, unless said otherwise."""
    markers = table.whole("markers", 2, least=1, most=3)
    marking = Marking(
        markers=markers,
        discrepancy=_discrepancy(table.table("discrepancy"), numbers, counts=markers > 1),
        resolve=table.text("resolve", "third_decides", RESOLVES),
    )
    if marking.markers == 3 and marking.resolve == "third_decides":
        table.problem("resolve", "with three independent markers there is no third mark left to decide")
    table.close()
    return marking


def _discrepancy(table: Table, numbers: Numbers, *, counts: bool) -> Discrepancy:
    basis = table.text("basis", "points", BASES)
    if basis == "percent_of_max":
        threshold = table.decimal("threshold", "10", most=HUNDRED)
    else:
        threshold = of_a_hundred(table, "threshold", "10", numbers, counts=counts)
    discrepancy = Discrepancy(
        threshold=threshold, operator=table.text("operator", ">=", OPERATORS), basis=basis
    )
    table.close()
    return discrepancy


def read_panel(table: Table, numbers: Numbers) -> Panel:
    """A council of seven, two thirds of it a quorum, the mean of secret ballots, unless said otherwise."""
    ballot = table.text("ballot", "secret", BALLOTS)
    panel = Panel(
        size=table.whole("size", 7, least=1, most=999),
        quorum=_quorum(table),
        ballot=ballot,
        record=table.text("record", "sealed" if ballot == "secret" else "none", RECORDS),
        aggregate=table.text("aggregate", "mean", AGGREGATES),
        trim=table.whole("trim", 0),
        deviation=_deviation(table.table("deviation"), numbers),
    )
    if panel.ballot == "named" and panel.record == "sealed":
        table.problem("record", "ballots that carry names leave nothing to seal")
    if panel.trim and panel.aggregate != "trimmed_mean":
        table.problem("trim", "ballots are dropped only by a trimmed_mean")
    if panel.aggregate == "trimmed_mean" and not panel.trim:
        table.problem("trim", "must be at least 1: a trimmed_mean drops ballots at each end")
    if panel.trim and panel.needed <= 2 * panel.trim:
        table.problem("trim", f"would leave nothing of a quorum of {panel.needed} ballots")
    table.close()
    return panel


def _quorum(table: Table) -> Fraction:
    text = table.text("quorum", "2/3")
    found = QUORUM.fullmatch(text)
    quorum = Fraction(int(found[1]), int(found[2])) if found else Fraction(0)
    if text and not 0 < quorum <= 1:
        table.problem("quorum", f'must be a fraction of the panel such as "2/3", not {text!r}')
    return quorum or Fraction(1)


def _deviation(table: Table, numbers: Numbers) -> Deviation:
    action = table.text("action", "off", DEVIATION_ACTIONS)
    deviation = Deviation(
        from_mean=of_a_hundred(table, "from_mean", "20", numbers, counts=action != "off"),
        spread=of_a_hundred(table, "spread", "30", numbers, counts=action != "off"),
        action=action,
    )
    table.close()
    return deviation


def _rubric(table: Table, numbers: Numbers) -> tuple[Criterion, ...]:
    mistakes = len(table.problems)
    rows = table.tables("rubric")
    criteria = []
    for row in rows:
        most = _maximum(row, numbers)
        criteria.append(
            Criterion(
                key=_key(row),
                title=read_title(row.table("title", required=True)),
                max=most,
                levels=_levels(row, numbers, most),
            )
        )
        if criteria[-1].key in [earlier.key for earlier in criteria[:-1]]:
            row.problem("key", f"{criteria[-1].key!r} appears twice")
        row.close()
    total = sum((criterion.max for criterion in criteria), Decimal(0))
    if rows and total != numbers.scale and len(table.problems) == mistakes:
        table.problem("rubric", f"the maxima sum to {plain(total)}, not to the scale {plain(numbers.scale)}")
    return tuple(criteria)


def _maximum(row: Table, numbers: Numbers) -> Decimal:
    mistakes = len(row.problems)
    most = _on_step(row, "max", numbers)
    if most == 0 and len(row.problems) == mistakes:
        row.problem("max", "must be above 0: a criterion that gives nothing is none")
    return most


def _on_step(row: Table, key: str, numbers: Numbers) -> Decimal:
    """A mark that a person can give."""
    mark = row.decimal(key, most=numbers.scale)
    if not is_multiple(mark, numbers.step):
        row.problem(key, f"must be a multiple of the step {plain(numbers.step)}, but is {plain(mark)}")
    return mark


def _levels(table: Table, numbers: Numbers, most: Decimal) -> tuple[Level, ...]:
    """The anchors of a criterion, best first: each can be given, and none is above the maximum."""
    levels: list[Level] = []
    for row in table.tables("levels"):
        mark = _on_step(row, "mark", numbers)
        if levels and mark >= levels[-1].mark:
            row.problem("mark", "must be below that of the level before it")
        elif not levels and mark > most:
            row.problem("mark", "may not be above the maximum of the criterion")
        label, words = (read_title(row.table(key, required=True)) for key in ("label", "words"))
        levels.append(Level(mark=mark, label=label, words=words))
        row.close()
    return tuple(levels)
