# SPDX-License-Identifier: Apache-2.0
"""The key sheet: the right answers of every code side by side, by the numbers and letters of its booklet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from question_bank.booklets.booklet import Heading, by_place, in_order, is_judged, letter
from question_bank.booklets.words import Words, words_of
from question_bank.item import Item, model_response, view
from question_bank.json_values import decimal_text
from question_bank.kinds.body import Body
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.description import Description
from question_bank.kinds.gap_fill import GapFill
from question_bank.kinds.numeric import AcceptedNumber, Numeric
from question_bank.kinds.short_answer import AcceptedText, ShortAnswer
from question_bank.paper import PaperForm, Permutation

_NUMBER = re.compile(r"(\d+)([a-z]*)")
_OPEN = re.compile(r"(?<!\\)\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The right answers of one code, by question number."""

    code: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySheet:
    """The keys of all the codes of a paper."""

    title: str
    language: str
    heading: Heading
    columns: tuple[Column, ...]

    @property
    def words(self) -> Words:
        """The fixed words in the language of the paper."""
        return words_of(self.language)

    def numbers(self) -> list[str]:
        """Every question number that some code has, in order."""
        found = {number for column in self.columns for number in column.answers}
        return sorted(found, key=_place)


def right_answers(form: PaperForm, order: Permutation) -> dict[str, str]:
    """The right answer to each question as its booklet calls it; words for what only a person marks."""
    items = {item.id: item for item in form.items}
    asked = [items[name] for name in order.items if not isinstance(items[name].body, Description)]
    return {
        number: answer
        for place, item in enumerate(asked, start=1)
        for number, answer in _on_paper(item, order, str(place), words_of(form.language))
    }


def _place(number: str) -> list[tuple[int, str]]:
    """Where a number such as 3, 3.2 or 3b stands among others."""
    return [(int(digits), small) for digits, small in _NUMBER.findall(number)]


def _on_paper(item: Item, order: Permutation, number: str, words: Words) -> Iterator[tuple[str, str]]:
    """Yield numbers and answers as a booklet has them: statements of one table by their letters."""
    if not is_judged(view(item)):
        yield from answers_of(item, order, number, item.id, words)
        return
    found = dict(answers_of(item, order, number, item.id, words))
    if number in found:
        yield number, found[number]
    for place, answer in enumerate(answer for name, answer in found.items() if name != number):
        yield f"{number}{letter(place, small=True)}", words.true if answer == "A" else words.false


def answers_of(
    item: Item, order: Permutation, number: str, slot: str, words: Words
) -> Iterator[tuple[str, str]]:
    """Yield number and right answer of each question that the item asks."""
    if not isinstance(item.body, CaseStudy):
        yield number, _answer(item.body, view(item), model_response(item), order, slot, words)
        return
    if item.body.steps:
        yield number, words.by_steps([decimal_text(marks) for marks in item.body.marks_by_step()])
    inner = [part for part in item.body.items if not isinstance(part.body, Description)]
    for place, part in enumerate(inner, start=1):
        yield from answers_of(part, order, f"{number}.{place}", f"{slot}/{part.id}", words)


def _answer(
    body: Body, shown: Mapping[str, Any], right: Any, order: Permutation, slot: str, words: Words
) -> str:
    kind = shown["kind"]
    if right is None:
        return words.by_person
    if isinstance(body, Numeric | ShortAnswer):
        return " | ".join(_accepted(body, words))
    if kind in {"single_choice", "multiple_choice"}:
        wanted = right if isinstance(right, list | tuple) else [right]
        return ", ".join(_letters(in_order(shown["options"], order.options.get(slot)), wanted))
    if kind == "true_false":
        return "A" if right == "true" else "B"
    if kind == "matching":
        targets = in_order(shown["targets"], order.options.get(slot))
        named = [
            f"{place} – {_letters(targets, [right[prompt['id']]], small=True)[0]}"
            for place, prompt in enumerate(shown["prompts"], start=1)
        ]
        return "; ".join(named)
    if kind == "ordering":
        entries = [entry["id"] for entry in in_order(shown["entries"], order.options.get(slot))]
        return ", ".join(letter(entries.index(name), small=True) for name in right)
    if isinstance(body, GapFill):
        bodies = {gap.id: gap.body for gap in body.gaps}
        return "; ".join(
            f"({place}) "
            + _answer(bodies[gap["id"]], gap, right[gap["id"]], order, f"{slot}/{gap['id']}", words)
            for place, gap in enumerate(by_place(shown), start=1)
        )
    return str(right)


def _accepted(body: Numeric | ShortAnswer, words: Words) -> Iterator[str]:
    """Yield everything that earns marks, what earns a part of them with that part."""
    for answer in body.answers:
        if answer.fraction > 0:
            share = (
                "" if answer.fraction == 1 else f" ({words.decimal(decimal_text(answer.fraction * 100))}%)"
            )
            spelt = _number(answer, words) if isinstance(answer, AcceptedNumber) else _text(answer)
            yield spelt + share


def _number(answer: AcceptedNumber, words: Words) -> str:
    if answer.value is None:
        ends = (decimal_text(end) for end in (answer.low, answer.high) if end is not None)
        return words.decimal("–".join(ends))
    room = f" ± {decimal_text(answer.tolerance)}" if answer.tolerance else ""
    return words.decimal(f"{decimal_text(answer.value)}{room}")


def _text(answer: AcceptedText) -> str:
    """The text; what a pattern leaves open stands as an ellipsis."""
    if answer.match != "pattern":
        return answer.text
    return _OPEN.sub("…", answer.text).replace("\\*", "*")


def _letters(
    entries: Sequence[Mapping[str, Any]], wanted: Sequence[str], *, small: bool = False
) -> list[str]:
    return [letter(place, small=small) for place, entry in enumerate(entries) if entry["id"] in wanted]
