# SPDX-License-Identifier: Apache-2.0
"""A paper: one form of a test, what candidates may see of it, what its key is, and what it is worth."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from question_bank.fields import Fields
from question_bank.grading import Score
from question_bank.item import Item, native, score, slots, view
from question_bank.json_reader import node_of
from question_bank.json_values import Json, decimal_of, decimal_text, parse_decimal
from question_bank.kinds.body import Slot
from question_bank.kinds.description import Description
from question_bank.problems import Problems
from question_bank.registry import stored_item
from question_bank.shuffling import ALGORITHM, Stream, shuffled_around
from scoring.verify.canonical import canonical_bytes

PAPER_SCHEMA = "exam/paper/v1"
KEY_SCHEMA = "exam/key/v1"
CANDIDATE_SEED = "exam/shuffle-seed/v1"
MOST_ITEMS = 500
ITEMS = ""  # the slot of the items themselves
FormKind = Literal["official", "reserve"]
FORM_KINDS: tuple[FormKind, ...] = ("official", "reserve")


class InvalidForm(ValueError):
    """The form cannot be held: no items, too many, one twice, another language, no time, a foreign key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """One form. `marks` is the scale of the part; the items' own marks are their weights within it."""

    id: str
    title: str
    kind: FormKind
    language: str
    minutes: int
    marks: Decimal
    items: tuple[Item, ...]
    shuffle_items: bool = False

    def __post_init__(self) -> None:
        """Every form that exists can be held."""
        ids = [item.id for item in self.items]
        if not self.weight():
            raise InvalidForm("a form needs items that earn marks")
        if len(ids) > MOST_ITEMS:
            raise InvalidForm(f"a form holds at most {MOST_ITEMS} items")
        if len(set(ids)) != len(ids):
            raise InvalidForm("an item stands twice in the form")
        if any(item.language != self.language for item in self.items):
            raise InvalidForm("an item is written in another language than the form")
        if self.minutes < 1 or self.marks <= 0:
            raise InvalidForm("a form needs time and marks")

    def weight(self) -> Decimal:
        """The sum of the items' own marks."""
        return sum((item.marks for item in self.items), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Permutation:
    """The order one candidate sees: item ids, and per slot the ids of its options. Never positions."""

    form: str
    items: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]

    def as_dict(self) -> dict[str, Json]:
        """The order as data; it names ids only."""
        return {"_": ALGORITHM, "form": self.form, "items": self.items, "options": dict(self.options)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What orders are derived from: ids and what keeps its place. No word of the paper."""

    form: str
    items: tuple[str, ...]
    still: frozenset[str]
    shuffle_items: bool
    slots: tuple[Slot, ...]

    def shuffled(self) -> dict[str, Json]:
        """What keeps its place, by each slot that is shuffled; the items themselves have the empty name."""
        kept: dict[str, Json] = {
            slot.name: _in_order(slot.ids, slot.fixed) for slot in self.slots if slot.shuffle
        }
        return {ITEMS: _in_order(self.items, self.still), **kept} if self.shuffle_items else kept

    def permutation(self, *, seed: bytes, candidate: str) -> Permutation:
        """The order one candidate sees: the same for the same seed, form and candidate."""
        own = candidate_seed(seed, form=self.form, candidate=candidate)
        order = self.items
        if self.shuffle_items:
            order = shuffled_around(_stream(own, "items", ITEMS), self.items, self.still)
        options: dict[str, tuple[str, ...]] = {}
        for slot in self.slots:
            stream = _stream(own, "options", slot.name)
            options[slot.name] = shuffled_around(stream, slot.ids, slot.fixed) if slot.shuffle else slot.ids
        return Permutation(form=self.form, items=order, options=options)


def candidate_seed(seed: bytes, *, form: str, candidate: str) -> bytes:
    """The seed of one candidate's order (32 bytes): it says nothing about the form's, nor about another's."""
    return hmac.new(seed, canonical_bytes([CANDIDATE_SEED, form, candidate]), hashlib.sha256).digest()


def _stream(own: bytes, what: str, slot: str) -> Stream:
    return Stream(own, canonical_bytes([ALGORITHM, what, slot]))


def _in_order(ids: tuple[str, ...], kept: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in ids if name in kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperScore:
    """The marks of one script: raw, out of the form's weight. Rounding and scale belong to the rule set."""

    score: Decimal
    max: Decimal
    items: Mapping[str, Score]
    needs_person: bool

    def on_scale(self, scale: Decimal) -> Decimal:
        """The score on a scale such as 100, exact or to six places; the rule set rounds once, later."""
        return decimal_of(Fraction(self.score) * Fraction(scale) / Fraction(self.max))


def content(form: PaperForm) -> dict[str, Json]:
    """What is committed and, at the start, opened to candidates: views of the items and what of them moves.

    No key material: with it and the own seed a browser puts the form into its candidate's order.
    """
    return {
        "_": PAPER_SCHEMA,
        "id": form.id,
        "title": form.title,
        "kind": form.kind,
        "language": form.language,
        "minutes": form.minutes,
        "marks": decimal_text(form.marks),
        "weight": decimal_text(form.weight()),
        "shuffle_items": form.shuffle_items,
        "shuffled": layout(form).shuffled(),
        "items": [{"number": number, **view(item)} for number, item in enumerate(form.items, start=1)],
    }


def key(form: PaperForm) -> dict[str, Json]:
    """The answer key, committed at the same time and opened after the marks are locked: the whole items."""
    return {
        "_": KEY_SCHEMA,
        "form": form.id,
        "language": form.language,
        "items": [native(item) for item in form.items],
    }


def form_of(shown: Mapping[str, Json], answers: Mapping[str, Json]) -> PaperForm:
    """The form whose paper and answer key were opened.

    Raises `InvalidForm` where they do not belong together: what candidates see is derived again from
    the key's items and has to be what was sealed: nobody is marked by the key of another form.
    """
    form = _form_of(shown, items_of_key(answers))
    if (
        form is None
        or canonical_bytes(content(form)) != canonical_bytes(shown)
        or answers.get("form") != form.id
    ):
        raise InvalidForm("the paper and the answer key do not belong together")
    return form


def _form_of(shown: Mapping[str, Json], items: tuple[Item, ...]) -> PaperForm | None:
    marks = parse_decimal(str(shown.get("marks")))
    kind = next((name for name in FORM_KINDS if name == shown.get("kind")), None)
    minutes = shown.get("minutes")
    if marks is None or kind is None or not isinstance(minutes, int):
        return None
    return PaperForm(
        id=str(shown.get("id")),
        title=str(shown.get("title")),
        kind=kind,
        language=str(shown.get("language")),
        minutes=minutes,
        marks=marks,
        items=items,
        shuffle_items=shown.get("shuffle_items") is True,
    )


def items_of_key(opened: Mapping[str, Json]) -> tuple[Item, ...]:
    """The items in an opened key, as they were when it was sealed; `InvalidForm` where it is no key."""
    if opened.get("_") != KEY_SCHEMA:
        raise InvalidForm("this is no answer key")
    problems = Problems("")
    fields = Fields(node_of(opened), (), problems)
    language = fields.text("language")
    entries = fields.objects("items", most=MOST_ITEMS)
    items = tuple(item for entry in entries if (item := stored_item(entry, language)))
    if problems.errors:
        raise InvalidForm(f"this is no answer key: {problems.found()[0].message}")
    return items


def mark(form: PaperForm, responses: Mapping[str, Json]) -> PaperScore:
    """The marks of the responses by item id; an item without a response earns nothing."""
    scores = {item.id: score(item, responses.get(item.id)) for item in form.items}
    return PaperScore(
        score=sum((entry.score for entry in scores.values()), Decimal(0)),
        max=form.weight(),
        items=scores,
        needs_person=any(entry.needs_person for entry in scores.values()),
    )


def layout(form: PaperForm) -> Layout:
    """What the orders of the form's candidates are derived from."""
    return Layout(
        form=form.id,
        items=tuple(item.id for item in form.items),
        still=frozenset(item.id for item in form.items if isinstance(item.body, Description)),
        shuffle_items=form.shuffle_items,
        slots=tuple(slot for item in form.items for slot in slots(item)),
    )


def permutation(form: PaperForm, *, seed: bytes, candidate: str) -> Permutation:
    """The order of items and options for one candidate: the same for the same seed, form and candidate."""
    return layout(form).permutation(seed=seed, candidate=candidate)


def numbers_of(form: PaperForm, order: Permutation) -> dict[str, str]:
    """The number of each question in this order, as screen and booklet show it; texts between have none."""
    told = {item.id for item in form.items if isinstance(item.body, Description)}
    asked = [item_id for item_id in order.items if item_id not in told]
    return {item_id: str(place) for place, item_id in enumerate(asked, start=1)}
