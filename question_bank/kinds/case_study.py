# SPDX-License-Identifier: Apache-2.0
"""One stimulus with several items of any other kind; its marks are the sum of theirs."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from question_bank.fields import Fields
from question_bank.grading import NOTHING, Grade, InvalidResponse, as_object, is_blank
from question_bank.item import Item, native, view
from question_bank.json_values import Json
from question_bank.kinds.body import Body, Namer, ReadItem, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStudy(Body):
    """Responses are ``{item id: response of its kind}``. The items stay in the author's order."""

    kind = "case_study"
    stimulus: str
    items: tuple[Item, ...]

    @classmethod
    def parse(cls, fields: Fields, read_item: ReadItem, /) -> "CaseStudy":
        """The stimulus and its items, none of which may be a case study."""
        fields.require("items")
        items = tuple(item for entry in fields.objects("items") if (item := read_item(entry)))
        if fields.has("items") and not any(item.marks for item in items):
            fields.refuse("no_items", "A case study has at least one item that earns marks.", key="items")
        if len({item.id for item in items}) != len(items):
            fields.refuse("repeated_id", "Two items of the case study have the same id.", key="items")
        return cls(stimulus=fields.text("stimulus"), items=items)

    def native(self) -> dict[str, Json]:
        """The stimulus and what the items add to their case study."""
        return {"stimulus": self.stimulus, "items": [native(item) for item in self.items]}

    def view(self) -> dict[str, Json]:
        """The stimulus and the items without their keys."""
        return {"stimulus": self.stimulus, "items": [view(item) for item in self.items]}

    def slots(self, _shuffle: bool, /) -> tuple[Slot, ...]:
        """The slots of the items, each by its own shuffle."""
        return tuple(slot.under(item.id) for item in self.items for slot in item.body.slots(item.shuffle))

    def renamed(self, name: Namer, _shuffle: bool, /) -> "CaseStudy":
        """The options of its items, each by its own shuffle."""
        return replace(self, items=tuple(_renamed(item, name) for item in self.items))

    def grade(self, response: Json) -> Grade:
        """The items' shares, weighted by their marks."""
        given = {} if is_blank(response) else as_object(response, frozenset(item.id for item in self.items))
        whole = Fraction(self.own_marks())
        grades = {item.id: _grade_part(item, given.get(item.id)) for item in self.items}
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


def _renamed(item: Item, name: Namer) -> Item:
    return replace(item, body=item.body.renamed(lambda option: name(f"{item.id}/{option}"), item.shuffle))


def _grade_part(item: Item, response: Json) -> Grade:
    try:
        return item.body.grade(response)
    except InvalidResponse as problem:
        raise InvalidResponse(problem.code, str(problem), item.id) from problem
