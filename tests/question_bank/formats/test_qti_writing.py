# SPDX-License-Identifier: Apache-2.0
"""Packages of QTI that are written: valid against the schema of 2.2, the same items when read again."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from question_bank import formats
from question_bank import item as items
from question_bank.formats import qti
from question_bank.item import Item
from tests.question_bank.builders import KINDS, SHARED, an_item, options

SCHEMA = SHARED / "data" / "xsd" / "imsqti_v2p2.xsd"
PIXEL = (
    "![hình](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    "kgAAAABJRU5ErkJggg==)"
)
STEM = f"Điều **nào** đúng *nhất*?\n\n| a | b |\n| --- | --- |\n| 1 | ~~2~~ |\n\n- x\n- y\n\n> z\n\n{PIXEL}"
STEPS = [{"id": name, "text": f"Bước {name}"} for name in ("s1", "s2", "s3", "s4")]
OWN: dict[str, dict[str, Any]] = {"case_study": {"stem": ""}}


GAPS: list[dict[str, Any]] = [
    {"id": "g1", "kind": "numeric", "answers": [{"value": "5", "tolerance": "0.5"}]},
    {"id": "g2", "kind": "single_choice", "options": options("1", "0")},
    {
        "id": "g3",
        "kind": "short_answer",
        "answers": [{"text": "HĐND", "match": "exact"}, {"text": "Hội đồng"}],
    },
]
WHOLES = (
    an_item("multiple_choice", id="W-set", options=options("0.5", "0.5", "0"), grading="exact", marks="3"),
    an_item("multiple_choice", id="W-one", options=options("1", "0", "0"), grading="exact"),
    an_item(
        "multiple_choice", id="W-costs", options=options("0.333", "0.333", "0.333", "-1"), grading="exact"
    ),
    an_item("matching", id="W-pairs", grading="exact", marks="3"),
    an_item("gap_fill", id="W-gaps", stem="[[g1]], [[g2]], [[g3]]?", gaps=GAPS, grading="exact", marks="2"),
)


def everything() -> tuple[Item, ...]:
    made = [
        an_item(
            kind, id=f"Q-{kind}", feedback="Vì **luật** nói.", tags=["x"], topics=["y"], **OWN.get(kind, {})
        )
        for kind in KINDS
    ]
    said = [{**option, "feedback": "Xem *Điều 5*."} for option in options("1", "0", "-0.5")]
    thirds = options("0.333333333", "0.333333333", "0.333333333", "-1")
    written = an_item("case_study", id="Q-written", stem="", items=WRITTEN_CASE)
    return (*made, *WHOLES, written, an_item(id="Q-rich", stem=STEM, options=said, marks="2.5"),
            an_item("multiple_choice", id="Q-thirds", options=thirds),
            an_item("ordering", id="Q-neighbours", sequence=STEPS, grading="adjacent"))  # fmt: skip


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schemas are not on this machine")
def test_every_item_of_a_package_is_valid_against_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = etree.XMLParser(no_network=True)
    schema = etree.XMLSchema(etree.parse(SCHEMA, parser))
    held = formats.holding(everything(), "qti22").items
    archive = zipfile.ZipFile(io.BytesIO(formats.write(held, "qti22")))
    files = [name for name in archive.namelist() if name.startswith("items/")]
    assert len(files) == len(held)
    for name in files:
        assert schema.validate(etree.fromstring(archive.read(name))), (name, schema.error_log.last_error)


@pytest.mark.parametrize("format", ["qti22", "qti30"])
def test_a_package_is_read_again_as_the_same_items(format: str, tmp_path: Path) -> None:
    held = formats.holding(everything(), format)
    assert held.errors == ()
    package = tmp_path / "package.zip"
    package.write_bytes(formats.write(held.items, format))
    result = formats.read(package)
    assert (result.format, result.errors) == (format, ())
    assert formats.read(formats.write(result.items, format)).items == result.items
    rich = next(item for item in result.items if item.id == "Q-rich")
    assert rich == next(item for item in held.items if item.id == "Q-rich")


def test_the_rules_of_a_written_item_pay_what_the_item_pays() -> None:
    item = an_item("multiple_choice", options=options("0.5", "0.5", "-0.5"), marks="2")
    package = formats.write((item,), "qti22")
    paid = {
        given: qti.score(package, {"RESPONSE": list(given)}).as_dict()["score"]
        for given in ("a", "ab", "abc", "c")
    }
    assert paid == {"a": "1", "ab": "2", "abc": "1", "c": "0"}


def test_an_order_marked_by_neighbours_is_marked_so_by_its_rules() -> None:
    item = an_item("ordering", sequence=STEPS, grading="adjacent", marks="3")
    package = formats.write((item,), "qti30")
    assert formats.read(package).items == (item,)
    orders = (
        ["s1", "s2", "s3", "s4"],
        ["s2", "s3", "s4", "s1"],
        ["s2", "s1", "s4", "s3"],
        ["s3", "s4", "s1", "s2"],
    )
    paid = [qti.score(package, {"RESPONSE": order}).as_dict()["score"] for order in orders]
    assert paid == ["3", "2", "0", "2"]
    assert [item.body.grade(order).share * 3 for order in orders] == [3, 2, 0, 2]


@pytest.mark.parametrize("item", WHOLES, ids=lambda item: item.id)
@pytest.mark.parametrize("format", ["qti22", "qti30", "moodle_xml", "gift", "xlsx", "csv", "docx"])
def test_what_is_earned_as_a_whole_comes_back_so_or_is_refused_by_name(item: Item, format: str) -> None:
    held = formats.holding((item,), format)
    if held.errors:
        assert format not in {"qti22", "qti30"}
        known = {("not_held", "grading"), ("unsupported_kind", item.kind), ("mixed_matching", "")}
        assert {(error.code, error.detail) for error in held.errors} <= known
        return
    assert formats.read(formats.write((item,), format)).items == (item,)


@pytest.mark.parametrize(
    ("item", "paid"),
    [
        (WHOLES[0], [(None, "0"), (["a"], "0"), (["b", "a"], "3"), (["a", "b", "c"], "0")]),
        (WHOLES[1], [(None, "0"), (["b"], "0"), (["a"], "1"), (["a", "b"], "0")]),
        (WHOLES[4], [({}, "0"), ({"g1": "5", "g2": "a"}, "0"),
                     ({"g1": "5.5", "g2": "a", "g3": "hội đồng"}, "2"),
                     ({"g1": "5", "g2": "a", "g3": "HĐND"}, "2"), ({"g1": "5", "g2": "a", "g3": "hđnd"}, "0"),
                     ({"g1": "6", "g2": "a", "g3": "HĐND"}, "0")]),
    ],
)  # fmt: skip
def test_written_rules_pay_the_whole_where_the_item_does(item: Item, paid: list[tuple[Any, str]]) -> None:
    package = formats.write((item,), "qti22")
    for given, marks in paid:
        named = given if item.kind == "gap_fill" else {"RESPONSE": given}
        assert qti.score(package, named).as_dict()["score"] == marks
        assert items.score(item, given).as_dict()["score"] == marks


CASE: list[dict[str, Any]] = [
    {
        "id": "C1",
        "kind": "multiple_choice",
        "stem": "Chọn **hai**?",
        "marks": "2",
        "options": options("0.5", "0.5", "-1"),
    },
    {"id": "C2", "kind": "true_false", "stem": "Đúng không?", "answer": False, "marks": "1"},
    {"id": "C3", "kind": "ordering", "stem": "Xếp?", "sequence": STEPS, "marks": "3"},
]
STARRED = [
    {"text": "Hội đồng nhân dân", "match": "exact"},
    {"text": "hội đồng * (xã)*", "match": "pattern", "fraction": "0.5"},
    {"text": "HĐND\\* 5.5", "match": "pattern", "fraction": "0.25"},
]
WRITTEN_CASE: list[dict[str, Any]] = [
    CASE[1],
    {
        "id": "C4",
        "kind": "short_answer",
        "stem": "Cơ quan **nào**?\n\nGhi đủ.",
        "answers": STARRED,
        "marks": "2",
    },
    {"id": "C5", "kind": "essay", "stem": "Trình bày?", "rubric": [{"key": "y", "title": "Ý", "max": "4"}]},
    {"id": "C6", "kind": "essay", "stem": "Kết luận?", "rubric": [], "marks": "3"},
    {"id": "C7", "kind": "numeric", "stem": "Bao nhiêu ngày?", "answers": [{"value": "5", "tolerance": "1"}]},
]
EXACT_CASE = [{**CASE[0], "grading": "exact"}, CASE[1], {**CASE[2], "grading": "exact"}]


@pytest.mark.parametrize("format", ["qti22", "qti30"])
def test_a_case_is_one_item_with_an_interaction_for_each_question(format: str) -> None:
    item = an_item("case_study", stem="", stimulus="Ủy ban *xã* nhận đơn.", items=CASE)
    package = formats.write((item,), format)
    assert formats.read(package).items == (item,)
    right = {"C1": ["a", "b"], "C2": "false", "C3": ["s1", "s2", "s3", "s4"]}
    for given, score in (({}, "0"), ({"C2": "false"}, "1"), (right, "6"), ({**right, "C1": ["a"]}, "5")):
        assert qti.score(package, given).as_dict()["score"] == score


def test_questions_of_a_case_keep_that_they_are_earned_as_a_whole() -> None:
    item = an_item("case_study", stem="", stimulus="Ủy ban nhận đơn.", items=EXACT_CASE)
    package = formats.write((item,), "qti22")
    assert formats.read(package).items == (item,)
    right = {"C1": ["a", "b"], "C2": "false", "C3": ["s1", "s2", "s3", "s4"]}
    swapped = {**right, "C3": ["s2", "s1", "s3", "s4"]}
    for given, score in ((right, "6"), ({**right, "C1": ["a"]}, "4"), (swapped, "3")):
        assert qti.score(package, given).as_dict()["score"] == score
        assert items.score(item, given).as_dict()["score"] == score


@pytest.mark.parametrize("format", ["qti22", "qti30"])
def test_a_case_holds_questions_whose_answers_are_written(format: str) -> None:
    item = an_item("case_study", id="Q-written", stem="", stimulus="Ủy ban nhận đơn.", items=WRITTEN_CASE)
    package = formats.write((item,), format)
    read = formats.read(package)
    assert (read.items, read.problems) == ((item,), ())
    for given in ({}, {"C4": "hội  đồng cấp (XÃ)", "C7": "6"}, {"C2": "false", "C4": "Hội đồng nhân dân"}):
        said = qti.score(package, given).as_dict()["score"]
        assert said == items.score(item, given).as_dict()["score"]


@pytest.mark.parametrize(
    "response", ["Hội đồng nhân dân", "hội đồng nhân dân", "HỘI ĐỒNG x (xã) y", "hđnd* 5.5", "hđnd 5x5", ""]
)
@pytest.mark.parametrize("format", ["qti22", "qti30"])
def test_answers_with_stars_pay_what_the_item_pays(response: str, format: str) -> None:
    item = an_item("short_answer", answers=STARRED, marks="4")
    package = formats.write((item,), format)
    assert formats.read(package).items == (item,)
    paid = qti.score(package, {"RESPONSE": response}).as_dict()["score"]
    assert paid == items.score(item, response).as_dict()["score"]


def test_gaps_with_stars_are_earned_as_a_whole_too() -> None:
    gaps = [{"id": "g1", "kind": "short_answer", "answers": [{"text": "hội*", "match": "pattern"}]},
            {"id": "g2", "kind": "numeric", "answers": [{"value": "5"}]}]  # fmt: skip
    item = an_item("gap_fill", stem="[[g1]] và [[g2]]", gaps=gaps, grading="exact", marks="2")
    package = formats.write((item,), "qti22")
    assert formats.read(package).items == (item,)
    for given in ({"g1": "HỘI đồng", "g2": "5"}, {"g1": "hội", "g2": "6"}, {"g1": "ủy ban", "g2": "5"}):
        assert qti.score(package, given).as_dict()["score"] == items.score(item, given).as_dict()["score"]


@pytest.mark.parametrize("pattern", ["[0-9]+", "(a+)+$", "a|b", ".*\\d", "[^x]*"])
def test_a_regular_expression_that_says_more_than_stars_is_refused_by_name(pattern: str) -> None:
    item = an_item("short_answer", answers=[{"text": "hội*", "match": "pattern"}])
    with zipfile.ZipFile(io.BytesIO(formats.write((item,), "qti22"))) as archive:
        content = archive.read("items/00001.xml").decode()
    changed = re.sub(r'pattern="[^"]*"', lambda _found: f'pattern="{pattern}"', content)
    result = formats.read(changed.encode(), "qti22")
    assert (result.items, [error.code for error in result.errors]) == ((), ["unsupported_expression"])


def test_a_rubric_is_told_to_scorers_and_holds_no_mark_of_a_machine() -> None:
    package = formats.write((an_item("essay"),), "qti22")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        content = archive.read("items/00001.xml").decode()
    assert content.count('view="scorer"') == 2
    assert content.count('externalScored="human"') == 2


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"stem": "Một\n\nHai"}, "several_lines"),
        ({"id": "1"}, "unsupported_kind"),
    ],
)
def test_a_case_that_qti_cannot_hold_is_refused_by_name(part: dict[str, Any], code: str) -> None:
    changed = {**CASE[1], **part}
    held = formats.holding([an_item("case_study", items=[CASE[0], changed])], "qti22")
    assert [error.code for error in held.errors] == [code]


def test_the_same_items_are_the_same_bytes() -> None:
    held = formats.holding(everything(), "qti22").items
    assert formats.write(held, "qti22") == formats.write(held, "qti22")
