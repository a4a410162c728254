# SPDX-License-Identifier: Apache-2.0
"""An analysis of items as its page shows it: figures, places in the plot, and advice in plain words."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.items import access as bank_access
from exam_portal.items import history
from exam_portal.items import messages as bank_words
from exam_portal.items.models import ItemBank
from exam_portal.items.presentation import flat
from exam_portal.papers.models import Paper
from exam_portal.results import item_analysis
from exam_portal.results.models import ItemAnalysis
from exam_portal.sittings.attempts import answered
from exam_portal.web import policy

FEW, MODEL_FROM = 30, 100  # people: no advice below the first, no model below the second
NEAR = 12  # units: nearer than that, two dots would cover each other
LEFT, TOP, WIDTH, HEIGHT = 56, 12, 330, 232  # the field of the plot, in units of its drawing
LOWEST = Decimal("-0.5")  # discriminations below are drawn at the lower edge


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartEntry:
    """A test of the competition, and whether it can be analysed now."""

    part: str
    analysis: ItemAnalysis | None
    is_marked: bool
    is_new: bool
    has_failed: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option as the table shows it: of a small one only that it is small."""

    name: str
    text: str
    is_key: bool
    chosen: int | None
    share: str | None
    point_biserial: str | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item with its figures; its words only for those who may open the bank, and of open items."""

    number: int
    id: str
    stem: str
    href: str
    figures: Mapping[str, Any]
    options: Sequence[Option]
    advice: Sequence[str]
    x: int | None
    y: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A place in the plot with the items that lie there: two that would cover each other share one."""

    x: int
    y: int
    rows: Sequence[ItemRow]

    @property
    def label(self) -> str:
        """The numbers of its items, or how many there are."""
        numbers = [str(row.number) for row in self.rows]
        return ",".join(numbers) if len(numbers) < 3 else f"{len(numbers)}×"

    @property
    def has_advice(self) -> bool:
        """Whether a person should look at one of its items."""
        return any(row.advice for row in self.rows)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """One form with everything that was found."""

    code: str
    kind: str
    persons: int
    test: Mapping[str, Any] | None
    model: Mapping[str, Any] | None
    rows: Sequence[ItemRow]

    @property
    def dots(self) -> list[Dot]:
        """The items as the plot shows them."""
        found: list[Dot] = []
        placed = [row for row in self.rows if row.x is not None and row.y is not None]
        for row in placed:
            x, y = row.x or 0, row.y or 0
            near = next((dot for dot in found if abs(dot.x - x) < NEAR and abs(dot.y - y) < NEAR), None)
            if near is None:
                found.append(Dot(x=x, y=y, rows=(row,)))
            else:
                found[found.index(near)] = dataclasses.replace(near, rows=(*near.rows, row))
        return found


def parts(session: Session, competition: Competition) -> list[PartEntry]:
    """Return the tests of the competition with their newest analysis."""
    known = item_analysis.analyses(session, competition.id)
    found = []
    for part in competitions.ruleset(competition).parts:
        if part.kind != "test":
            continue
        last = answered.last_mark(session, competition.id, part.key)
        newest = next((each for each in known if each.part == part.key), None)
        is_new = last is not None and (newest is None or newest.last_mark != last)
        found.append(
            PartEntry(
                part=part.key,
                analysis=newest,
                is_marked=last is not None,
                is_new=is_new,
                has_failed=newest is not None and _has_failed(session, newest),
            )
        )
    return found


def _has_failed(session: Session, analysis: ItemAnalysis) -> bool:
    if analysis.computed_at is not None:
        return False
    standing = item_analysis.standing(session, analysis)
    return standing is None or standing.has_failed


def forms(session: Session, actor: Actor, analysis: ItemAnalysis) -> list[FormPage]:
    """Return the forms of a computed analysis."""
    held = _Texts.by_bank(session, actor, analysis)
    nothing = _Texts(stems={}, links={}, options={})
    return [
        FormPage(
            code=form["code"],
            kind=form["kind"],
            persons=form["persons"],
            test=form["test"],
            model=form["model"],
            rows=[
                _row(number, row, held.get(form["bank"], nothing))
                for number, row in enumerate(form["items"], start=1)
            ],
        )
        for form in (analysis.content or {}).get("forms", ())
    ]


def tenths(count: int) -> Decimal:
    """Return so many tenths, for an axis."""
    return Decimal(count) / 10


def quarters(count: int) -> Decimal:
    """Return so many quarters, for an axis."""
    return Decimal(count) / 4


def _row(number: int, row: Mapping[str, Any], held: "_Texts") -> ItemRow:
    words = held.options.get(row["id"], {})
    return ItemRow(
        number=number,
        id=row["id"],
        stem=held.stems.get(row["id"], ""),
        href=held.links.get(row["id"], ""),
        figures=row,
        options=[
            Option(
                name=each["id"],
                text=words.get(each["id"], ""),
                is_key=each["is_key"],
                chosen=each["chosen"],
                share=each["share"],
                point_biserial=each["point_biserial"],
            )
            for each in sorted(row["options"], key=lambda each: (not each["id"], each["id"]))
        ],
        advice=[bank_words.advice(flag["flag"], sorted(flag["options"])) for flag in row["flags"]],
        x=_across(row["facility"]),
        y=_down(row["discrimination"]),
    )


def _across(facility: str | None) -> int | None:
    return None if facility is None else LEFT + int(Decimal(facility) * WIDTH)


def _down(discrimination: str | None) -> int | None:
    if discrimination is None:
        return None
    value = max(LOWEST, Decimal(discrimination))
    return TOP + int((1 - value) / (1 - LOWEST) * HEIGHT)


@dataclasses.dataclass(slots=True, kw_only=True)
class _Texts:
    """The words of a bank's items that were held; restricted ones give none."""

    stems: dict[str, str]
    links: dict[str, str]
    options: dict[str, dict[str, str]]

    @classmethod
    def by_bank(cls, session: Session, actor: Actor, analysis: ItemAnalysis) -> "dict[str, _Texts]":
        """Return them by the banks of the part's papers, as far as this reader may open these."""
        papers = select(Paper.bank_id).where(
            Paper.competition_id == analysis.competition_id, Paper.part == analysis.part
        )
        return {
            bank.public_id: cls._read(session, bank, analysis)
            for bank in session.scalars(select(ItemBank).where(ItemBank.id.in_(papers)))
            if policy.may("items.see", bank_access.place(session, actor, bank.organisation_id), actor=actor)
        }

    @classmethod
    def _read(cls, session: Session, bank: ItemBank, analysis: ItemAnalysis) -> "_Texts":
        """Return the words of the versions that were held, whatever the bank has made of them since."""
        found = cls(stems={}, links={}, options={})
        for name, held in history.versions_of_analysis(session, bank.id, analysis.public_id).items():
            found.links[name] = url_for("items.item", bank_id=bank.public_id, item_id=held.item.public_id)
            if held.content is not None:
                found.stems[name] = flat(held.content["stem"])
                found.options[name] = {each["id"]: each["text"] for each in held.content.get("options", ())}
        return found
