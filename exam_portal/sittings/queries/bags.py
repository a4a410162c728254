# SPDX-License-Identifier: Apache-2.0
"""Reads of the bags in which scripts were handed over, with what their receiver found."""

import dataclasses

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.sittings.models import BagCount, ScriptBag, Sitting


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BagEntry:
    """A bag as it was declared, and as it was found; None before somebody has counted it."""

    bag: ScriptBag
    count: BagCount | None


def bags(session: Session, sitting: Sitting) -> list[BagEntry]:
    """Return the bags of a sitting in their order: one query."""
    rows = session.execute(
        select(ScriptBag, BagCount)
        .outerjoin(BagCount, BagCount.bag_id == ScriptBag.id)
        .where(ScriptBag.sitting_id == sitting.id)
        .order_by(ScriptBag.id)
    )
    return [BagEntry(bag=bag, count=count) for bag, count in rows]
