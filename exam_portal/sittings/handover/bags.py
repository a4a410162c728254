# SPDX-License-Identifier: Apache-2.0
"""Parts and bags of masked scripts, and how what lies in them is marked."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from exam_portal.accounts.models import Organisation
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.confinement import door
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.sittings.handover.views import BagView, MarkingBrief, PartView
from exam_portal.sittings.models import MaskBag, MaskedScript


@door
def part(session: Session, competition_public_id: str, key: str) -> PartView:
    """Return a part of the competition that people mark, else NotFound."""
    competition = session.scalar(select(Competition).where(Competition.public_id == competition_public_id))
    if competition is None or not competition.ruleset:
        raise NotFound
    ruleset = competitions.ruleset(competition)
    if not any(one.key == key and one.marking is not None for one in ruleset.parts):
        raise NotFound
    return PartView(
        key=key,
        competition_id=competition.id,
        competition_public_id=competition.public_id,
        organisation_id=competition.organisation_id,
        ruleset=ruleset,
        is_rehearsal=competition.kind == "rehearsal",
        clock_offset_seconds=competition.clock_offset_seconds,
    )


@door
def hold_part(session: Session, part: PartView) -> None:
    """Acts on the training of markers come one after the other until this transaction ends."""
    session.execute(select(Competition.id).where(Competition.id == part.competition_id).with_for_update())


@door
def bags(session: Session, actor: Actor) -> list[BagView]:
    """Return the bags of the competitions in which the actor holds a role: one query."""
    competition_ids = {grant.competition_id for grant in actor.grants if grant.competition_id is not None}
    organisation_ids = {number for grant in actor.grants for number in grant.organisation_ids}
    rows = session.execute(
        _bags().where(
            MaskBag.competition_id.in_(competition_ids) | MaskBag.organisation_id.in_(organisation_ids)
        )
    ).all()
    return [_bag_view(row[0], row[1], row[2]) for row in rows]


@door
def bags_of(session: Session, competition_id: int) -> list[BagView]:
    """Return the bags of one competition: one query."""
    return bags_within(session, [competition_id])


@door
def bags_within(session: Session, competition_ids: Collection[int]) -> list[BagView]:
    """Return the bags of these competitions: one query."""
    rows = session.execute(_bags().where(MaskBag.competition_id.in_(competition_ids))).all()
    return [_bag_view(row[0], row[1], row[2]) for row in rows]


@door
def bags_by_id(session: Session, bag_ids: Collection[int]) -> list[BagView]:
    """Return these bags: one query."""
    rows = session.execute(_bags().where(MaskBag.id.in_(bag_ids))).all()
    return [_bag_view(row[0], row[1], row[2]) for row in rows]


@door
def bag(session: Session, public_id: str) -> BagView:
    """Return a bag by its public id, else NotFound."""
    row = session.execute(_bags().where(MaskBag.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return _bag_view(row[0], row[1], row[2])


@door
def bags_with(session: Session, masked_script_ids: Collection[int]) -> set[int]:
    """Return the bags in which these masked scripts lie."""
    rows = session.scalars(select(MaskedScript.bag_id).where(MaskedScript.id.in_(masked_script_ids)))
    return set(rows)


@door
def hold_bag(session: Session, bag_id: int) -> None:
    """Acts on the bag come one after the other until this transaction ends."""
    session.execute(select(MaskBag.id).where(MaskBag.id == bag_id).with_for_update())


@door
def brief(session: Session, bag_id: int) -> MarkingBrief:
    """Return how the scripts of the bag are marked."""
    row = session.get_one(MaskBag, bag_id)
    competition = session.get_one(Competition, row.competition_id)
    organisation = session.get_one(Organisation, row.organisation_id)
    ruleset = competitions.ruleset(competition)
    part = next(one for one in ruleset.parts if one.key == row.part)
    title = part.title
    return MarkingBrief(
        part_title={"vi": title.vi, "en": title.en} if title else {"vi": part.key, "en": part.key},
        scale=ruleset.numbers.scale,
        step=ruleset.numbers.step,
        ruleset=ruleset,
        part=row.part,
        competition_title=competition.title,
        competition_code=competition.code,
        issuing_body=organisation.name,
        parent_body=organisation.governing_name or "",
        place=organisation.place,
        is_rehearsal=competition.kind == "rehearsal",
        clock_offset_seconds=competition.clock_offset_seconds,
    )


def _bags() -> Any:
    counted = (
        select(MaskedScript.bag_id, func.count().label("scripts")).group_by(MaskedScript.bag_id).subquery()
    )
    return (
        select(MaskBag, Competition, counted.c.scripts)
        .join(Competition, Competition.id == MaskBag.competition_id)
        .join(counted, counted.c.bag_id == MaskBag.id)
        .order_by(MaskBag.competition_id, MaskBag.part, MaskBag.purpose, MaskBag.label)
    )


def _bag_view(row: MaskBag, competition: Competition, count: int) -> BagView:
    return BagView(
        id=row.id,
        public_id=row.public_id,
        competition_id=row.competition_id,
        competition_public_id=competition.public_id,
        competition_code=competition.code,
        competition_title=competition.title,
        organisation_id=row.organisation_id,
        part=row.part,
        purpose=row.purpose,
        label=row.label,
        count=count,
    )
