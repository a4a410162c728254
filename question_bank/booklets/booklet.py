# SPDX-License-Identifier: Apache-2.0
"""One booklet: the questions of a form in the order of one code, as a candidate reads them on paper.

It is made from what candidates may see (`item.view`) and from nothing else: no booklet can hold a key.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from question_bank.booklets.words import Words, words_of
from question_bank.item import view
from question_bank.json_values import decimal_text
from question_bank.paper import PaperForm, Permutation

DOTS = "…………………"
_MARKER = re.compile(r"\[\[([^\[\]]{1,64})\]\]")
_WRITTEN = {"short_answer": 1, "numeric": 1}  # lines to write on


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above the questions. Empty texts are left out; the title of the form names the part."""

    body: str  # who holds the examination
    parent_body: str = ""
    examination: str = ""
    is_reserve: bool = False
    is_rehearsal: bool = False
    rules: tuple[str, ...] | None = None  # under the last question; the usual two where none are given


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An option, a prompt or a target with its label: "A", "1", "a"."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, or (without a number) a text between questions.

    `stem` and statements are Markdown, the rest plain text.
    """

    number: str
    stem: str
    marks: str = ""
    hint: str = ""
    options: tuple[Line, ...] = ()
    lists: tuple[tuple[str, tuple[Line, ...]], ...] = ()  # a gap and its options
    prompts: tuple[Line, ...] = ()  # of a matching question; its targets are the options
    statements: tuple[Line, ...] = ()  # each with a column to tick for true and one for false
    lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Booklet:
    """The paper of one code."""

    code: str
    form: str
    title: str
    language: str
    minutes: int
    marks: Decimal
    heading: Heading
    questions: tuple[Question, ...]

    @property
    def words(self) -> Words:
        """The fixed words in the language of the form."""
        return words_of(self.language)

    @property
    def count(self) -> int:
        """How many questions it asks."""
        return sum(1 for question in self.questions if question.number)


def booklet(form: PaperForm, order: Permutation, *, code: str, heading: Heading) -> Booklet:
    """The form in this order, under this code."""
    views = {item.id: view(item) for item in form.items}
    weights = {item.marks for item in form.items if item.marks}
    return Booklet(
        code=code,
        form=form.id,
        title=form.title,
        language=form.language,
        minutes=form.minutes,
        marks=form.marks,
        heading=heading,
        questions=tuple(
            _questions([views[name] for name in order.items], order, form.language, tells=len(weights) > 1)
        ),
    )


def letter(place: int, *, small: bool = False) -> str:
    """A, B … Z, AA, AB …: how the entry at this place (from 0) is called."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name.lower() if small else name


def in_order(entries: Sequence[Mapping[str, Any]], ids: Sequence[str] | None) -> list[Mapping[str, Any]]:
    """The entries in the order of the ids; as they stand where nothing was shuffled."""
    by_id = {entry["id"]: entry for entry in entries}
    return list(entries) if ids is None else [by_id[name] for name in ids]


def _questions(
    views: Sequence[Mapping[str, Any]], order: Permutation, language: str, *, tells: bool
) -> Iterator[Question]:
    number = 0
    for shown in views:
        if shown["kind"] == "description":
            yield Question(number="", stem=shown["stem"])
            continue
        number += 1
        words = words_of(language)
        if is_judged(shown):
            yield _judged(shown, str(number), words, tells=tells)
        else:
            yield from numbered(shown, order, str(number), shown["id"], words, tells=tells)


def is_judged(shown: Mapping[str, Any]) -> bool:
    """True for a case study of statements only: a paper has them in one table, under the letters a, b, c …"""
    parts = shown["items"] if shown["kind"] == "case_study" else ()
    return len(parts) > 1 and all(part["kind"] == "true_false" for part in parts)


