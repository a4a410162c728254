# SPDX-License-Identifier: Apache-2.0
"""Entries are put into their order.

`grading`: `position` (default) gives an equal share for each entry in its place, `adjacent` for each entry
directly followed by its successor, `exact` everything or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from question_bank.fields import Fields
from question_bank.grading import FULL, NOTHING, Grade, InvalidResponse, as_texts, is_blank
from question_bank.json_values import Json
from question_bank.kinds.body import Body, ReadItem, Slot, token

Grading = Literal["position", "adjacent", "exact"]
GRADINGS: tuple[Grading, ...] = ("position", "adjacent", "exact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of the sequence. A candidate never sees `id`: authors number entries in the right order."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Body):
    """The author writes the right order; candidates see tokens in the order of the tokens, then shuffled."""

    kind = "ordering"
    sequence: tuple[Step, ...]
    grading: Grading = "position"

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "Ordering":
        """The entries in the right order."""
        fields.require("sequence")
        sequence = tuple(_step(entry) for entry in fields.objects("sequence"))
        if fields.has("sequence"):
            _check(fields, sequence)
        return cls(sequence=sequence, grading=fields.choice("grading", GRADINGS, "position") or "position")

    def native(self) -> dict[str, Json]:
        """The sequence; the grading only where it is not the default."""
        steps: list[Mapping[str, Json]] = [{"id": step.id, "text": step.text} for step in self.sequence]
        written: dict[str, Json] = {"sequence": steps}
        return written if self.grading == "position" else {**written, "grading": self.grading}

    def view(self) -> dict[str, Json]:
        """The entries under their tokens, in the order of the tokens."""
        entries = sorted((token(step.text), step.text) for step in self.sequence)
        shown: list[Mapping[str, Json]] = [{"id": name, "text": text} for name, text in entries]
        return {"entries": shown}

    def slots(self, _shuffle: bool, /) -> tuple[Slot, ...]:
        """The list of tokens; always shuffled, or every candidate would start from the same wrong order."""
        return (Slot(name="", ids=tuple(sorted(token(step.text) for step in self.sequence))),)

    def grade(self, response: Json) -> Grade:
        """The share by `grading`; a response names every entry once, by token or by the author's id."""
        if is_blank(response):
            return Grade(share=NOTHING)
        given = self._positions(as_texts(response))
        right = list(range(len(self.sequence)))
        if self.grading == "exact":
            return Grade(share=FULL if given == right else NOTHING)
        if self.grading == "adjacent":
            followed = sum(1 for first, second in pairwise(given) if second == first + 1)
            return Grade(share=Fraction(followed, len(right) - 1))
        placed = sum(1 for place, entry in enumerate(given) if place == entry)
        return Grade(share=Fraction(placed, len(right)))

    def model_response(self) -> Json:
        """The tokens in the right order."""
        return [token(step.text) for step in self.sequence]

    def _positions(self, given: tuple[str, ...]) -> list[int]:
        for places in (
            {token(step.text): place for place, step in enumerate(self.sequence)},
            {step.id: place for place, step in enumerate(self.sequence)},
        ):
            if set(given) == set(places):
                return [places[entry] for entry in given]
        raise InvalidResponse(
            "not_a_permutation", "The response must name every entry of the item exactly once."
        )


def _step(fields: Fields) -> Step:
    step = Step(id=fields.identifier("id"), text=fields.text("text"))
    fields.close()
    return step


def _check(fields: Fields, sequence: tuple[Step, ...]) -> None:
    if len(sequence) < 2:
        fields.refuse("too_few_entries", "A sequence has at least 2 entries.", key="sequence")
    if len({step.id for step in sequence}) != len(sequence):
        fields.refuse("repeated_id", "Two entries have the same id.", key="sequence")
    if len({token(step.text) for step in sequence}) != len(sequence):
        fields.refuse("repeated_text", "Two entries have the same text.", key="sequence")
