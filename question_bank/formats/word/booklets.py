# SPDX-License-Identifier: Apache-2.0
"""Printed papers as Word files: a booklet with its heading and page numbers, and the key sheet."""

from collections.abc import Sequence
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from question_bank.booklets import Booklet, Heading, KeySheet, Line, Question
from question_bank.booklets.words import Words
from question_bank.formats.word import judged
from question_bank.formats.word.rendering import add_markdown
from question_bank.formats.word.writing import new_document, saved
from question_bank.json_values import decimal_text

DOTTED = "…" * 60
COLUMNS_ON_A_PAGE = 8  # of a key sheet; more stand in further tables


def write_booklet(paper: Booklet) -> bytes:
    """The booklet as a Word file."""
    document, words = _sheet(), paper.words
    _heading(document, paper.heading, words, [words.part.format(title=paper.title), *_facts(paper)])
    _names(document, words, paper.code)
    for question in paper.questions:
        _question(document, question, words)
    _end(document, paper)
    _footer(document, words, f"{words.code} {paper.code}")
    return saved(document)


def write_key_sheet(sheet: KeySheet) -> bytes:
    """The key sheet as a Word file: tables of up to eight codes."""
    document, words = _sheet(), sheet.words
    _heading(document, sheet.heading, words, [words.part.format(title=sheet.title)])
    _centred(document, words.key_title, bold=True, size=15)
    _centred(document, words.key_note, italic=True)
    numbers = sheet.numbers()
    for start in range(0, len(sheet.columns), COLUMNS_ON_A_PAGE):
        columns = sheet.columns[start : start + COLUMNS_ON_A_PAGE]
        table = document.add_table(rows=len(numbers) + 1, cols=len(columns) + 1)
        table.style = "Table Grid"
        head = [words.question, *(f"{words.code} {column.code}" for column in columns)]
        _row(table.rows[0], head, bold=True)
        _repeat(table.rows[0])
        for place, number in enumerate(numbers, start=1):
            _row(table.rows[place], [number, *(column.answers.get(number, "") for column in columns)])
        document.add_paragraph()
    _footer(document, words, words.key_title)
    return saved(document)


def _sheet() -> Any:
    document = new_document(12)
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(18)
    section.top_margin = section.bottom_margin = Mm(18)
    return document


def _facts(paper: Booklet) -> list[str]:
    words = paper.words
    return [
        words.time.format(minutes=paper.minutes),
        words.scale.format(marks=words.decimal(decimal_text(paper.marks))),
    ]


def _heading(document: Any, heading: Heading, words: Words, facts: Sequence[str]) -> None:
    """The head of an official examination paper: who issues it to the left, what it is to the right."""
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    kind = words.reserve if heading.is_reserve else words.official
    rehearsal = [(words.rehearsal, True)] if heading.is_rehearsal else []
    _cell(left, [(heading.parent_body, False), (heading.body, True), (kind, True), *rehearsal])
    _cell(right, [(heading.examination, True), *((fact, place == 0) for place, fact in enumerate(facts))])


def _cell(cell: Any, lines: Sequence[tuple[str, bool]]) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shown = [(text, is_bold) for text, is_bold in lines if text]
    for place, (text, is_bold) in enumerate(shown):
        run = paragraph.add_run(text)
        run.bold = is_bold
        if place + 1 < len(shown):
            run.add_break()


def _names(document: Any, words: Words, code: str) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    left.width, right.width = Mm(120), Mm(45)
    left.paragraphs[0].add_run(f"{words.candidate}: {'…' * 24}")
    left.add_paragraph(f"{words.number}: {'…' * 24}")
    right.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = right.paragraphs[0].add_run(f"{words.code} {code}")
    run.bold, run.font.size = True, Pt(14)
    document.add_paragraph()


def _question(document: Any, question: Question, words: Words) -> None:
    if not question.number:
        add_markdown(document, question.stem, keep=True)
        return
    marks = f" ({words.marks.format(marks=question.marks)})" if question.marks else ""
    parts = (question.options, question.lists, question.prompts, question.statements, question.hint)
    is_followed = any(parts)
    add_markdown(
        document, question.stem, lead=f"{words.question} {question.number}{marks}. ", keep=is_followed
    )
    if question.hint:
        hint = document.add_paragraph()
        hint.add_run(question.hint).italic = True
        hint.paragraph_format.keep_with_next = bool(question.statements)
    if question.statements:
        _statements(document, question.statements, words)
    elif question.prompts:
        _pairs(document, question.prompts, question.options)
    else:
        _options(document, question.options)
    for name, options in question.lists:
        document.add_paragraph(f"{name}   " + "    ".join(f"{line.label}. {line.text}" for line in options))
    for _ in range(question.lines):
        document.add_paragraph(DOTTED)


def _options(document: Any, options: Sequence[Line]) -> None:
    for place, line in enumerate(options):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = place + 1 < len(options)
        paragraph.paragraph_format.left_indent = Mm(6)
        paragraph.add_run(f"{line.label}.").bold = True
        first, *others = line.text.split("\n")
        paragraph.add_run(f" {first}")
        for other in others:
            paragraph.add_run().add_break()
            paragraph.add_run(other)


def _statements(document: Any, statements: Sequence[Line], words: Words) -> None:
    table = judged.add_table(
        document, (words.statement, words.true, words.false), [(line.label, line.text) for line in statements]
    )
    _repeat(table.rows[0])
    document.add_paragraph()


def _pairs(document: Any, prompts: Sequence[Line], targets: Sequence[Line]) -> None:
    table = document.add_table(rows=max(len(prompts), len(targets)), cols=2)
    for column, lines in enumerate((prompts, targets)):
        for place, line in enumerate(lines):
            table.cell(place, column).paragraphs[0].add_run(f"{line.label}. {line.text}")


def _end(document: Any, paper: Booklet) -> None:
    words = paper.words
    _centred(document, f"–––––––– {words.end} ––––––––", bold=True)
    rules = words.rules if paper.heading.rules is None else paper.heading.rules
    for rule in rules:
        document.add_paragraph().add_run(f"– {rule}").italic = True


def _centred(document: Any, text: str, *, bold: bool = False, italic: bool = False, size: int = 12) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _row(row: Any, texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell.paragraphs[0].add_run(text).bold = bold


def _repeat(row: Any) -> None:
    """The row stands on every page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no word for it


def _footer(document: Any, words: Words, name: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(f"{name} – {words.page} ")
    _field(paragraph, "PAGE")
    paragraph.add_run("/")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, what: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), what)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no word for it
