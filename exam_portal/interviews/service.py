# SPDX-License-Identifier: Apache-2.0
"""Verbs of the panel: seat it, draw lots, hear, vote in secret, count."""

import hashlib
import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.core.ids import new_public_id
from exam_portal.interviews import ballots, errors, queries
from exam_portal.interviews.ballots import CountingSheet
from exam_portal.interviews.models import (
    Ballot,
    BallotReceipt,
    CountKeying,
    Hearing,
    HearingEvent,
    MemberAbsence,
    PanelMember,
    PanelSession,
)
from exam_portal.registration.models import Candidate
from scoring.rounding import plain


def seat_panel(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    vacancy: Vacancy,
    part: str,
    mode: str,
    place: str,
    starts_at: datetime,
) -> PanelSession:
    """The vacancy has a panel for this part: where, when, and in which mode ballots are given."""
    session.execute(select(Vacancy.id).where(Vacancy.id == vacancy.id).with_for_update())
    taken = select(PanelSession.id).where(PanelSession.vacancy_id == vacancy.id, PanelSession.part == part)
    if session.scalar(taken):
        raise errors.PanelExists
    panel = PanelSession(
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        part=part,
        mode=mode,
        place=place,
        starts_at=starts_at,
        created_by=_account(actor),
        created_at=now,
    )
    session.add(panel)
    session.flush()
    _record(session, actor, now, panel, "interviews.panel_seated", {"part": part, "mode": mode})
    return panel


def add_member(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    panel: PanelSession,
    name: str,
    duty: str,
    account_id: int | None = None,
) -> PanelMember:
    """The person sits on the panel; refused where a relation to a candidate of the vacancy has been declared."""
    panel = _locked(session, panel)
    if panel.hearings:
        raise errors.MembersFixed
    if account_id is not None and _has_conflict(session, panel, account_id):
        raise errors.MemberHasConflict
    member = PanelMember(
        panel_id=panel.id,
        position=len(panel.members) + 1,
        account_id=account_id,
        name=" ".join(name.split()),
        duty=duty,
    )
    session.add(member)
    session.flush()
    session.expire(panel, ["members"])
    facts = {"member": member.public_id, "position": member.position, "has_account": account_id is not None}
    _record(session, actor, now, panel, "interviews.member_added", facts)
    return member


def draw_lots(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    panel: PanelSession,
    candidate_ids: Sequence[int],
    order: Sequence[int] | None = None,
    signed_paper_id: int | None = None,
) -> list[Hearing]:
    """The order of hearings is fixed: drawn here from a recorded seed, or entered from the drawing on paper.

    ``candidate_ids`` are those admitted to the part; ``order`` names each of them once.
    """
    panel = _locked(session, panel)
    if panel.hearings:
        raise errors.LotsDrawn
    if not panel.members:
        raise errors.NoMembers
    seed = "" if order is not None else secrets.token_hex(16)
    drawn = list(order) if order is not None else shuffled(sorted(candidate_ids), seed)
    if sorted(drawn) != sorted(candidate_ids) or not drawn:
        raise errors.LotsIncomplete
    hearings = [
        Hearing(
            panel_id=panel.id,
            candidate_id=candidate_id,
            order_no=number,
            signed_paper_id=signed_paper_id,
            drawn_by=_account(actor),
            drawn_at=now,
        )
        for number, candidate_id in enumerate(drawn, start=1)
    ]
    session.add_all(hearings)
    session.flush()
    session.expire(panel, ["hearings"])
    numbers = dict(
        session.execute(select(Candidate.id, Candidate.candidate_no).where(Candidate.id.in_(drawn)))
        .tuples()
        .all()
    )
    facts = {"seed": seed, "order": [numbers[candidate_id] for candidate_id in drawn]}
    _record(session, actor, now, panel, "interviews.lots_drawn", facts)
    return hearings


