# SPDX-License-Identifier: Apache-2.0
"""GIFT: every form of question and text, with lines, and no good question lost for a bad one."""

from typing import Any

import pytest

from question_bank import formats
from question_bank.formats import ReadResult
from question_bank.item import Item, native


def read(text: str) -> ReadResult:
    return formats.read(text.encode(), "gift", name="de.gift")


def one(text: str) -> dict[str, Any]:
    result = read(text)
    assert result.errors == ()
    return native(result.items[0])


def test_a_question_carries_its_id_tags_title_and_topics() -> None:
    item = one(
        "$CATEGORY: $course$/top/Hiến pháp/Quốc hội//Chính phủ\n\n"
        "// question: 7 name: x\n// [id:HP-07] [tag:2025] [tag:ôn \\] tập]\n"
        "::Bầu cử\\: ai::Ai bầu?{=Quốc hội ~Chính phủ####Điều 88}"
    )
    assert (item["id"], item["tags"], item["title"]) == ("HP-07", ("2025", "ôn ] tập"), "Bầu cử: ai")
    assert (item["topics"], item["feedback"]) == (("Hiến pháp", "Quốc hội/Chính phủ"), "Điều 88")


def test_a_question_without_id_keeps_one_when_its_key_is_corrected() -> None:
    wrong, right = one("Câu?{=a ~b}"), one("Câu?{~a =b}")
    assert wrong["id"] == right["id"] != one("Câu khác?{=a ~b}")["id"]
    assert len({item.id for item in read("Câu?{=a ~b}\n\nCâu?{=a ~c}").items}) == 2


KEYS = [
    ("{#3,14:0.5}", "numeric", [{"value": "3.14", "tolerance": "0.5", "fraction": "1"}]),
    ("{#-2..1e1}", "numeric", [{"low": "-2", "high": "10", "fraction": "1"}]),
    ("{TRUE#Sai rồi#Đúng}", "true_false", None),
    ("{=Hà Nội* =%40%HN#gần}", "short_answer", None),
    ("{~%50%a ~%50%b ~%-100%c}", "multiple_choice", None),
    ("{=một -> 1 =hai -> 2 = -> 3}", "matching", None),
    ("{>0 ALL VERTICAL ALL_OR_NOTHING\nmột\nhai\n}", "ordering", None),
    ("{}", "essay", None),
    ("", "description", None),
]


@pytest.mark.parametrize(("answers", "kind", "key"), KEYS)
def test_each_form_of_answers_is_its_kind(answers: str, kind: str, key: list[dict[str, str]] | None) -> None:
    item = one(f"Câu hỏi. {answers}")
    assert item["kind"] == kind
    if key:
        assert item["answers"] == key
    if kind == "true_false":
        assert (item["feedback_true"], item["feedback_false"]) == ("Đúng", "Sai rồi")
    if kind == "matching":
        assert item["extra_targets"] == ("3",)
    if kind == "ordering":
        assert item["grading"] == "exact"


TEXTS = [
    ("[html]<p>Ai <b>bầu</b>?</p>{}", "Ai **bầu**?"),
    ("[html]<p>10<sup>2</sup> m</p><ul><li>một</li></ul>{}", "10² m\n\n- một"),
    ("[plain]Ai *bầu* <b>?{}", "Ai \\*bầu\\* \\<b>?"),
    ("[plain]*a* và *b*{}", r"\*a\* và \*b\*"),
    ("[markdown]Ai *bầu*?{}", "Ai *bầu*?"),
    ("Ai\n  bầu?\\nVì sao?{}", "Ai bầu?  \nVì sao?"),
    ("Ai <b>bầu</b>?{}", "Ai **bầu**?"),
    ("Thủ đô là {=Hà Nội}.", "Thủ đô là _____ ."),
    ("\\{a\\} \\= \\\\ \\: \\(x\\){}", r"{a} = \ : \\(x\\)"),
]


@pytest.mark.parametrize(("text", "stem"), TEXTS)
def test_each_format_of_text_is_shown_as_it_was_meant(text: str, stem: str) -> None:
    assert one(text)["stem"] == stem


BAD = [
    ("Ai?{=a ~b", 3, "unmatched_brace"),
    ("Ai} bầu?", 3, "unmatched_brace"),
    ("Ai?{=a ~b}\nAi nữa?{=a ~b}", 4, "two_answer_blocks"),
    ("::Tên Ai?{=a ~b}", 3, "unclosed_title"),
    ("Ai?{a =b}", 3, "text_before_answers"),
    ("Ai?{#mười}", 3, "bad_number"),
    ("Ai?{~a\n~b}", 3, "fraction_sum"),
    ("Ai?{=a =b ~c}", 3, "several_correct_options"),
    ("Ai?{T#a#b#c}", 3, "too_many_feedbacks"),
    ("[html]Ai?<svg></svg>{=a ~b}", 3, "unsupported_markup"),
    ('[html]Ai?<img src\\="a.png">{=a ~b}', 3, "picture_lost"),
    ("Câu?{\n=a\n~\n}", 5, "empty"),
]


@pytest.mark.parametrize(("bad", "line", "code"), BAD)
def test_a_bad_question_is_named_with_its_line_and_its_neighbours_are_read(
    bad: str, line: int, code: str
) -> None:
    result = read(f"Trước?{{T}}\n\n{bad}\n\nSau?{{F}}")
    assert [item.stem for item in result.items] == ["Trước?", "Sau?"]
    assert [(error.line, error.code) for error in result.errors] == [(line, code)]


def test_blank_lines_inside_braces_belong_to_the_question() -> None:
    result = read("Ai?{\n=a\n\n~b\n}\n\nSau?{F}")
    assert [item.kind for item in result.items] == ["single_choice", "true_false"]


def test_an_old_weight_without_its_first_sign_is_read_and_warned_of() -> None:
    result = read("Câu?{=a ~50%gần ~75% dân số}")
    assert [option.fraction for option in _options(result.items[0])] == [1, 0.5, 0]
    assert [warning.code for warning in result.warnings] == ["loose_weight"]


def test_scripts_and_handlers_are_taken_out_and_named() -> None:
    result = read('[html]<p onclick\\="x()">Ai?</p><script>alert(1)</script>{=a ~b}')
    assert result.items[0].stem == "Ai?"
    assert {warning.detail for warning in result.warnings} == {"onclick", "script"}


HOSTILE = [
    "{" * 500_000,
    "\\" * 1_000_000,
    "Câu?{" + "~" * 300_000 + "}",
    "Câu?{" + "=a#b" * 200_000 + "}",
    "{\n\n" * 250_000,
    "::" * 500_000,
    "Câu?{#" + "1" * 900_000 + "}",
    "[html]" + "<b>" * 300_000 + "{}",
    "[html]" + "&" * 400_000 + "{}",
    "a*" * 400_000 + "{}",
    "// [id:" * 140_000 + "\nCâu?{}",
    "Câu?{=" + "%" * 400_000 + "}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].replace("\n", " "))
def test_a_hostile_megabyte_is_read_or_refused_in_bounded_time(text: str) -> None:
    result = read(text)
    assert result.items or result.errors
    assert result.refused <= 1 or result.errors


def _options(item: Item) -> Any:
    return item.body.options  # type: ignore[attr-defined]
