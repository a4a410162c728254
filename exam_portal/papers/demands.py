# SPDX-License-Identifier: Apache-2.0
"""What may be asked of a draw: it leaves the paper to chance, and tells nothing of the part's other paper.

Both are counted before the seed is committed to, from numbers that everybody on the board may know. Of
questions that may not meet one counts, so that they cannot decide the paper either.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.items.models import ItemBank
from exam_portal.papers import errors
from exam_portal.papers.asked import Asked, holds
from exam_portal.papers.models import Paper, PaperDraw
from exam_portal.papers.preparing import Pool
from question_bank.blueprint import Cell
from question_bank.item import Item
from question_bank.json_values import decimal_text

Place = tuple[str, str]  # topic and level; both empty: the whole form
WHOLE: Place = ("", "")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The part's other paper, by what is stored of it in the open."""

    blueprint: Mapping[str, Any]
    is_of_same_pool: bool  # else its items may stand in other cells by now


def others(
    session: Session, competition_id: int, part: str, kinds: Collection[str], bank: ItemBank, found: Pool
) -> list[Other]:
    """Return the part's drawn papers of other kinds."""
    papers = session.scalars(
        select(Paper).where(
            Paper.competition_id == competition_id, Paper.part == part, Paper.kind.not_in(kinds)
        )
    )
    draws = session.scalars(
        select(PaperDraw)
        .where(PaperDraw.competition_id == competition_id, PaperDraw.part == part)
        .order_by(PaperDraw.id)
    )
    stamps = {kind: each.pool_stamp for each in draws for kind in each.keys}
    return [
        Other(
            blueprint=paper.blueprint,
            is_of_same_pool=paper.bank_id == bank.id and stamps.get(paper.kind, found.stamp) == found.stamp,
        )
        for paper in papers
        if paper.blueprint
    ]


def left(found: Pool, asked: Asked) -> list[Item]:
    """Return the items that chance may choose from: neither left out nor resting."""
    gone = {*asked.left_out, *asked.resting}
    return [item for item in found.items if item.id not in gone]


def require_chance(found: Pool, asked: Asked, *, kind: str) -> None:
    """In each cell and in the whole more may be drawn than is needed, else NoChance is raised.

    What the board of a written part chose is not drawn by chance, and the minutes say so.
    """
    papers = (2 if asked.with_reserve and kind == "official" else 1) * _apart(asked)
    named = {*asked.chosen, *asked.included}
    items = _one_of_each(left(found, asked), asked.enemies)
    lacks = [
        lack
        for band in asked.bands
        if (lack := _lack_of_band(band, items, asked, found, papers=papers)) is not None
    ]
    for place, count in _wanted(asked).items():
        fixed = sum(holds(place, item) for item in found.items if item.id in asked.included)
        if place == WHOLE:
            fixed += len(asked.chosen)
            if fixed == count and len(asked.chosen) == count:
                continue
        have = sum(holds(place, item) for item in items if item.id not in named)
        need = (count - fixed) * papers
        if need <= 0 or have <= need:
            lacks.append(_lack(place, max(need, 0) + 1, have))
    if lacks:
        raise errors.NoChance(tuple(lacks))


def require_apart(found: Pool, asked: Asked, others: Sequence[Other]) -> None:
    """Whichever items the part's other paper holds, this one can be drawn, else BesideOther is raised.

    So neither a refusal nor what comes of the draw says anything of the other paper. Questions by name and
    any difficulty are not asked for beside it, for whether they can be had depends on what it holds.
    """
    if not others:
        return
    if asked.chosen or asked.included or asked.bands or asked.difficulty is not None:
        raise errors.NamedBesideOther
    items = _one_of_each(left(found, asked), (*asked.enemies, *asked.bank_enemies))
    wanted = _wanted(asked)
    sorts = _sorts(found)
    lacks = []
    for place, count in wanted.items():
        have = sum(holds(place, item) for item in items)
        meeting = sum(wanted[each] for each in asked.counts if _meet(sorts, place, each))
        need = (count if place == WHOLE else meeting) * _apart(asked) + sum(
            _taken(sorts, place, each) for each in others
        )
        if have <= need:
            lacks.append(_lack(place, need + 1, have))
    if lacks:
        raise errors.BesideOther(tuple(lacks))


def _lack_of_band(
    band: Cell, items: Sequence[Item], asked: Asked, found: Pool, *, papers: int
) -> errors.Lack | None:
    named = {*asked.chosen, *asked.included}
    fixed = sum(band.holds(item) for item in found.items if item.id in named)
    have = sum(band.holds(item) for item in items if item.id not in named)
    need = (band.least - fixed) * papers
    if have > need or not band.least:
        return None
    low, high = (
        "" if bound is None else decimal_text(bound) for bound in (band.easiness_from, band.easiness_to)
    )
    return errors.Lack(topic="", level="", need=max(need, 0) + 1, have=have, low=low, high=high)


def _wanted(asked: Asked) -> Mapping[Place, int]:
    return {**asked.counts, WHOLE: asked.items}


def _apart(asked: Asked) -> int:
    """How many forms have no item in common, at worst."""
    return 1 if asked.may_share and asked.max_shared is None else asked.forms


def _taken(sorts: Sequence[Item], place: Place, other: Other) -> int:
    """How many items of the place the other paper may hold, at most."""
    named = [cell for cell in other.blueprint["cells"] if "topic" in cell]  # bands hold items of these
    cells = [((cell["topic"], cell["level"]), cell["count"]) for cell in named]
    free = other.blueprint["items"] - sum(count for _, count in cells)
    is_same = other.is_of_same_pool
    held = sum(count for each, count in cells if not is_same or place == WHOLE or _meet(sorts, place, each))
    return int((free + held) * other.blueprint["forms"])


def _one_of_each(items: Iterable[Item], enemies: Sequence[Collection[str]]) -> list[Item]:
    """Return items of which any two may meet: of those that are tied by enmity the first one."""
    groups: list[set[str]] = []
    for group in enemies:
        tied = [each for each in groups if each & set(group)]
        groups = [each for each in groups if each not in tied]
        groups.append(set(group).union(*tied))
    kept: list[Item] = []
    met: set[int | None] = set()
    for item in items:
        own = next((number for number, group in enumerate(groups) if item.id in group), None)
        if own is None or own not in met:
            kept.append(item)
            met.add(own)
    return kept


def _sorts(found: Pool) -> Sequence[Item]:
    """Return one item of each sort that the pool holds: places tell items of one sort not apart."""
    return tuple({(item.topics, item.level): item for item in found.items}.values())


def _meet(sorts: Sequence[Item], one: Place, other: Place) -> bool:
    """Whether an item of the pool stands in both places."""
    return any(holds(one, item) and holds(other, item) for item in sorts)


def _lack(place: Place, need: int, have: int) -> errors.Lack:
    return errors.Lack(topic=place[0], level=place[1], need=need, have=have)
