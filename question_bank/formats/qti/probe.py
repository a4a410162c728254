# SPDX-License-Identifier: Apache-2.0
"""The key of a question, found by asking its own rules what each response earns.

A file may say which response is right in a dozen ways: a template, the same rules spelt out, a mapping, a
chain of conditions. What it pays for a response is the one answer to all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from question_bank.formats.intake import Notes, Unreadable
from question_bank.formats.qti.declarations import Declaration
from question_bank.formats.qti.processing import SCORE, Processing
from question_bank.formats.qti.values import Many, Single, Value, many
from question_bank.json_values import decimal_text

_STEPS_OF_SIGN = 3  # how much reckoning costs as much as a tag
_FINEST = Decimal("0.000000001")


@dataclass(slots=True)
class Probe:
    """Asks the rules of one item; every question is paid for from the budget of the file."""

    processing: Processing
    notes: Notes
    line: int
    by_declaration: bool = False

    def score(self, given: Mapping[str, Value]) -> Fraction:
        """What these responses earn."""
        outcomes = self.outcomes(given)
        name = self.outcome(outcomes)
        found = outcomes.get(name) if name else None
        return found if isinstance(found, Fraction) else Fraction(0)

    def outcomes(self, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """Every outcome of these responses."""
        found = self.processing.run(given, by_declaration=self.by_declaration)
        self.notes.spend(1 + self.processing.steps // _STEPS_OF_SIGN, self.line)
        return found

    def right(self) -> dict[str, Value]:
        """The right response to everything that has one by its declaration."""
        found = {name: right_of(declaration) for name, declaration in self.processing.responses.items()}
        return {name: value for name, value in found.items() if value is not None}

    def settle(self) -> None:
        """Where the rules pay nothing for what is declared right, the declaration counts, with a warning."""
        right = self.right()
        if right and not self.processing.is_inferred and self.score(right) <= 0:
            if not any(declaration.correct or declaration.mapping for declaration in self._declared()):
                return
            self.by_declaration = True
            message = "The rules of the file pay nothing for the response it declares right; that one counts."
            self.notes.warn(self.line, "key_from_declaration", message)

    def declaration(self, name: str) -> Declaration:
        """The declaration of a response; raises `Unreadable` where there is none."""
        found = self.processing.responses.get(name)
        if found is None:
            message = f"The response {name[:60]!r} is not declared."
            raise Unreadable(self.line, "undeclared_response", message, name)
        return found

    def asking(self, name: str, right: Value) -> "Asking":
        """Questions about one response, the others left empty, or right where only the whole is paid."""
        empty: dict[str, Value] = {}
        others = {other: value for other, value in self.right().items() if other != name}
        for base in (empty, others):
            nothing = self.score({**base, name: None})
            full = self.score({**base, name: right})
            if full > nothing:
                return Asking(self, name, base, nothing, full, is_alone=base is empty)
        raise Unreadable(self.line, "no_key", "The file does not say which response is right.", name)

    def _declared(self) -> list[Declaration]:
        return list(self.processing.responses.values())

    def outcome(self, outcomes: Mapping[str, Value]) -> str | None:
        """The name of the outcome that holds the marks."""
        if SCORE in outcomes:
            return SCORE
        numbers = [
            name
            for name, declaration in self.processing.outcomes.items()
            if declaration.base_type in {"float", "integer"} and not name.upper().startswith("MAX")
        ]
        named = [name for name in numbers if "SCORE" in name.upper()]
        return next(iter(named or (numbers if len(numbers) == 1 else ())), None)


@dataclass(frozen=True, slots=True)
class Asking:
    """What responses to one interaction earn, as shares of what the right one earns."""

    probe: Probe
    name: str
    base: Mapping[str, Value]
    nothing: Fraction
    full: Fraction
    is_alone: bool

    @property
    def worth(self) -> Fraction:
        """The marks of the right response."""
        return self.full - self.nothing

    def share(self, value: Value) -> Fraction:
        """The share this response earns."""
        earned = self.probe.score({**self.base, self.name: value})
        return (earned - self.nothing) / self.worth


def right_of(declaration: Declaration) -> Value:
    """The response declared right, or the one whose mapping is worth most."""
    if declaration.correct is not None:
        return declaration.correct
    if declaration.mapping is None:
        return None
    spelt = declaration.mapping.spelt
    paid = [key for key, worth in spelt.items() if worth > 0]
    if declaration.cardinality == "single":
        return max(paid, key=lambda key: spelt[key], default=None)
    return many(tuple(paid), is_ordered=False) if declaration.cardinality == "multiple" else None


def of(declaration: Declaration, *members: Single) -> Value:
    """These members as a response of the declared cardinality."""
    if declaration.cardinality == "single":
        return members[0] if members else None
    return Many(tuple(members), is_ordered=declaration.cardinality == "ordered") if members else None


def share_text(share: Fraction) -> str:
    """The share to nine places, as fractions of options are spelt."""
    return decimal_text((Decimal(share.numerator) / Decimal(share.denominator)).quantize(_FINEST))
