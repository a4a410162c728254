# SPDX-License-Identifier: Apache-2.0
"""Moodle XML questions as drafts of items."""

from lxml import etree

from question_bank.formats import categories, companion, texts, xml
from question_bank.formats.format import ReadResult, failed
from question_bank.formats.intake import (
    Intake,
    Notes,
    TooMany,
    Unreadable,
    too_many,
)
from question_bank.formats.moodle_xml import cloze, kinds
from question_bank.formats.moodle_xml.elements import line_of, source, text_in, value
from question_bank.formats.texts import Source
from question_bank.json_reader import Node

_LEFT_OUT = (
    "hint",
    "correctfeedback",
    "partiallycorrectfeedback",
    "incorrectfeedback",
    "responsetemplate",
)


def read(content: bytes, file: str) -> ReadResult:
    """The items of a Moodle XML file and a problem for each question that could not become one."""
    try:
        root, code_page = xml.parse(content)
    except xml.XmlRefused as problem:
        return failed(file, problem.code, str(problem), line=problem.line)
    if root.tag not in {"quiz", "question"}:
        message = f"The file begins with <{str(root.tag)[:60]}>; questions of Moodle begin with <quiz>."
        return failed(file, "unknown_root", message, str(root.tag))
    intake = Intake(file, "moodle_xml")
    if code_page:
        intake.warn_of_code_page(code_page)
    try:
        _read_all([root] if root.tag == "question" else list(root.iterchildren("question")), intake)
    except TooMany as problem:
        return too_many(file, problem)
    return intake.result()


def _read_all(questions: list[etree._Element], intake: Intake) -> None:
    topics: list[str] = []
    for question in questions:
        if question.get("type") == "category":
            topics = categories.topics(text_in(question.find("category")).strip())
            if text_in(question.find("info")).strip():
                intake.leave_out("category", line_of(question))
            continue
        notes = intake.notes()
        try:
            draft = _draft(question, notes)
        except Unreadable as problem:
            intake.refuse(problem, notes, value(question, "idnumber") or value(question, "name"))
        else:
            intake.take({**draft, "topics": topics}, line_of(question), notes)
            _count_left_out(question, intake)


def _draft(question: etree._Element, notes: Notes) -> dict[str, object]:
    kind = question.get("type", "")
    own: dict[str, object]
    if kind in {"cloze", "multianswer"}:
        own = cloze.native(question, notes)
    elif kind in kinds.READERS:
        stem = texts.stem(source(question.find("questiontext"), line_of(question)), notes)
        own = {"stem": stem, **kinds.READERS[kind](question, notes)}
    else:
        message = f"Questions of the type {kind!r} have no counterpart here."
        raise Unreadable(line_of(question), "unsupported_type", message, kind)
    if picture := value(question, "image_base64"):
        own["stem"] = f"{_text(own['stem'])}\n\n{_picture(question, picture)}"
    for file in question.iterchildren("file"):
        name = file.get("name", "")
        notes.warn(
            line_of(file),
            "file_left_out",
            f"The file {name!r} is left out: items have no place for it.",
            name,
        )
    name, title = value(question, "idnumber"), value(question, "name")
    draft = {
        "id": name,
        "title": " ".join(title.split()) if title != name else None,
        **own,
        "feedback": texts.feedback(source(question.find("generalfeedback")), notes),
        "tags": _tags(question),
    }
    return companion.joined(draft, value(question, companion.NAME))


def _picture(question: etree._Element, encoded: str) -> str:
    """The one picture that a question of Moodle 1 had beside its text."""
    address = "![](@@PLUGINFILE@@/image)"
    return texts.stem(Source(address, "markdown", line_of(question), {"image": encoded}), Notes())


def _text(stem: object) -> str:
    return str(stem.value if isinstance(stem, Node) else stem)


def _tags(question: etree._Element) -> list[str]:
    found = [text_in(tag).strip() for tag in question.iterfind("tags/tag")]
    return list(dict.fromkeys(tag for tag in found if tag))


def _count_left_out(question: etree._Element, intake: Intake) -> None:
    for name in _LEFT_OUT:
        for element in question.iterchildren(name):
            if text_in(element).strip():
                intake.leave_out(f"<{name}>", line_of(element))
