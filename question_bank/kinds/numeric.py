# SPDX-License-Identifier: Apache-2.0
"""A number, compared with accepted values or ranges; both ends of a range belong to it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from question_bank.fields import Fields
from question_bank.grading import NOTHING, Grade, as_text, is_blank
from question_bank.json_values import Json, decimal_text
from question_bank.kinds.body import Body, ReadItem

_LARGEST = Decimal(10) ** 12
_TYPED = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedNumber:
    """Either `value` with a tolerance, or the range from `low` to `high`."""

    value: Decimal | None
    tolerance: Decimal
    low: Decimal | None
    high: Decimal | None
    fraction: Decimal
    feedback: str | None = None

    def fits(self, number: Decimal) -> bool:
        """True when the number is accepted."""
        if self.value is not None:
            return abs(number - self.value) <= self.tolerance
        return self.low is not None and self.high is not None and self.low <= number <= self.high

    def native(self) -> dict[str, Json]:
        """The answer as a native file holds it: value and tolerance, or low and high."""
        written: dict[str, Json] = {}
        if self.value is not None:
            written |= {"value": decimal_text(self.value), "tolerance": decimal_text(self.tolerance)}
        if self.low is not None and self.high is not None:
            written |= {"low": decimal_text(self.low), "high": decimal_text(self.high)}
        written["fraction"] = decimal_text(self.fraction)
        return written if self.feedback is None else {**written, "feedback": self.feedback}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric(Body):
    """A number is typed, with a point or a comma before the decimals and no thousands sign."""

    kind = "numeric"
    answers: tuple[AcceptedNumber, ...]

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "Numeric":
        """The accepted values, of which one earns full credit."""
        fields.require("answers")
        answers = tuple(_accepted(entry) for entry in fields.objects("answers"))
        if fields.has("answers") and all(answer.fraction != 1 for answer in answers):
            fields.refuse("no_full_answer", "No answer has the fraction 1.", key="answers")
        return cls(answers=answers)

    def native(self) -> dict[str, Json]:
        """The accepted values."""
        return {"answers": [answer.native() for answer in self.answers]}

    def view(self) -> dict[str, Json]:
        """Nothing beyond the stem."""
        return {}

    def grade(self, response: Json) -> Grade:
        """The highest fraction among the values that fit; what is no number earns nothing."""
        if is_blank(response):
            return Grade(share=NOTHING)
        number = read_number(as_text(response))
        if number is None:
            return Grade(share=NOTHING)
        fitting = (Fraction(answer.fraction) for answer in self.answers if answer.fits(number))
        return Grade(share=max(fitting, default=NOTHING))

    def model_response(self) -> Json:
        """The first value with full credit, or the lower end of its range."""
        best = next(answer for answer in self.answers if answer.fraction == 1)
        number = best.low if best.value is None else best.value
        return decimal_text(number or Decimal(0))


def read_number(typed: str) -> Decimal | None:
    """The number somebody typed; a single comma is the decimal comma of Vietnam."""
    bare = typed.strip()
    if not _TYPED.fullmatch(bare):
        return None
    return Decimal(bare.replace(",", "."))


def _accepted(fields: Fields) -> AcceptedNumber:
    fraction = fields.decimal("fraction", least=Decimal(0), most=Decimal(1))
    tolerance = fields.decimal("tolerance", least=Decimal(0), most=_LARGEST)
    answer = AcceptedNumber(
        value=fields.decimal("value", least=-_LARGEST, most=_LARGEST),
        tolerance=Decimal(0) if tolerance is None else tolerance,
        low=fields.decimal("low", least=-_LARGEST, most=_LARGEST),
        high=fields.decimal("high", least=-_LARGEST, most=_LARGEST),
        fraction=Decimal(1) if fraction is None else fraction,
        feedback=fields.optional_text("feedback"),
    )
    _check_form(fields, answer)
    fields.close()
    return answer


def _check_form(fields: Fields, answer: AcceptedNumber) -> None:
    if fields.has("value") == (fields.has("low") or fields.has("high")):
        fields.refuse(
            "value_or_range", "Either a value with a tolerance or a range from low to high is expected."
        )
    elif fields.has("low") != fields.has("high"):
        fields.refuse("half_range", "A range needs both low and high.")
    elif answer.low is not None and answer.high is not None and answer.low > answer.high:
        fields.refuse("empty_range", "The range is empty: low is above high.")
