# SPDX-License-Identifier: Apache-2.0
"""Items as Moodle XML. Stems and feedback are Markdown there too; options say that they are plain."""

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from question_bank.formats import amounts, categories, companion, gradings
from question_bank.formats.format import NotHeld
from question_bank.formats.moodle_xml import cloze_writing
from question_bank.formats.moodle_xml.building import add, add_markdown, add_text
from question_bank.formats.moodle_xml.kinds import GUIDANCE_KEY, GUIDANCE_TITLE
from question_bank.item import Item
from question_bank.json_values import decimal_text
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.description import Description
from question_bank.kinds.essay import Essay
from question_bank.kinds.gap_fill import GapFill
from question_bank.kinds.matching import Matching
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.ordering import Ordering
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.kinds.true_false import TrueFalse


def write(items: tuple[Item, ...]) -> bytes:
    """The items as a Moodle XML file; raises `NotHeld` for what Moodle has no question for."""
    quiz = etree.Element("quiz")
    topics: tuple[str, ...] = ()
    for item in items:
        if item.topics != topics:
            topics = item.topics
            add_text(add(quiz, "question", type="category"), "category", categories.path(topics))
        _question(quiz, item)
    etree.indent(quiz, " ")
    return etree.tostring(quiz, encoding="UTF-8", xml_declaration=True) + b"\n"


def _question(quiz: etree._Element, item: Item) -> None:
    entry = _TYPES.get(type(item.body))
    if entry is None:
        message = f"Moodle has no questions of the kind {item.kind}."
        raise NotHeld("unsupported_kind", message, item.kind)
    type_name, write_body = entry
    question = add(quiz, "question", type=type_name)
    add_text(question, "name", item.title.strip() or item.id)
    stem = cloze_writing.stem(item) if isinstance(item.body, GapFill) else item.stem
    add_markdown(question, "questiontext", stem)
    add_markdown(question, "generalfeedback", item.feedback or "")
    if not isinstance(item.body, GapFill):
        add(question, "defaultgrade", decimal_text(item.marks))
    add(question, "idnumber", item.id)
    write_body(question, item)
    if line := companion.line_of(item):
        add(question, companion.NAME, line)
    if item.tags:
        tags = add(question, "tags")
        for tag in item.tags:
            add_text(tags, "tag", tag)


def _choice(question: etree._Element, item: Item) -> None:
    assert isinstance(item.body, Choice)  # the table says so
    add(question, "single", "true" if isinstance(item.body, SingleChoice) else "false")
    add(question, "shuffleanswers", "true" if item.shuffle else "false")
    add(question, "answernumbering", "ABCD")
    for option in item.body.options:
        _answer(question, option.text, amounts.percent_of(option.fraction), option.feedback)


def _true_false(question: etree._Element, item: Item) -> None:
    assert isinstance(item.body, TrueFalse)
    said = {True: item.body.feedback_true, False: item.body.feedback_false}
    for truth, feedback in said.items():
        right = "100" if truth == item.body.answer else "0"
        _answer(question, "true" if truth else "false", right, feedback, format="moodle_auto_format")


def _short_answer(question: etree._Element, item: Item) -> None:
    assert isinstance(item.body, ShortAnswer)
    is_exact = cloze_writing.is_exact(item.body)
    add(question, "usecase", "1" if is_exact else "0")
    for answer in item.body.answers:
        _answer(question, amounts.pattern_of(answer), amounts.percent_of(answer.fraction), answer.feedback)


def _numeric(question: etree._Element, item: Item) -> None:
    assert isinstance(item.body, Numeric)
    for number in item.body.answers:
        spelt, tolerance = amounts.value_and_tolerance(number)
        answer = _answer(question, spelt, amounts.percent_of(number.fraction), number.feedback)
        add(answer, "tolerance", tolerance)


def _matching(question: etree._Element, item: Item) -> None:
    assert isinstance(item.body, Matching)
    add(question, "shuffleanswers", "true" if item.shuffle else "false")
    pairs = [(pair.text, pair.match) for pair in item.body.pairs]
    for prompt, target in [*pairs, *(("", extra) for extra in item.body.extra_targets)]:
        add_text(
            add_text(question, "subquestion", prompt, format="plain_text"),
            "answer",
            target,
            format="plain_text",
        )


def _ordering(question: etree._Element, item: Item) -> None:
    assert isinstance(item.body, Ordering)
    add(question, "layouttype", "VERTICAL")
    add(question, "selecttype", "ALL")
    add(question, "gradingtype", gradings.written(item.body.grading))
    for number, step in enumerate(item.body.sequence, start=1):
        _answer(question, step.text, str(number), None)


def _essay(question: etree._Element, item: Item) -> None:
    assert isinstance(item.body, Essay)
    if any(
        (row.key, row.title) != (GUIDANCE_KEY, GUIDANCE_TITLE) or not row.guidance for row in item.body.rubric
    ):
        message = "Moodle has one text of guidance for markers and no rubric with criteria."
        raise NotHeld("rubric", message)
    add(question, "responseformat", "editor")
    add(question, "minwordlimit", str(item.body.min_words or ""))
    add(question, "maxwordlimit", str(item.body.max_words or ""))
    add_markdown(question, "graderinfo", "".join(row.guidance or "" for row in item.body.rubric))


def _nothing(_question: etree._Element, _item: Item) -> None:
    """Everything has been said."""


def _answer(
    question: etree._Element, text: str, percent: str, feedback: str | None, format: str = "plain_text"
) -> etree._Element:
    answer = add_text(question, "answer", text, fraction=percent, format=format)
    if feedback:
        add_markdown(answer, "feedback", feedback)
    return answer


_TYPES: Mapping[type, tuple[str, Callable[[etree._Element, Item], Any]]] = {
    SingleChoice: ("multichoice", _choice),
    MultipleChoice: ("multichoice", _choice),
    TrueFalse: ("truefalse", _true_false),
    ShortAnswer: ("shortanswer", _short_answer),
    Numeric: ("numerical", _numeric),
    Matching: ("matching", _matching),
    Ordering: ("ordering", _ordering),
    Essay: ("essay", _essay),
    GapFill: ("cloze", _nothing),
    Description: ("description", _nothing),
}
