# SPDX-License-Identifier: Apache-2.0
"""A lot as its page and its minute show it: who was drawn, by code, and what was taken back."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from exam_portal.core.db import Session
from exam_portal.marking import queries
from exam_portal.marking.models import Lot
from exam_portal.marking.pseudonyms import pseudonym
from exam_portal.sittings.handover import BagView
from question_bank import draw_seed


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """Which marker was drawn for a bag, by code: who reads it also reads, by code, how markers mark."""

    round: int
    bag: str
    code: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLot:
    """A lot with its witnesses and what it gave."""

    at: datetime
    witnesses: str
    words: str
    secret: str
    commitment: str
    rows: Sequence[LotRow]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A bag that a marker lost again, and why."""

    bag: str
    round: int
    code: str
    reason: str
    at: datetime
    marks: int  # that the marker had given; they stand


def taken_back(session: Session, bags: Sequence[BagView]) -> list[TakenBack]:
    """Return what was taken back of these bags, as the page and the minute of a lot list it."""
    labels = {bag.id: bag.label for bag in bags}
    given = queries.marks_given(session, bags)
    return [
        TakenBack(
            bag=labels[row.bag_id],
            round=row.round,
            code=pseudonym(session, bags[0], row.marker_id),
            reason=row.taken_back_reason or "",
            at=row.taken_back_at,
            marks=given.get((row.bag_id, row.round, row.marker_id), 0),
        )
        for row in queries.taken_back(session, bags)
        if row.taken_back_at is not None
    ]


def lot(session: Session, bags: Sequence[BagView], drawn: Lot) -> DrawnLot:
    """Return a lot as its page and its minute show it: who was drawn, and nothing of whom it passed over."""
    return DrawnLot(
        at=drawn.at,
        witnesses=drawn.witnesses,
        words=drawn.words,
        secret=drawn.secret,
        commitment=draw_seed.commitment(bytes.fromhex(drawn.secret)),
        rows=[
            LotRow(round=round_, bag=bag, code=code)
            for round_, bag, code in sorted(drawn.given, key=lambda row: (row[1], row[0]))
        ],
    )
