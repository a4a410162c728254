# SPDX-License-Identifier: Apache-2.0
"""A response, what it earned, and the refusal of a response that has the wrong shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from question_bank.json_values import Json, decimal_of, decimal_text

NOTHING = Fraction(0)
FULL = Fraction(1)


class InvalidResponse(ValueError):
    """The response cannot belong to this item: wrong shape, or an id the item does not have."""

    def __init__(self, code: str, message: str, part: str = "") -> None:
        super().__init__(f"{part}: {message}" if part else message)
        self.code = code
        self.part = part


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The share of full credit, from 0 to 1; `parts` says which part earned which share of the whole."""

    share: Fraction
    needs_person: bool = False
    parts: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Marks earned of the marks possible; where `needs_person`, a marker still has to add the rest."""

    score: Decimal
    max: Decimal
    outcomes: Mapping[str, Decimal]
    needs_person: bool

    def as_dict(self) -> dict[str, Json]:
        """The output of ``items score``: decimals as strings."""
        return {
            "score": decimal_text(self.score),
            "max": decimal_text(self.max),
            "outcomes": {name: decimal_text(value) for name, value in self.outcomes.items()},
            "needs_person": self.needs_person,
        }


def clamped(share: Fraction) -> Fraction:
    """The share held between nothing and full credit: a penalty never takes marks from another item."""
    return min(max(share, NOTHING), FULL)


def score_of(grade: Grade, marks: Decimal) -> Score:
    """The grade in marks, to six decimal places rounded half up: a third is the same everywhere."""
    worth = Fraction(marks)
    earned = decimal_of(grade.share * worth)
    outcomes = {"SCORE": earned}
    outcomes.update({f"SCORE.{part}": decimal_of(share * worth) for part, share in grade.parts.items()})
    return Score(score=earned, max=marks, outcomes=outcomes, needs_person=grade.needs_person)


def is_blank(response: Json) -> bool:
    """True when nothing was answered: null, an empty text, list or object."""
    return response is None or (isinstance(response, str | list | tuple | Mapping) and len(response) == 0)


def as_text(response: Json) -> str:
    """The response as a text, or a refusal."""
    if isinstance(response, str):
        return response
    raise InvalidResponse("wrong_type", "A text is expected as the response.")


def as_texts(response: Json) -> tuple[str, ...]:
    """The response as a list of different texts, or a refusal."""
    if not isinstance(response, list | tuple) or not all(isinstance(entry, str) for entry in response):
        raise InvalidResponse("wrong_type", "A list of texts is expected as the response.")
    found = tuple(str(entry) for entry in response)
    if len(set(found)) != len(found):
        raise InvalidResponse("repeated", "The response names the same entry twice.")
    return found


def as_object(response: Json, allowed: frozenset[str]) -> Mapping[str, Json]:
    """The response as an object whose keys the item knows, or a refusal."""
    if not isinstance(response, Mapping):
        raise InvalidResponse("wrong_type", "An object by id is expected as the response.")
    for key in response:
        if key not in allowed:
            raise InvalidResponse("unknown_id", f"The item has no part {key!r}.", key)
    return response
