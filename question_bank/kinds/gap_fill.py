# SPDX-License-Identifier: Apache-2.0
"""A text with gaps: ``[[g1]]`` in the stem is where gap g1 stands.

Each gap is a kind of its own (`single_choice`, `multiple_choice`, `short_answer`, `numeric`) and earns its
part of the marks by `weight` (default 1). With `grading` `exact` all gaps together earn the marks, and fewer
nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from question_bank.fields import Fields
from question_bank.grading import NOTHING, Grade, InvalidResponse, as_object, is_blank
from question_bank.json_values import Json, decimal_text
from question_bank.kinds.body import Body, Namer, ReadItem, Slot
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.kinds.whole import Grading, graded, native_grading, parse_grading

GapBody: TypeAlias = SingleChoice | MultipleChoice | ShortAnswer | Numeric

GAP_KINDS: Mapping[str, type[GapBody]] = {
    body.kind: body for body in (SingleChoice, MultipleChoice, ShortAnswer, Numeric)
}
_MARKER = re.compile(r"\[\[([^\[\]]{1,64})\]\]")
_HEAVIEST = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One gap: what is asked there and how much it weighs."""

    id: str
    weight: Decimal
    body: GapBody

    def native(self) -> dict[str, Json]:
        """The gap as a native file holds it."""
        written: dict[str, Json] = {"id": self.id, "kind": self.body.kind, **self.body.native()}
        return written if self.weight == 1 else {**written, "weight": decimal_text(self.weight)}

    def renamed(self, name: Namer, shuffle: bool) -> "Gap":
        """The gap with the options of a choice under new ids."""
        if not isinstance(self.body, Choice):
            return self
        return replace(self, body=self.body.renamed(lambda option: name(f"{self.id}/{option}"), shuffle))

    def view(self) -> dict[str, Json]:
        """What a candidate may see of the gap."""
        return {"id": self.id, "kind": self.body.kind, **self.body.view()}


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFill(Body):
    """Responses are ``{gap id: response of its kind}``."""

    kind = "gap_fill"
    gaps: tuple[Gap, ...]
    grading: Grading = "parts"

    @classmethod
    def parse(cls, fields: Fields, read_item: ReadItem, /) -> "GapFill":
        """The gaps; every marker in the stem has one and every gap a marker."""
        fields.require("gaps")
        gaps = tuple(gap for entry in fields.objects("gaps") if (gap := _gap(entry, read_item)))
        if fields.has("gaps"):
            _check_markers(fields, [gap.id for gap in gaps])
        return cls(gaps=gaps, grading=parse_grading(fields))

    def native(self) -> dict[str, Json]:
        """The gaps; the grading only where it is not the default."""
        return {"gaps": [gap.native() for gap in self.gaps], **native_grading(self.grading)}

    def view(self) -> dict[str, Json]:
        """The gaps without their keys."""
        return {"gaps": [gap.view() for gap in self.gaps]}

    def slots(self, shuffle: bool, /) -> tuple[Slot, ...]:
        """The option lists of the gaps that have one."""
        return tuple(slot.under(gap.id) for gap in self.gaps for slot in gap.body.slots(shuffle))

    def renamed(self, name: Namer, shuffle: bool, /) -> "GapFill":
        """The options of the gaps that have some."""
        return replace(self, gaps=tuple(gap.renamed(name, shuffle) for gap in self.gaps))

    def grade(self, response: Json) -> Grade:
        """The weighted shares of the gaps, or all or nothing."""
        if is_blank(response):
            return Grade(share=NOTHING)
        given = as_object(response, frozenset(gap.id for gap in self.gaps))
        whole = sum((Fraction(gap.weight) for gap in self.gaps), NOTHING)
        parts = {
            gap.id: _grade_gap(gap, given.get(gap.id)) * Fraction(gap.weight) / whole for gap in self.gaps
        }
        return graded(Grade(share=sum(parts.values(), NOTHING), parts=parts), self.grading)

    def model_response(self) -> Json:
        """The model response of every gap."""
        return {gap.id: gap.body.model_response() for gap in self.gaps}


def _grade_gap(gap: Gap, response: Json) -> Fraction:
    try:
        return gap.body.grade(response).share
    except InvalidResponse as problem:
        raise InvalidResponse(problem.code, str(problem), gap.id) from problem


def _gap(fields: Fields, read_item: ReadItem) -> Gap | None:
    kind = fields.choice("kind", tuple(GAP_KINDS)) if fields.require("kind") else None
    weight = fields.decimal("weight", least=Decimal("0.001"), most=_HEAVIEST)
    name = fields.identifier("id")
    if kind is None:
        return None
    body = GAP_KINDS[kind].parse(fields, read_item)
    fields.close()
    return Gap(id=name, weight=Decimal(1) if weight is None else weight, body=body)


def _check_markers(fields: Fields, gaps: list[str]) -> None:
    marked = _MARKER.findall(fields.optional_text("stem") or "")
    if not gaps:
        fields.refuse("no_gaps", "The item has no gap.", key="gaps")
    if sorted(marked) != sorted(set(gaps)) or len(set(gaps)) != len(gaps):
        listed = ", ".join(gaps) or "none"
        message = f"The stem marks the gaps {', '.join(marked) or 'none'}, the list holds {listed}."
        fields.refuse("gap_mismatch", message, key="gaps", detail=", ".join(sorted(set(marked) ^ set(gaps))))
