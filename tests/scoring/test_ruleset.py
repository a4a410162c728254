# SPDX-License-Identifier: Apache-2.0
"""Rule sets are read whole: defaults, types by role, hashes, and every mistake with its path."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scoring.reading import UnusableInput
from scoring.ruleset import GatePart, QualifyingPart, RankedPart, RuleSet, parse, read_ruleset
from scoring.verify.canonical import canonical_bytes, sha256_of
from tests.scoring.builders import GATE, RULESETS, a_level, gate_content, weighted_content

FILES = sorted(RULESETS.glob("*.toml"))
Change = Callable[[dict[str, Any]], object]


def paths_of(content: object) -> list[str]:
    with pytest.raises(UnusableInput) as refused:
        read_ruleset(content)
    assert refused.value.source == "ruleset"
    assert all(message for _, message in refused.value.pairs)
    return [path for path, _ in refused.value.pairs]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_set_that_ships_holds_and_reads_back(path: Path) -> None:
    ruleset = parse(path.read_text(encoding="utf-8"))
    assert ruleset.id == path.stem
    assert RuleSet.from_canonical(ruleset.canonical()) == ruleset
    assert ruleset.hash == sha256_of(ruleset.canonical())


def test_the_hash_is_that_of_the_parsed_content_whatever_its_layout() -> None:
    text = (RULESETS / "leadership-gate.toml").read_text(encoding="utf-8")
    assert parse("# another comment\n" + text).hash == parse(text).hash == sha256_of(GATE)
    assert parse(text.replace('pass = "50"', 'pass = "51"', 1)).hash != parse(text).hash


def test_what_is_left_out_has_its_documented_default() -> None:
    bare = {key: GATE[key] for key in ("schema", "id", "title", "legal_basis", "parts", "tie_break")}
    bare |= {"numbers": {}, "total": {}}
    bare = copy.deepcopy(bare)
    for part in bare["parts"]:
        for key in ("mode", "duration_minutes", "pass", "reviewable"):
            part.pop(key)
    bare["parts"][0]["marking"] = {}
    bare["parts"][1]["panel"] = {}
    given, whole = read_ruleset(bare), read_ruleset(GATE)
    for key in (
        "numbers",
        "vacancy",
        "parts",
        "total",
        "review",
        "late",
        "timing",
        "calendar",
        "publication",
        "coi",
        "sanctions",
        "appointment",
        "retention",
    ):
        assert getattr(given, key) == getattr(whole, key), key
    assert given.total.each_part_min is None


def test_a_test_is_held_in_the_portal_unless_said_otherwise() -> None:
    assert read_ruleset(weighted_content()).part("test").mode == "portal"


def test_only_a_ranked_part_has_a_weight() -> None:
    ruleset = read_ruleset(weighted_content())
    test, written, interview = ruleset.parts
    assert isinstance(test, QualifyingPart)
    assert not hasattr(test, "weight")
    assert not hasattr(read_ruleset(GATE).parts[0], "weight")
    assert isinstance(read_ruleset(GATE).parts[0], GatePart)
    assert isinstance(written, RankedPart)
    assert isinstance(interview, RankedPart)
    assert (written.weight, interview.weight) == (Decimal("0.7"), Decimal("0.3"))
    assert ruleset.ranked == (written, interview)


@pytest.mark.parametrize(("minutes", "late"), [(1, 5), (30, 5), (31, 5), (59, 5), (60, 10), (600, 10)])
def test_lateness_is_a_table_by_duration(minutes: int, late: int) -> None:
    assert read_ruleset(GATE).late_minutes(minutes) == late


def at(*steps: Any, value: Any = None, drop: bool = False) -> Change:
    """A change at a place of the content."""

    def change(content: dict[str, Any]) -> None:
        target: Any = content
        for step in steps[:-1]:
            target = target[step]
        if drop:
            del target[steps[-1]]
        else:
            target[steps[-1]] = value

    return change


MISTAKES: list[tuple[Change, str]] = [
    (at("schema", value="exam-portal/ruleset/2"), "schema"),
    (at("schema", drop=True), "schema"),
    (at("id", value="Có dấu"), "id"),
    (at("title", drop=True), "title"),
    (at("title", "en", drop=True), "title.en"),
    (at("title", "fr", value="x"), "title.fr"),
    (at("legal_basis", value="one"), "legal_basis"),
    (at("numbers", drop=True), "numbers"),
    (at("numbers", "scale", value=100), "numbers.scale"),
    (at("numbers", "scale", value="0"), "numbers.scale"),
    (at("numbers", "step", value="1e2"), "numbers.step"),
    (at("numbers", "step", value="0.0"), "numbers.step"),
    (at("numbers", "step", value="٣"), "numbers.step"),
    (at("numbers", "decimals", value=2.0), "numbers.decimals"),
    (at("numbers", "decimals", value=True), "numbers.decimals"),
    (at("numbers", "decimals", value=7), "numbers.decimals"),
    (at("numbers", "rounding", value="up"), "numbers.rounding"),
    (at("vacancy", "places", value=0), "vacancy.places"),
    (at("vacancy", "recheck_min_after", value=["gate", "gate"]), "vacancy.recheck_min_after[1]"),
    (at("vacancy", "recheck_min_after", value=["lunch"]), "vacancy.recheck_min_after[0]"),
    (at("vacancy", "seats", value=1), "vacancy.seats"),
    (at("parts", value=[]), "parts"),
    (at("parts", value={}), "parts"),
    (at("parts", 0, value="x"), "parts[0]"),
    (at("parts", 0, "key", value="Viết"), "parts[0].key"),
    (at("parts", 1, "key", value="written"), "parts[1].key"),
    (at("parts", 0, "kind", value="oral"), "parts[0].kind"),
    (at("parts", 0, "mode", value="fax"), "parts[0].mode"),
    (at("parts", 0, "role", value="final"), "parts[0].role"),
    (at("parts", 0, "weight", value="0.5"), "parts[0].weight"),
    (at("parts", 0, "duration_minutes", value=0), "parts[0].duration_minutes"),
    (at("parts", 0, "pass", value="101"), "parts[0].pass"),
    (at("parts", 0, "pass", value="-1"), "parts[0].pass"),
    (at("parts", 0, "reviewable", value="yes"), "parts[0].reviewable"),
    (at("parts", 0, "marking", drop=True), "parts[0].marking"),
    (at("parts", 1, "panel", drop=True), "parts[1].panel"),
    (at("parts", 0, "panel", value={}), "parts[0].panel"),
    (at("parts", 1, "marking", value={}), "parts[1].marking"),
    (at("parts", 1, "reviewable", value=True), "parts[1].reviewable"),
    (at("parts", 0, "marking", "markers", value=4), "parts[0].marking.markers"),
    (at("parts", 0, "marking", "markers", value=3), "parts[0].marking.resolve"),
    (at("parts", 0, "marking", "resolve", value="dice"), "parts[0].marking.resolve"),
    (
        at("parts", 0, "marking", "discrepancy", "operator", value="<"),
        "parts[0].marking.discrepancy.operator",
    ),
    (at("parts", 0, "marking", "discrepancy", "unit", value="x"), "parts[0].marking.discrepancy.unit"),
    (at("parts", 1, "panel", "quorum", value="3/2"), "parts[1].panel.quorum"),
    (at("parts", 1, "panel", "quorum", value="0.6"), "parts[1].panel.quorum"),
    (at("parts", 1, "panel", "quorum", value="2/0"), "parts[1].panel.quorum"),
    (at("parts", 1, "panel", "trim", value=1), "parts[1].panel.trim"),
    (at("parts", 1, "panel", "ballot", value="open"), "parts[1].panel.ballot"),
    (at("parts", 1, "panel", "record", value="open"), "parts[1].panel.record"),
    (at("parts", 1, "panel", value={"ballot": "named", "record": "sealed"}), "parts[1].panel.record"),
    (at("parts", 1, "panel", "deviation", "action", value="drop"), "parts[1].panel.deviation.action"),
    (at("parts", 1, "rubric", 0, "max", value="41"), "parts[1].rubric"),
    (at("parts", 1, "rubric", 0, "max", value="39.75"), "parts[1].rubric[0].max"),
    (at("parts", 1, "rubric", 0, "max", value="0"), "parts[1].rubric[0].max"),
    (at("parts", 1, "rubric", 0, "title", drop=True), "parts[1].rubric[0].title"),
    (at("parts", 1, "rubric", 1, "key", value="build"), "parts[1].rubric[1].key"),
    (at("parts", 1, "role", value="gate"), "parts"),
    (at("parts", 0, "role", value="ranked"), "total.mode"),
    (at("total", drop=True), "total"),
    (at("total", "mode", value="sum"), "total.mode"),
    (at("total", "weights", value={"programme": "1"}), "total.weights"),
    (at("total", "each_part_min", value="50"), "total.each_part_min"),
    (at("total", "preference_points", "max", value="lots"), "total.preference_points.max"),
    (at("tie_break", drop=True), "tie_break"),
    (at("tie_break", "order", drop=True), "tie_break.order"),
    (at("tie_break", "order", value=["part:essay"]), "tie_break.order[0]"),
    (at("tie_break", "order", value=["rubric:programme.style"]), "tie_break.order[0]"),
    (at("tie_break", "order", value=["decision", "part:written"]), "tie_break.order[0]"),
    (at("tie_break", "order", value=["random"]), "tie_break.order[0]"),
    (at("review", "policy", value="none"), "review.policy"),
    (at("late", "limits", value=[]), "late.limits"),
    (at("late", "limits", value=[{"late": 5}, {"late": 10}]), "late.limits[0].up_to"),
    (at("late", "limits", value=[{"up_to": 30, "late": 5}]), "late.limits[0].up_to"),
    (
        at("late", "limits", value=[{"up_to": 60, "late": 5}, {"up_to": 30, "late": 5}, {"late": 9}]),
        "late.limits",
    ),
    (at("timing", "grace", value=60), "timing.grace"),
    (at("calendar", "apply_window_days", value="30"), "calendar.apply_window_days"),
    (at("publication", "names", value="nobody"), "publication.names"),
    (at("publication", "order", value=["published", "recognised"]), "publication.order"),
    (at("publication", "order", value=["recognised", "marks_posted", "published"]), "publication.order"),
    (at("publication", "order", value=["marks_posted", "recognised"]), "publication.order"),
    (at("publication", "order", value=[]), "publication.order"),
    (at("publication", "order", value=["posted", "published"]), "publication.order[0]"),
    (at("colour", value="red"), "colour"),
    (at("coi", "relations", value=[]), "coi.relations"),
    (at("coi", "relations", value=["friend"]), "coi.relations[0]"),
    (at("coi", "relations", value=["parent", "parent"]), "coi.relations[1]"),
    (at("coi", "ban", value=True), "coi.ban"),
    (at("sanctions", "reprimand", value=25), "sanctions.reprimand"),
    (at("sanctions", "warning", value="100.5"), "sanctions.warning"),
    (at("sanctions", value={"reprimand": "50", "warning": "25"}), "sanctions.warning"),
    (at("sanctions", "suspension", value="100"), "sanctions.suspension"),
    (at("appointment", "term_years", value=51), "appointment.term_years"),
    (at("appointment", "years", value=5), "appointment.years"),
    (at("retention", "result_years", value=4), "retention.result_years"),
    (at("retention", "dossier_years", value=0), "retention.dossier_years"),
    (at("retention", "years", value=5), "retention.years"),
]


@pytest.mark.parametrize(("change", "path"), MISTAKES, ids=[path for _, path in MISTAKES])
def test_a_mistake_is_named_with_its_path(change: Change, path: str) -> None:
    content = gate_content()
    change(content)
    assert paths_of(content) == [path]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (at("total", "weights", "test", value="0.1"), "total.weights.test"),
        (at("total", "weights", "interview", drop=True), "total.weights.interview"),
        (at("total", "weights", "written", value="0.6"), "total.weights"),
        (at("total", "weights", "written", value="1.7"), "total.weights.written"),
        (at("total", "weights", drop=True), "total.weights"),
        (at("total", "each_part_min", value="500"), "total.each_part_min"),
        (at("parts", 0, "marking", value={}), "parts[0].marking"),
    ],
)
def test_a_mistake_of_weights_is_named_with_its_path(change: Change, path: str) -> None:
    content = weighted_content()
    change(content)
    assert path in paths_of(content)


def test_all_mistakes_are_listed_at_once() -> None:
    content = gate_content()
    at("title", "en", drop=True)(content)
    at("numbers", "rounding", value="up")(content)
    at("parts", 0, "kind", value="oral")(content)
    at("colour", value="red")(content)
    assert sorted(paths_of(content)) == ["colour", "numbers.rounding", "parts[0].kind", "title.en"]


def test_an_advisory_part_separates_no_tie() -> None:
    content = gate_content()
    content["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    content["tie_break"]["order"] = ["part:vote", "decision"]
    assert paths_of(content) == ["tie_break.order[0]"]


def test_no_criterion_of_an_advisory_part_separates_a_tie() -> None:
    content = gate_content()
    content["parts"].append({**copy.deepcopy(content["parts"][1]), "key": "talk", "role": "advisory"})
    content["tie_break"]["order"] = ["rubric:programme.build", "decision"]
    read_ruleset(content)
    content["tie_break"]["order"] = ["rubric:talk.build", "decision"]
    assert paths_of(content) == ["tie_break.order[0]"]


@pytest.mark.parametrize("left_out", ["marks_posted", "reviews_closed", "opinion_recorded", "recognised"])
def test_publication_may_leave_out_a_step_but_keeps_the_order_of_the_others(left_out: str) -> None:
    content = gate_content()
    steps = [step for step in content["publication"]["order"] if step != left_out]
    content["publication"]["order"] = steps
    assert read_ruleset(content).publication.order == tuple(steps)


@pytest.mark.parametrize("kind", ["panel", "dossier", "vote"])
def test_ballots_are_open_to_no_review(kind: str) -> None:
    content = gate_content()
    content["parts"][1]["kind"] = kind
    if kind == "vote":
        del content["parts"][1]["rubric"]
    del content["parts"][1]["reviewable"]
    assert not read_ruleset(content).part("programme").reviewable
    content["parts"][1]["reviewable"] = True
    assert paths_of(content) == ["parts[1].reviewable"]


def test_a_dossier_that_markers_mark_is_open_to_review() -> None:
    content = gate_content()
    content["parts"][0]["kind"] = "dossier"
    del content["parts"][0]["reviewable"]
    assert read_ruleset(content).part("written").reviewable


def test_a_dossier_is_marked_or_heard_not_both() -> None:
    content = gate_content()
    content["parts"][0]["kind"] = "dossier"
    read_ruleset(content)
    content["parts"][0]["panel"] = {}
    assert paths_of(content) == ["parts[0].marking"]


@pytest.mark.parametrize("text", ["a = ", "[a", "a = 1\na = 2"])
def test_what_is_no_toml_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(UnusableInput) as refused:
        parse(text)
    assert refused.value.problems[0].path.startswith("line ") or "document" in refused.value.problems[0].path


@pytest.mark.parametrize("content", [None, [], "x", {}])
def test_anything_else_is_refused_not_a_crash(content: object) -> None:
    assert paths_of(content)


def test_text_without_a_canonical_form_is_refused() -> None:
    content = gate_content()
    content["title"]["vi"] = "\ud800"
    assert paths_of(content) == ["document"]


def test_a_rule_set_is_the_same_after_a_round_trip_through_bytes() -> None:
    ruleset = read_ruleset(weighted_content())
    assert canonical_bytes(ruleset.canonical()).decode() == ruleset.content


def with_numbers(content: dict[str, Any], **numbers: str) -> dict[str, Any]:
    """The content on another scale, its passes stated, without rubrics."""
    content["numbers"].update(numbers)
    for part in content["parts"]:
        part["pass"] = "5"
        part.pop("rubric", None)
    return content


@pytest.mark.parametrize(
    ("scale", "step", "holds"),
    [
        ("10", "0.5", True),
        ("10", "0.3", False),
        ("10", "4", False),
        ("10", "10", True),
        ("10", "10.5", False),
        ("10", "20", False),
        ("10.5", "0.5", True),
    ],
)
def test_the_scale_is_a_mark_that_can_be_given(scale: str, step: str, holds: bool) -> None:
    content = with_numbers(gate_content(), scale=scale, step=step)
    content["parts"][0]["marking"]["discrepancy"]["threshold"] = "1"
    content["parts"][1]["panel"].pop("deviation")
    if holds:
        assert read_ruleset(content).numbers.step == Decimal(step)
    else:
        assert paths_of(content) == ["numbers.step"]


@pytest.mark.parametrize("scale", ["10", "20", "99.5", "200"])
def test_a_default_meant_for_a_hundred_is_not_taken_on_another_scale(scale: str) -> None:
    content = with_numbers(gate_content(), scale=scale)
    content["total"]["preference_points"] = {"enabled": True}
    for part in content["parts"]:
        del part["pass"]
    del content["parts"][0]["marking"]["discrepancy"]
    content["parts"][1]["panel"]["deviation"] = {"action": "flag"}
    assert sorted(paths_of(content)) == [
        "parts[0].marking.discrepancy.threshold",
        "parts[0].pass",
        "parts[1].panel.deviation.from_mean",
        "parts[1].panel.deviation.spread",
        "parts[1].pass",
        "total.preference_points.max",
    ]


def test_a_default_that_decides_nothing_need_not_be_stated_on_another_scale() -> None:
    content = with_numbers(gate_content(), scale="10")
    content["parts"][0]["marking"] = {"discrepancy": {"basis": "percent_of_max"}}
    content["parts"][1]["panel"] = {}
    content["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    assert read_ruleset(content).numbers.scale == 10
    content["parts"][0]["marking"] = {"markers": 1}
    assert read_ruleset(content).numbers.scale == 10


@pytest.mark.parametrize(
    ("panel", "path"),
    [
        ({"aggregate": "trimmed_mean"}, "trim"),
        ({"aggregate": "trimmed_mean", "trim": 0}, "trim"),
        ({"aggregate": "trimmed_mean", "trim": 3}, "trim"),
        ({"aggregate": "mean", "trim": 1}, "trim"),
        ({"aggregate": "median", "trim": 1}, "trim"),
        ({"aggregate": "trimmed_mean", "trim": 2}, None),
        ({"aggregate": "trimmed_mean", "trim": 2, "quorum": "4/7"}, "trim"),
        ({"aggregate": "trimmed_mean", "trim": 3, "quorum": "1/1"}, None),
    ],
)
def test_trimming_drops_some_ballots_and_leaves_some_of_a_quorum(
    panel: dict[str, Any], path: str | None
) -> None:
    content = gate_content()
    content["parts"][1]["panel"] = {"size": 7, **panel}
    if path is None:
        assert read_ruleset(content).parts[1].panel
    else:
        assert paths_of(content) == [f"parts[1].panel.{path}"]


def test_a_weight_of_nothing_is_refused() -> None:
    content = weighted_content(weights={"written": "1", "interview": "0"})
    assert paths_of(content) == ["total.weights.interview"]


def levels_of(*levels: dict[str, Any]) -> dict[str, Any]:
    content = gate_content()
    content["parts"][1]["rubric"][0]["levels"] = list(levels)
    return content


def test_a_criterion_may_have_levels_with_their_words() -> None:
    criterion = read_ruleset(levels_of(a_level("40"), a_level("25.5"), a_level("0"))).parts[1].rubric[0]
    assert [(each.mark, each.label.vi, each.words.en) for each in criterion.levels] == [
        (Decimal(40), "Mức", "Seen."),
        (Decimal("25.5"), "Mức", "Seen."),
        (Decimal(0), "Mức", "Seen."),
    ]
    assert read_ruleset(gate_content()).parts[1].rubric[0].levels == ()
    assert read_ruleset(levels_of(a_level("40"))).hash != read_ruleset(gate_content()).hash


@pytest.mark.parametrize(
    ("levels", "path"),
    [
        ((a_level("40.5"),), "levels[0].mark"),
        ((a_level("39.75"),), "levels[0].mark"),
        ((a_level("20"), a_level("20")), "levels[1].mark"),
        ((a_level("20"), a_level("30")), "levels[1].mark"),
        ((a_level("20", points="1"),), "levels[0].points"),
        ((a_level("20", label={"vi": "Tốt"}),), "levels[0].label.en"),
        ((a_level("20", words="Seen."),), "levels[0].words"),
        (({"mark": "20", "label": {"vi": "x", "en": "x"}},), "levels[0].words"),
        (({**a_level("20"), "mark": 20},), "levels[0].mark"),
    ],
)
def test_a_mistake_of_a_level_is_named_with_its_path(levels: tuple[dict[str, Any], ...], path: str) -> None:
    assert paths_of(levels_of(*levels)) == [f"parts[1].rubric[0].{path}"]


@pytest.mark.parametrize("kind", ["test", "vote"])
def test_what_is_not_marked_by_criterion_has_no_rubric(kind: str) -> None:
    content = gate_content()
    content["parts"].append(
        {"key": "more", "kind": kind, "role": "advisory", "rubric": GATE["parts"][1]["rubric"]}
    )
    if kind == "vote":
        content["parts"][2]["panel"] = {}
    assert paths_of(content) == ["parts[2].rubric"]


def test_a_record_of_secret_ballots_is_kept_unless_the_rules_say_otherwise() -> None:
    content = gate_content()
    kept = {}
    for name, panel in (
        ("silent", {}),
        ("none", {"record": "none"}),
        ("named", {"ballot": "named"}),
    ):
        content["parts"][1]["panel"] = panel
        found = read_ruleset(content).parts[1].panel
        assert found is not None
        kept[name] = found.record
    assert kept == {"silent": "sealed", "none": "none", "named": "none"}
