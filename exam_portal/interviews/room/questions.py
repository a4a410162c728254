# SPDX-License-Identifier: Apache-2.0
"""``exam/question-draw/v1``: what a candidate draws from a committed seed. Pure; see docs/panel.md.

Every candidate draws the same number from each topic and level. Whoever has the revealed seed, the hash of
the set and the public id of the hearing recomputes the draw with HMAC-SHA-256 alone.
"""

import dataclasses
import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from exam_portal.interviews.room import errors
from question_bank.shuffling import Stream
from scoring.verify.canonical import canonical_bytes, sha256_of

ALGORITHM = "exam/question-draw/v1"
OWN_SEED = "exam/question-draw-seed/v1"
COMMITMENT = b"exam/question-seed/v1"
MOST_QUESTIONS = 200
MOST_WORDS = 2000
MOST_NAME = 120


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the set; its number is its place in it."""

    number: int
    topic: str
    level: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A topic and level: the numbers of its questions, and how many of them each candidate draws."""

    topic: str
    level: str
    numbers: Sequence[int]
    each: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A set: its questions, how many of each topic and level are drawn, whether any comes twice."""

    questions: Sequence[Question]
    each: int
    once: bool

    @property
    def cells(self) -> list[Cell]:
        """Return topics and levels in the order in which they first stand in the set."""
        found: dict[tuple[str, str], list[int]] = {}
        for one in self.questions:
            found.setdefault((one.topic, one.level), []).append(one.number)
        return [
            Cell(topic=topic, level=level, numbers=numbers, each=self.each)
            for (topic, level), numbers in found.items()
        ]

    @property
    def hash(self) -> str:
        """Return what the record holds of the set."""
        return sha256_of(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """Return the set as it is kept."""
        rows = [[one.topic, one.level, one.text] for one in self.questions]
        return {"questions": rows, "each": self.each, "once": self.once}

    def chosen(self, numbers: Sequence[int]) -> list[Question]:
        """Return the questions with these numbers, in their order."""
        by_number = {one.number: one for one in self.questions}
        return [by_number[number] for number in numbers]


def of(kept: Mapping[str, Any]) -> Set:
    """Return the set that is kept."""
    questions = [
        Question(number=number, topic=topic, level=level, text=text)
        for number, (topic, level, text) in enumerate(kept["questions"], start=1)
    ]
    return Set(questions=questions, each=kept["each"], once=kept["once"])


def read(typed: str, *, each: int, once: bool) -> Set:
    """Return the set as typed, one question a line: topic | level | question; else QuestionUnreadable."""
    rows: list[list[str]] = []
    for place, line in enumerate(typed.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [" ".join(cell.split()) for cell in line.split("|", 2)]
        if (
            len(cells) != 3
            or not all(cells)
            or len(line) > MOST_WORDS
            or max(map(len, cells[:2])) > MOST_NAME
        ):
            raise errors.QuestionUnreadable(place)
        if cells in rows or len(rows) == MOST_QUESTIONS:
            raise errors.QuestionUnreadable(place)
        rows.append(cells)
    if not rows:
        raise errors.QuestionUnreadable(1)
    return of({"questions": rows, "each": each, "once": once})


def check_enough(made: Set, candidates: int, gone: Collection[int] = ()) -> None:
    """Each topic and level has enough questions left for so many candidates; else TooFewQuestions."""
    needed = made.each * (max(candidates, 1) if made.once else 1)
    for cell in made.cells:
        free = _free(made, cell, gone)
        if len(free) < needed:
            raise errors.TooFewQuestions(f"{cell.topic} · {cell.level}", len(free), needed)


def is_enough(made: Set, candidates: int, gone: Collection[int]) -> bool:
    """Whether so many candidates can still draw."""
    try:
        check_enough(made, candidates, gone)
    except errors.TooFewQuestions:
        return False
    return True


def extended(base: Set, added: Set) -> Set:
    """Return the set with further questions behind its own: same topics, levels and scale, nothing twice."""
    cells = {(cell.topic, cell.level) for cell in base.cells}
    texts = {(one.topic, one.level, one.text) for one in base.questions}
    if (added.each, added.once) != (base.each, base.once):
        raise errors.QuestionsDiffer
    if any((one.topic, one.level) not in cells for one in added.questions):
        raise errors.QuestionsDiffer
    for one in added.questions:
        if (one.topic, one.level, one.text) in texts:
            raise errors.QuestionUnreadable(one.number)
    rows = [[one.topic, one.level, one.text] for one in [*base.questions, *added.questions]]
    return of({"questions": rows, "each": base.each, "once": base.once})


def commitment(seed: bytes) -> str:
    """Return what the record holds of the seed before anybody draws."""
    return "sha256:" + hashlib.sha256(COMMITMENT + seed).hexdigest()


def drawn(made: Set, seed: bytes, hearing: str, gone: Collection[int]) -> list[int]:
    """Return the numbers that this hearing draws; of the numbers ``gone`` none, where none comes twice."""
    own = hmac.new(seed, canonical_bytes([OWN_SEED, made.hash, hearing]), hashlib.sha256).digest()
    numbers: list[int] = []
    for cell in made.cells:
        free = _free(made, cell, gone)
        if len(free) < cell.each:
            raise errors.TooFewQuestions(f"{cell.topic} · {cell.level}", len(free), cell.each)
        label = canonical_bytes([ALGORITHM, cell.topic, cell.level])
        numbers += Stream(own, label).shuffled(free)[: cell.each]
    return numbers


def _free(made: Set, cell: Cell, gone: Collection[int]) -> list[int]:
    return [number for number in cell.numbers if not made.once or number not in gone]


def check_draw(made: Set, numbers: Sequence[int], gone: Collection[int]) -> None:
    """A draw on paper has as many of each topic and level as any other, each once; else DrawUneven."""
    known = {number for cell in made.cells for number in cell.numbers}
    even = all(len(set(cell.numbers) & set(numbers)) == cell.each for cell in made.cells)
    if len(set(numbers)) != len(numbers) or not set(numbers) <= known or not even:
        raise errors.DrawUneven
    if made.once and not set(numbers).isdisjoint(gone):
        raise errors.DrawUneven
