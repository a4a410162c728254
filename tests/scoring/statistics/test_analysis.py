# SPDX-License-Identifier: Apache-2.0
"""The analysis of a form: its figures are those of the single statistics, and small counts never leave it."""

import json
import random
import subprocess
import sys
from typing import Any

import pytest

from scoring.statistics import analysis, item, reliability
from scoring.statistics.analysis import SHOWN_FROM, SMALL, analyse

ITEMS = 8


def a_form(persons: int, *, wrong_key: bool = False, seed: int = 7) -> dict[str, Any]:
    """Items of options a to d with key a; the able choose a, and in the first b where its key is wrong."""
    draw = random.Random(seed)
    items = [{"id": f"Q-{n}", "max": "1", "options": list("abcd"), "key": "a"} for n in range(ITEMS)]
    rows = []
    for _ in range(persons):
        able = draw.random()
        chosen = ["a" if draw.random() < 0.15 + 0.7 * able else draw.choice("bcd") for _ in items]
        if wrong_key:
            chosen[0] = "b" if draw.random() < able else "a"
        rows.append({"chosen": chosen, "marks": [str(int(one == "a")) for one in chosen]})
    return {"items": items, "rows": rows}


def flags_of(found: dict[str, Any], name: str) -> dict[str, list[str]]:
    return {
        flag["flag"]: flag["options"]
        for each in found["items"]
        if each["id"] == name
        for flag in each["flags"]
    }


def test_its_figures_are_those_of_the_single_statistics() -> None:
    form = a_form(80)
    found = analyse(form)
    marks = [[float(mark) for mark in row["marks"]] for row in form["rows"]]
    expected = item.item_statistics(marks, [1.0] * ITEMS)
    for row, one in zip(found["items"], expected, strict=True):
        assert one.facility is not None
        assert one.discrimination is not None
        assert float(row["facility"]) == pytest.approx(one.facility, abs=0.000501)
        assert float(row["discrimination"]) == pytest.approx(one.discrimination, abs=0.000501)
    alpha = reliability.cronbach_alpha(marks)
    assert alpha is not None
    assert float(found["test"]["alpha"]) == pytest.approx(alpha.value, abs=0.000501)
    assert found["test"]["kr20"] == found["test"]["alpha"]


def test_a_wrong_key_is_told_with_the_option_that_the_able_chose() -> None:
    assert flags_of(analyse(a_form(120, wrong_key=True)), "Q-0")["key_suspect"] == ["b"]
    assert "key_suspect" not in flags_of(analyse(a_form(120)), "Q-0")


def test_no_advice_is_given_where_few_sat() -> None:
    found = analyse(a_form(item.FEW - 1, wrong_key=True))
    assert found["test"] is not None
    assert not any(each["flags"] for each in found["items"])


def test_nothing_is_said_of_fewer_people_than_could_hide_each_other() -> None:
    found = analyse(a_form(SHOWN_FROM - 1))
    assert (found["persons"], found["test"], found["items"]) == (SHOWN_FROM - 1, None, [])
    assert analyse(a_form(SHOWN_FROM))["items"]


@pytest.mark.parametrize("seed", range(12))
def test_a_small_count_is_hidden_and_cannot_be_found_by_subtraction(seed: int) -> None:
    form = a_form(24, seed=seed)
    for number, row in enumerate(analyse(form)["items"]):
        true = {name: sum(each["chosen"][number] == name for each in form["rows"]) for name in "abcd"}
        hidden = [each["id"] for each in row["options"] if each["chosen"] is None]
        shown = {each["id"]: each["chosen"] for each in row["options"] if each["chosen"] is not None}
        assert not any(0 < count < SMALL for name, count in shown.items() if name != "a")
        assert len(hidden) != 1
        assert all(true.get(name, 0) == count for name, count in shown.items())
        assert all(
            each["share"] is None and each["point_biserial"] is None
            for each in row["options"]
            if each["chosen"] is None
        )


def test_the_able_choice_of_a_single_person_does_not_make_a_key_suspect() -> None:
    form = a_form(60)
    best = max(form["rows"], key=lambda row: row["marks"].count("1"))
    for row in form["rows"]:
        row["chosen"][0] = "c" if row is best else "a" if row["chosen"][0] == "c" else row["chosen"][0]
        row["marks"][0] = str(int(row["chosen"][0] == "a"))
    assert "key_suspect" not in flags_of(analyse(form), "Q-0")


@pytest.mark.parametrize("against", ["b" * 100, "b" * 97 + "ccc", "cc" + "b" * 98])
def test_a_key_that_hardly_anybody_chose_is_suspect_where_most_agree_on_another(against: str) -> None:
    form = a_form(100)
    for row, chosen in zip(form["rows"], against, strict=True):
        row["chosen"][0], row["marks"][0] = chosen, "0"
    assert flags_of(analyse(form), "Q-0")["key_suspect"] == ["b"]


def test_a_hard_question_is_no_wrong_key() -> None:
    figures: dict[str, Any] = {"mean_rest": None, "point_biserial": None, "point_biserial_total": None}
    shares = {"a": 0.0, "b": 0.5, "c": 0.5}
    options = [
        item.OptionStatistics(option=name, chosen=int(100 * share), share=share, **figures)
        for name, share in shares.items()
    ]
    assert item.preferred(options, "a") is None


def test_the_model_of_a_large_form_is_that_of_an_even_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    form = a_form(450)
    monkeypatch.setattr(analysis, "MODELLED", 150)
    found = analyse(form)
    assert found["model"] == {"name": "1pl", "items": ITEMS, "persons": 150}
    sample = analyse({**form, "rows": form["rows"][::3]})
    assert [one["difficulty"] for one in found["items"]] == [one["difficulty"] for one in sample["items"]]
    assert found["persons"] == 450


def test_a_slope_that_is_a_step_is_no_fit() -> None:
    form = a_form(600)
    for row in form["rows"]:
        row["marks"][1] = row["marks"][2] = row["marks"][3] = row["marks"][0]  # four of one answer
    fitted = {one["id"]: one["slope"] for one in analyse(form)["items"]}
    assert all(slope is None or float(slope) <= analysis.MOST_SLOPE for slope in fitted.values())
    assert fitted["Q-0"] is None


def test_a_model_is_fitted_where_enough_people_sat_and_leaves_out_what_all_have_right() -> None:
    form = a_form(150)
    for row in form["rows"]:
        row["chosen"][0], row["marks"][0] = "a", "1"
    found = analyse(form)
    assert found["model"] == {"name": "1pl", "items": ITEMS - 1, "persons": 150}
    assert found["items"][0]["difficulty"] is None
    assert all(each["difficulty"] is not None for each in found["items"][1:])
    assert analyse(a_form(99))["model"] is None


def test_no_model_is_told_of_items_that_have_nothing_in_common() -> None:
    draw = random.Random(3)
    items = [{"id": f"Q-{n}", "max": "1", "options": list("ab"), "key": "a"} for n in range(10)]
    rows = []
    for _ in range(120):
        chosen = [draw.choice("ab") for _ in items]
        rows.append({"chosen": chosen, "marks": [str(int(one == "a")) for one in chosen]})
    found = analyse({"items": items, "rows": rows})
    assert found["model"] is None
    assert {each["difficulty"] for each in found["items"]} == {None}


def test_the_child_answers_as_the_function_does() -> None:
    form = a_form(40)
    done = subprocess.run(
        [sys.executable, "-m", "scoring.statistics.analysis"],
        input=json.dumps(form).encode(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == analyse(form)
