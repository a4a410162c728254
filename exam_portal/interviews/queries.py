# SPDX-License-Identifier: Apache-2.0
"""Reads of the panel: who may vote, what has happened, and the ballots once they are counted."""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.interviews.models import (
    Ballot,
    CountKeying,
    Hearing,
    HearingEvent,
    MemberAbsence,
    PanelMember,
    PanelSession,
)
from scoring.rounding import plain


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BallotPage:
    """The page of a signed counting sheet from which a hearing's ballots come."""

    signed_paper_id: int
    page: int


def has(session: Session, hearing_id: int, kind: str) -> bool:
    """Whether this has happened to the hearing."""
    found = select(HearingEvent.id).where(HearingEvent.hearing_id == hearing_id, HearingEvent.kind == kind)
    return session.scalar(found) is not None


def events(session: Session, hearing_ids: Sequence[int]) -> dict[int, dict[str, HearingEvent]]:
    """Return what has happened to each hearing, by kind: one query."""
    found: dict[int, dict[str, HearingEvent]] = {number: {} for number in hearing_ids}
    for row in session.scalars(select(HearingEvent).where(HearingEvent.hearing_id.in_(hearing_ids))):
        found[row.hearing_id][row.kind] = row
    return found


def entitled(session: Session, hearing: Hearing) -> list[PanelMember]:
    """Return the members who heard the whole hearing: each of them has one slip."""
    absent = set(
        session.scalars(
            select(MemberAbsence.member_id)
            .join(PanelMember, PanelMember.id == MemberAbsence.member_id)
            .where(
                PanelMember.panel_id == hearing.panel_id,
                (MemberAbsence.hearing_id == hearing.id) | MemberAbsence.hearing_id.is_(None),
            )
        )
    )
    members = session.scalars(
        select(PanelMember).where(PanelMember.panel_id == hearing.panel_id).order_by(PanelMember.position)
    )
    return [member for member in members if member.id not in absent]


def other_keying(session: Session, keying: CountKeying) -> CountKeying | None:
    """Return the last keying of the same sheet by another typist."""
    return session.scalar(
        select(CountKeying)
        .where(CountKeying.hearing_id == keying.hearing_id, CountKeying.typist_id != keying.typist_id)
        .order_by(CountKeying.id.desc())
        .limit(1)
    )


def keyings_differ(session: Session, hearing_id: int) -> bool:
    """Whether the last keyings of two typists disagree; not in what."""
    last: dict[int, CountKeying] = {}
    for row in session.scalars(
        select(CountKeying).where(CountKeying.hearing_id == hearing_id).order_by(CountKeying.id)
    ):
        last[row.typist_id] = row
    readings = [(row.payload, row.signed_paper_id, row.page) for row in last.values()]
    return len(readings) > 1 and any(reading != readings[0] for reading in readings[1:])


def panel_input(session: Session, vacancy_id: int, part: str) -> dict[int, dict[str, Any]]:
    """Return the counted ballots of each candidate as exam-portal/marks/1 takes them.

    Ballots of a hearing that has not been counted are nobody's to see: the candidate is left out.
    """
    hearings = session.scalars(
        select(Hearing)
        .join(PanelSession, PanelSession.id == Hearing.panel_id)
        .where(PanelSession.vacancy_id == vacancy_id, PanelSession.part == part)
    ).all()
    happened = events(session, [hearing.id for hearing in hearings])
    counted = {h.id: happened[h.id]["counted"] for h in hearings if "counted" in happened[h.id]}
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in counted}
    rows = session.scalars(select(Ballot).where(Ballot.hearing_id.in_(counted)).order_by(Ballot.slip))
    for row in rows:
        found[row.hearing_id].append(_ballot(row))
    return {
        hearing.candidate_id: {**counted[hearing.id].payload, "ballots": found[hearing.id]}
        for hearing in hearings
        if hearing.id in counted
    }


def ballot_pages(session: Session, vacancy_id: int, part: str) -> dict[int, BallotPage]:
    """Return per candidate the signed page that the ballots come from (paper mode)."""
    rows = session.execute(
        select(Hearing.candidate_id, Ballot.signed_paper_id, Ballot.page)
        .join(Hearing, Hearing.id == Ballot.hearing_id)
        .join(PanelSession, PanelSession.id == Hearing.panel_id)
        .where(
            PanelSession.vacancy_id == vacancy_id,
            PanelSession.part == part,
            Ballot.signed_paper_id.is_not(None),
        )
        .distinct()
    )
    return {row[0]: BallotPage(signed_paper_id=row[1], page=row[2] or 1) for row in rows}


def _ballot(row: Ballot) -> dict[str, Any]:
    voter = {"member": f"M{row.member_id}"} if row.member_id is not None else {"slip": row.slip}
    if row.scores:
        return {**voter, "scores": row.scores}
    return {**voter, "value": plain(Decimal(row.value))}
