# SPDX-License-Identifier: Apache-2.0
"""What stands between the braces of a GIFT question, as the keys of a native item."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from question_bank.fields import MOST_ENTRIES
from question_bank.formats import amounts, texts
from question_bank.formats.gift import ordering
from question_bank.formats.gift.scanner import joined, split, unescaped
from question_bank.formats.intake import Notes, Unreadable, option_ids
from question_bank.formats.texts import Source, TextFormat
from question_bank.json_reader import node_of

_SIGNS_OF_ANSWER = 8  # what reading one costs, in tags

_MARKS = re.compile(r"\\.|([~=])", re.DOTALL)
_FEEDBACK = re.compile(r"\\.|(#)", re.DOTALL)
_GENERAL = re.compile(r"\\.|(####)", re.DOTALL)
_WEIGHT = re.compile(r"\s*%\s*(-?[0-9]{1,3}(?:[.,][0-9]{1,9})?)\s*%")
_LOOSE_WEIGHT = re.compile(r"([0-9]{1,3})%(?=[^\W\d_])")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_USUAL_WEIGHTS = frozenset({100, 90, 80, 75, 70, 60, 50, 40, 30, 25, 20, 10, 5, 0})
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its mark, its weight in per cent or None, its text and feedback as written."""

    mark: str
    weight: Decimal | None
    text: str
    feedback: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything between the braces; `line_of` gives the line of a place in it."""

    text: str
    format: TextFormat
    line_of: Callable[[int], int]
    notes: Notes

    def native(self) -> dict[str, object]:
        """The keys of the item's kind, and its feedback."""
        (_, start, body), *general = split(self.text, _GENERAL, limit=1)
        found = self._kind(body.strip(), start + len(body) - len(body.lstrip()))
        if general:
            line = self.line_of(general[0][1])
            found["feedback"] = texts.feedback(self.source(general[0][2], line), self.notes)
        return found

    def source(self, text: str, line: int) -> Source:
        """A text with its own format, or that of the question."""
        own = _FORMAT.match(text)
        format: TextFormat = own[1] if own else self.format  # type: ignore[assignment]
        return Source(written(text[own.end() :] if own else text, format), format, line)

    def _kind(self, body: str, start: int) -> dict[str, object]:
        if not body:
            return {"kind": "essay"}
        if body[0] == ">":
            return ordering.native(body[1:], self.line_of(start), self._option, self.notes)
        if body[0] == "#":
            return self._numeric(body[1:], start + 1)
        (_, _, first), *feedback = split(body, _FEEDBACK)
        if first.strip().upper() in _TRUTHS:
            return self._true_false(
                _TRUTHS[first.strip().upper()], [piece for _, _, piece in feedback], start
            )
        answers = self._answers(body, start)
        if any(answer.mark == "~" for answer in answers):
            return self._choice(answers)
        if all("->" in answer.text for answer in answers):
            return self._matching(answers)
        return {"kind": "short_answer", "answers": [self._short(answer) for answer in answers]}

    def _answers(self, body: str, start: int) -> list[Answer]:
        pieces = split(body, _MARKS)
        if len(pieces) == 1:
            return [self._answer("=", pieces[0][2], start)]
        self._check_count(pieces, start)
        if pieces[0][2].strip():
            message = f"The text {joined(pieces[0][2])[:60]!r} stands before the first answer."
            raise Unreadable(self.line_of(start), "text_before_answers", message)
        return [self._answer(mark, piece, start + place) for mark, place, piece in pieces[1:]]

    def _check_count(self, pieces: list[tuple[str, int, str]], start: int) -> None:
        self.notes.spend(_SIGNS_OF_ANSWER * len(pieces), self.line_of(start))
        if len(pieces) > MOST_ENTRIES:
            raise Unreadable(self.line_of(start), "too_many", f"More than {MOST_ENTRIES} answers.")

    def _answer(self, mark: str, piece: str, place: int) -> Answer:
        (_, _, text), *feedback = split(piece, _FEEDBACK, limit=1)
        line = self.line_of(place + len(text) - len(text.lstrip()))
        weight, text = self._weight(text, line)
        return Answer(mark, weight, text, feedback[0][2] if feedback else None, line)

    def _weight(self, text: str, line: int) -> tuple[Decimal | None, str]:
        if found := _WEIGHT.match(text):
            return Decimal(found[1].replace(",", ".")), text[found.end() :]
        loose = _LOOSE_WEIGHT.match(text)
        if loose and int(loose[1]) in _USUAL_WEIGHTS:
            message = f"{loose[0]} was read as a weight, as in older files; %{loose[1]}% would be plain."
            self.notes.warn(line, "loose_weight", message, loose[0])
            return Decimal(loose[1]), text[loose.end() :]
        return None, text

    def _choice(self, answers: list[Answer]) -> dict[str, object]:
        is_single = any(answer.mark == "=" for answer in answers)
        ids = option_ids(len(answers))
        options = [
            node_of(
                {
                    "id": name,
                    "text": self._option(answer.text, answer.line),
                    "fraction": _fraction(answer),
                    "feedback": self._feedback(answer),
                },
                answer.line,
            )
            for name, answer in zip(ids, answers, strict=True)
        ]
        return {"kind": "single_choice" if is_single else "multiple_choice", "options": options}

    def _short(self, answer: Answer) -> object:
        text = texts.answer(self.source(answer.text, answer.line))
        accepted = amounts.accepted_text(text, is_exact=False, line=answer.line)
        own = {"fraction": _fraction(answer), "feedback": self._feedback(answer)}
        return node_of({**accepted, **own}, answer.line)

    def _matching(self, answers: list[Answer]) -> dict[str, object]:
        pairs, extra = [], []
        for number, answer in enumerate(answers, start=1):
            prompt, target = answer.text.split("->", 1)
            text = self._option(prompt, answer.line)
            match = texts.answer(self.source(target, answer.line))
            if text:
                pairs.append(node_of({"id": f"p{number}", "text": text, "match": match}, answer.line))
            else:
                extra.append(node_of(match, answer.line))
        return {"kind": "matching", "pairs": pairs, "extra_targets": extra}

    def _numeric(self, body: str, start: int) -> dict[str, object]:
        pieces = split(body, _MARKS)
        self._check_count(pieces, start)
        if pieces[0][2].strip():
            pieces = [("=", *pieces[0][1:]), *pieces[1:]]
        found = [self._answer(mark, piece, start + place) for mark, place, piece in pieces if mark]
        return {"kind": "numeric", "answers": [self._number(answer) for answer in found]}

    def _number(self, answer: Answer) -> object:
        spelt = joined(unescaped(answer.text))
        accepted = amounts.accepted_by_hand(
            spelt if answer.mark == "=" else spelt or "*", answer.line, self.notes
        )
        own = {"fraction": _fraction(answer), "feedback": self._feedback(answer)}
        return node_of({**accepted, **own}, answer.line)

    def _true_false(self, truth: bool, feedback: list[str], start: int) -> dict[str, object]:
        line = self.line_of(start)
        said = [texts.feedback(self.source(piece, line), self.notes) for piece in feedback]
        if len(said) > 2:
            message = (
                "A true or false question has at most two feedbacks: for the wrong and for the right answer."
            )
            raise Unreadable(line, "too_many_feedbacks", message)
        wrong, right = [*said, None, None][:2]
        by_truth = (right, wrong) if truth else (wrong, right)
        return {
            "kind": "true_false",
            "answer": truth,
            "feedback_true": by_truth[0],
            "feedback_false": by_truth[1],
        }

    def _option(self, text: str, line: int) -> str:
        return texts.option(self.source(text, line), self.notes)

    def _feedback(self, answer: Answer) -> str | None:
        if answer.feedback is None:
            return None
        return texts.feedback(self.source(answer.feedback, answer.line), self.notes)


def format_of(text: str) -> tuple[TextFormat, int]:
    """The format a text names at its beginning, and where the text itself starts."""
    own = _FORMAT.match(text)
    if own is None:
        return "moodle", 0
    found: TextFormat = own[1]  # type: ignore[assignment]
    return found, own.end()


def written(text: str, format: TextFormat) -> str:
    """The text as its author meant it: in HTML the ends of lines stay, elsewhere they only wrap the file."""
    return unescaped(text.strip() if format == "html" else joined(text))


def _fraction(answer: Answer) -> str:
    if answer.weight is None:
        return "1" if answer.mark == "=" else "0"
    return amounts.fraction_of_percent(answer.weight)
