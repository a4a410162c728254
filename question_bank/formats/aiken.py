# SPDX-License-Identifier: Apache-2.0
"""Aiken: a line of text, lettered options, ``ANSWER: B``. One right option, nothing else.

A question that is not as the format asks is reported with its line; the good ones around it are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from question_bank.formats import markdown
from question_bank.formats.encoding import NotText, decode
from question_bank.formats.format import Format, NotHeld, ReadResult
from question_bank.formats.intake import Notes, TooMany, Unreadable, text_of, too_many
from question_bank.item import Item
from question_bank.json_reader import Node, node_of
from question_bank.kinds.choice import SingleChoice

_OPTION = re.compile(r"([A-Z])[).](.*)")
_ANSWER = re.compile(r"ANSWER\s*:(.*)", re.IGNORECASE)
_LETTER = re.compile(r"([A-Z])(?:[).](?:\s.*)?)?", re.IGNORECASE)


@dataclass(slots=True)
class _Question:
    """The lines of one question, gathered until its answer."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[int, str, str]] = field(default_factory=list)
    has_gap: bool = False
    is_over: bool = False


def recognises(content: bytes) -> bool:
    """True when a lettered option and an answer line follow each other."""
    try:
        lines = [line.strip() for line in decode(content).text.split("\n")]
    except NotText:
        return False
    filled = [line for line in lines if line]
    return any(_OPTION.match(before) and _ANSWER.match(line) for before, line in pairwise(filled))


def read(content: bytes, file: str) -> ReadResult:
    """The items of the good questions and a problem for each of the others."""
    found = text_of(content, file, "aiken")
    if isinstance(found, ReadResult):
        return found
    decoded, intake = found
    try:
        for entry in _questions(decoded.text):
            if isinstance(entry, Unreadable):
                intake.refuse(entry, Notes())
            else:
                intake.take(entry, _line_of(entry), Notes())
    except TooMany as problem:
        return too_many(file, problem)
    return intake.result()


def write(items: tuple[Item, ...]) -> bytes:
    """The items as an Aiken file; raises `NotHeld` for what no line of it can say."""
    return "\n".join(_written(item) for item in items).encode("utf-8")


def _questions(text: str) -> Iterator[dict[str, object] | Unreadable]:
    """Drafts and problems in the order of the file; a new text ends what was not complete."""
    question: _Question | None = None
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line:
            if question is not None:
                question.has_gap = True
            continue
        if question is not None and _ends(question, line):
            yield from _unfinished(question)
            question = None
        question = question or _Question(number)
        if answer := _ANSWER.match(line):
            if not question.is_over:
                yield _draft(question, number, answer[1].strip())
            question.is_over = True
        elif option := _option(question, line):
            question.options.append((number, option[1].lower(), option[2].strip()))
        else:
            question.stem.append(line)
    if question is not None:
        yield from _unfinished(question)


def _ends(question: _Question, line: str) -> bool:
    """A question is over after its answer, and at a text that follows options or a blank line."""
    if _ANSWER.match(line) or (_option(question, line) and not question.is_over):
        return False
    return question.is_over or bool(question.options) or question.has_gap


def _option(question: _Question, line: str) -> re.Match[str] | None:
    """A lettered line; the first of a question is A, so that a line of its text may begin "C. Mác"."""
    found = _OPTION.match(line)
    return found if found and (question.options or found[1] == "A") else None


def _unfinished(question: _Question) -> Iterator[Unreadable]:
    if question.is_over:
        return
    what = "an answer line" if question.options else "options"
    shown = (question.stem or [""])[0][:60]
    yield Unreadable(question.line, "unfinished_question", f"The question {shown!r} has no {what}.", shown)


def _draft(question: _Question, line: int, answer: str) -> dict[str, object] | Unreadable:
    if not question.stem or not question.options:
        what = "options" if question.stem else "text"
        return Unreadable(
            question.line, "unfinished_question", f"An answer line follows a question without {what}."
        )
    letters = [letter for _, letter, _ in question.options]
    found = _LETTER.fullmatch(answer)
    right = found[1].lower() if found else ""
    if right not in letters:
        message = f"ANSWER: {answer[:60]} names none of the options, of which exactly one must be right."
        return Unreadable(line, "bad_answer", message, answer)
    options = [
        node_of({"id": letter, "text": text, "fraction": "1" if letter == right else "0"}, number)
        for number, letter, text in question.options
    ]
    stem = Node(markdown.from_plain("\n".join(question.stem)), question.line)
    return {"kind": SingleChoice.kind, "stem": stem, "options": options}


def _line_of(draft: dict[str, object]) -> int:
    stem = draft["stem"]
    return stem.line if isinstance(stem, Node) else 1


def _written(item: Item) -> str:
    if not isinstance(item.body, SingleChoice):
        raise NotHeld("unsupported_kind", f"Aiken holds single choices only, no {item.kind}.", item.kind)
    if any(option.fraction not in {0, 1} for option in item.body.options):
        raise NotHeld("partial_credit", "Aiken knows right and wrong only, no part of the marks.")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    options = [f"{letters[place]}) {option.text}" for place, option in enumerate(item.body.options)]
    right = next(place for place, option in enumerate(item.body.options) if option.fraction == 1)
    stem = markdown.to_plain(item.stem)
    if any("\n" in text.strip() for text in (stem, *(option.text for option in item.body.options))):
        raise NotHeld("several_lines", "Aiken holds texts of one line only.")
    if stem.strip().startswith(("A.", "A)")) or _ANSWER.match(stem.strip()):
        raise NotHeld("not_held", "The text begins as an option or an answer line of Aiken does.")
    return "\n".join([stem.strip(), *options, f"ANSWER: {letters[right]}", ""])


FORMAT = Format(
    name="aiken",
    title="Aiken",
    endings=("txt",),
    media_type="text/plain",
    recognises=recognises,
    read=read,
    write=write,
)
