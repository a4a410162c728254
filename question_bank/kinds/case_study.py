# SPDX-License-Identifier: Apache-2.0
"""One stimulus with several items of any other kind; its marks are the sum of theirs.

`grading` `steps` is for statements that are true or false: what counts is how many were judged rightly, and
`steps` says which share of the whole each number of them earns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from question_bank.fields import Fields
from question_bank.grading import FULL, NOTHING, Grade, InvalidResponse, as_object, is_blank
from question_bank.item import Item, native, view
from question_bank.json_values import Json, decimal_text
from question_bank.kinds.body import Body, Namer, ReadItem, Slot
from question_bank.kinds.true_false import TrueFalse

GRADINGS: tuple[Literal["parts", "steps"], ...] = ("parts", "steps")
# Of the statements a) to d) in the graduation examination of upper secondary schools (THPT) since 2025.
GRADUATION_STEPS = (Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), Decimal(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStudy(Body):
    """Responses are ``{item id: response of its kind}``. The items stay in the author's order.

    `steps` are the shares that one, two … right statements earn; none where each item earns its own marks.
    """

    kind = "case_study"
    stimulus: str
    items: tuple[Item, ...]
    steps: tuple[Decimal, ...] = ()

    @classmethod
    def parse(cls, fields: Fields, read_item: ReadItem, /) -> "CaseStudy":
        """The stimulus and its items, none of which may be a case study."""
        fields.require("items")
        items = tuple(item for entry in fields.objects("items") if (item := read_item(entry)))
        if fields.has("items") and not any(item.marks for item in items):
            fields.refuse("no_items", "A case study has at least one item that earns marks.", key="items")
        if len({item.id for item in items}) != len(items):
            fields.refuse("repeated_id", "Two items of the case study have the same id.", key="items")
        return cls(stimulus=fields.text("stimulus"), items=items, steps=_steps(fields, items))

    def native(self) -> dict[str, Json]:
        """The stimulus and what the items add to their case study; the steps only where there are some."""
        steps: dict[str, Json] = {"grading": "steps", "steps": [decimal_text(share) for share in self.steps]}
        items: list[Mapping[str, Json]] = [native(item) for item in self.items]
        return {"stimulus": self.stimulus, "items": items, **(steps if self.steps else {})}

    def view(self) -> dict[str, Json]:
        """The stimulus and the items without their keys; the steps in marks."""
        items: list[Mapping[str, Json]] = [view(item) for item in self.items]
        steps: dict[str, Json] = {"steps": [decimal_text(marks) for marks in self.marks_by_step()]}
        return {"stimulus": self.stimulus, "items": items, **(steps if self.steps else {})}

    def marks_by_step(self) -> tuple[Decimal, ...]:
        """The marks that one, two … right statements earn; none where each item earns its own."""
        return tuple(Decimal(decimal_text(share * self.own_marks())) for share in self.steps)

    def slots(self, _shuffle: bool, /) -> tuple[Slot, ...]:
        """The slots of the items, each by its own shuffle."""
        return tuple(slot.under(item.id) for item in self.items for slot in item.body.slots(item.shuffle))

    def renamed(self, name: Namer, _shuffle: bool, /) -> "CaseStudy":
        """The options of its items, each by its own shuffle."""
        return replace(self, items=tuple(_renamed(item, name) for item in self.items))

    def grade(self, response: Json) -> Grade:
        """The items' shares, weighted by their marks; by steps no statement earns anything by itself."""
        given = {} if is_blank(response) else as_object(response, frozenset(item.id for item in self.items))
        whole = Fraction(self.own_marks())
        grades = {item.id: _grade_part(item, given.get(item.id)) for item in self.items}
        if self.steps:
            right = sum(1 for grade in grades.values() if grade.share == FULL)
            return Grade(share=Fraction(self.steps[right - 1]) if right else NOTHING)
        parts = {
            item.id: grades[item.id].share * Fraction(item.marks) / whole if whole else NOTHING
            for item in self.items
        }
        needs_person = any(grade.needs_person for grade in grades.values())
        return Grade(share=sum(parts.values(), NOTHING), needs_person=needs_person, parts=parts)

    def model_response(self) -> Json:
        """The model response of every item."""
        return {item.id: item.body.model_response() for item in self.items}

    def own_marks(self) -> Decimal:
        """The sum of the items' marks."""
        return sum((item.marks for item in self.items), Decimal(0))


def _steps(fields: Fields, items: tuple[Item, ...]) -> tuple[Decimal, ...]:
    """The steps of the file; for four statements those of the graduation examination where it names none."""
    if fields.choice("grading", GRADINGS, "parts") != "steps":
        return ()
    named = fields.decimals("steps", least=Decimal(0), most=Decimal(1))
    steps = named if fields.has("steps") or len(items) != len(GRADUATION_STEPS) else GRADUATION_STEPS
    if not all(isinstance(item.body, TrueFalse) for item in items):
        message = "Marks by steps are for statements that are true or false only."
        fields.refuse("steps_of_statements", message, key="grading")
    elif len(steps) != len(items) or list(steps) != sorted(steps) or not steps or steps[-1] != 1:
        message = (
            f"{len(items)} statements have {len(items)} steps, none lower than the one before, the last 1."
        )
        fields.refuse("bad_steps", message, key="steps", detail=", ".join(map(decimal_text, steps)))
    return steps


def _renamed(item: Item, name: Namer) -> Item:
    return replace(item, body=item.body.renamed(lambda option: name(f"{item.id}/{option}"), item.shuffle))


def _grade_part(item: Item, response: Json) -> Grade:
    try:
        return item.body.grade(response)
    except InvalidResponse as problem:
        raise InvalidResponse(problem.code, str(problem), item.id) from problem
