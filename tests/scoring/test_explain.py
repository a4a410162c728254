# SPDX-License-Identifier: Apache-2.0
"""Rules in words: both languages say the same things, and say what is computed."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scoring.explain import explain
from scoring.explain.phrases import ENGLISH, VIETNAMESE
from scoring.ruleset import parse, read_ruleset
from scoring.ruleset.parts import AGGREGATES, BALLOTS, DEVIATION_ACTIONS, KINDS, MODES, RESOLVES, ROLES
from scoring.ruleset.settings import NAMES, NEUTRALISE, PUBLICATION_STEPS, RECHECKS, REVIEW_POLICIES
from tests.scoring.builders import RULESETS, gate_content, weighted_content

FILES = sorted(RULESETS.glob("*.toml"))


def said(content: dict[str, Any], lang: str = "en") -> str:
    return "\n".join(
        sentence for section in explain(read_ruleset(content), lang) for sentence in section.sentences
    )


def placeholders(phrase: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


def test_both_languages_have_every_phrase_with_the_same_facts() -> None:
    assert list(VIETNAMESE) == list(ENGLISH)
    for key, phrase in VIETNAMESE.items():
        assert placeholders(phrase) == placeholders(ENGLISH[key]), key


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("kind", KINDS),
        ("mode", MODES),
        ("role", ROLES),
        ("resolve", RESOLVES),
        ("panel", BALLOTS),
        ("vote", BALLOTS),
        ("aggregate", AGGREGATES),
        ("deviation", DEVIATION_ACTIONS[1:]),
        ("names", NAMES),
        ("moment", RECHECKS),
        ("neutralise", NEUTRALISE),
        ("step", PUBLICATION_STEPS),
        ("review", REVIEW_POLICIES),
    ],
)
def test_every_choice_of_a_rule_set_has_its_words(prefix: str, values: tuple[str, ...]) -> None:
    assert [value for value in values if f"{prefix}.{value}" not in ENGLISH] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_rule_set_that_ships_can_be_printed(path: Path, lang: str) -> None:
    sections = explain(parse(path.read_text(encoding="utf-8")), lang)
    assert all(section.title and section.sentences for section in sections)
    text = " ".join(sentence for section in sections for sentence in section.sentences)
    assert "{" not in text
    assert all(sentence.endswith(".") for section in sections for sentence in section.sentences)


def test_a_decimal_is_written_as_the_language_writes_it() -> None:
    assert "0,5" in said(gate_content(), "vi")
    assert "0.5" in said(gate_content(), "en")


def test_the_notice_says_what_the_arithmetic_does() -> None:
    rules = weighted_content()
    rules["parts"][1]["marking"]["discrepancy"] = {
        "threshold": "8",
        "operator": ">",
        "basis": "percent_of_max",
    }
    text = said(rules)
    assert "Written paper 70 %, Presentation before the council 30 %" in text
    assert "more than 8 % of the scale" in text
    assert "Each part that counts must reach 50 points or more." in text
    assert "its mark does not count towards the result" in text


def test_a_ranked_part_without_a_minimum_names_none() -> None:
    rules = gate_content()
    rules["parts"][1]["pass"] = "0"
    assert "less than 0" not in said(rules)


def test_a_confidence_vote_is_told_as_one_and_a_lone_decision_is_no_list() -> None:
    rules = tomllib.loads((RULESETS / "leadership-confidence.toml").read_text(encoding="utf-8"))
    assert "the share of valid ballots that say confidence, on the scale of 100" in said(rules)
    assert "(1) the higher mark" in said(rules)
    rules["tie_break"]["order"] = ["decision"]
    assert "then the head of the appointing authority decides in writing." in said(rules)
    rules["tie_break"]["places_boundary_only"] = False
    assert "Where results are equal, the head" in said(rules)
    assert "(1)" not in said(rules)


def test_own_titles_of_parts_are_used() -> None:
    rules = gate_content()
    rules["parts"][1]["title"] = {"vi": "Bảo vệ đề án", "en": "Defence of the programme"}
    assert "“Bảo vệ đề án”" in said(rules, "vi")
    assert "“Defence of the programme”" in said(rules)


def test_an_unknown_language_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        explain(read_ruleset(gate_content()), "fr")


def test_the_gate_rule_set_is_the_documented_example() -> None:
    content = tomllib.loads((RULESETS / "leadership-gate.toml").read_text(encoding="utf-8"))
    assert content["id"] == "leadership-gate"
