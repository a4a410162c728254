# SPDX-License-Identifier: Apache-2.0
"""Items as a Word file to be edited: right letters underlined, what surrounds a question in lines."""

import io
import json
import re
from datetime import UTC, datetime
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
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.short_answer import AcceptedText, ShortAnswer
from question_bank.kinds.true_false import TrueFalse

FONT = "Times New Roman"
CHOICES, SHORT_ANSWERS, ESSAYS = "TRẮC NGHIỆM", "TRẮC NGHIỆM TRẢ LỜI NGẮN", "TỰ LUẬN"
LETTERS = "ABCDEFGHIJ"
GUIDANCE_TITLE = "Hướng dẫn chấm"
_HELD = (Choice, Essay, TrueFalse, CaseStudy, ShortAnswer, Numeric)
_NO_DAY = datetime(1980, 1, 1, tzinfo=UTC)  # as in the archive: the same paper gives the same bytes
_UNSPELT = re.compile(r"\\u00[01][0-9a-f]|\\[bf]|[\ufffe\uffff]")


def new_document(size: int = 13) -> Any:
    """An empty document in the font and size of Vietnamese official papers."""
    document = docx.Document()
    properties = document.core_properties  # the template's say who made the library, and when
    properties.author = properties.comments = ""
    properties.created = properties.modified = _NO_DAY
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
    part = CHOICES
    for number, item in enumerate(items, start=1):
        before, part = part, _part_of(item)
        if part != before:
            document.add_paragraph().add_run(part).bold = True
        _write(document, item, number)
    return saved(document)


def _part_of(item: Item) -> str:
    """The title under which a question without options is known for what it is."""
    if isinstance(item.body, Essay):
        return ESSAYS
    return SHORT_ANSWERS if isinstance(item.body, ShortAnswer | Numeric) else CHOICES


def _write(document: Any, item: Item, number: int) -> None:
    if not isinstance(item.body, _HELD):
        message = f"A Word file holds choices, statements, short answers and essays, no {item.kind}."
        raise NotHeld("unsupported_kind", message, item.kind)
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
    elif isinstance(item.body, ShortAnswer | Numeric):
        document.add_paragraph(f"Đáp án: {_answer(item.body)}")
    for name, text in _lines(item):
        document.add_paragraph(f"{name}: {text}")
    if isinstance(item.body, Essay) and (guidance := _guidance(item.body)):
        add_markdown(document, guidance, lead="Hướng dẫn chấm: ")
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


def _answer(body: ShortAnswer | Numeric) -> str:
    """The one answer; how it is compared is not said, and shows when the file is read again."""
    if len(body.answers) > 1:
        raise NotHeld("not_held", "A Word file has a place for one answer only.", "answers")
    (answer,) = body.answers
    if isinstance(answer, AcceptedText):
        return answer.text
    if answer.value is None:
        raise NotHeld("not_held", "A Word file has no word for a range.", "answers")
    return decimal_text(answer.value).replace(".", ",")


def _guidance(body: Essay) -> str | None:
    """What scorers are told, where it is all that the rubric says."""
    if not body.rubric:
        return None
    row, *others = body.rubric
    if others or (row.key, row.title) != ("1", GUIDANCE_TITLE):
        raise NotHeld("rubric", "A Word file has no place for criteria.")
    return row.guidance


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
