# SPDX-License-Identifier: Apache-2.0
"""Single and multiple choice.

`single_choice`: the chosen option's fraction; exactly one option is the right one. `multiple_choice`: the sum
of the chosen fractions, held between 0 and 1; exactly the options with a positive fraction earn full credit,
so that thirds spelt as 0.333 lose nothing. With `grading` `exact` nothing but these earns anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Self

from question_bank.fields import Fields
from question_bank.grading import FULL, NOTHING, Grade, InvalidResponse, as_text, as_texts, clamped, is_blank
from question_bank.json_values import Json
from question_bank.kinds.body import Body, Namer, ReadItem, Slot
from question_bank.kinds.options import Option, fixed_ids, parse_options, shown
from question_bank.kinds.whole import Grading, native_grading, parse_grading

_ROUNDED_SUM = (Decimal("0.99"), Decimal("1.01"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Body):
    """What both choice kinds share."""

    options: tuple[Option, ...]

    def native(self) -> dict[str, Json]:
        """The options with their fractions."""
        return {"options": [option.native() for option in self.options]}

    def view(self) -> dict[str, Json]:
        """The options without fractions and feedback."""
        return {"options": shown(self.options)}

    def slots(self, shuffle: bool, /) -> tuple[Slot, ...]:
        """The one list of options."""
        ids = tuple(option.id for option in self.options)
        return (Slot(name="", ids=ids, fixed=fixed_ids(self.options), shuffle=shuffle),)

    def renamed(self, name: Namer, shuffle: bool, /) -> Self:
        """The options under new ids, in the order of these, around the fixed ones."""
        options = tuple(replace(option, id=name(option.id)) for option in self.options)
        if shuffle:
            moved = iter(sorted((each for each in options if not each.fixed), key=lambda each: each.id))
            options = tuple(option if option.fixed else next(moved) for option in options)
        return replace(self, options=options)

    def fractions(self) -> Mapping[str, Fraction]:
        """The fraction by option id."""
        return {option.id: Fraction(option.fraction) for option in self.options}


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(Choice):
    """One option is chosen; exactly one earns full credit."""

    kind = "single_choice"

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "SingleChoice":
        """The options; with none worth 1 nobody earns the marks, with two the key contradicts itself."""
        options = parse_options(fields)
        right = [option.id for option in options if option.fraction == 1]
        if options and not right:
            fields.refuse("no_correct_option", "No option has the fraction 1.", key="options")
        elif len(right) > 1:
            listed = ", ".join(right)
            message = f"The options {listed} all have the fraction 1: a single choice has one right option."
            fields.refuse("several_correct_options", message, key="options", detail=listed)
        return cls(options=options)

    def grade(self, response: Json) -> Grade:
        """The fraction of the chosen option; a list of one id is read as that id."""
        if is_blank(response):
            return Grade(share=NOTHING)
        chosen = response[0] if isinstance(response, list | tuple) and len(response) == 1 else response
        fraction = self.fractions().get(as_text(chosen))
        if fraction is None:
            raise InvalidResponse("unknown_id", f"The item has no option {chosen!r}.")
        return Grade(share=clamped(fraction))

    def model_response(self) -> Json:
        """The option with full credit."""
        return next(option.id for option in self.options if option.fraction == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Choice):
    """Any number of options is chosen; the positive fractions sum to 1."""

    kind = "multiple_choice"
    grading: Grading = "parts"

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "MultipleChoice":
        """The options; a warning where ticking everything would earn full marks."""
        options = parse_options(fields)
        total = sum((option.fraction for option in options if option.fraction > 0), Decimal(0))
        if options and not _ROUNDED_SUM[0] <= total <= _ROUNDED_SUM[1]:
            fields.refuse(
                "fraction_sum",
                f"The positive fractions sum to {total}, not to 1.",
                key="options",
                detail=str(total),
            )
        grading = parse_grading(fields)
        if options and grading == "parts" and all(option.fraction >= 0 for option in options):
            fields.warn(
                "all_ticked_is_full",
                "No option costs anything: ticking every option earns full marks.",
                key="options",
            )
        return cls(options=options, grading=grading)

    def native(self) -> dict[str, Json]:
        """The options; the grading only where it is not the default."""
        return {**Choice.native(self), **native_grading(self.grading)}

    def grade(self, response: Json) -> Grade:
        """The sum of the fractions chosen, never under 0 nor over 1."""
        if is_blank(response):
            return Grade(share=NOTHING)
        fractions = self.fractions()
        chosen = as_texts(response)
        for option in chosen:
            if option not in fractions:
                raise InvalidResponse("unknown_id", f"The item has no option {option!r}.")
        if set(chosen) == self._right():
            return Grade(share=FULL)
        if self.grading == "exact":
            return Grade(share=NOTHING)
        return Grade(share=clamped(sum((fractions[option] for option in chosen), NOTHING)))

    def model_response(self) -> Json:
        """Every option with a positive fraction."""
        return [option.id for option in self.options if option.fraction > 0]

    def _right(self) -> set[str]:
        return {option.id for option in self.options if option.fraction > 0}
