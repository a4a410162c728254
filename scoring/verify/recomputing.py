# SPDX-License-Identifier: Apache-2.0
"""Checks R1 to R5: every ranking is computed again from its marks, and publications state nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scoring.marks import read_marks
from scoring.ranking import rank
from scoring.reading import UnusableInput
from scoring.verify.canonical import sha256_of
from scoring.verify.shapes import Bundle, PublicationFile, RunFile

MARK_KEYS = ("parts", "total")
RESULT_KEYS = ("outcome", "rank", "total", "tie_rule")
Recomputed = Mapping[str, dict[str, Any] | str]  # by file name: the ranking, or why there is none


def recompute(bundle: Bundle) -> Recomputed:
    """The ranking of every run, computed from its marks under its rule set."""
    return {run.name: _recomputed(bundle, run) for run in bundle.runs}


def marks_recompute(bundle: Bundle, recomputed: Recomputed) -> Iterator[str]:
    """R1: every mark and total follows from the marks by the committed rule."""
    yield from _compare(bundle, recomputed, ("total", "parts"))


def steps_recompute(bundle: Bundle, recomputed: Recomputed) -> Iterator[str]:
    """R2: every step of reconciling, aggregating and weighing is the one that the rule prescribes."""
    yield from _compare(bundle, recomputed, ("explanation",))


def ties_recompute(bundle: Bundle, recomputed: Recomputed) -> Iterator[str]:
    """R3: every tie was separated by the rule named, or by nothing."""
    yield from _compare(bundle, recomputed, ("tie_rule",))


def rankings_recompute(bundle: Bundle, recomputed: Recomputed) -> Iterator[str]:
    """R4: the whole ranking of every run is the one recomputed from its marks, byte for byte."""
    for run in bundle.runs:
        computed = recomputed[run.name]
        if isinstance(computed, str):
            yield f"{run.name}: {computed}"
        elif sha256_of(computed) != sha256_of(run.output):
            yield f"{run.name}: the ranking is not the one its marks give"


def publications_state_runs(bundle: Bundle, _: Recomputed) -> Iterator[str]:
    """R5: what was published is what was computed, for every candidate of every vacancy published."""
    runs = {(run.vacancy, run.run): run for run in bundle.runs}
    for publication in bundle.publications:
        for vacancy in publication.vacancies:
            run = runs.get((vacancy["vacancy"], vacancy["run"]))
            where = f"publication {publication.number}, vacancy {vacancy['vacancy']}"
            if run is None:
                yield f"{where}: states no run of this vacancy"
            else:
                yield from (f"{where}: {each}" for each in _misstated(publication, vacancy, run))


def _misstated(publication: PublicationFile, vacancy: dict[str, Any], run: RunFile) -> Iterator[str]:
    final = publication.kind == "results"
    if final and run.output.get("complete") is not True:
        yield "publishes a run that is not complete"
    computed = _rows(run.output)
    if sorted(code for code, _ in vacancy["candidates"]) != sorted(computed):
        yield "does not state exactly the candidates of the run"
    for code, row in vacancy["candidates"]:
        required = RESULT_KEYS[:3] if final else ()
        for key in sorted({*required, *(key for key in (*MARK_KEYS, *RESULT_KEYS) if key in row)}):
            if row.get(key) != _as_published(computed.get(code, {}), key, row):
                yield f"candidate {code}: {key} is not the computed one"


def _as_published(computed: dict[str, Any], key: str, row: dict[str, Any]) -> Any:
    """The computed value; parts may be published with their marks alone."""
    value = computed.get(key)
    if key != "parts" or not isinstance(value, dict) or not isinstance(row.get("parts"), dict):
        return value
    alone = {part: each["mark"] for part, each in value.items()}
    return alone if all(not isinstance(each, dict) for each in row["parts"].values()) else value


def _rows(output: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = output.get("candidates")
    listed = rows if isinstance(rows, list) else []
    return {str(row.get("id")): row for row in listed if isinstance(row, dict)}


def _compare(bundle: Bundle, recomputed: Recomputed, keys: tuple[str, ...]) -> Iterator[str]:
    for run in bundle.runs:
        computed = recomputed[run.name]
        stated = _rows(run.output)
        if isinstance(computed, str):
            yield f"{run.name}: {computed}"
            continue
        for code, row in _rows(computed).items():
            for key in keys:
                if stated.get(code, {}).get(key) != row[key]:
                    yield f"{run.name}: candidate {code}: {key} is not the recomputed one"


def _recomputed(bundle: Bundle, run: RunFile) -> dict[str, Any] | str:
    """The ranking of a run's marks, or why there is none."""
    ruleset = bundle.rulesets.get(str(run.output.get("ruleset")))
    if ruleset is None:
        return "the rule set of the run is not in the bundle"
    try:
        return rank(ruleset, read_marks(run.input, ruleset)).to_json()
    except UnusableInput as refused:
        return f"the marks cannot be used: {refused.problems[0].path}: {refused.problems[0].message}"
