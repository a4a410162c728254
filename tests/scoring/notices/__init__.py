# SPDX-License-Identifier: Apache-2.0
"""What every rule set says in words, word by word: the reviewed files beside this module.

One file for each rule set that ships, and one of variants: for each rule that none of them has, the
sentences that the notice of the leadership gate then has and otherwise has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scoring.explain import explain
from scoring.ruleset import RuleSet, parse, read_ruleset
from scoring.ruleset.parts import RESOLVES
from scoring.ruleset.settings import NAMES, REVIEW_POLICIES
from tests.scoring.builders import RULESETS, a_level, gate_content, weighted_content

Json = dict[str, Any]
Changes = dict[tuple[str | int, ...], Any]
FOLDER = Path(__file__).parent
VARIANTS = "variants.txt"
LANGUAGES = ("vi", "en")
MARKING, PANEL = ("parts", 0, "marking"), ("parts", 1, "panel")
DEVIATION = {"from_mean": "15.5", "spread": "25"}
VOTE: Json = {
    "key": "vote",
    "kind": "vote",
    "role": "advisory",
    "pass": "50.5",
    "reviewable": False,
    "panel": {"size": 9, "ballot": "named"},
}


def names() -> list[str]:
    """The names of the reviewed files."""
    return [*(f"{path.stem}.txt" for path in sorted(RULESETS.glob("*.toml"))), VARIANTS]


def notice(name: str) -> str:
    """What a reviewed file says, made anew."""
    if name == VARIANTS:
        return "\n".join(_differences())
    path = RULESETS / name.replace(".txt", ".toml")
    return in_both_languages(parse(path.read_text(encoding="utf-8")))


def in_both_languages(ruleset: RuleSet) -> str:
    """The whole notice, the Vietnamese before the English."""
    return "\n\n".join("\n".join(_lines(ruleset, lang)) for lang in LANGUAGES) + "\n"


def variants() -> Iterator[tuple[str, Changes]]:
    """Rules that are each unlike those of the leadership gate in one way."""
    yield "one marker", {MARKING: {"markers": 1}}
    for resolve in RESOLVES:
        for markers in (2,) if resolve == "third_decides" else (2, 3):
            yield f"{markers} markers, {resolve}", {MARKING: {"markers": markers, "resolve": resolve}}
    for operator in (">", ">="):
        for basis in ("points", "percent_of_max"):
            rule = {"threshold": "7.5", "operator": operator, "basis": basis}
            yield f"differ by {operator} 7.5 {basis}", {(*MARKING, "discrepancy"): rule}
    for action in ("flag", "panel_meets"):
        yield f"deviation: {action}", {(*PANEL, "deviation"): {**DEVIATION, "action": action}}
    yield "trimmed mean", {(*PANEL, "aggregate"): "trimmed_mean", (*PANEL, "trim"): 1}
    yield "median of named ballots", {(*PANEL, "aggregate"): "median", (*PANEL, "ballot"): "named"}
    yield "no sealed record", {(*PANEL, "ballot"): "secret", (*PANEL, "record"): "none"}
    yield "levels", {("parts", 1, "rubric", 0, "levels"): [a_level("30.5", "Good"), a_level("10", "Weak")]}
    yield "no rubric", {("parts", 1, "rubric"): []}
    yield (
        "no duration, not reviewable",
        {("parts", 0, "duration_minutes"): None, ("parts", 0, "reviewable"): False},
    )
    yield "on paper", {("parts", 0, "mode"): "paper", ("parts", 1, "mode"): "paper"}
    yield "in a hall", {("parts", 0, "mode"): "lan", ("parts", 1, "mode"): "portal"}
    yield "a named vote", {("parts", 2): VOTE}
    yield "a vote by its median", {("parts", 2): {**VOTE, "panel": {"size": 9, "aggregate": "median"}}}
    yield (
        "reserve with months",
        {("vacancy",): {"places": 3, "min_candidates": 4, "reserve": 2, "reserve_months": 6}},
    )
    yield "reserve without months", {("vacancy",): {"reserve": 1}}
    yield "no recheck", {("vacancy",): {"recheck_min_after": []}}
    yield "preference points", {("total", "preference_points"): {"enabled": True, "max": "2.5"}}
    yield "deductions", {("sanctions",): {"reprimand": "0", "warning": "50"}}
    yield "one deduction", {("sanctions",): {"reprimand": "25.5"}}
    yield "relations", {("coi",): {"relations": ["spouse", "nominator"]}}
    yield "no term", {("appointment",): {"term_years": 0}}
    yield "retention", {("retention",): {"result_years": 70, "dossier_years": 10}}
    yield (
        "ties of all",
        {("tie_break",): {"order": ["rubric:programme.build", "decision"], "places_boundary_only": False}},
    )
    second = {"order": ["rubric:programme.defend", "decision"]}
    yield "ties by the second criterion", {("tie_break",): second}
    yield "ties by decision alone", {("tie_break",): {"order": ["decision"]}}
    yield (
        "ties by decision alone, of all",
        {("tie_break",): {"order": ["decision"], "places_boundary_only": False}},
    )
    for policy in REVIEW_POLICIES:
        yield f"review: {policy}", {("review",): {"policy": policy, "tolerance": "1.5"}}
    yield "late", {("late",): {"limits": [{"up_to": 120, "late": 7}, {"late": 20}]}}
    yield "a part of 45 minutes", {("parts", 0, "duration_minutes"): 45}
    yield "times", {("timing",): {"grace_seconds": 30, "offline_minutes": 20}, ("parts", 0, "mode"): "portal"}
    for names in NAMES:
        yield f"names: {names}", {("publication",): {"names": names}}
    yield "steps", {("publication",): {"order": ["recognised", "published"]}}
    yield "numbers", {("numbers",): {"scale": "100", "step": "0.25", "rounding": "half_even", "decimals": 1}}


def _differences() -> Iterator[str]:
    for name, changes in variants():
        yield from _difference(name, changed(gate_content(), changes), gate_content())
    weighted = weighted_content()
    for each_part_min in ("", "49.5"):
        rules = weighted_content(**({"each_part_min": each_part_min} if each_part_min else {}))
        yield from _difference(f"weighted, each part {each_part_min or '50'}", rules, gate_content())
    yield from _difference(
        "a question is dropped",
        changed(weighted, {("review", "neutralise"): "zero_weight"}),
        weighted_content(),
    )


def _difference(name: str, content: Json, base: Json) -> Iterator[str]:
    yield f"# {name}"
    for lang in LANGUAGES:
        known = set(_sentences(base, lang))
        yield from (each for each in _sentences(content, lang) if each not in known)
    yield ""


def changed(content: Json, changes: Changes) -> Json:
    """The content with these values, tables made where there are none; None takes a key away."""
    for steps, value in changes.items():
        at: Any = content
        for step in steps[:-1]:
            at = at.setdefault(step, {}) if isinstance(at, dict) else at[step]
        if isinstance(at, list) and steps[-1] == len(at):
            at.append(value)
        elif value is None:
            del at[steps[-1]]
        else:
            at[steps[-1]] = value
    return content


def _sentences(content: Json, lang: str) -> list[str]:
    return [each for section in explain(read_ruleset(content), lang) for each in section.sentences]


def _lines(ruleset: RuleSet, lang: str) -> list[str]:
    lines = []
    for section in explain(ruleset, lang):
        lines.append(section.title)
        lines += [f"  {letter}) {sentence}" for letter, sentence in section.points]
    return lines
