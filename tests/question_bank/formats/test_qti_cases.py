# SPDX-License-Identifier: Apache-2.0
"""Case studies in QTI: marks by the number of right statements, gaps and feedback within; gaps of choices."""

import io
import zipfile
from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from lxml import etree

from question_bank import formats
from question_bank import item as items
from question_bank.formats import qti
from question_bank.item import Item
from tests.question_bank.builders import an_item, options
from tests.question_bank.formats.test_qti_writing import SCHEMA

FORMATS = ("qti22", "qti30")
SEVERAL = {"kind": "multiple_choice", "options": options("0.5", "0.5", "-1")}
GAPS = [
    {
        "id": "g1",
        "kind": "short_answer",
        "answers": [{"text": "Quốc hội"}, {"text": "QH", "fraction": "0.5"}],
    },
    {"id": "g2", "kind": "single_choice", "options": options("1", "0.5", "0"), "weight": "2"},
    {"id": "g3", "kind": "numeric", "answers": [{"value": "5"}]},
]
WHOLE = [{**GAPS[0], "answers": [{"text": "Quốc hội"}, {"text": "QH"}]},
         {"id": "g2", "kind": "single_choice", "options": options("1", "0", "0")}, GAPS[2]]  # fmt: skip
STEM = "Là **[[g1]]** và [[g2]].\n\n- Nhiệm kỳ [[g3]] năm"


def statements(*marks: str, **own: Any) -> Item:
    """A case of statements, the first and third of them true."""
    parts = [
        {"id": f"S{n}", "kind": "true_false", "stem": f"Ý **{n}**", "answer": n % 2 == 1, "marks": each}
        for n, each in enumerate(marks, start=1)
    ]
    return an_item("case_study", stem="", stimulus="Xét các ý:", items=parts, grading="steps", **own)


def with_gaps(**own: Any) -> Item:
    """A case with two texts whose gaps are called alike, and a question between them."""
    text = {"kind": "gap_fill", "stem": STEM, "gaps": GAPS, **own}
    parts = [
        {**text, "id": "T1", "marks": "1"},
        {"id": "C1", "kind": "single_choice", "stem": "Ai?", "options": options("1", "0"), "marks": "2"},
        {**text, "id": "T2", "marks": "3"},
    ]
    return an_item("case_study", stem="", stimulus="Đọc.", items=parts)


SAID: list[dict[str, Any]] = [
    {"id": "F1", "kind": "single_choice", "stem": "Ai?", "feedback": "Theo *Điều 5*.",
     "options": [{**each, "feedback": f"Vì {each['id']}."} for each in options("1", "0")]},
    {"id": "F2", "kind": "true_false", "stem": "Đúng?", "answer": False, "feedback_true": "Chưa."},
    {**SEVERAL, "id": "F3", "stem": "Những ai?", "feedback": "Hai cơ quan."},
]  # fmt: skip
CASES = {
    "steps": statements("0.25", "0.25", "0.25", "0.25"),
    "steps of two marks": statements("0.5", "1", "0.5", steps=["0.2", "0.5", "1"]),
    "gaps": with_gaps(),
    "gaps as a whole": with_gaps(grading="exact", gaps=WHOLE),
    "feedback": an_item("case_study", stem="", items=SAID, feedback="Xem **Luật**."),
    "steps with feedback": statements("0.5", "0.5", feedback="Xem Luật.", steps=["0.25", "1"]),
    "several in a gap": an_item(
        "gap_fill",
        stem="Gồm [[g1]] và [[g2]].",
        gaps=[{**SEVERAL, "id": "g1"}, {**SEVERAL, "id": "g2", "grading": "exact"}],
        marks="2",
        shuffle=False,
    ),
}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", CASES)
def test_it_is_written_and_read_as_the_same_item(name: str, format: str) -> None:
    read = formats.read(formats.write((CASES[name],), format))
    assert (read.items, read.problems) == ((CASES[name],), ())


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schemas are not on this machine")
def test_what_is_written_is_valid_against_the_schema() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA, etree.XMLParser(no_network=True)))
    for name, item in CASES.items():
        with zipfile.ZipFile(io.BytesIO(formats.write((item,), "qti22"))) as archive:
            root = etree.fromstring(archive.read("items/00001.xml"))
        assert schema.validate(root), (name, schema.error_log.last_error)


