# SPDX-License-Identifier: Apache-2.0
"""From what an officer asks for to a drawn paper: the pool, the blueprint, and what of it may be stored."""

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.items import imports
from exam_portal.items import queries as bank_queries
from exam_portal.items import service as bank_service
from exam_portal.items import supply as supplies
from exam_portal.items.models import ItemBank
from exam_portal.items.supply import Supply
from exam_portal.papers import drawing, errors, opened, service
from exam_portal.papers.asked import Asked
from exam_portal.papers.drawing import Draw, Start, Wanted, Watch
from exam_portal.papers.models import Paper, PaperContent, PaperDraw
from question_bank import assembly
from question_bank.blueprint import Blueprint, Cell
from question_bank.item import Item

WRITTEN_KINDS = frozenset({"essay", "case_study"})
NEVER = frozenset({"description"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The items a draw may choose from, as they were at one moment."""

    items: Sequence[Item]
    stamp: str
    hash: str  # of the contents of all its items
    day: date
    written: bool


def supply(session: Session, bank: ItemBank, *, written: bool) -> list[Supply]:
    """Return the approved items of the bank that fit the part, counted; only for who may read the bank."""
    return [each for each in supplies.supply(session, bank) if fits(each.kind, written=written)]


def pool(session: Session, bank: ItemBank, day: date, *, written: bool) -> Pool:
    """Return the approved items that fit the part and whose source is in force on the day.

    A paper has one language: of a bank that holds several, the one that most of these items have.
    """
    stamp = bank_queries.pool_stamp(session, bank.id)
    versions = [
        version
        for version in bank_queries.approved_versions(session, bank.id)
        if fits(version.kind, written=written)
    ]
    read = [(bank_service.content_of(session, version), version.content_hash) for version in versions]
    digests = {item.id: digest for item, digest in read}
    items = drawable([item for item, _ in read], day)
    return Pool(
        items=items,
        stamp=stamp,
        hash=imports.hash_of_all(digests[item.id] for item in items),
        day=day,
        written=written,
    )


def draw(
    session: Session,
    found: Pool,
    asked: Asked,
    *,
    kind: str,
    starts: Mapping[str, Start] = MappingProxyType({}),
    apart_from: Collection[str] = (),
    watch: Watch | None = None,
) -> list[tuple[str, Draw]]:
    """Return the drawn papers by kind; nothing is written. The reserve has no item of the official paper.

    Raises BankLacks, NotFoundInTime, NotApproved, AssemblyFailed, and assembly.Stopped.
    """
    require_known(found, asked)
    kinds = ("official", "reserve") if kind == "official" and asked.with_reserve else (kind,)
    drawn, used = [], frozenset(apart_from)
    for each in kinds:
        blueprint = blueprint_of(asked, used)
        wanted = _wanted(found, asked, each)
        one, items = drawing.draw(
            session.keys,
            found.items,
            blueprint,
            wanted,
            pool_stamp=found.stamp,
            start=starts.get(each),
            watch=watch,
            relaxed=relaxed(asked, used),
        )
        drawn.append((each, one))
        used |= items
    return drawn


def require_known(found: Pool, asked: Asked) -> None:
    """Every code that was typed or chosen is that of an item of the pool, else NotApproved is raised."""
    grouped = (code for group in asked.enemies for code in group)
    named = {*asked.left_out, *asked.included, *asked.chosen, *grouped}
    unknown = named - {item.id for item in found.items}
    if unknown:
        raise errors.NotApproved(tuple(sorted(unknown)))


def require_enough(found: Pool, asked: Asked, *, kind: str) -> None:
    """Counting alone shows nothing that is missing, else BankLacks is raised: the solver takes longer."""
    require_known(found, asked)
    papers = 2 if kind == "official" and asked.with_reserve and not asked.may_share else 1
    missing = assembly.lacking_by_counting(found.items, blueprint_of(asked), asked.forms * papers)
    if missing:
        raise errors.BankLacks(drawing.lacks(missing), resting=len(asked.resting))


def items_of_other(session: Session, draw: PaperDraw) -> frozenset[str]:
    """Return the items of the part's other paper, if it is drawn: none of them is drawn again.

    Raises OtherPaperDivided where its keys are in shares: nobody can say any more what it holds.
    """
    found: set[str] = set()
    others = select(Paper).where(
        Paper.competition_id == draw.competition_id, Paper.part == draw.part, Paper.kind.not_in(draw.keys)
    )
    for paper in session.scalars(others):
        try:
            found.update(opened.items_of(session, paper))
        except KeyErased:
            raise errors.OtherPaperDivided from None
    return frozenset(found)


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
) -> list[Paper]:
    """Every drawn paper is named and kept; return them."""
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
    return kept


def blueprint_of(asked: Asked, apart_from: Collection[str] = ()) -> Blueprint:
    """Return the blueprint of what is asked for, without these items."""
    return Blueprint(
        items=asked.items,
        marks=asked.scale,
        minutes=asked.minutes,
        cells=(
            *(
                Cell(topic=topic or None, level=level or None, least=count, most=asked.items)
                for (topic, level), count in sorted(asked.counts.items())
            ),
            *asked.bands,
        ),
        include=(*asked.chosen, *(name for name in asked.included if name not in apart_from)),
        exclude=tuple(sorted({*asked.left_out, *asked.resting, *apart_from})),
        difficulty=asked.difficulty,
        enemies=(*asked.enemies, *asked.bank_enemies),
        max_uses=asked.forms if asked.may_share else 1,
        max_overlap=_most_shared(asked) if asked.may_share else 0,
    )


def relaxed(asked: Asked, apart_from: Collection[str] = ()) -> Mapping[str, Blueprint]:
    """Return the blueprint without each rule that the board could give up; apart from these items anyhow."""
    found = dict(assembly.without_each(blueprint_of(asked, apart_from), asked.forms))
    found.pop("exclude", None)
    if asked.left_out:
        found["left_out"] = blueprint_of(dataclasses.replace(asked, left_out=()), apart_from)
    if asked.resting:
        found["resting"] = blueprint_of(dataclasses.replace(asked, resting=()), apart_from)
    return found


def _most_shared(asked: Asked) -> int:
    return asked.items if asked.max_shared is None else min(asked.max_shared, asked.items)


def _wanted(found: Pool, asked: Asked, kind: str) -> Wanted:
    return Wanted(
        title=asked.title,
        kind=kind,
        language=found.items[0].language if found.items else "vi",
        minutes=asked.minutes,
        scale=asked.scale,
        forms=asked.forms,
        shuffle_items=asked.shuffle_items,
    )


def drawable(items: Sequence[Item], day: date) -> list[Item]:
    """Return the items in force on the day, of the one language that most of these have."""
    in_force = [item for item in items if drawing.is_in_force(item, day)]
    language = commonest(item.language for item in in_force)
    return [item for item in in_force if item.language == language]


def commonest(languages: Iterable[str]) -> str:
    """Return the language that most have; where as many have another, the first by its code; vi of none."""
    counts = Counter(languages)
    return min(counts, key=lambda each: (-counts[each], each), default="vi")


def fits(kind: str, *, written: bool) -> bool:
    """Return whether an item of this kind can stand in a paper of the part."""
    return kind not in NEVER and (kind in WRITTEN_KINDS) == written
