# SPDX-License-Identifier: Apache-2.0
"""A hearing: who was there for all of it, when it began, when slips were issued."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.interviews import admission, errors, queries, turn
from exam_portal.interviews.models import (
    BallotBox,
    Hearing,
    HearingEvent,
    MemberAbsence,
    Occasion,
    OrderChange,
    PanelMember,
    PanelSession,
)
from exam_portal.interviews.record import keeping
from exam_portal.interviews.room import errors as room_errors
from exam_portal.interviews.room import queries as room
from exam_portal.interviews.room.timing import PhaseKey
from exam_portal.interviews.service import common, voting

WITNESSES = 2


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
    panel = common.locked(session, panel)
    if member.panel_id != panel.id or (hearing is not None and hearing.panel_id != panel.id):
        raise NotFound
    if not panel.hearings:
        raise errors.AbsenceBeforeLots
    concerned = [hearing] if hearing is not None else panel.hearings
    if any(queries.has(session, one.id, "ballot_opened") for one in concerned):
        raise errors.AttendanceFixed
    if (member.id, hearing.id if hearing else None) in queries.absences(session, panel.id):
        raise StaleState
    absence = MemberAbsence(
        member_id=member.id,
        hearing_id=hearing.id if hearing else None,
        reason=reason,
        by=common.account(actor),
        at=now,
    )
    session.add(absence)
    session.flush()
    facts = {"member": member.public_id, "hearing": hearing.public_id if hearing else "day"}
    told = {**facts, "reason": audit.digest(reason)}
    common.record(session, actor, now, panel, "interviews.absence_noted", told)
    return absence


def open_hearing(session: Session, actor: Actor, now: datetime, *, hearing: Hearing) -> HearingEvent:
    """The candidate is being heard, alone and in turn, before a quorum, and every box before is closed."""
    panel = common.locked(session, hearing.panel)
    if hearing.occasion == Occasion.SECOND_BALLOT:
        raise errors.OnlyBallotAgain
    _require_candidate(session, hearing)
    turn.require(session, panel, hearing)
    _require_quorum(session, hearing)
    return common.event(session, actor, now, panel, hearing, "opened", {})


def note_candidate_absent(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    paper: audit.SignedPaper | None = None,
    witnesses: Sequence[str] = (),
) -> HearingEvent:
    """The candidate did not come, as a signed paper or two witnesses say; the record names no witness.

    Once the hearing was begun only a signed paper says so, and once the presentation was, nothing does.
    """
    panel = common.locked(session, hearing.panel)
    names = _witnesses(witnesses, paper)
    if queries.has(session, hearing.id, "broken_off"):
        raise errors.HearingBrokenOff
    if hearing.occasion == Occasion.SECOND_BALLOT or _is_heard(session, hearing):
        raise errors.CandidateHeard
    if paper is None and queries.has(session, hearing.id, "opened"):
        raise errors.AbsenceNeedsPaper
    payload = {"paper": paper.public_id if paper else None, "witnesses": names}
    told = {**payload, **seen_by(names)}
    return common.event(session, actor, now, panel, hearing, "candidate_absent", payload, told=told)


def break_off_hearing(
    session: Session, actor: Actor, now: datetime, *, hearing: Hearing, paper: audit.SignedPaper
) -> HearingEvent:
    """The hearing ends without a ballot, as the council's signed minute says.

    A ballot that was to be given again ends in the same way, where those who heard the hearing are too few.
    """
    panel = common.locked(session, hearing.panel)
    happened = queries.events(session, [hearing.id])[hearing.id]
    is_second = hearing.occasion == Occasion.SECOND_BALLOT
    if not (is_second or "opened" in happened) or {"ballot_opened", "candidate_absent"} & happened.keys():
        raise errors.NothingToBreakOff
    _require_ended(session, panel, hearing, now)
    return common.event(session, actor, now, panel, hearing, "broken_off", {"paper": paper.public_id})


def open_ballot(session: Session, actor: Actor, now: datetime, *, hearing: Hearing) -> HearingEvent:
    """Everybody who heard all of it has a slip; from here on attendance of this hearing is fixed.

    While a phase of the hearing runs or stands still nobody has heard all of it, and no slip is issued; nor
    is one on a screen while a share of the record's key waits to be copied.
    """
    panel = common.locked(session, hearing.panel)
    _require_candidate(session, hearing)
    keeping.require_ready(session, panel, common.rules(session, panel)[2])
    if hearing.occasion != Occasion.SECOND_BALLOT and not queries.has(session, hearing.id, "opened"):
        raise errors.HearingNotOpen
    _require_ended(session, panel, hearing, now)
    turn.require_nobody_heard(session, panel, hearing)
    turn.require_boxes_closed(session, panel, hearing)
    _require_quorum(session, hearing)
    places = [member.position for member in queries.entitled(session, hearing)]
    facts = {"issued": len(places), "places": places}
    opened = common.event(session, actor, now, panel, hearing, "ballot_opened", facts)
    if panel.mode != "paper":
        key_id = session.keys.create()
        sealed = voting.sealed(session, key_id, hearing, [])
        session.add(BallotBox(hearing_id=hearing.id, key_id=key_id, sealed=sealed))
        session.flush()
    return opened


def call_out_of_turn(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    reason: str,
    witnesses: Sequence[str] = (),
    paper: audit.SignedPaper | None = None,
) -> OrderChange:
    """The hearing may begin before its turn: for a reason, before two witnesses or on a signed paper."""
    panel = common.locked(session, hearing.panel)
    names = _witnesses(witnesses, paper)
    if turn.change(session, hearing) is not None:
        raise StaleState
    turn.require_later(session, panel, hearing)
    change = OrderChange(
        hearing_id=hearing.id,
        reason=" ".join(reason.split()),
        witnesses=names,
        signed_paper_id=paper.id if paper else None,
        by=common.account(actor),
        at=now,
    )
    session.add(change)
    session.flush()
    facts = {"hearing": hearing.public_id, "paper": paper.public_id if paper else None}
    told = {**facts, **seen_by(names), "reason": change.reason}
    common.record(session, actor, now, panel, "interviews.order_changed", told)
    return change


def seen_by(names: Sequence[str]) -> dict[str, Any]:
    """Return what the record says of witnesses: how many there are, and what binds it to their names."""
    return {"witnesses": len(names), "names": audit.digest("\n".join(names))}


def _witnesses(given: Sequence[str], paper: audit.SignedPaper | None) -> list[str]:
    """Return the names of two witnesses; a signed paper speaks for itself."""
    names = list(dict.fromkeys(" ".join(name.split()) for name in given if name.strip()))
    if paper is None and len(names) < WITNESSES:
        raise errors.AbsenceUnproven
    return names


def _is_heard(session: Session, hearing: Hearing) -> bool:
    """Whether the presentation or the questions have begun, or slips are out."""
    begun = {fact.phase for fact in room.facts_of(session, hearing.id)} - {PhaseKey.PREPARATION}
    return bool(begun) or queries.has(session, hearing.id, "ballot_opened")


def _require_ended(session: Session, panel: PanelSession, hearing: Hearing, now: datetime) -> None:
    _, part, _ = common.rules(session, panel)
    if room.current(session, panel.id, part, hearing.id, now) is not None:
        raise room_errors.PhaseStillOn


def _require_candidate(session: Session, hearing: Hearing) -> None:
    """The candidate has come, was not stopped, has not left the competition, and passed the parts before."""
    if queries.has(session, hearing.id, "broken_off"):
        raise errors.HearingBrokenOff
    if queries.has(session, hearing.id, "candidate_absent"):
        raise errors.CandidateAbsent
    if hearing.candidate_id not in admission.eligible(session, hearing.panel):
        raise errors.CandidateGone


def _require_quorum(session: Session, hearing: Hearing) -> None:
    _, _, rule = common.rules(session, hearing.panel)
    entitled = len(queries.entitled(session, hearing))
    if entitled < rule.needed:
        raise errors.QuorumMissing(entitled, rule.needed)
