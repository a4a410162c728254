# SPDX-License-Identifier: Apache-2.0
"""What each type of Moodle question adds, as the keys of a native item."""

from collections.abc import Callable, Mapping

from lxml import etree

from question_bank.formats import amounts, gradings, texts
from question_bank.formats.intake import Notes, Unreadable, option_ids
from question_bank.formats.moodle_xml.elements import (
    flag,
    fraction,
    line_of,
    marks,
    source,
    text_in,
    value,
    whole,
)
from question_bank.json_reader import Node, node_of

GUIDANCE_KEY, GUIDANCE_TITLE = "1", "Hướng dẫn chấm"


def _choice(question: etree._Element, notes: Notes) -> dict[str, object]:
    answers = list(question.iterchildren("answer"))
    options = [
        node_of(
            {
                "id": name,
                "text": texts.option(source(answer), notes),
                "fraction": fraction(answer),
                "feedback": _feedback(answer, notes),
            },
            line_of(answer),
        )
        for name, answer in zip(option_ids(len(answers)), answers, strict=True)
    ]
    return {
        "kind": "single_choice" if flag(question, "single", default=True) else "multiple_choice",
        "options": options,
        "shuffle": flag(question, "shuffleanswers", default=True),
        "marks": marks(question),
    }


def _true_false(question: etree._Element, notes: Notes) -> dict[str, object]:
    answers = {text_in(answer).strip().lower(): answer for answer in question.iterchildren("answer")}
    right = [word for word in ("true", "false") if word in answers and fraction(answers[word]) == "1"]
    if len(right) != 1:
        message = "Exactly one of the answers true and false must be worth 100 per cent."
        raise Unreadable(line_of(question), "bad_answer", message)
    said = {word: _feedback(answer, notes) for word, answer in answers.items()}
    return {
        "kind": "true_false",
        "answer": right == ["true"],
        "feedback_true": said.get("true"),
        "feedback_false": said.get("false"),
        "marks": marks(question),
    }


def _short_answer(question: etree._Element, notes: Notes) -> dict[str, object]:
    is_exact = flag(question, "usecase", default=False)
    return {
        "kind": "short_answer",
        "answers": [_accepted_text(answer, is_exact, notes) for answer in question.iterchildren("answer")],
        "marks": marks(question),
    }


def _accepted_text(answer: etree._Element, is_exact: bool, notes: Notes) -> Node:
    line = line_of(answer)
    accepted = amounts.accepted_text(texts.answer(source(answer)), is_exact=is_exact, line=line)
    return node_of({**accepted, "fraction": fraction(answer), "feedback": _feedback(answer, notes)}, line)


def _numerical(question: etree._Element, notes: Notes) -> dict[str, object]:
    if question.find("units/unit") is not None:
        if whole(question, "unitgradingtype"):
            message = "The unit is a part of the answer; here a number stands alone."
            raise Unreadable(line_of(question), "units", message)
        notes.warn(line_of(question), "left_out", "Units are left out: a number stands alone here.", "units")
    answers = [_accepted_number(answer, notes) for answer in question.iterchildren("answer")]
    return {"kind": "numeric", "answers": answers, "marks": marks(question)}


def _accepted_number(answer: etree._Element, notes: Notes) -> Node:
    spelt, tolerance = text_in(answer).strip(), value(answer, "tolerance")
    is_ranged = spelt == "*" or not tolerance
    accepted = amounts.accepted_number(spelt if is_ranged else f"{spelt}:{tolerance}", line_of(answer), notes)
    own = {"fraction": fraction(answer), "feedback": _feedback(answer, notes)}
    return node_of({**accepted, **own}, line_of(answer))


def _matching(question: etree._Element, notes: Notes) -> dict[str, object]:
    pairs, extra = [], []
    for number, prompt in enumerate(question.iterchildren("subquestion"), start=1):
        line = line_of(prompt)
        text, match = texts.option(source(prompt), notes), texts.answer(source(prompt.find("answer"), line))
        if text:
            pairs.append(node_of({"id": f"p{number}", "text": text, "match": match}, line))
        else:
            extra.append(Node(match, line))
    return {
        "kind": "matching",
        "pairs": pairs,
        "extra_targets": extra,
        "shuffle": flag(question, "shuffleanswers", default=True),
        "marks": marks(question),
    }


def _ordering(question: etree._Element, notes: Notes) -> dict[str, object]:
    line = line_of(question)
    answers = [
        (fraction(answer), number, answer) for number, answer in enumerate(question.iterchildren("answer"))
    ]
    answers.sort(key=lambda entry: (amounts.parse(entry[0]) or 0, entry[1]))
    gradings.check_selection(_selection(question), value(question, "selectcount"), line, notes)
    if any(text_in(answer.find("feedback")).strip() for _, _, answer in answers):
        notes.warn(line, "left_out", "Entries of an ordering have no feedback here: left out.")
    sequence = [
        node_of({"id": str(number), "text": texts.option(source(answer), notes)}, line_of(answer))
        for number, (_, _, answer) in enumerate(answers, start=1)
    ]
    grading = gradings.native(value(question, "gradingtype"), line, notes)
    return {"kind": "ordering", "sequence": sequence, "grading": grading, "marks": marks(question)}


def _selection(question: etree._Element) -> str:
    """The name of the selection; older files give its number, of which 0 is all."""
    found = value(question, "selecttype")
    return "ALL" if found in {"", "0"} else found


def _essay(question: etree._Element, notes: Notes) -> dict[str, object]:
    line = line_of(question)
    if whole(question, "attachmentsrequired"):
        message = "Candidates would have to hand in a file, which is not possible here."
        raise Unreadable(line, "attachment_required", message)
    if whole(question, "attachments"):
        notes.warn(line, "left_out", "Candidates may not hand in files here.")
    worth = marks(question)
    guidance = texts.feedback(source(question.find("graderinfo")), notes)
    rubric = {"key": GUIDANCE_KEY, "title": GUIDANCE_TITLE, "max": worth or "1", "guidance": guidance}
    return {
        "kind": "essay",
        "rubric": [node_of(rubric, line)] if guidance else [],
        "min_words": whole(question, "minwordlimit"),
        "max_words": whole(question, "maxwordlimit"),
        "marks": worth,
    }


def _description(_question: etree._Element, _notes: Notes) -> dict[str, object]:
    return {"kind": "description"}


def _feedback(answer: etree._Element, notes: Notes) -> str | None:
    return texts.feedback(source(answer.find("feedback"), line_of(answer)), notes)


READERS: Mapping[str, Callable[[etree._Element, Notes], dict[str, object]]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "description": _description,
}
