# SPDX-License-Identifier: Apache-2.0
"""Scripts in sealed bags: what the invigilators packed, and what the receiver found in each."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.papers import seals
from exam_portal.sittings import errors
from exam_portal.sittings.models import BagCount, ScriptBag, Sitting


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A bag as the invigilators declare it."""

    label: str
    seal_no: str
    scripts: int
    sheets: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A bag as its receiver reads the seal and counts what is inside."""

    seal_no: str
    scripts: int
    sheets: int
    is_intact: bool = True
    remark: str = ""


def pack(
    session: Session, sitting: Sitting, packed: Sequence[Packed], *, scripts: int, sheets: int
) -> list[ScriptBag]:
    """Every script lies in a bag of its own label, closed by a seal that closes nothing else.

    Raises BagsDiffer where the bags hold other numbers than were counted.
    """
    inside = sum(bag.scripts for bag in packed), sum(bag.sheets for bag in packed)
    if inside != (scripts, sheets):
        raise errors.BagsDiffer(scripts, inside[0], sheets, inside[1])
    made: list[ScriptBag] = []
    for bag in packed:
        number = seals.spelled(bag.seal_no)
        if bag.label in {other.label for other in made}:
            raise errors.LabelTaken(bag.label)
        if number in {other.seal_no for other in made} or seals.is_used(
            session, sitting.competition_id, number
        ):
            raise errors.SealUsed(number)
        made.append(
            ScriptBag(
                competition_id=sitting.competition_id,
                sitting_id=sitting.id,
                label=bag.label,
                seal_no=number,
                scripts=bag.scripts,
                sheets=bag.sheets,
            )
        )
    session.add_all(made)
    session.flush()
    return made


def take(session: Session, sitting: Sitting, counted: Mapping[int, Counted]) -> list[BagCount]:
    """Every bag (by id) was found and counted; a seal or number that differs has its explanation.

    Raises SealDiffers or ReceiptDiffers where something differs and nobody says why.
    """
    packed = of_sitting(session, sitting)
    if {bag.id for bag in packed} != set(counted):
        raise StaleState
    for bag in packed:
        _require_explained(bag, counted[bag.id])
    made = [_count(bag, counted[bag.id]) for bag in packed]
    session.add_all(made)
    session.flush()
    return made


def of_sitting(session: Session, sitting: Sitting) -> Sequence[ScriptBag]:
    """Return the bags of a sitting as they were declared."""
    query = select(ScriptBag).where(ScriptBag.sitting_id == sitting.id)
    return session.scalars(query.order_by(ScriptBag.id)).all()


def declared(packed: Sequence[ScriptBag]) -> list[dict[str, Any]]:
    """Return what the record says of bags that are handed over."""
    return [
        {"label": bag.label, "seal_no": bag.seal_no, "scripts": bag.scripts, "sheets": bag.sheets}
        for bag in packed
    ]


def received(packed: Sequence[ScriptBag], counts: Sequence[BagCount]) -> list[dict[str, Any]]:
    """Return what the record says of bags that were received."""
    labels = {bag.id: bag.label for bag in packed}
    return [
        {
            "label": labels[count.bag_id],
            "seal_no": count.seal_no,
            "seal_intact": count.is_intact,
            "scripts": count.scripts,
            "sheets": count.sheets,
            "remark": audit.digest(count.remark),
        }
        for count in counts
    ]


def _require_explained(bag: ScriptBag, count: Counted) -> None:
    if count.remark.strip():
        return
    if not count.is_intact or seals.spelled(count.seal_no) != bag.seal_no:
        raise errors.SealDiffers(bag.label)
    if (count.scripts, count.sheets) != (bag.scripts, bag.sheets):
        raise errors.ReceiptDiffers(bag.label, bag.scripts, count.scripts, bag.sheets, count.sheets)


def _count(bag: ScriptBag, count: Counted) -> BagCount:
    return BagCount(
        bag_id=bag.id,
        seal_no=seals.spelled(count.seal_no),
        is_intact=count.is_intact,
        scripts=count.scripts,
        sheets=count.sheets,
        remark=count.remark.strip(),
    )
