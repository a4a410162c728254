# SPDX-License-Identifier: Apache-2.0
"""The result sheet (bảng tổng hợp kết quả) of a vacancy, as pages and documents show it."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, url_for

from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rules
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.results import explanations
from exam_portal.results.queries import Source
from exam_portal.web import filters
from scoring.ruleset import RankedPart, RuleSet

_LAST = 10**9  # candidates without a rank stand after those who have one


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A part as a column."""

    key: str
    title: str
    role: str
    pass_mark: str
    weight: str  # per cent; empty where the part has none
    is_vote: bool  # confidence, never a mark
    is_per_cent: bool  # the share of confidence in per cent: on no other scale, and of no median

    @property
    def heading(self) -> str:
        """Return the title over figures."""
        return f"{self.title} (%)" if self.is_per_cent else self.title


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One candidate's mark in one part."""

    key: str
    mark: str | None
    passed: bool | None
    sources: Sequence[Source]
    steps: Sequence[str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One candidate."""

    number: str
    name: str
    cells: Sequence[Cell]
    preference: str | None  # points added to the total, where the candidate has any
    total: str | None
    rank: int | None
    outcome: str
    outcome_words: str
    outcome_kind: str
    tie: str
    total_steps: Sequence[str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something pending, and where it is resolved (empty: nowhere for this reader)."""

    words: str
    href: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sheet of one vacancy."""

    code: str
    title: str
    unit: str
    places: int
    run: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    pending: Sequence[Lack]
    has_outcomes: bool

    @property
    def has_names(self) -> bool:
        """Whether anybody is named."""
        return any(line.name for line in self.lines)

    @property
    def has_preference(self) -> bool:
        """Whether anybody has preference points."""
        return any(line.preference for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is pending."""
        return not self.pending


def columns(ruleset: RuleSet) -> list[Column]:
    """Return the parts of a rule set as columns, in the order in which they are held."""
    return [
        Column(
            key=row.key,
            title=row.title,
            role=part.role,
            pass_mark=row.pass_mark if part.role != "advisory" else "",
            weight=row.weight if isinstance(part, RankedPart) else "",
            is_vote=part.kind == "vote",
            is_per_cent=rules.is_per_cent(ruleset, part),
        )
        for row, part in zip(rules.rows(ruleset), ruleset.parts, strict=True)
    ]


def _titles(ruleset: RuleSet) -> dict[str, str]:
    """Return the names of parts, and of criteria as rules about ties name them."""
    found = {column.key: column.title for column in columns(ruleset)}
    for part in ruleset.parts:
        for row in part.rubric:
            found[f"{part.key}.{row.key}"] = filters.localised({"vi": row.title.vi, "en": row.title.en})
    return found


def of_run(
    competition: Competition,
    vacancy: Vacancy,
    number: int,
    output: Mapping[str, Any],
    *,
    names: Mapping[str, str],
    sources: Mapping[tuple[str, str], Sequence[Source]],
    preference: Mapping[str, str],
    overtaken: Sequence[str],
) -> Sheet:
    """Return the sheet of a run, everything that staff may see of it included.

    ``preference``: points by candidate; ``overtaken``: decisions to go on that do not count any more.
    """
    ruleset = competitions.ruleset(competition)
    found, titles = columns(ruleset), _titles(ruleset)
    rows = [{**row, "preference_points": preference.get(row["id"])} for row in output["candidates"]]
    return Sheet(
        code=vacancy.code,
        title=filters.localised({"vi": vacancy.title, "en": vacancy.title_en or vacancy.title}),
        unit=vacancy.unit,
        places=vacancy.places,
        run=str(number),
        columns=found,
        lines=_ordered([_line(row, found, titles, names, sources) for row in rows]),
        pending=[_lack(competition, vacancy, each, titles, overtaken) for each in output["pending"]],
        has_outcomes=True,
    )


def of_publication(competition: Competition, stated: Mapping[str, Any]) -> Sheet:
    """Return the sheet of one vacancy as a publication states it: nothing that it does not say."""
    ruleset = competitions.ruleset(competition)
    found, titles = columns(ruleset), _titles(ruleset)
    names = {row["id"]: row.get("name", "") for row in stated["candidates"]}
    title = stated["title"]
    return Sheet(
        code=stated["vacancy"],
        title=filters.localised({"vi": title["vi"], "en": title["en"] or title["vi"]}),
        unit=stated["unit"],
        places=stated["places"],
        run=stated["run"],
        columns=found,
        lines=_ordered([_line(row, found, titles, names, {}) for row in stated["candidates"]]),
        pending=(),
        has_outcomes=any("outcome" in row for row in stated["candidates"]),
    )


def line_of(sheet: Sheet, number: str) -> Line | None:
    """Return the line of one candidate."""
    return next((line for line in sheet.lines if line.number == number), None)


def _line(
    row: Mapping[str, Any],
    found: Sequence[Column],
    titles: Mapping[str, str],
    names: Mapping[str, str],
    sources: Mapping[tuple[str, str], Sequence[Source]],
) -> Line:
    steps = row.get("explanation", ())
    outcome = row.get("outcome", "")
    words, kind = explanations.OUTCOMES.get(outcome, ("", "neutral"))
    return Line(
        number=row["id"],
        name=names.get(row["id"], ""),
        cells=[_cell(row, column, sources, steps) for column in found],
        preference=row.get("preference_points"),
        total=row["total"],
        rank=row.get("rank"),
        outcome=outcome,
        outcome_words=str(words),
        outcome_kind=kind,
        tie=explanations.tie_words(row.get("tie_rule"), titles),
        total_steps=[explanations.sentence(step) for step in steps if step["part"] is None],
    )


def _cell(
    row: Mapping[str, Any],
    column: Column,
    sources: Mapping[tuple[str, str], Sequence[Source]],
    steps: Sequence[Mapping[str, Any]],
) -> Cell:
    stated = row["parts"].get(column.key, {"mark": None, "passed": None})
    return Cell(
        key=column.key,
        mark=stated["mark"],
        passed=stated["passed"],
        sources=sources.get((row["id"], column.key), ()),
        steps=[
            explanations.sentence(step, is_vote=column.is_vote, is_per_cent=column.is_per_cent)
            for step in steps
            if step["part"] == column.key
        ],
    )


def _ordered(lines: Sequence[Line]) -> list[Line]:
    """Return the lines by rank, then by number."""
    return sorted(lines, key=lambda line: (line.rank or _LAST, line.number))


def _lack(
    competition: Competition,
    vacancy: Vacancy,
    lack: Mapping[str, Any],
    titles: Mapping[str, str],
    overtaken: Sequence[str],
) -> Lack:
    endpoint, values = explanations.RESOLVED_BY[lack["code"]]
    href = ""
    if endpoint in current_app.view_functions:
        extra: dict[str, Any] = values(lack)
        if endpoint == "competitions.record_decision":
            extra = {**extra, "vacancy": vacancy.public_id}
        href = url_for(endpoint, competition_id=competition.public_id, **extra)
    words = explanations.pending_words(lack, titles)
    if lack["code"] == "min_candidates" and overtaken:
        words = f"{words} {explanations.overtaken_words(overtaken)}"
    return Lack(words=words, href=href)
