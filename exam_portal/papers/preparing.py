# SPDX-License-Identifier: Apache-2.0
"""From what an officer asks for to a drawn paper: the pool, the blueprint, and what of it may be stored."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.items import queries as bank_queries
from exam_portal.items import service as bank_service
from exam_portal.items.models import ItemBank
from exam_portal.items.queries import Supply
from exam_portal.papers import drawing, errors, service
from exam_portal.papers.drawing import Draw, Wanted
from exam_portal.papers.models import Paper, PaperContent
from question_bank.blueprint import Blueprint, Cell, Difficulty, difficulty_text
from question_bank.item import Item

WRITTEN_KINDS = frozenset({"essay", "case_study"})
NEVER = frozenset({"description"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an officer asks for: counts by (topic, level), chosen items, a total, and how it is given."""

    counts: Mapping[tuple[str, str], int]
    chosen: Sequence[str] = ()
    total: int | None = None
    forms: int = 1
    may_share: bool = False  # several forms may hold the same items
    shuffle_items: bool = True
    with_reserve: bool = False
    minutes: int = 60
    title: str = ""
    scale: Decimal = Decimal(100)
    difficulty: Difficulty | None = None
    enemies: Sequence[tuple[str, ...]] = ()  # of each group at most one in a form
    left_out: Sequence[str] = ()

    @property
    def items(self) -> int:
        """How many items a form has."""
        return max(self.total or 0, sum(self.counts.values()) + len(self.chosen))

    def stored(self) -> dict[str, Any]:
        """Return what is stored of it in the open: everything but the chosen items, which are composition."""
        return {
            "schema": "exam-portal/blueprint/1",
            "items": self.items,
            "marks": f"{self.scale:f}",
            "minutes": self.minutes,
            "cells": [
                {"topic": topic, "level": level, "count": count}
                for (topic, level), count in sorted(self.counts.items())
            ],
            "chosen": len(self.chosen),
            "difficulty": None if self.difficulty is None else difficulty_text(self.difficulty),
            "enemies": len(self.enemies),
            "left_out": len(self.left_out),
            "forms": self.forms,
            "may_share": self.may_share,
            "shuffle_items": self.shuffle_items,
        }


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The items a draw may choose from, as they were at one moment."""

    items: Sequence[Item]
    stamp: str


def supply(session: Session, bank: ItemBank, *, written: bool) -> list[Supply]:
    """Return the approved items of the bank that fit the part, by topic and level."""
    found: dict[tuple[str, str], int] = {}
    for each in bank_queries.supply(session, bank.id):
        if _fits(each.kind, written=written):
            found[each.topic, each.level] = found.get((each.topic, each.level), 0) + each.count
    return [
        Supply(topic=topic, level=level, kind="", count=count)
        for (topic, level), count in sorted(found.items())
    ]


def pool(session: Session, bank: ItemBank, day: date, *, written: bool) -> Pool:
    """Return the approved items that fit the part and whose source is in force on the day."""
    stamp = bank_queries.pool_stamp(session, bank.id)
    versions = [
        version
        for version in bank_queries.approved_versions(session, bank.id)
        if _fits(version.kind, written=written)
    ]
    items = [bank_service.content_of(session, version) for version in versions]
    return Pool(items=[item for item in items if drawing.is_in_force(item, day)], stamp=stamp)


def draw(session: Session, found: Pool, asked: Asked, *, kind: str) -> list[tuple[str, Draw]]:
    """Return the drawn papers by kind; nothing is written. Raises BankLacks, NotApproved, AssemblyFailed."""
    named = {*asked.left_out, *(code for group in asked.enemies for code in group)}
    unknown = named - {item.id for item in found.items}
    if unknown:
        raise errors.NotApproved(tuple(sorted(unknown)))
    blueprint = _blueprint(asked)
    wanted = Wanted(
        title=asked.title,
        kind=kind,
        language=found.items[0].language if found.items else "vi",
        minutes=asked.minutes,
        scale=asked.scale,
        forms=asked.forms,
        shuffle_items=asked.shuffle_items,
    )
    if kind == "official" and asked.with_reserve:
        pair = drawing.draw_with_reserve(session.keys, found.items, blueprint, wanted, pool_stamp=found.stamp)
        return list(zip(("official", "reserve"), pair, strict=True))
    return [(kind, drawing.draw(session.keys, found.items, blueprint, wanted, pool_stamp=found.stamp))]


def keep(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    part: str,
    bank: ItemBank,
    asked: Asked,
    draws: Sequence[tuple[str, Draw]],
    ready_from: datetime | None,
) -> Paper:
    """Every drawn paper is named and kept; return the first."""
    kept = []
    for kind, drawn in draws:
        paper = service.name_paper(
            session,
            actor,
            now,
            competition=competition,
            part=part,
            kind=kind,
            content=PaperContent.INSIDE,
            bank_id=bank.id,
            blueprint=asked.stored(),
        )
        service.keep_draw(session, actor, now, paper=paper, draw=drawn, ready_from=ready_from)
        kept.append(paper)
    return kept[0]


def _blueprint(asked: Asked) -> Blueprint:
    return Blueprint(
        items=asked.items,
        marks=asked.scale,
        minutes=asked.minutes,
        cells=tuple(
            Cell(topic=topic or None, level=level or None, least=count, most=asked.items)
            for (topic, level), count in sorted(asked.counts.items())
        ),
        include=tuple(asked.chosen),
        exclude=tuple(asked.left_out),
        difficulty=asked.difficulty,
        enemies=tuple(asked.enemies),
        max_uses=asked.forms if asked.may_share else 1,
        max_overlap=asked.items if asked.may_share else 0,
    )


def _fits(kind: str, *, written: bool) -> bool:
    return kind not in NEVER and (kind in WRITTEN_KINDS) == written