def shuffled(entries: Sequence[int], seed: str) -> list[int]:
    """Return the entries in the order that the seed gives; anyone with the seed gets the same."""
    keyed = [
        (hashlib.sha256(f"exam/lots/v1|{seed}|{place}".encode()).digest(), e)
        for place, e in enumerate(entries)
    ]
    return [entry for _, entry in sorted(keyed)]


def note_absence(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    panel: PanelSession,
    member: PanelMember,
    hearing: Hearing | None,
    reason: str,
) -> MemberAbsence:
    """The member did not hear the whole hearing (or any, that day) and gets no slip for it."""
    panel = _locked(session, panel)
    if hearing is not None and queries.has(session, hearing.id, "ballot_opened"):
        raise StaleState
    absence = MemberAbsence(
        member_id=member.id,
        hearing_id=hearing.id if hearing else None,
        reason=reason,
        by=_account(actor),
        at=now,
    )
    session.add(absence)
    session.flush()
    facts = {"member": member.public_id, "hearing": hearing.public_id if hearing else "day"}
    _record(session, actor, now, panel, "interviews.absence_noted", facts)
    return absence


def open_hearing(session: Session, actor: Actor, now: datetime, *, hearing: Hearing) -> HearingEvent:
    """The candidate is being heard."""
    panel = _locked(session, hearing.panel)
    return _event(session, actor, now, panel, hearing, "opened", {})


def open_ballot(session: Session, actor: Actor, now: datetime, *, hearing: Hearing) -> HearingEvent:
    """Everybody who heard all of it has a slip; from here on attendance of this hearing is fixed."""
    panel = _locked(session, hearing.panel)
    if not queries.has(session, hearing.id, "opened"):
        raise errors.HearingNotOpen
    issued = len(queries.entitled(session, hearing))
    return _event(session, actor, now, panel, hearing, "ballot_opened", {"issued": issued})


def cast_ballot(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
) -> None:
    """The member has marked once. In a secret ballot no row says which ballot is whose, nor when it came."""
    panel = _locked(session, hearing.panel)
    if not queries.has(session, hearing.id, "ballot_opened") or queries.has(session, hearing.id, "counted"):
        raise errors.BallotNotOpen
    member = next((m for m in queries.entitled(session, hearing) if m.account_id == _account(actor)), None)
    if member is None:
        raise errors.NoSlip
    voted = select(BallotReceipt.id).where(
        BallotReceipt.hearing_id == hearing.id, BallotReceipt.member_id == member.id
    )
    if session.scalar(voted):
        raise errors.AlreadyVoted
    ruleset = competitions.ruleset(session.get_one(Competition, panel.competition_id))
    part = ballots.part_of(ruleset, panel.part)
    total = ballots.checked(ruleset, part, value, scores)
    assert part.panel is not None
    session.add(BallotReceipt(hearing_id=hearing.id, member_id=member.id))
    session.add(
        Ballot(
            id=new_public_id(),
            hearing_id=hearing.id,
            slip=secrets.token_hex(6),
            member_id=member.id if part.panel.ballot == "named" else None,
            value=plain(total),
            scores={key: plain(score) for key, score in scores.items()},
        )
    )
    session.flush()
    cast = session.scalar(select(func.count()).where(BallotReceipt.hearing_id == hearing.id))
    _record(session, SYSTEM, now, panel, "interviews.ballot_cast", {"cast": cast})


def count_ballots(session: Session, actor: Actor, now: datetime, *, hearing: Hearing) -> HearingEvent:
    """The ballots given in the portal are counted: all slips are in, or those outstanding count as not returned."""
    panel = _locked(session, hearing.panel)
    if not queries.has(session, hearing.id, "ballot_opened"):
        raise errors.BallotNotOpen
    issued = len(queries.entitled(session, hearing))
    returned = session.scalar(select(func.count()).where(Ballot.hearing_id == hearing.id)) or 0
    facts = {"issued": issued, "returned": returned, "invalid": 0}
    return _event(session, actor, now, panel, hearing, "counted", facts)


