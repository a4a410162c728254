# SPDX-License-Identifier: Apache-2.0
"""A whole rule set: read from TOML or from its canonical content, checked across its tables, hashed."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.reading import Problem, Table, UnusableInput
from scoring.rounding import plain
from scoring.ruleset.conduct import (
    AppointmentRules,
    ConflictRules,
    RetentionRules,
    SanctionRules,
    read_appointment,
    read_conflicts,
    read_retention,
    read_sanctions,
)
from scoring.ruleset.parts import Part, RankedPart, read_part
from scoring.ruleset.settings import (
    CalendarRules,
    LateLimit,
    Numbers,
    PublicationRules,
    Review,
    TieBreak,
    TimingRules,
    Title,
    Total,
    VacancyRules,
    read_calendar,
    read_late,
    read_numbers,
    read_preference,
    read_publication,
    read_review,
    read_timing,
    read_title,
    read_vacancy,
)
from scoring.verify.canonical import CanonicalError, canonical_bytes, canonical_loads

RULESET_SCHEMA = "exam-portal/ruleset/1"
NAMELESS_PART = re.compile(r"parts(\[[0-9]+\](\.(key|kind|role))?)?")
RULESET_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A rule set that holds together. `content` is the canonical JSON it was read from."""

    id: str
    title: Title
    legal_basis: tuple[str, ...]
    numbers: Numbers
    vacancy: VacancyRules
    parts: tuple[Part, ...]
    total: Total
    tie_break: TieBreak
    review: Review
    late: tuple[LateLimit, ...]
    timing: TimingRules
    calendar: CalendarRules
    publication: PublicationRules
    coi: ConflictRules
    sanctions: SanctionRules
    appointment: AppointmentRules
    retention: RetentionRules
    content: str

    @property
    def hash(self) -> str:
        """What the notice, every run and the log call this rule set by."""
        return "sha256:" + hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def ranked(self) -> tuple[RankedPart, ...]:
        """The parts that make the total, and no others."""
        return tuple(part for part in self.parts if isinstance(part, RankedPart))

    def canonical(self) -> dict[str, Any]:
        """The parsed content, ready to be stored, published and read again."""
        parsed: dict[str, Any] = canonical_loads(self.content.encode())
        return parsed

    def part(self, key: str) -> Part:
        """The part of this key; KeyError when there is none."""
        for part in self.parts:
            if part.key == key:
                return part
        raise KeyError(key)

    def late_minutes(self, duration_minutes: int) -> int:
        """How many minutes after the start a part of this duration still admits."""
        return next(
            limit.late for limit in self.late if limit.up_to is None or duration_minutes <= limit.up_to
        )

    @classmethod
    def from_canonical(cls, content: dict[str, Any]) -> RuleSet:
        """The rule set of a stored or published content; refused like a file when it does not hold."""
        return read_ruleset(content)


