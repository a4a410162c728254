# SPDX-License-Identifier: Apache-2.0
"""Statements to be judged true or false: ticked in columns, marked by steps, in sheets and Word files."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from question_bank import formats
from question_bank.formats import ReadResult, stated
from question_bank.item import Item, model_response, native, score
from tests.question_bank.builders import an_item, read_raw

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ABOUT = "Về Hội đồng nhân dân:"
TEXTS = ("Do cử tri bầu", "Nhiệm kỳ ba năm", "Họp kín hằng tuần", "Bầu Chủ tịch Ủy ban")
RIGHT = ["true", "false", "false", "true"]
RULE = (
    "Thí sinh chỉ lựa chọn chính xác 01 ý trong 1 câu hỏi được 0,1 điểm. Lựa chọn chính xác 02 ý trong 1 câu"
    " hỏi được 0,25 điểm. Lựa chọn chính xác 03 ý được 0,50 điểm; cả 04 ý trong 1 câu hỏi được 1 điểm."
)
STEPS = ["0.1", "0.25", "0.5", "1"]


def sheet(*rows: Sequence[str]) -> ReadResult:
    """What reading a text file of these rows gives."""
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    return formats.read(written.getvalue().encode(), name="de.csv")


def answers(item: Item) -> list[Any]:
    """The right answers of a case in their order."""
    found = model_response(item)
    assert isinstance(found, dict)
    return list(found.values())


def ticked(*, mark: str = "x", blank: str = "") -> list[tuple[str, str, str]]:
    """A row for each statement, ticked as it is right."""
    return [
        (text, mark if right == "true" else blank, blank if right == "true" else mark)
        for text, right in zip(TEXTS, RIGHT, strict=True)
    ]


def statements_of(item: Item) -> list[str]:
    """The texts of the statements."""
    return [each.stem for each in item.body.items]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("mark", "blank"), [("x", ""), ("✓", "-"), ("X", "☐"), ("☑", "☐"), ("TRUE", "FALSE"), ("Đ", "")]
)
def test_statements_ticked_in_columns_are_one_question_of_a_sheet(mark: str, blank: str) -> None:
    first, *others = ticked(mark=mark, blank=blank)
    rows = [("1", ABOUT, *first), *(("", "", *other) for other in others)]
    (item,) = sheet(("STT", "Câu hỏi", "Phát biểu", "Đúng", "Sai"), *rows).items
    assert (item.kind, answers(item), statements_of(item)) == ("case_study", RIGHT, list(TEXTS))


def test_a_heading_over_lettered_statements_is_one_question_too() -> None:
    rows = [(f"{letter}) {row[0]}", *row[1:]) for letter, row in zip("abcd", ticked(), strict=True)]
    result = sheet(("Nội dung", "Đ", "S"), (ABOUT, "", ""), *rows, ("Chính phủ lập pháp", "", "x"))
    case, alone = result.items
    assert (answers(case), statements_of(case)) == (RIGHT, list(TEXTS))
    assert (alone.kind, model_response(alone)) == ("true_false", "false")


def test_statements_with_a_key_of_words_are_read_as_well() -> None:
    words = [
        ("", text, "Đúng" if right == "true" else "Sai") for text, right in zip(TEXTS, RIGHT, strict=True)
    ]
    words[0] = (ABOUT, *words[0][1:])
    (item,) = sheet(("Câu hỏi", "Ý", "Đáp án"), *words).items
    assert answers(item) == RIGHT


def test_ticks_without_statements_are_questions_of_their_own() -> None:
    result = sheet(("TT", "Câu hỏi", "Đúng", "Sai"), *((str(n), *row) for n, row in enumerate(ticked(), 1)))
    assert [(item.kind, model_response(item)) for item in result.items] == [("true_false", r) for r in RIGHT]


@pytest.mark.parametrize(
    ("row", "code"),
    [(("x", "x"), "two_keys"), (("", ""), "unfinished_question"), (("có thể", ""), "bad_answer")],
)
def test_a_row_ticked_twice_or_never_is_refused_with_its_number(row: tuple[str, str], code: str) -> None:
    result = sheet(("Câu hỏi", "Đúng", "Sai"), ("Một?", *row), ("Hai?", "x", ""))
    assert [(error.line, error.code) for error in result.errors] == [(2, code)]
    assert len(result.items) == 1


@pytest.mark.parametrize("said", ["0,1; 0,25; 0,5; 1", RULE])
def test_a_sheet_states_the_steps_in_a_column(said: str) -> None:
    first, *others = ticked()
    head = ("Câu hỏi", "Phát biểu", "Đúng", "Sai", "Điểm theo số ý đúng")
    result = sheet(head, (ABOUT, *first, said), *(("", *other, "") for other in others))
    assert result.problems == ()
    assert result.items[0].body.native()["steps"] == STEPS


@pytest.mark.parametrize(
    "text",
    ["0,5; 0,25; 1", "1 ý 0,1 điểm; 3 ý 1 điểm", "0,1", "02 ý được 0,25 điểm", "0; 0", "đúng 1 ý được điểm"],
)
def test_what_states_no_whole_rule_is_none(text: str) -> None:
    assert stated.rule_in(text) is None


def test_shares_that_decimals_cannot_say_are_no_steps() -> None:
    rule = stated.rule_in("1; 2; 3")
    assert rule is not None
    assert rule.steps() is None


def a_case(**overrides: Any) -> Item:
    """Four statements marked by steps."""
    items = [
        {"id": name, "kind": "true_false", "stem": text, "answer": right == "true", "marks": "0.25"}
        for name, text, right in zip("abcd", TEXTS, RIGHT, strict=True)
    ]
    return an_item(
        "case_study", **{"stem": "", "stimulus": ABOUT, "items": items, "grading": "steps", **overrides}
    )


@pytest.mark.parametrize(("right", "earned"), [(0, "0"), (1, "0.1"), (2, "0.25"), (3, "0.5"), (4, "1")])
def test_the_number_of_right_statements_earns_its_step_exactly(right: int, earned: str) -> None:
    wrong = {"true": "false", "false": "true"}
    given = {
        name: said if place < right else wrong[said]
        for place, (name, said) in enumerate(zip("abcd", RIGHT, strict=True))
    }
    assert score(a_case(), given).score == Decimal(earned)
    blank = {
        name: said for name, said in given.items() if said == dict(zip("abcd", RIGHT, strict=True))[name]
    }
    assert score(a_case(), blank).score == Decimal(earned)


def test_a_candidate_is_told_the_steps_in_marks() -> None:
    assert a_case().body.view()["steps"] == STEPS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"steps": ["0.1", "0.25", "0.5"]}, "bad_steps"),
        ({"steps": ["0.5", "0.25", "0.5", "1"]}, "bad_steps"),
        ({"steps": ["0.1", "0.25", "0.5", "0.9"]}, "bad_steps"),
        ({"steps": []}, "bad_steps"),
        ({"grading": "parts", "steps": STEPS}, "unknown_key"),
        ({"items": [{"id": "a", "kind": "essay", "stem": "?"}]}, "steps_of_statements"),
    ],
)  # fmt: skip
def test_steps_that_fit_no_statements_are_refused(change: dict[str, Any], code: str) -> None:
    raw = {"id": "Q", "kind": "case_study", "stimulus": ABOUT, "grading": "steps"}
    items = [{"id": n, "kind": "true_false", "stem": "?", "answer": True} for n in "abcd"]
    result = read_raw({**raw, "items": items, **change})
    assert code in {error.code for error in result.errors}


@pytest.mark.parametrize("format", ["native", "xlsx", "csv", "docx", "qti22", "qti30"])
@pytest.mark.parametrize("grading", ["steps", "parts"])
def test_statements_and_their_steps_are_written_and_read_as_the_same_item(format: str, grading: str) -> None:
    item = a_case(grading=grading)
    read = formats.read(formats.write([item], format), format)
    assert (read.items, read.problems) == ((item,), ())


@pytest.mark.parametrize("format", ["aiken", "gift", "moodle_xml"])
def test_no_other_format_loses_the_steps_in_silence(format: str) -> None:
    held = formats.holding([a_case()], format)
    assert (held.items, len(held.errors)) == ((), 1)


def test_statements_of_different_marks_stand_in_one_word_file_with_others() -> None:
    parts: Any = [dict(each) for each in native(a_case())["items"]]  # type: ignore[union-attr, arg-type]
    parts[3]["marks"] = "1.25"
    unequal = an_item("case_study", id="Q2", stem="", stimulus=f"{ABOUT} **gì**?", items=parts)
    items = (a_case(level="apply", feedback="Theo Luật."), unequal, an_item("true_false"))
    read = formats.read(formats.write(items, "docx"), "docx")
    assert (read.items, read.problems) == (items, ())


def test_a_case_of_other_questions_is_refused_by_a_word_file() -> None:
    held = formats.holding([an_item("case_study", stem="")], "docx")
    assert [error.code for error in held.errors] == ["unsupported_kind"]


def paper(
    *, rule: str = "", tick: str = "x", key: str = "", head: Sequence[str] = ("Phát biểu", "Đúng", "Sai")
) -> ReadResult:
    """What reading a Word file gives whose question has a table of statements."""
    document, written = docx.Document(), io.BytesIO()
    if rule:
        document.add_paragraph(rule)
    document.add_paragraph(f"Câu 1. {ABOUT}")
    table = document.add_table(rows=5, cols=3)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = text
    for row, letter, texts in zip(table.rows[1:], "abcd", ticked(mark=tick), strict=True):
        row.cells[0].text = f"{letter}) {texts[0]}"
        for cell, text in zip(row.cells[1:], texts[1:], strict=True):
            if text.startswith("<"):
                cell.paragraphs[0]._p.append(parse_xml(text))
            else:
                cell.text = text
    if key:
        document.add_paragraph(key)
    document.save(written)
    return formats.read(written.getvalue(), name="de.docx")


SYMBOL = f'<w:r xmlns:w="{WORD}"><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
BOX = f'<w:sdt xmlns:w="{WORD}"><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>'


@pytest.mark.parametrize("tick", ["x", "✓", SYMBOL, BOX], ids=["x", "sign", "wingdings", "content control"])
def test_a_table_of_ticks_in_a_word_file_is_the_question_above_it(tick: str) -> None:
    (item,) = paper(tick=tick).items
    assert (answers(item), statements_of(item)) == (RIGHT, list(TEXTS))


def test_a_blank_table_is_keyed_by_the_line_below_it_and_never_by_both() -> None:
    (item,) = paper(tick="", key="Đáp án: Đ S S Đ", head=("", "Đúng", "Sai")).items
    assert answers(item) == RIGHT
    assert [error.code for error in paper(key="Đáp án: S S S Đ").errors] == ["two_keys"]
    assert [error.code for error in paper(tick="").errors] == ["bad_answer"]


def test_a_word_file_that_states_the_steps_is_read_with_them() -> None:
    result = paper(rule=RULE)
    assert (result.problems, result.items[0].body.native()["steps"]) == ((), STEPS)
    assert [warning.code for warning in paper().warnings] == ["grading_changed"]
