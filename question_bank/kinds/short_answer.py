# SPDX-License-Identifier: Apache-2.0
"""A short text, compared with accepted answers; the best one that fits gives the credit.

`exact`: the same characters after blanks are collapsed. `casefold`: also case and the place of the tone mark
in oa, oe, uy are ignored. `pattern`: as casefold, and ``*`` stands for any run of characters (a backslash
before it for a real star): a wildcard, not a regular expression, so that no answer key can stall the marking.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from question_bank.fields import Fields
from question_bank.grading import NOTHING, Grade, as_text, is_blank
from question_bank.json_values import Json, decimal_text
from question_bank.kinds.body import Body, ReadItem
from question_bank.text import comparison_key, one_line

Match = Literal["exact", "casefold", "pattern"]
MATCHES: tuple[Match, ...] = ("exact", "casefold", "pattern")
_STAR = "\ue000"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedText:
    """One accepted answer."""

    text: str
    fraction: Decimal
    match: Match
    feedback: str | None = None

    def fits(self, response: str) -> bool:
        """True when the response is this answer."""
        if self.match == "exact":
            return one_line(self.text) == one_line(response)
        if self.match == "casefold":
            return comparison_key(self.text) == comparison_key(response)
        return fits_wildcard(comparison_key(self.text), comparison_key(response))

    def native(self) -> dict[str, Json]:
        """The answer as a native file holds it."""
        written: dict[str, Json] = {
            "text": self.text,
            "fraction": decimal_text(self.fraction),
            "match": self.match,
        }
        return written if self.feedback is None else {**written, "feedback": self.feedback}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer(Body):
    """A line of text is typed."""

    kind = "short_answer"
    answers: tuple[AcceptedText, ...]

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "ShortAnswer":
        """The accepted answers, of which one earns full credit."""
        fields.require("answers")
        answers = tuple(_accepted(entry) for entry in fields.objects("answers"))
        if fields.has("answers") and all(answer.fraction != 1 for answer in answers):
            fields.refuse("no_full_answer", "No answer has the fraction 1.", key="answers")
        return cls(answers=answers)

    def native(self) -> dict[str, Json]:
        """The accepted answers."""
        return {"answers": [answer.native() for answer in self.answers]}

    def view(self) -> dict[str, Json]:
        """Nothing beyond the stem."""
        return {}

    def grade(self, response: Json) -> Grade:
        """The highest fraction among the answers that fit."""
        if is_blank(response):
            return Grade(share=NOTHING)
        typed = as_text(response)
        fitting = (Fraction(answer.fraction) for answer in self.answers if answer.fits(typed))
        return Grade(share=max(fitting, default=NOTHING))

    def model_response(self) -> Json:
        """The first answer with full credit; a pattern with its stars left empty."""
        best = next(answer for answer in self.answers if answer.fraction == 1)
        if best.match != "pattern":
            return best.text
        return best.text.replace("\\*", _STAR).replace("*", "").replace(_STAR, "*")


def _accepted(fields: Fields) -> AcceptedText:
    fraction = fields.decimal("fraction", least=Decimal(0), most=Decimal(1))
    match = fields.choice("match", MATCHES, "casefold")
    answer = AcceptedText(
        text=fields.text("text"),
        fraction=Decimal(1) if fraction is None else fraction,
        match=match or "casefold",
        feedback=fields.optional_text("feedback"),
    )
    fields.close()
    return answer


def fits_wildcard(pattern: str, response: str) -> bool:
    """True when the response is the pattern, a star standing for any signs.

    Leftmost match of each piece between stars, in one pass over the response.
    """
    first, *rest = (piece.replace(_STAR, "*") for piece in pattern.replace("\\*", _STAR).split("*"))
    if not rest:
        return first == response
    *middle, last = rest
    if not response.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = response.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(response) - len(last) >= at and response.endswith(last)
