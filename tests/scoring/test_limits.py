# SPDX-License-Identifier: Apache-2.0
"""How far each number of a rule set may go: the last value that is taken, and the first that is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scoring.reading import UnusableInput
from scoring.ruleset import RuleSet, parse, read_ruleset
from tests.scoring.builders import a_level, gate_content
from tests.scoring.test_ruleset import at, with_numbers

Json = dict[str, Any]
PANEL = ("parts", 1, "panel")
CRITERION = ("parts", 1, "rubric", 0)


def changed(*steps: Any, value: Any) -> Json:
    content = gate_content()
    for place, step in enumerate(steps[:-1]):
        if isinstance(step, str) and step not in reached(content, steps[:place]):
            at(*steps[: place + 1], value={})(content)
    at(*steps, value=value)(content)
    return content


def reached(content: Any, steps: tuple[Any, ...]) -> Any:
    for step in steps:
        content = content[step]
    return content


def mistakes(content: Json) -> list[tuple[str, str]]:
    try:
        read_ruleset(content)
    except UnusableInput as refused:
        return list(refused.pairs)
    return []


def panel(**overrides: Any) -> RuleSet:
    return read_ruleset(changed(*PANEL, value=overrides))


@pytest.mark.parametrize(
    ("steps", "least", "most"),
    [
        (("vacancy", "min_candidates"), 1, None),
        (("vacancy", "places"), 1, None),
        (("vacancy", "reserve"), 0, None),
        (("appointment", "term_years"), 0, 50),
        ((*PANEL, "size"), 1, 999),
    ],
)
def test_a_whole_number_is_taken_on_its_bounds_and_refused_beyond(
    steps: tuple[Any, ...], least: int, most: int | None
) -> None:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).strip(".")
    for taken in (least, most):
        assert taken is None or mistakes(changed(*steps, value=taken)) == []
    for refused in (least - 1, most and most + 1):
        assert refused is None or [each for each, _ in mistakes(changed(*steps, value=refused))] == [path]


@pytest.mark.parametrize("key", ["result_years", "dossier_years"])
@pytest.mark.parametrize("years", [0, 1001])
def test_years_beyond_their_bounds_are_told_once(key: str, years: int) -> None:
    found = mistakes(changed("retention", key, value=years))
    assert found == [(f"retention.{key}", f"must lie between 1 and 1000, not {years}")]


@pytest.mark.parametrize("years", [1, 1000])
def test_years_may_lie_on_their_bounds(years: int) -> None:
    assert mistakes(changed("retention", value={"result_years": years, "dossier_years": years})) == []


def test_a_result_is_kept_as_long_as_the_dossiers_or_longer() -> None:
    content = changed("retention", "result_years", value=5)
    content["retention"]["dossier_years"] = 5
    assert mistakes(content) == []
    content["retention"]["dossier_years"] = 6
    assert mistakes(content) == [("retention.result_years", "may not be less than dossier_years")]


def test_no_reserve_is_kept_and_for_no_months_where_none_is_stated() -> None:
    content = gate_content()
    content.pop("vacancy", None)
    vacancy = read_ruleset(content).vacancy
    assert (vacancy.places, vacancy.min_candidates, vacancy.reserve, vacancy.reserve_months) == (1, 2, 0, 0)


def test_relations_of_which_one_is_unknown_are_not_said_to_be_none() -> None:
    (mistake,) = mistakes(changed("coi", "relations", value=["friend"]))
    assert mistake[0] == "coi.relations[0]"
    assert mistakes(changed("coi", "relations", value="spouse")) == [
        ("coi.relations", "must be a list of texts")
    ]
    assert mistakes(changed("coi", "relations", value=[])) == [
        ("coi.relations", "needs at least one relation")
    ]


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ({"enabled": True}, "is missing: the default 7.5 is meant for a scale of 100"),
        ({"enabled": True, "max": "1"}, None),
        ({"enabled": True, "max": "10"}, None),
        ({"enabled": True, "max": "10.5"}, "may not be above 10, but is 10.5"),
        ({"enabled": False}, None),
        ({"enabled": False, "max": "10.5"}, None),
    ],
)
def test_preference_points_fit_the_scale_where_they_count(points: Json, message: str | None) -> None:
    content = on_a_scale_of_ten()
    content["total"]["preference_points"] = points
    found = [each for each in mistakes(content) if each[0].startswith("total.preference_points")]
    assert found == ([("total.preference_points.max", message)] if message else [])


def on_a_scale_of_ten() -> Json:
    content = with_numbers(gate_content(), scale="10")
    content["parts"][0]["marking"]["discrepancy"] = {"threshold": "1"}
    return content


@pytest.mark.parametrize(("threshold", "is_taken"), [("100", True), ("100.5", False)])
def test_no_two_marks_differ_by_more_than_all_of_the_maximum(threshold: str, *, is_taken: bool) -> None:
    discrepancy = {"basis": "percent_of_max", "threshold": threshold}
    found = mistakes(changed("parts", 0, "marking", "discrepancy", value=discrepancy))
    message = f"may not be above 100, but is {threshold}"
    assert found == ([] if is_taken else [("parts[0].marking.discrepancy.threshold", message)])


def test_a_panel_of_one_has_a_quorum_without_a_word_of_trimming() -> None:
    part = panel(size=1, quorum="1/1").parts[1].panel
    assert part is not None
    assert (part.size, part.needed, part.trim) == (1, 1, 0)


@pytest.mark.parametrize(
    ("quorum", "message"),
    [
        ("0/3", "must be a fraction of the panel such as \"2/3\", not '0/3'"),
        ("4/3", "must be a fraction of the panel such as \"2/3\", not '4/3'"),
        ("half", "must be a fraction of the panel such as \"2/3\", not 'half'"),
        (7, "must be text, not 7"),
        ("", "must be text, not ''"),
    ],
)
def test_a_wrong_quorum_is_told_once_and_of_nothing_else(quorum: Any, message: str) -> None:
    assert mistakes(changed(*PANEL, value={"quorum": quorum, "aggregate": "trimmed_mean", "trim": 3})) == [
        ("parts[1].panel.quorum", message)
    ]


def test_all_of_the_panel_can_be_the_quorum() -> None:
    part = panel(quorum="1/1").parts[1].panel
    assert part is not None
    assert part.needed == part.size == 7


@pytest.mark.parametrize("which", [0, -1])
def test_a_criterion_that_appears_twice_is_found_wherever_it_stands(which: int) -> None:
    content = gate_content()
    rubric = content["parts"][1]["rubric"]
    rubric.append({**rubric[which]})
    key = rubric[which]["key"]
    assert mistakes(content) == [(f"parts[1].rubric[{len(rubric) - 1}].key", f"{key!r} appears twice")]


@pytest.mark.parametrize(
    ("most", "message"),
    [
        ("0", "must be above 0: a criterion that gives nothing is none"),
        ("-1", "may not be below 0, but is -1"),
        ("x", "must be a decimal written as text, such as \"12.5\", not 'x'"),
        ("100.5", "may not be above 100, but is 100.5"),
    ],
)
def test_a_wrong_maximum_is_told_once(most: str, message: str) -> None:
    assert mistakes(changed(*CRITERION, "max", value=most)) == [("parts[1].rubric[0].max", message)]


@pytest.mark.parametrize(("tolerance", "is_taken"), [("100", True), ("100.5", False)])
def test_no_tolerance_of_a_review_is_above_the_scale(tolerance: str, *, is_taken: bool) -> None:
    message = f"may not be above 100, but is {tolerance}"
    found = mistakes(changed("review", "tolerance", value=tolerance))
    assert found == ([] if is_taken else [("review.tolerance", message)])


@pytest.mark.parametrize(
    ("late", "found"),
    [
        ({"limits": [{"up_to": 1, "late": 5}, {"late": 15}]}, []),
        ({"limits": [{"up_to": 0, "late": 5}, {"late": 15}]}, ["late.limits[0].up_to"]),
        ({"other": 1}, ["late.other"]),
        ({"limits": [{"late": 15, "other": 1}]}, ["late.limits[0].other"]),
    ],
)
def test_the_table_of_lateness_begins_with_a_minute_and_has_no_other_key(
    late: Json, found: list[str]
) -> None:
    assert [path for path, _ in mistakes(changed("late", value=late))] == found


@pytest.mark.parametrize(("minutes", "late"), [(1, 5), (60, 5), (61, 15), (180, 15)])
def test_the_last_row_of_lateness_holds_for_every_longer_part(minutes: int, late: int) -> None:
    rows = [{"up_to": 60, "late": 5}, {"late": 15}]
    assert read_ruleset(changed("late", value={"limits": rows})).late_minutes(minutes) == late


def test_a_document_without_parts_misses_them() -> None:
    content = gate_content()
    del content["parts"]
    assert ("parts", "is missing") in mistakes(content)


@pytest.mark.parametrize(
    ("name", "message"),
    [("Gate", "must be small letters, digits, dots, - and _"), ("", "must be text, not ''")],
)
def test_a_wrong_name_of_a_rule_set_is_told_once(name: str, message: str) -> None:
    assert mistakes(changed("id", value=name)) == [("id", message)]


def test_text_without_a_canonical_form_is_refused() -> None:
    content = changed("title", value={"vi": "\ud800", "en": "x"})
    assert mistakes(content) == [("document", "holds text that has no canonical form")]


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("a = 1\nb = = 2\n", "line 2, column 5", "not TOML: Invalid value (at line 2, column 5)"),
        ("a = 1\n\n\n\n\n\n\n\n\n\nb = = 2\n", "line 11, column 5", "not TOML: Invalid value"),
        ("b =            = 2\n", "line 1, column 16", "not TOML: Invalid value"),
        ('a = "', "document", "not TOML: Unterminated string (at end of document)"),
        ("a = " + "[" * 100_000, "document", "nested too deeply"),
    ],
)
def test_broken_toml_is_refused_with_its_place(text: str, path: str, words: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        parse(text)
    assert refused.value.source == "ruleset"
    ((where, message),) = refused.value.pairs
    assert where == path
    assert message.startswith(words)


def test_of_levels_only_the_first_is_held_against_the_maximum() -> None:
    maximum = gate_content()["parts"][1]["rubric"][0]["max"]
    too_much = str(int(maximum) + 10)
    content = changed(*CRITERION, "levels", value=[a_level(too_much), a_level(str(int(maximum) + 5))])
    assert mistakes(content) == [
        ("parts[1].rubric[0].levels[0].mark", "may not be above the maximum of the criterion")
    ]


def tables(content: Any, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every table of a document with its path."""
    if isinstance(content, dict):
        yield path, content
        for key, value in content.items():
            yield from tables(value, f"{path}.{key}".strip("."))
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from tables(value, f"{path}[{place}]")


