# SPDX-License-Identifier: Apache-2.0
"""Items as a Word file to be edited: right letters underlined, what surrounds a question in lines."""

import io
import json
import re
from decimal import Decimal
from typing import Any

import docx
from docx.shared import Pt

from question_bank.formats.format import NotHeld
from question_bank.formats.sheets import words
from question_bank.formats.word import judged
from question_bank.formats.word.rendering import add_markdown
from question_bank.item import Item, native
from question_bank.json_values import decimal_text
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.choice import Choice, MultipleChoice
from question_bank.kinds.essay import Essay
from question_bank.kinds.true_false import TrueFalse

FONT = "Times New Roman"
LETTERS = "ABCDEFGHIJ"
_UNSPELT = re.compile(r"\\u00[01][0-9a-f]|\\[bf]|[\ufffe\uffff]")


def new_document(size: int = 13) -> Any:
    """An empty document in the font and size of Vietnamese official papers."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    style.element.rPr.rFonts.set(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", FONT
    )
    style.paragraph_format.space_after = Pt(4)
    return document


def saved(document: Any) -> bytes:
    """The bytes of the document."""
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def write(items: tuple[Item, ...]) -> bytes:
    """The items as paragraphs; raises `NotHeld`."""
    document = new_document()
    for number, item in enumerate(items, start=1):
        _write(document, item, number)
    return saved(document)


def _write(document: Any, item: Item, number: int) -> None:
    if not isinstance(item.body, Choice | Essay | TrueFalse | CaseStudy):
        message = f"A Word file holds choices, statements and essays, no {item.kind}."
        raise NotHeld("unsupported_kind", message, item.kind)
    if isinstance(item.body, Essay) and item.body.rubric:
        raise NotHeld("rubric", "A Word file has no place for a rubric.")
    if _UNSPELT.search(json.dumps(native(item), ensure_ascii=False, default=str)):
        raise NotHeld("control_character", "A text holds a control character, which XML cannot spell.")
    shows_marks = isinstance(item.body, Essay) or item.marks != 1
    marks = f" ({decimal_text(item.marks)} điểm)" if shows_marks else ""
    text = "\n\n".join(part for part in (item.stem, _stimulus(item)) if part)
    add_markdown(document, text, lead=f"Câu {number}{marks}. ", keep=True)
    if isinstance(item.body, Choice):
        _options(document, item.body)
    elif isinstance(item.body, TrueFalse):
        document.add_paragraph(f"Đáp án: {'Đúng' if item.body.answer else 'Sai'}")
    elif isinstance(item.body, CaseStudy):
        _statements(document, item.body)
    for name, text in _lines(item):
        document.add_paragraph(f"{name}: {text}")
    if item.feedback:
        add_markdown(document, item.feedback, lead="Giải thích: ")


def _options(document: Any, body: Choice) -> None:
    if len(body.options) > len(LETTERS):
        raise NotHeld("too_many", f"A question of a Word file has {len(LETTERS)} options at most.")
    if isinstance(body, MultipleChoice) and body.grading == "exact":
        raise NotHeld("not_held", "A Word file has no word for marks that are earned as a whole.", "grading")
    right = [option.fraction for option in body.options if option.fraction > 0]
    wrong = {option.fraction for option in body.options if option.fraction <= 0}
    is_single = body.kind == "single_choice" and right == [1]
    if not is_single and (len(set(right)) > 1 or wrong - {Decimal(-1)}):
        raise NotHeld("partial_credit", "A Word file knows right and wrong only, no part of the marks.")
    for letter, option in zip(LETTERS, body.options, strict=False):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_together = True
        label = paragraph.add_run(f"{letter}.")
        label.bold = True
        label.underline = True if option.fraction > 0 else None
        first, *others = option.text.split("\n")
        paragraph.add_run(f" {first}")
        for line in others:
            paragraph.add_run().add_break()
            paragraph.add_run(line)


def _stimulus(item: Item) -> str:
    return item.body.stimulus if isinstance(item.body, CaseStudy) else ""


def _statements(document: Any, body: CaseStudy) -> None:
    """Statements with a column to tick for Đúng and one for Sai, and what they earn in a line below."""
    if not judged.are_all(body):
        message = "A Word file holds case studies of two to eight statements that are true or false only."
        raise NotHeld("unsupported_kind", message, "case_study")
    texts = [(letter, item.stem) for letter, item in zip("abcdefgh", body.items, strict=False)]
    table = judged.add_table(document, ("Phát biểu", "Đúng", "Sai"), texts)
    for row, item in zip(table.rows[1:], body.items, strict=True):
        is_true = isinstance(item.body, TrueFalse) and item.body.answer
        row.cells[1 if is_true else 2].paragraphs[0].add_run("x")
    earned = body.marks_by_step() or tuple(item.marks for item in body.items)
    name = "Điểm theo số ý đúng" if body.steps else "Điểm mỗi ý"
    document.add_paragraph(f"{name}: {'; '.join(decimal_text(marks) for marks in earned)}")


def _lines(item: Item) -> list[tuple[str, str]]:
    found = [("Mã câu hỏi", item.id)]
    found += [("Chủ đề", topic) for topic in item.topics]
    return [*found, ("Mức độ", words.WRITTEN_LEVELS[item.level])] if item.level else found
