# SPDX-License-Identifier: Apache-2.0
"""Seating a panel and drawing the order in which it hears the candidates."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core import ids, names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import admission, errors, lots, outcomes, queries, relations, seats
from exam_portal.interviews.models import Hearing, LotDraw, Occasion, PanelMember, PanelSession
from exam_portal.interviews.record import keeping
from exam_portal.interviews.service import common, declaring
from exam_portal.registration.models import Candidate
from question_bank import draw_seed


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
    _require_panel_part(competition, part)
    taken = select(PanelSession.id).where(PanelSession.vacancy_id == vacancy.id, PanelSession.part == part)
    if session.scalar(taken):
        raise errors.PanelExists
    public_id = ids.new_public_id()
    panel = PanelSession(
        public_id=public_id,
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        part=part,
        seated_mode=mode,
        place=place,
        starts_at=starts_at,
        lot_commitment=draw_seed.commitment(lots.bound_half(session, public_id)),
        created_by=common.account(actor),
        created_at=now,
    )
    session.add(panel)
    session.flush()
    facts = {"vacancy": vacancy.code, "part": part, "mode": mode}
    facts |= {"place": place, "starts_at": audit.stamp(starts_at), "lots": panel.lot_commitment}
    common.record(session, actor, now, panel, "interviews.panel_seated", facts)
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
    is_substitute: bool = False,
) -> PanelMember:
    """The person sits on the panel, or stands by for a member, unless related to a candidate as declared.

    Once lots are drawn only a substitute is named, while seats may still change hands.
    """
    panel = common.locked(session, panel)
    needed = common.rules(session, panel)[2].needed
    if panel.hearings and not (is_substitute and seats.may_change(session, panel, needed)):
        raise errors.MembersFixed
    if account_id is None and panel.mode != "paper":
        raise errors.AccountNeeded
    name = names.normalised(name)
    _require_apart(session, panel, name, account_id)
    if account_id is not None and account_id in {member.account_id for member in panel.members}:
        raise errors.SeatedBefore
    keeping.require_no_keeper(session, panel, account_id, name)
    if any(names.is_one_person(name, member.name) for member in panel.members):
        raise errors.SeatedBefore  # two of one name are told apart by the units written behind both
    member = PanelMember(
        panel_id=panel.id,
        position=len(panel.members) + 1,
        account_id=account_id,
        name=name,
        duty=duty,
        is_substitute=is_substitute,
    )
    session.add(member)
    session.flush()
    session.expire(panel, ["members"])
    facts = {
        "member": member.public_id,
        "position": member.position,
        "name": audit.digest(name),
        "duty": audit.digest(duty),
        "account": account_id,
        "substitute": is_substitute,
    }
    common.record(session, actor, now, panel, "interviews.member_added", facts)
    return member


def draw_lots(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    panel: PanelSession,
    witnesses: str,
    words: str = "",
    candidate_ids: Sequence[int] | None = None,
    order: Sequence[int] | None = None,
    paper: audit.SignedPaper | None = None,
) -> list[Hearing]:
    """The order of hearings is fixed: drawn here, or entered from the draw on paper.

    Here the seed is made of the half that was bound with the panel and the ``words`` that witnesses call out.
    ``candidate_ids`` are those admitted to the part (all that the rules admit, if not given); ``order``
    names each of them once and needs the minute of the draw.
    """
    panel = common.locked(session, panel)
    if panel.hearings:
        raise errors.LotsDrawn
    require_seated(session, panel)
    if not witnesses.strip():
        raise errors.WitnessMissing
    if order is None and not words.strip():
        raise errors.WordsMissing
    declaring.require_declared(session, panel)
    keeping.require_ready(session, panel, common.rules(session, panel)[2])
    admitted = admission.require(session, panel, candidate_ids)
    secret = lots.bound_half(session, panel.public_id) if order is None else b""
    seed = lots.seed(secret, words) if secret else ""
    drawn = list(order) if order is not None else lots.shuffled(admitted, seed)
    if sorted(drawn) != sorted(admitted) or not drawn or (order is not None and paper is None):
        raise errors.LotsIncomplete
    session.add(
        LotDraw(
            panel_id=panel.id,
            seed=seed,
            secret=secret.hex(),
            words=words.strip() if secret else "",
            witnesses=witnesses.strip(),
            signed_paper_id=paper.id if paper is not None else None,
            by=common.account(actor),
            at=now,
        )
    )
    hearings = [
        _hearing(actor, now, panel, candidate_id, number, paper)
        for number, candidate_id in enumerate(drawn, start=1)
    ]
    session.add_all(hearings)
    session.flush()
    session.expire(panel, ["hearings"])
    facts = {
        "seed": seed,
        "secret": secret.hex(),
        "words": words.strip() if secret else "",
        "order": numbers(session, drawn),
        "witnesses": audit.digest(witnesses.strip()),
        "paper": paper.public_id if paper else None,
    }
    common.record(session, actor, now, panel, "interviews.lots_drawn", facts)
    return hearings


def add_supplementary_hearing(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    panel: PanelSession,
    candidate: Candidate,
    paper: audit.SignedPaper,
) -> Hearing:
    """A candidate who was admitted later (after a review of marking) is heard too, on a signed decision."""
    panel = common.locked(session, panel)
    if not panel.hearings:
        raise errors.HearingNotOpen
    heard = {hearing.candidate_id for hearing in panel.hearings}
    if candidate.vacancy_id != panel.vacancy_id or candidate.id in heard:
        raise errors.CandidateNotAdmitted
    admission.require_one(session, panel, candidate.id)
    hearing = _hearing(actor, now, panel, candidate.id, _next_number(session, panel), paper)
    hearing.occasion = Occasion.SUPPLEMENTARY
    return _added(session, actor, now, panel, hearing, candidate.candidate_no, paper)


def repeat_hearing(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    occasion: Occasion,
    paper: audit.SignedPaper,
) -> Hearing:
    """The candidate is heard again, or only voted on again, on a signed decision: the later ballots count.

    Both ballots are kept. Refused where the hearing has its mark: nobody votes until a mark pleases.
    Where the candidate did not come, or the hearing was broken off, there is nothing to vote on again.
    """
    panel = common.locked(session, hearing.panel)
    if queries.is_repeated(session, hearing.id):
        raise errors.HearingRepeated
    is_unheard = any(queries.has(session, hearing.id, kind) for kind in queries.UNHEARD)
    if not is_unheard and not _is_without_mark(session, panel, hearing):
        raise errors.NothingToRepeat
    if occasion not in {Occasion.REPEATED, Occasion.SECOND_BALLOT} or (
        is_unheard and occasion == Occasion.SECOND_BALLOT
    ):
        raise errors.NothingToRepeat
    if hearing.candidate_id not in admission.present(session, panel.vacancy_id):
        raise errors.CandidateNotAdmitted
    again = _hearing(actor, now, panel, hearing.candidate_id, _next_number(session, panel), paper)
    again.occasion, again.repeats_id = occasion, hearing.id
    number = numbers(session, [hearing.candidate_id])[0]
    return _added(session, actor, now, panel, again, number, paper, repeats=hearing.public_id)


def numbers(session: Session, candidate_ids: Sequence[int]) -> list[str]:
    """Return the candidate numbers in the order of the ids."""
    rows = session.execute(
        select(Candidate.id, Candidate.candidate_no).where(Candidate.id.in_(candidate_ids))
    )
    known = dict(rows.all())
    return [known[candidate_id] for candidate_id in candidate_ids]


def _hearing(
    actor: Actor,
    now: datetime,
    panel: PanelSession,
    candidate_id: int,
    number: int,
    paper: audit.SignedPaper | None,
) -> Hearing:
    return Hearing(
        panel_id=panel.id,
        candidate_id=candidate_id,
        order_no=number,
        signed_paper_id=paper.id if paper is not None else None,
        drawn_by=common.account(actor),
        drawn_at=now,
    )


def _next_number(session: Session, panel: PanelSession) -> int:
    return (session.scalar(select(func.max(Hearing.order_no)).where(Hearing.panel_id == panel.id)) or 0) + 1


def _added(
    session: Session,
    actor: Actor,
    now: datetime,
    panel: PanelSession,
    hearing: Hearing,
    candidate_no: str,
    paper: audit.SignedPaper,
    **facts: str,
) -> Hearing:
    """A hearing beyond the lots stands at their end, with its decision in the record."""
    session.add(hearing)
    session.flush()
    session.expire(panel, ["hearings"])
    told = {
        "hearing": hearing.public_id,
        "candidate": candidate_no,
        "order_no": hearing.order_no,
        "occasion": hearing.occasion,
        "paper": paper.public_id,
        **facts,
    }
    code = "interviews.hearing_repeated" if hearing.repeats_id else "interviews.hearing_added"
    common.record(session, actor, now, panel, code, told)
    return hearing


def _is_without_mark(session: Session, panel: PanelSession, hearing: Hearing) -> bool:
    """Whether the ballots were counted and make no mark, with what the council has decided about them."""
    counted = queries.counted_ballots(session, [hearing]).get(hearing.id)
    ruleset, _, _ = common.rules(session, panel)
    decided = outcomes.decided(session, panel).get(hearing.id, ())
    return counted is not None and queries.result(ruleset, panel.part, counted, decided).mark is None


def _require_panel_part(competition: Competition, key: str) -> None:
    parts = {part.key for part in competitions.ruleset(competition).parts if part.panel is not None}
    if key not in parts:
        raise NotFound


def require_seated(session: Session, panel: PanelSession) -> None:
    """As many sit on the panel as the rules ask; NoMembers or PanelSizeDiffers otherwise."""
    if not panel.members:
        raise errors.NoMembers
    _, _, rule = common.rules(session, panel)
    seated = sum(not member.is_substitute for member in panel.members)
    if seated != rule.size:
        raise errors.PanelSizeDiffers(seated, rule.size)


def _require_apart(session: Session, panel: PanelSession, name: str, account_id: int | None) -> None:
    """Neither this account nor this name is a candidate's, or declared to be related to one."""
    heard = relations.candidates_of(session, panel)
    if account_id in heard or any(names.is_one_person(name, one) for one in heard.values()):
        raise errors.MemberIsCandidate
    if relations.is_declared(session, panel, heard, name, account_id):
        raise errors.MemberHasConflict