def whole_content() -> Json:
    """A rule set in which every table stands that there is."""
    content = gate_content()
    content["parts"][1]["rubric"][0]["levels"] = [a_level("20")]
    content["parts"][1]["panel"]["deviation"] = {"action": "flag"}
    content["parts"][0]["marking"]["discrepancy"] = {"threshold": "10"}
    content["total"]["preference_points"] = {"enabled": False}
    content["late"] = {"limits": [{"up_to": 60, "late": 5}, {"late": 15}]}
    for key in ("vacancy", "review", "timing", "calendar", "publication", "coi", "sanctions", "appointment"):
        content.setdefault(key, {})
    content.setdefault("retention", {})
    return content


PATHS = [path for path, _ in tables(whole_content())]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "document")
def test_a_key_that_nobody_knows_is_refused_in_every_table(path: str) -> None:
    content = whole_content()
    assert mistakes(content) == []
    dict(tables(content))[path]["unknown"] = 1
    assert mistakes(content) == [(f"{path}.unknown".strip("."), "is not a known key")]


def test_parts_without_names_are_not_said_to_be_one() -> None:
    content = gate_content()
    for part in content["parts"]:
        del part["key"]
    assert mistakes(content) == [("parts[0].key", "is missing"), ("parts[1].key", "is missing")]


