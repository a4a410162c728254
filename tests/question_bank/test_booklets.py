# SPDX-License-Identifier: Apache-2.0
"""Printed papers: one booklet for each code, one key sheet for all, and no key in any booklet."""

import io
from typing import Any

import docx
import pytest

from question_bank import booklets, formats
from question_bank.booklets import Booklet, Heading, Printed
from question_bank.formats.word.booklets import write_booklet, write_key_sheet
from question_bank.item import Item
from question_bank.kinds.choice import Choice
from question_bank.paper import PaperForm, permutation
from tests.question_bank.builders import SECRET, an_item, options, raw_item, read_raw
from tests.question_bank.papers import a_form

SEED = bytes(range(32))
HEADING = Heading(body="HỘI ĐỒNG THI TUYỂN", parent_body="ỦY BAN NHÂN DÂN TỈNH", examination="Kỳ thi tuyển")


def printed(form: PaperForm, count: int = 4) -> Printed:
    """The form under so many codes."""
    return booklets.of([(form, SEED, booklets.codes_of("101", count, is_only=True))], HEADING)


def choices(count: int = 6) -> PaperForm:
    """A form of single choices whose questions are told apart by their stems."""
    fixed = options("1", "0", "0", "0")
    fixed[3]["fixed"] = True
    items = [an_item(id=f"Q{n}", stem=f"Câu hỏi thứ {n} là gì?", options=fixed) for n in range(count)]
    return a_form(id="101", items=tuple(items))


def by_stem(form: PaperForm) -> dict[str, Item]:
    return {item.stem: item for item in form.items}


def test_the_key_of_each_code_names_the_right_option_of_its_own_booklet() -> None:
    form = choices()
    found = printed(form)
    assert [paper.code for paper in found.booklets] == ["101", "102", "103", "104"]
    assert len({tuple(column.answers.values()) for column in found.key_sheet.columns}) > 1
    for paper, column in zip(found.booklets, found.key_sheet.columns, strict=True):
        assert column.code == paper.code
        for question in paper.questions:
            body: Any = by_stem(form)[question.stem].body
            right = next(option.text for option in body.options if option.fraction == 1)
            shown = {line.label: line.text for line in question.options}
            assert shown[column.answers[question.number]] == right
            assert shown["D"] == body.options[3].text  # fixed


def test_a_code_is_a_candidate_of_the_documented_shuffle() -> None:
    form = choices()
    for paper in printed(form).booklets:
        order = permutation(form, seed=SEED, candidate=paper.code)
        stems = {item.id: item.stem for item in form.items}
        assert [question.stem for question in paper.questions] == [stems[name] for name in order.items]


def test_every_kind_is_asked_and_keyed_by_the_labels_that_are_printed() -> None:
    form = a_form()
    (paper,) = printed(form, 1).booklets
    keys = printed(form, 1).key_sheet.columns[0].answers
    asked = {question.number: question for question in paper.questions if question.number}
    assert set(keys) <= set(asked)  # a case study itself has no key, its questions have
    matching = next(each for each in asked.values() if each.prompts)
    targets = {line.label: line.text for line in matching.options}
    pairs = dict(part.split(" – ") for part in keys[matching.number].split("; "))
    prompts = {line.label: line.text for line in matching.prompts}
    assert {prompts[one]: targets[other] for one, other in pairs.items()} == {
        "Quốc hội": "Lập pháp",
        "Chính phủ": "Hành pháp",
        "Tòa án": "Tư pháp",
    }
    ordering = next(
        each for each in asked.values() if {"Lập", "Quyết toán"} <= {o.text for o in each.options}
    )
    entries = {line.label: line.text for line in ordering.options}
    wanted = ["Lập", "Chấp hành", "Quyết toán"]
    assert [entries[name] for name in keys[ordering.number].split(", ")] == wanted
    gaps = next(each for each in asked.values() if each.lists)
    assert gaps.stem.startswith("Nhiệm kỳ (1) …")
    assert keys[gaps.number].startswith("(1) 5; (2) ")
    for words in (
        "Hội đồng nhân dân | HĐND (50%) | hội đồng… (25%)",
        "2,5 ± 0,1 | 2–3 (50%)",
        "Chấm theo hướng dẫn chấm",
    ):
        assert words in keys.values()


def test_no_booklet_holds_a_key() -> None:
    secret = raw_item(
        "short_answer",
        answers=[{"text": SECRET, "fraction": "1"}],
        feedback=SECRET,
        title=SECRET,
        source={"instrument": SECRET, "article": SECRET},
    )
    form = a_form(items=(*choices().items, *read_raw(secret).items))
    found = printed(form)
    assert SECRET not in repr(found.booklets)
    for paper in found.booklets:
        content = write_booklet(paper)
        assert SECRET not in docx_text(content)
        read = formats.read(content, name="de.docx")
        assert {problem.code for problem in read.errors} >= {"bad_answer"}
        assert not read.items
    assert SECRET in docx_text(write_key_sheet(found.key_sheet))


def test_a_word_file_names_neither_a_program_nor_a_day() -> None:
    content = write_booklet(printed(choices()).booklets[0])
    found = docx.Document(io.BytesIO(content)).core_properties
    assert (found.author, found.comments, found.title, found.created.year) == ("", "", "", 1980)