def _paid(item: Item, given: dict[str, Any], named: dict[str, Any]) -> None:
    for format in FORMATS:
        said = qti.score(formats.write((item,), format), named).as_dict()["score"]
        assert said == items.score(item, given).as_dict()["score"], (given, format)


@pytest.mark.parametrize("name", ["steps", "steps of two marks"])
def test_rules_pay_the_step_of_every_number_of_right_statements(name: str) -> None:
    item = CASES[name]
    right: Any = items.model_response(item)
    for given in product((None, "true", "false"), repeat=len(right)):
        answers = {name: said for name, said in zip(right, given, strict=True) if said}
        _paid(item, answers, answers)


def _of_gaps(*texts: str | None) -> Iterable[dict[str, Any]]:
    for first, second in product(texts, repeat=2):
        yield {"T1": {"g1": first, "g2": "a"}, "T2": {"g1": second, "g2": "a", "g3": "5"}, "C1": "a"}


@pytest.mark.parametrize("name", ["gaps", "gaps as a whole"])
def test_rules_pay_each_gap_of_a_case_what_it_earns(name: str) -> None:
    for given in _of_gaps("quốc hội", "QH", None):
        named = {f"{part}.{gap}": said for part in ("T1", "T2") for gap, said in given[part].items() if said}
        _paid(CASES[name], given, {**named, "C1": "a"})


@pytest.mark.parametrize("chosen", [[], ["a"], ["a", "b"], ["a", "b", "c"], ["c"]])
def test_rules_pay_a_gap_in_which_several_are_chosen(chosen: list[str]) -> None:
    given = {"g1": chosen or None, "g2": ["a", "b"]}
    _paid(CASES["several in a gap"], given, {name: said for name, said in given.items() if said})


def _changed(item: Item, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(formats.write((item,), "qti22"))) as archive:
        written = archive.read("items/00001.xml").decode()
    assert old in written
    return written.replace(old, new).encode()


def test_a_gap_whose_place_the_text_does_not_name_is_refused() -> None:
    read = formats.read(_changed(CASES["several in a gap"], 'label="g1"', 'label="g9"'))
    assert [error.code for error in read.errors] == ["bad_gap"]


def test_what_is_no_step_is_told_or_refused() -> None:
    rule = '<gte><variable identifier="RIGHT"/><baseValue baseType="float">2</baseValue></gte>'
    never = rule.replace(">2<", ">9<")
    read = formats.read(_changed(CASES["steps of two marks"], rule, never))
    assert "steps" in dict(items.native(read.items[0]))
    uncounted = _changed(statements("1", "1", steps=["0.25", "1"]), '<correct identifier="S1"/>', "<null/>")
    assert [error.code for error in formats.read(uncounted).errors] == ["no_key"]


@pytest.mark.parametrize("kind", ["true_false", "single_choice"])
def test_questions_paid_only_together_share_what_they_earn_and_it_is_told(kind: str) -> None:
    own = {"answer": True} if kind == "true_false" else {"options": options("1", "0")}
    parts = [{"id": name, "kind": kind, "stem": "?", "marks": "1", **own} for name in ("S1", "S2")]
    case = an_item("case_study", stem="", items=parts)
    content = _changed(case, 'title="', 'title="').decode()
    matches = "".join(
        f'<match><variable identifier="{n}"/><correct identifier="{n}"/></match>' for n in ("S1", "S2")
    )
    rule = (
        f"<responseCondition><responseIf><and>{matches}</and><setOutcomeValue identifier='SCORE'>"
        "<baseValue baseType='float'>3</baseValue></setOutcomeValue></responseIf></responseCondition>"
    )
    head, tail = content.split("<responseProcessing>")[0], content.split("</responseProcessing>")[1]
    read = formats.read(f"{head}<responseProcessing>{rule}</responseProcessing>{tail}".encode())
    if kind == "true_false":
        assert (read.problems, dict(items.native(read.items[0]))["steps"]) == ((), ["0", "1"])
        return
    assert [warning.code for warning in read.warnings] == ["grading_changed"]
    assert [str(part.marks) for part in read.items[0].body.items] == ["1.5", "1.5"]  # type: ignore[attr-defined]