def parse(text: str) -> RuleSet:
    """The rule set of a TOML file, or UnusableInput with the path of every mistake."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line [0-9]+, column [0-9]+", str(error))
        problem = Problem(path=found[0] if found else "document", message=f"not TOML: {error}")
        raise UnusableInput("ruleset", [problem]) from error
    except RecursionError as error:
        raise UnusableInput("ruleset", [Problem(path="document", message="nested too deeply")]) from error
    return read_ruleset(content)


def read_ruleset(content: object) -> RuleSet:
    """The rule set of a parsed content, or UnusableInput with the path of every mistake."""
    problems: list[Problem] = []
    table = Table(content, "", problems)
    total = table.table("total", required=True)
    weights = _weights(total)
    ruleset = _ruleset(table, total, weights, _canonical_content(content))
    _check_keys(table, ruleset)
    if _parts_have_names(problems):
        _check_weights(table, ruleset, weights)
    if _parts_have_names(problems):
        for index, rule in enumerate(ruleset.tie_break.order):
            _check_tie_rule(table, ruleset, index, rule)
    table.close()
    if not ruleset.content and not problems:
        problems.append(Problem(path="document", message="holds text that has no canonical form"))
    if problems:
        raise UnusableInput("ruleset", problems)
    return ruleset


def _ruleset(table: Table, total: Table, weights: dict[str, Decimal], content: str) -> RuleSet:
    table.text("schema", choices=(RULESET_SCHEMA,))
    numbers = read_numbers(table.table("numbers", required=True))
    parts = tuple(read_part(part, numbers, weights) for part in table.tables("parts", required=True))
    tie_break = table.table("tie_break", required=True)
    return RuleSet(
        id=_id(table),
        title=read_title(table.table("title", required=True)),
        legal_basis=table.texts("legal_basis"),
        numbers=numbers,
        vacancy=read_vacancy(table.table("vacancy")),
        parts=parts,
        total=_total(total, numbers),
        tie_break=_tie_break(tie_break),
        review=read_review(table.table("review"), numbers),
        late=read_late(table.table("late")),
        timing=read_timing(table.table("timing")),
        calendar=read_calendar(table.table("calendar")),
        publication=read_publication(table.table("publication")),
        coi=read_conflicts(table.table("coi")),
        sanctions=read_sanctions(table.table("sanctions")),
        appointment=read_appointment(table.table("appointment")),
        retention=read_retention(table.table("retention")),
        content=content,
    )


def _id(table: Table) -> str:
    name = table.text("id")
    if name and not RULESET_ID.fullmatch(name):
        table.problem("id", "must be small letters, digits, dots, - and _")
    return name


def _canonical_content(content: object) -> str:
    """The content to hash; what has no canonical form is of a type that its reading refuses by path."""
    try:
        return canonical_bytes(content).decode()
    except CanonicalError:
        return ""


def _weights(total: Table) -> dict[str, Decimal]:
    if not total.has("weights"):
        return {}
    table = total.table("weights")
    return {key: table.decimal(key, most=Decimal(1)) for key in table.names()}


def _total(table: Table, numbers: Numbers) -> Total:
    minimum = table.decimal("each_part_min", most=numbers.scale) if table.has("each_part_min") else None
    total = Total(
        mode=table.text("mode", "single", ("single", "weighted")),
        each_part_min=minimum,
        preference_points=read_preference(table.table("preference_points"), numbers),
    )
    for key in ("weights", "each_part_min"):
        if total.mode == "single" and table.has(key):
            table.problem(key, "belongs to the weighted mode: the one ranked part has its pass")
    if total.mode == "weighted" and not table.has("weights"):
        table.problem("weights", "is missing")
    table.close()
    return total


def _tie_break(table: Table) -> TieBreak:
    tie_break = TieBreak(
        order=table.texts("order"),
        places_boundary_only=table.flag("places_boundary_only", default=True),
    )
    table.close()
    return tie_break


def _parts_have_names(problems: list[Problem]) -> bool:
    """Whether other tables can refer to parts at all; if not, what they say is not held against them."""
    return not any(NAMELESS_PART.fullmatch(problem.path) for problem in problems)


def _check_keys(table: Table, ruleset: RuleSet) -> None:
    keys = [part.key for part in ruleset.parts]
    for index, key in enumerate(keys):
        if key and key in keys[:index]:
            table.problem(f"parts[{index}].key", f"{key!r} appears twice")


def _check_weights(table: Table, ruleset: RuleSet, weights: dict[str, Decimal]) -> None:
    """The single mode has one ranked part; the weighted mode a weight for each, and for nothing else."""
    ranked = [part.key for part in ruleset.ranked]
    if not ranked:
        table.problem("parts", "no part is ranked: nothing would make the total")
    if ruleset.total.mode == "single" and len(ranked) > 1:
        table.problem("total.mode", f"single needs one ranked part, not {', '.join(ranked)}")
    if ruleset.total.mode == "weighted" and weights:
        _check_shares(table, ranked, weights)


def _check_shares(table: Table, ranked: list[str], weights: dict[str, Decimal]) -> None:
    for key in weights:
        if key not in ranked:
            table.problem(f"total.weights.{key}", "only a ranked part may carry weight")
    for key in ranked:
        if key not in weights:
            table.problem(f"total.weights.{key}", "is missing: every ranked part has its weight")
    for key, weight in weights.items():
        if weight == 0:
            table.problem(f"total.weights.{key}", "must be above 0: a part that counts nothing is not ranked")
    if sum(weights.values(), Decimal(0)) != 1:
        table.problem("total.weights", f"sum to {plain(sum(weights.values(), Decimal(0)))}, not to 1")


def _check_tie_rule(table: Table, ruleset: RuleSet, index: int, rule: str) -> None:
    where = f"tie_break.order[{index}]"
    kind, _, name = rule.partition(":")
    if rule == "decision":
        if index != len(ruleset.tie_break.order) - 1:
            table.problem(where, "a decision ends the chain: nothing may follow it")
    elif kind == "part":
        _check_tie_part(table, ruleset, where, name)
    elif kind == "rubric":
        part, _, criterion = name.partition(".")
        found = {each.key: each for each in ruleset.parts if each.panel}.get(part)
        if found is None or criterion not in [each.key for each in found.rubric]:
            table.problem(where, f"no panel part has the rubric criterion {name!r}")
        elif found.role == "advisory":
            table.problem(where, f"the part {part!r} is advisory and decides nothing")
    else:
        table.problem(where, f"must be part:<key>, rubric:<part>.<key> or decision, not {rule!r}")


def _check_tie_part(table: Table, ruleset: RuleSet, where: str, name: str) -> None:
    roles = {part.key: part.role for part in ruleset.parts}
    if name not in roles:
        table.problem(where, f"there is no part {name!r}")
    elif roles[name] == "advisory":
        table.problem(where, f"the part {name!r} is advisory and decides nothing")