def test_the_word_file_of_a_code_read_back_with_its_column_of_the_key_sheet_is_the_form() -> None:
    form = choices()
    found = printed(form)
    for paper, column in zip(found.booklets, found.key_sheet.columns, strict=True):
        read = formats.read(with_keys(paper, column.answers), name="de.docx")
        assert read.complete, [problem.message for problem in read.errors]
        assert len(read.items) == len(form.items)
        for item in read.items:
            original: Any = by_stem(form)[item.stem].body
            assert isinstance(item.body, Choice)
            assert {(option.text, option.fraction == 1) for option in item.body.options} == {
                (option.text, option.fraction == 1) for option in original.options
            }


def test_a_paper_without_forms_and_codes_that_stand_twice_are_refused() -> None:
    form = choices()
    with pytest.raises(ValueError, match="nothing to print"):
        booklets.of([], HEADING)
    with pytest.raises(ValueError, match="a code of its own"):
        booklets.of([(form, SEED, ["101", "101"])], HEADING)


def with_keys(paper: Booklet, answers: Any) -> bytes:
    """The booklet with a table of these keys under it, as somebody would type it."""
    document = docx.Document(io.BytesIO(write_booklet(paper)))
    table = document.add_table(rows=2, cols=len(answers))
    for place, (number, answer) in enumerate(answers.items()):
        table.cell(0, place).text, table.cell(1, place).text = number, answer
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_key_sheet_names_everything_that_earns_marks() -> None:
    numbers = [{"low": "1", "high": "3"}, {"value": "5.5", "tolerance": "0.5", "fraction": "0.5"}]
    texts = [{"text": "a*b", "match": "pattern"}, {"text": "c"}, {"text": "d", "fraction": "0"}]
    gaps = [{"id": "g", "kind": "numeric", "answers": [{"value": "7"}, {"value": "8"}]}]
    items = (
        an_item(id="N", kind="numeric", answers=numbers),
        an_item(id="T", kind="short_answer", answers=texts),
        an_item(id="G", kind="gap_fill", stem="Có [[g]] tỉnh", gaps=gaps),
    )
    form = a_form(id="101", items=items)
    (sheet,) = printed(form, 1).key_sheet.columns
    order = permutation(form, seed=SEED, candidate="101").items
    by_item = {name: sheet.answers[str(place)] for place, name in enumerate(order, start=1)}
    assert by_item == {"N": "1–3 | 5,5 ± 0,5 (50%)", "T": "a…b | c", "G": "(1) 7 | 8"}


def test_booklet_and_key_sheet_say_what_each_number_of_right_statements_earns() -> None:
    items = [
        {"id": name, "kind": "true_false", "stem": "?", "answer": True, "marks": "0.5"} for name in "abcd"
    ]
    case = an_item("case_study", stem="", stimulus="Xét các ý sau:", items=items, grading="steps")
    papers = printed(a_form(id="101", items=(case,)), 1)
    steps = "; ".join(f"đúng {n} ý: {marks} điểm" for n, marks in enumerate(("0,2", "0,5", "1", "2"), 1))
    said = f"Tính điểm theo số ý đúng ({steps})."
    (question,) = papers.booklets[0].questions
    assert question.hint == f"Đánh dấu vào ô Đúng hoặc Sai của mỗi ý. {said}"
    assert papers.key_sheet.columns[0].answers == {"1": said, **{f"1{letter}": "Đúng" for letter in "abcd"}}
    assert said in docx_text(write_booklet(papers.booklets[0]))


def test_statements_are_printed_in_one_table_with_columns_to_tick_and_keyed_by_their_letters() -> None:
    items = [
        {"id": name, "kind": "true_false", "stem": f"Ý **{name}**", "answer": name == "b", "marks": marks}
        for name, marks in zip("abc", ("0.5", "0.5", "1"), strict=True)
    ]
    case = an_item("case_study", stem="", stimulus="Xét các ý sau:", items=items)
    papers = printed(a_form(id="101", items=(case, an_item())), 2)
    for paper, column in zip(papers.booklets, papers.key_sheet.columns, strict=True):
        asked = next(question for question in paper.questions if question.statements)
        assert [(line.label, line.text) for line in asked.statements] == [
            ("a", "Ý **a** (0,5 điểm)"), ("b", "Ý **b** (0,5 điểm)"), ("c", "Ý **c** (1 điểm)")
        ]  # fmt: skip
        assert {n: a for n, a in column.answers.items() if n.startswith(asked.number)} == {
            f"{asked.number}a": "Sai", f"{asked.number}b": "Đúng", f"{asked.number}c": "Sai"
        }  # fmt: skip
        table = docx.Document(io.BytesIO(write_booklet(paper))).tables[-1]
        assert [[cell.text for cell in row.cells] for row in table.rows] == [
            ["Phát biểu", "Đúng", "Sai"],
            ["a) Ý a (0,5 điểm)", "", ""], ["b) Ý b (0,5 điểm)", "", ""], ["c) Ý c (1 điểm)", "", ""],
        ]  # fmt: skip
    numbers = papers.key_sheet.numbers()
    assert numbers == sorted(numbers)
    sheet = docx.Document(io.BytesIO(write_key_sheet(papers.key_sheet))).tables[-1]
    assert [row.cells[0].text for row in sheet.rows] == ["Câu", *numbers]