def key_count(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    sheet: CountingSheet,
    signed_paper_id: int,
    page: int,
) -> HearingEvent | None:
    """This typist's reading of the counting sheet is kept; another typist's equal one counts the ballots.

    Returns None while the two do not agree; both keyings stay, neither typist sees the other's.
    """
    panel = _locked(session, hearing.panel)
    if queries.has(session, hearing.id, "counted"):
        raise errors.AlreadyCounted
    ruleset = competitions.ruleset(session.get_one(Competition, panel.competition_id))
    part = ballots.part_of(ruleset, panel.part)
    ballots.check_sheet(ruleset, part, sheet, entitled=len(queries.entitled(session, hearing)))
    keying = CountKeying(
        hearing_id=hearing.id,
        payload=sheet.as_dict(),
        signed_paper_id=signed_paper_id,
        page=page,
        typist_id=_account(actor),
        at=now,
    )
    session.add(keying)
    session.flush()
    other = queries.other_keying(session, keying)
    agreed = other is not None and (other.payload, other.signed_paper_id, other.page) == (
        keying.payload,
        keying.signed_paper_id,
        keying.page,
    )
    facts = {"hearing": hearing.public_id, "agreed": agreed}
    _record(session, actor, now, panel, "interviews.count_keyed", facts)
    return _count_paper(session, actor, now, panel, hearing, keying) if agreed else None


def _count_paper(
    session: Session, actor: Actor, now: datetime, panel: PanelSession, hearing: Hearing, keying: CountKeying
) -> HearingEvent:
    ruleset = competitions.ruleset(session.get_one(Competition, panel.competition_id))
    part = ballots.part_of(ruleset, panel.part)
    rows = []
    for slip in keying.payload["slips"]:
        scores = {key: Decimal(score) for key, score in slip["scores"].items()}
        value = None if slip["value"] is None else Decimal(slip["value"])
        rows.append(
            Ballot(
                id=new_public_id(),
                hearing_id=hearing.id,
                slip=slip["slip"],
                value=plain(ballots.checked(ruleset, part, value, scores)),
                scores=slip["scores"],
                signed_paper_id=keying.signed_paper_id,
                page=keying.page,
            )
        )
    random.SystemRandom().shuffle(rows)
    session.add_all(rows)
    facts = {name: keying.payload[name] for name in ("issued", "returned", "invalid")}
    return _event(session, actor, now, panel, hearing, "counted", facts)


def _event(
    session: Session,
    actor: Actor,
    now: datetime,
    panel: PanelSession,
    hearing: Hearing,
    kind: str,
    payload: dict[str, Any],
) -> HearingEvent:
    if queries.has(session, hearing.id, kind):
        raise StaleState
    event = HearingEvent(hearing_id=hearing.id, kind=kind, payload=payload, by=_account(actor), at=now)
    session.add(event)
    session.flush()
    candidate_no = session.scalar(select(Candidate.candidate_no).where(Candidate.id == hearing.candidate_id))
    facts = {"hearing": hearing.public_id, "candidate": candidate_no, **payload}
    _record(session, actor, now, panel, f"interviews.{kind}", facts)
    return event


def _has_conflict(session: Session, panel: PanelSession, account_id: int) -> bool:
    declared = competitions.conflicts(session, panel.competition_id)
    related = {candidate for member, candidate in declared if member == account_id}
    candidates = session.scalars(select(Candidate.account_id).where(Candidate.vacancy_id == panel.vacancy_id))
    return not related.isdisjoint(candidates)


def _locked(session: Session, panel: PanelSession) -> PanelSession:
    return session.get_one(PanelSession, panel.id, with_for_update=True)


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, panel: PanelSession, code: str, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=panel.competition_id,
        subject=panel.public_id,
        content={"panel": panel.public_id, **facts},
    )