def _judged(shown: Mapping[str, Any], number: str, words: Words, *, tells: bool) -> Question:
    """The statements of one question, as the examinations of 2025 have them."""
    steps = words.by_steps(shown["steps"]) if "steps" in shown else ""
    weights = [words.decimal(decimal_text(Decimal(part["marks"]))) for part in shown["items"]]
    is_told = not steps and len(set(weights)) > 1
    return Question(
        number=number,
        stem="\n\n".join(part for part in (shown["stem"], shown["stimulus"]) if part),
        marks=words.decimal(decimal_text(Decimal(shown["marks"]))) if tells else "",
        hint=" ".join(part for part in (words.hints["statements"], steps) if part),
        statements=tuple(
            Line(
                label=letter(place, small=True),
                text=part["stem"] + (f" ({words.marks.format(marks=weight)})" if is_told else ""),
            )
            for place, (part, weight) in enumerate(zip(shown["items"], weights, strict=True))
        ),
    )


def numbered(
    shown: Mapping[str, Any], order: Permutation, number: str, slot: str, words: Words, *, tells: bool
) -> Iterator[Question]:
    """Yield a question; of a case study its text, then its questions as 3.1, 3.2 … with texts between."""
    marks = words.decimal(decimal_text(Decimal(shown["marks"]))) if tells else ""
    if shown["kind"] != "case_study":
        yield _question(shown, order, number, slot, words, marks)
        return
    text = "\n\n".join(part for part in (shown["stem"], shown["stimulus"]) if part)
    steps = words.by_steps(shown["steps"]) if "steps" in shown else ""
    yield Question(number=number, stem=text, marks=marks, hint=steps)
    weights = {part["marks"] for part in shown["items"] if part["kind"] != "description"}
    tells_inner = not steps and len(weights) > 1
    place = 0
    for part in shown["items"]:
        if part["kind"] == "description":
            yield Question(number="", stem=part["stem"])
            continue
        place += 1
        yield from numbered(
            part, order, f"{number}.{place}", f"{slot}/{part['id']}", words, tells=tells_inner
        )


def _question(
    shown: Mapping[str, Any], order: Permutation, number: str, slot: str, words: Words, marks: str
) -> Question:
    kind, stem = shown["kind"], shown["stem"]
    found: dict[str, Any] = {}
    if kind in {"single_choice", "multiple_choice"}:
        found["options"] = _labelled(in_order(shown["options"], order.options.get(slot)))
    elif kind == "true_false":
        found["options"] = (Line(label="A", text=words.true), Line(label="B", text=words.false))
    elif kind == "matching":
        found["prompts"] = tuple(
            Line(label=str(place), text=prompt["text"]) for place, prompt in enumerate(shown["prompts"], 1)
        )
        found["options"] = _labelled(in_order(shown["targets"], order.options.get(slot)), small=True)
    elif kind == "ordering":
        found["options"] = _labelled(in_order(shown["entries"], order.options.get(slot)), small=True)
    elif kind == "gap_fill":
        stem, found["lists"] = _gaps(shown, order, slot)
    return Question(
        number=number,
        stem=stem,
        marks=marks,
        hint=words.hints.get(kind, ""),
        lines=_WRITTEN.get(kind, 0),
        **found,
    )


def _gaps(
    shown: Mapping[str, Any], order: Permutation, slot: str
) -> tuple[str, tuple[tuple[str, tuple[Line, ...]], ...]]:
    """Return the stem with numbered gaps, and the options of those that have some."""
    places = {gap["id"]: place for place, gap in enumerate(by_place(shown), start=1)}
    stem = _MARKER.sub(lambda found: f"({places[found[1]]}) {DOTS}", shown["stem"])
    lists = tuple(
        (
            f"({places[gap['id']]})",
            _labelled(in_order(gap["options"], order.options.get(f"{slot}/{gap['id']}"))),
        )
        for gap in by_place(shown)
        if "options" in gap
    )
    return stem, lists


def by_place(shown: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The gaps of a question as they follow each other in its stem."""
    places = [found[1] for found in _MARKER.finditer(shown["stem"])]
    return sorted(shown["gaps"], key=lambda gap: places.index(gap["id"]))


def _labelled(entries: Sequence[Mapping[str, Any]], *, small: bool = False) -> tuple[Line, ...]:
    return tuple(
        Line(label=letter(place, small=small), text=entry["text"]) for place, entry in enumerate(entries)
    )
