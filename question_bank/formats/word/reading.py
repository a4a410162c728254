# SPDX-License-Identifier: Apache-2.0
"""A Word file of questions as items. Findings are told by the number of the question, which people see."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.formats import amounts, legacy_fonts, office, stated, texts, xml
from question_bank.formats.archive import Archive, ArchiveRefused
from question_bank.formats.format import ReadResult, failed
from question_bank.formats.intake import Intake, Notes, TooMany, Unreadable, too_many
from question_bank.formats.sheets import bodies as sheet_bodies
from question_bank.formats.sheets import headers, words
from question_bank.formats.sheets import reading as sheet_reading
from question_bank.formats.sheets.sheet import Sheet
from question_bank.formats.stated import Rule
from question_bank.formats.word import (
    answer_tables,
    essays,
    gathering,
    keys_apart,
    marked_keys,
    question_tables,
    statements,
    truth_keys,
)
from question_bank.formats.word.document import Paragraph, Table, blocks
from question_bank.formats.word.passage import Passage
from question_bank.formats.word.questions import Found, Question
from question_bank.formats.word.statements import Statement
from question_bank.formats.word.truth_keys import Pairs
from question_bank.formats.word.writing import GUIDANCE_TITLE
from question_bank.json_reader import Node, node_of

Draft = dict[str, object]
_LETTERS = re.compile(r"[A-J]", re.IGNORECASE)
_NUMBER = re.compile(r"[-−]?\d{1,12}(?:[.,]\d{1,9})?")
_SHORT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """What holds for every question of the file."""

    usual: Sequence[str]  # the marks that set a right option apart
    rule: Rule | None
    is_sure: bool  # it is known which keys are those of this paper
    marks_of_choices: frozenset[str]


def read(content: bytes, file: str) -> ReadResult:
    """The items of the document, and what stands in the way of the others."""
    if office.is_old(content):
        return office.refused_as_old(file)
    try:
        every = list(blocks(Archive(content, is_office=True)))
        found = gathering.found_in(every)
    except (ArchiveRefused, xml.XmlRefused) as problem:
        return office.refused(file, problem)
    except TooMany as problem:
        return too_many(file, problem)
    sample = "\n".join(
        paragraph.passage.text for paragraph in every[:2_000] if isinstance(paragraph, Paragraph)
    )
    if old := legacy_fonts.found_in(sample):
        return failed(file, "legacy_font", legacy_fonts.message(old), old)
    intake = Intake(file, "docx")
    try:
        _read_questions(found, intake, stated.rule_in(sample))
        for table in found.tables:
            sheet = answer_tables.as_sheet(question_tables.cells_of(table))
            _read_table(sheet, intake)
    except TooMany as problem:
        return too_many(file, problem)
    return intake.result()


def _read_questions(found: Found, intake: Intake, rule: Rule | None) -> None:
    asked = found.questions
    chosen = found.keys.of_this_paper()
    has_choices = any(question.options or question.truths or question.ticked for question in asked)
    for question in asked:
        question.is_choice |= has_choices
    paper = _Paper(
        usual=marked_keys.usual_signs(asked),
        rule=rule,
        is_sure=chosen is not None,
        marks_of_choices=frozenset(question.marks for question in asked if question.options),
    )
    apart = _keys_apart(asked, chosen or [])
    numbers = [question.number for question in asked]
    are_unique = len(set(numbers)) == len(numbers)
    for place, question in enumerate(asked, start=1):
        line = question.number if are_unique and question.number else place
        notes = intake.notes()
        try:
            draft = _draft(question, apart.get(place - 1, ""), paper, line, notes)
        except Unreadable as problem:
            intake.refuse(problem, notes, f"Câu {question.number}")
        else:
            intake.take(draft, line, notes)
    for text in found.unused:
        message = f"No question follows that the text {text!r} is for: it is left out."
        intake.warn(1, "left_out", message, text)


def _keys_apart(asked: Sequence[Question], keys: Pairs) -> Mapping[int, str]:
    """The keys by the place of their question: truths for statements, letters for options."""
    choices = [(place, each.number) for place, each in enumerate(asked) if each.options]
    judged = [(place, each.number) for place, each in enumerate(asked) if statements.may_be_in(each)]
    letters = keys_apart.by_place(choices, [pair for pair in keys if not truth_keys.is_one(pair[1])])
    truths = keys_apart.by_place(judged, [pair for pair in keys if truth_keys.is_one(pair[1])])
    doubted = dict.fromkeys(letters.keys() & truths.keys(), keys_apart.UNSURE)
    return {**letters, **truths, **doubted}


def _draft(question: Question, apart: str, paper: _Paper, line: int, notes: Notes) -> Draft:
    before, judged = statements.statements_of(question, apart, line)
    markup = "".join(_block(each, line, notes) for each in before)
    if not markup:
        raise Unreadable(line, "unfinished_question", f"Question {question.number} has no text.")
    markup = "".join(_block(each, line, notes) for each in question.shared) + markup
    draft: Draft = {
        "stem": Node(texts.stem(texts.Source(markup, "html", line), notes), line),
        "feedback": texts.feedback(_source(question.explanation, line, notes), notes),
        "id": question.id or None,
        "topics": list(question.topics) or None,
        "marks": question.marks.replace(",", ".") or None,
        "level": words.level_of(question.level) or words.level_by_number(question.level),
    }
    if question.level and not draft["level"]:
        notes.warn(
            line, "unknown_level", f"The level {question.level[:40]!r} is kept as a tag.", question.level
        )
        draft["tags"] = [f"Mức độ: {question.level}"]
    if question.shared:
        message = f"The text that question {question.number} shares with others stands in front of it."
        notes.warn(line, "text_repeated", message)
    for letter in question.joined:
        message = f"A paragraph below option {letter} of question {question.number} was taken as part of it."
        notes.warn(line, "paragraph_joined", message, letter)
    if judged:
        return _case(draft, question, judged, line, notes, question.rule or paper.rule)
    try:
        body = _body(question, apart, paper, line, notes)
    except Unreadable as problem:
        if problem.code != "bad_answer" or paper.is_sure or question.key:
            raise
        message = "The keys of several papers stand in the file, and nothing says which paper this is."
        raise Unreadable(line, "several_codes", message) from problem
    return {key: value for key, value in {**draft, **body}.items() if value}


def _case(
    draft: Draft, question: Question, found: Sequence[Statement], line: int, notes: Notes, rule: Rule | None
) -> Draft:
    """The statements about one text, by the steps that the paper names."""
    has_shares = len(question.shares) == len(found)
    shares = question.shares if has_shares else ("",) * len(found)
    made = [
        stated.Statement(
            text=texts.stem(_source([each.text], line, notes), notes), is_true=each.is_true, marks=share
        )
        for each, share in zip(found, shares, strict=True)
    ]
    known = None if has_shares and question.rule is None else rule
    is_sure = has_shares and known is None
    return stated.draft_of(draft, made, line, notes, marks=question.marks, rule=known, is_sure=is_sure)


def _body(question: Question, apart: str, paper: _Paper, line: int, notes: Notes) -> Draft:
    if not question.options:
        return _without_options(question, apart, paper, line, notes)
    right = _right(question, apart, paper.usual, line)
    options = {option.letter: _option(option.text, line, notes) for option in question.options}
    return sheet_bodies.choice(options, right, line, notes)


def _without_options(question: Question, apart: str, paper: _Paper, line: int, notes: Notes) -> Draft:
    if len(question.truths) == 1:
        return {"kind": "true_false", "answer": question.truths == "Đ"}
    if typed := _typed(question, line, notes):
        return typed
    if question.is_essay:
        return _essay(question, line, notes)
    is_one = not apart and essays.is_one(question, marks_of_choices=paper.marks_of_choices)
    if not is_one:
        message = (
            f"Question {question.number} has no options A, B, C …; if it is an essay, a title Tự luận"
            " must stand above it."
        )
        raise Unreadable(line, "unfinished_question", message)
    message = f"Question {question.number} shows no options; by its marks or words it was taken as an essay."
    notes.warn(line, "essay_assumed", message)
    return _essay(question, line, notes)


def _typed(question: Question, line: int, notes: Notes) -> Draft | None:
    """A number or a short text, under "Trả lời ngắn" or where the line of the key is a number."""
    if len(question.answer) != 1 or not isinstance(question.answer[0], Passage) or question.is_essay:
        return None
    said = question.answer[0].text.strip().rstrip(".")
    if _NUMBER.fullmatch(said):
        answer = amounts.accepted_by_hand(said.replace("−", "-"), line, notes)
        return {"kind": "numeric", "answers": [node_of({**answer, "fraction": "1"}, line)]}
    if question.is_short and "\n" not in said and len(said) <= _SHORT:
        return {"kind": "short_answer", "answers": [node_of({"text": said, "fraction": "1"}, line)]}
    return None


def _essay(question: Question, line: int, notes: Notes) -> Draft:
    """An essay; what answers it is told to those who mark it, and to nobody else."""
    guidance = texts.feedback(_source(question.answer, line, notes), notes)
    marks = question.marks.replace(",", ".") or "1"
    row = {"key": "1", "title": GUIDANCE_TITLE, "max": marks, "guidance": guidance}
    return {"kind": "essay", "rubric": [node_of(row, line)]} if guidance else {"kind": "essay"}


def _right(question: Question, apart: str, usual: Sequence[str], line: int) -> tuple[str, ...]:
    letters = {option.letter for option in question.options}
    said = question.key or apart
    named = tuple(sorted(set(_LETTERS.findall(said.upper()))))
    looks = marked_keys.key_of(question, usual)
    if apart == keys_apart.UNSURE:
        raise Unreadable(
            line, "two_keys", f"The table of keys names several keys for question {question.number}."
        )
    if named and not set(named) <= letters:
        message = f"The key of question {question.number} is {said}, which is none of its options."
        raise Unreadable(line, "bad_answer", message, said)
    is_sure = any(marked_keys.signs_of(question).get(mark) == looks for mark in usual)
    if named and looks and is_sure and looks != named:
        shown = ", ".join(looks)
        message = f"The key of question {question.number} is {', '.join(named)}, and its text marks {shown}."
        raise Unreadable(line, "two_keys", message, shown)
    if not named and not looks:
        message = f"Nothing says which option of question {question.number} is right."
        raise Unreadable(line, "bad_answer", message)
    return named or looks


def _read_table(sheet: Sheet, intake: Intake) -> None:
    header = headers.find(sheet)
    if header is not None:
        sheet_reading.read_sheet(sheet, header, intake)


def _block(block: Passage | Table, line: int, notes: Notes) -> str:
    if isinstance(block, Passage):
        _warn_of_losses(block, line, notes)
        return f"<p>{block.html(with_emphasis=True)}</p>" if not block.is_blank else ""
    rows = []
    for row in block.rows:
        cells = ["".join(_block(paragraph.passage, line, notes) for paragraph in cell) for cell in row]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table>{''.join(rows)}</table>"


def _option(passage: Passage, line: int, notes: Notes) -> str:
    _warn_of_losses(passage, line, notes)
    marks = passage.marks()
    if any("underline" in piece.marks and piece.text.strip() for piece in passage.pieces) and (
        "underline" not in marks
    ):
        message = f"Question {line}: a part of an option is underlined, which plain text cannot show."
        notes.warn(line, "left_out", message)
    return texts.option(texts.Source(passage.html(with_emphasis=False), "html", line), notes)


def _source(passages: Sequence[Passage | Table], line: int, notes: Notes) -> texts.Source:
    return texts.Source("".join(_block(each, line, notes) for each in passages), "html", line)


def _warn_of_losses(passage: Passage, line: int, notes: Notes) -> None:
    for lost in passage.lost():
        code = "equation_lost" if lost == "công thức" else "picture_left_out"
        what = "an equation" if code == "equation_lost" else "a drawing or sign"
        message = f"Question {line}: {what} cannot be kept; [{lost}] stands in its place."
        notes.warn(line, code, message, lost)
