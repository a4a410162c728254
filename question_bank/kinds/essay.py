# SPDX-License-Identifier: Apache-2.0
"""A text that people mark by a rubric; a machine never gives it a mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from question_bank.fields import Fields
from question_bank.grading import NOTHING, Grade, as_text, is_blank
from question_bank.json_values import Json, decimal_text
from question_bank.kinds.body import Body, ReadItem

_LEAST, _MOST = Decimal("0.001"), Decimal(1000)
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of the rubric: its most marks, and guidance for markers that no candidate sees."""

    key: str
    title: str
    max: Decimal
    guidance: str | None = None

    def native(self) -> dict[str, Json]:
        """The row as a native file holds it."""
        written: dict[str, Json] = {"key": self.key, "title": self.title, "max": decimal_text(self.max)}
        return written if self.guidance is None else {**written, "guidance": self.guidance}


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay(Body):
    """Word limits are shown and counted, never enforced by cutting."""

    kind = "essay"
    rubric: tuple[Criterion, ...]
    min_words: int | None
    max_words: int | None

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "Essay":
        """The rubric and the limits; without a rubric the item's own marks count."""
        rubric = tuple(_criterion(entry) for entry in fields.objects("rubric"))
        least = fields.whole("min_words", least=0, most=_MOST_WORDS)
        most = fields.whole("max_words", least=1, most=_MOST_WORDS)
        if least is not None and most is not None and least > most:
            fields.refuse("empty_range", "min_words is above max_words.", key="min_words")
        if len({row.key for row in rubric}) != len(rubric):
            fields.refuse("repeated_id", "Two criteria have the same key.", key="rubric")
        return cls(rubric=rubric, min_words=least, max_words=most)

    def native(self) -> dict[str, Json]:
        """The rubric and the limits."""
        rubric: list[Mapping[str, Json]] = [row.native() for row in self.rubric]
        return {"rubric": rubric, "min_words": self.min_words, "max_words": self.max_words}

    def view(self) -> dict[str, Json]:
        """The limits; the rubric stays with the markers."""
        return {"min_words": self.min_words, "max_words": self.max_words}

    def grade(self, response: Json) -> Grade:
        """Nothing yet: also a blank essay is looked at by a person."""
        if not is_blank(response):
            as_text(response)
        return Grade(share=NOTHING, needs_person=True)

    def model_response(self) -> Json:
        """None: only a person can say."""
        return None

    def own_marks(self) -> Decimal | None:
        """The sum of the rubric's maxima."""
        return sum((row.max for row in self.rubric), Decimal(0)) if self.rubric else None


def _criterion(fields: Fields) -> Criterion:
    most = fields.decimal("max", least=_LEAST, most=_MOST) if fields.require("max") else None
    row = Criterion(
        key=fields.identifier("key"),
        title=fields.text("title"),
        max=Decimal(0) if most is None else most,
        guidance=fields.optional_text("guidance"),
    )
    fields.close()
    return row