def test_weights_beside_a_single_part_are_refused_as_a_whole() -> None:
    content = changed("total", "weights", value={"programme": "0.5"})
    message = "belongs to the weighted mode: the one ranked part has its pass"
    assert mistakes(content) == [("total.weights", message)]


def test_a_criterion_of_an_advisory_part_breaks_no_tie() -> None:
    content = gate_content()
    rubric = content["parts"][1]["rubric"]
    content["parts"].append(
        {**content["parts"][1], "key": "hearing", "role": "advisory", "pass": "50", "rubric": rubric}
    )
    content["tie_break"]["order"] = [f"rubric:hearing.{rubric[0]['key']}", "decision"]
    assert mistakes(content) == [("tie_break.order[0]", "the part 'hearing' is advisory and decides nothing")]


def test_a_criterion_of_a_part_without_a_panel_breaks_no_tie() -> None:
    content = changed("tie_break", "order", value=["rubric:written.build", "decision"])
    message = "no panel part has the rubric criterion 'written.build'"
    assert mistakes(content) == [("tie_break.order[0]", message)]


def test_a_criterion_that_markers_mark_breaks_no_tie() -> None:
    content = changed("tie_break", "order", value=["rubric:written.law", "decision"])
    title = {"vi": "Quy định", "en": "Law"}
    content["parts"][0]["rubric"] = [{"key": "law", "title": title, "max": "100"}]
    message = "no panel part has the rubric criterion 'written.law'"
    assert mistakes(content) == [("tie_break.order[0]", message)]


def test_equal_totals_are_separated_at_the_last_place_alone_where_nothing_else_is_said() -> None:
    content = gate_content()
    content["tie_break"].pop("places_boundary_only", None)
    assert read_ruleset(content).tie_break.places_boundary_only
