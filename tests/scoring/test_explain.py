# SPDX-License-Identifier: Apache-2.0
"""Rules in words: both languages say the same things, and say what is computed."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scoring.explain import explain, marks_become_one
from scoring.explain.phrases import ENGLISH, VIETNAMESE
from scoring.ruleset import parse, read_ruleset
from scoring.ruleset.conduct import DEDUCTIONS, RELATIONS
from scoring.ruleset.parts import AGGREGATES, BALLOTS, DEVIATION_ACTIONS, KINDS, MODES, RESOLVES, ROLES
from scoring.ruleset.settings import NAMES, NEUTRALISE, PUBLICATION_STEPS, RECHECKS, REVIEW_POLICIES
from tests.scoring.builders import RULESETS, a_level, gate_content, weighted_content

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
        ("relation", RELATIONS),
        ("deduction", DEDUCTIONS),
        ("free", DEDUCTIONS),
        ("sanction", DEDUCTIONS),
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
    assert "Written paper 70%, Presentation before the council 30%" in text
    assert "more than 8% of the scale" in text
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


def test_who_may_not_judge_is_printed_relation_by_relation() -> None:
    rules = gate_content()
    assert "direct superior" not in said(rules)
    rules["coi"] = {"relations": ["sibling", "line_manager"]}
    assert "its boards and teams: a candidate's brother or sister; a candidate's direct superior." in said(
        rules
    )


def test_a_deduction_that_is_not_stated_is_said_to_be_the_organisers() -> None:
    rules = gate_content()
    unstated = "takes from the mark is set by the organiser"
    assert f"What a reprimand or a warning {unstated}" in said(rules)
    rules["sanctions"] = {"reprimand": "12.5"}
    assert f"What a warning {unstated}" in said(rules)
    assert "trừ 12,5% điểm" in said(rules, "vi")
    rules["sanctions"] = {"reprimand": "0", "warning": "50"}
    assert unstated not in said(rules)
    assert "A reprimand takes nothing from the mark." in said(rules)


def test_the_levels_of_a_criterion_are_printed_best_first() -> None:
    rules = gate_content()
    rules["parts"][1]["rubric"][0]["levels"] = [a_level("40", "Excellent"), a_level("20.5", "Fair")]
    assert "“Building the programme”: 40 points – Excellent: Seen.; 20.5 points" not in said(rules)
    assert "“Building the programme”: 40 points – Excellent: Seen; 20.5 points – Fair: Seen." in said(rules)
    assert "20,5 điểm – Mức: Thấy." in said(rules, "vi")


def test_an_appointment_without_a_term_prints_none() -> None:
    rules = gate_content()
    assert "The term of appointment is 5 years." in said(rules)
    rules["appointment"] = {"term_years": 0}
    assert "term of appointment" not in said(rules)
    titles = [section.title for section in explain(read_ruleset(rules), "en")]
    assert titles[-1] == "Records"


def test_each_rule_has_the_letter_by_which_it_is_cited() -> None:
    for lang, letters in (("vi", "abcdđe"), ("en", "abcdef")):
        part = explain(read_ruleset(gate_content()), lang)[3]
        assert "".join(letter for letter, _ in part.points)[:6] == letters
        assert tuple(sentence for _, sentence in part.points) == part.sentences


def test_the_notice_follows_the_course_of_the_competition() -> None:
    titles = [section.title for section in explain(read_ruleset(gate_content()), "en")]
    assert titles == [
        "Legal basis",
        "Places and the least number of candidates",
        "Who may not take part in the organisation",
        "Part 1: Written paper",
        "Part 2: Presentation before the council",
        "On the day",
        "Violations",
        "Scale and rounding",
        "Result",
        "Equal results",
        "Review of marking",
        "Publication",
        "Time limits",
        "Appointment and records",
    ]


def test_a_panel_is_not_said_to_be_held_on_paper() -> None:
    part = explain(read_ruleset(gate_content()), "en")[4]
    assert part.sentences[0] == "Members of the council fill in paper ballots."
    assert "Only members who were present throughout" in "\n".join(part.sentences)


def test_a_rule_that_cannot_separate_equal_totals_is_not_printed() -> None:
    rules = gate_content()
    the_programme = "(1) the higher mark of the part “Presentation before the council”"
    assert the_programme not in said(rules)
    assert "(1) the higher mark of the part “Written paper”; (2) a written decision" in said(rules)
    rules["total"]["preference_points"] = {"enabled": True}
    assert the_programme in said(rules)
    weighted = weighted_content()
    weighted["tie_break"]["order"] = ["part:interview"]
    assert the_programme in said(weighted)


@pytest.mark.parametrize(("minutes", "own"), [(30, False), (31, True), (59, True), (60, False)])
def test_a_limit_of_lateness_that_no_instrument_sets_is_said_to_be_the_organisers(
    minutes: int, own: bool
) -> None:
    rules = gate_content()
    rules["parts"][1]["duration_minutes"] = minutes
    assert ("as the organiser has set, nobody is admitted more than" in said(rules)) is own


def test_a_review_of_the_marking_alone_is_not_said_to_be_blind() -> None:
    rules = gate_content()
    for policy in REVIEW_POLICIES:
        rules["review"]["policy"] = policy
        assert ("do not know the former marks" in said(rules)) is (policy != "review_only")


def test_a_difference_is_named_as_it_is_compared() -> None:
    rules = gate_content()
    assert "Nếu điểm chênh lệch từ 10 điểm trở lên: bài được chấm lần thứ ba" in said(rules, "vi")
    rules["parts"][0]["marking"]["discrepancy"]["operator"] = ">"
    assert "Nếu điểm chênh lệch trên 10 điểm: bài được chấm lần thứ ba" in said(rules, "vi")


def test_how_marks_become_one_is_told_as_in_the_notice() -> None:
    rules = read_ruleset(gate_content())
    written, programme = rules.parts
    first, *others = marks_become_one(rules, written, "en")
    assert first == "Each script is marked by 2 markers independently; none sees the mark of another."
    assert len(others) == 2
    assert marks_become_one(rules, programme, "en") == ()
    (review,) = marks_become_one(rules, written, "en", is_review=True)
    assert review.startswith("Two people mark again independently")
