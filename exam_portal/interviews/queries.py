# SPDX-License-Identifier: Apache-2.0
"""Reads of the panel: who may vote, what has happened, and the ballots once they are counted."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, selectinload

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import ballots
from exam_portal.interviews import relations as declared
from exam_portal.interviews.models import (
    Ballot,
    BallotReceipt,
    CountKeying,
    Hearing,
    HearingEvent,
    LotDraw,
    MemberAbsence,
    Occasion,
    PanelMember,
    PanelSession,
    Substitution,
)
from scoring import panel as arithmetic
from scoring.explanation import Outcome
from scoring.marks import Ballot as PureBallot
from scoring.marks import BallotBox as PureBox
from scoring.marks import Decision as PureDecision
from scoring.rounding import plain
from scoring.ruleset import RuleSet
from scoring.verify.canonical import sha256_of

FOR_EVER = datetime.max.replace(tzinfo=UTC)
BALLOT_OVER = frozenset({"counted", "box_unopened"})
UNHEARD = frozenset({"candidate_absent", "broken_off"})  # over without a ballot


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BallotPage:
    """The page of a signed counting sheet from which a hearing's ballots come."""

    signed_paper_id: int
    paper_public_id: str
    page: int


def panels(session: Session, competition_id: int) -> Sequence[PanelSession]:
    """Return the panels of a competition with members and hearings: four queries."""
    return panels_in(session, [competition_id])


def panels_in(session: Session, competition_ids: Collection[int]) -> Sequence[PanelSession]:
    """Return the panels of these competitions with members and hearings: four queries."""
    return session.scalars(
        select(PanelSession)
        .where(PanelSession.competition_id.in_(competition_ids))
        .options(selectinload(PanelSession.members), selectinload(PanelSession.hearings))
        .order_by(PanelSession.starts_at, PanelSession.id)
    ).all()


def panel(session: Session, competition: Competition, public_id: str) -> PanelSession:
    """Return a panel of this competition, else NotFound."""
    found = session.scalar(
        select(PanelSession).where(
            PanelSession.public_id == public_id, PanelSession.competition_id == competition.id
        )
    )
    if found is None:
        raise NotFound
    return found


def hearing(session: Session, public_id: str) -> Hearing:
    """Return a hearing by its public id, else NotFound."""
    found = session.scalar(select(Hearing).where(Hearing.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def panels_of_member(session: Session, account_id: int) -> Sequence[PanelSession]:
    """Return the panels on which this person sits, the latest first."""
    return session.scalars(
        select(PanelSession)
        .join(PanelMember, PanelMember.panel_id == PanelSession.id)
        .where(PanelMember.account_id == account_id)
        .options(selectinload(PanelSession.members), selectinload(PanelSession.hearings))
        .order_by(PanelSession.starts_at.desc(), PanelSession.id.desc())
    ).all()


def draw(session: Session, panel_id: int) -> LotDraw | None:
    """Return how the order of the panel was drawn."""
    return session.scalar(select(LotDraw).where(LotDraw.panel_id == panel_id))


def has(session: Session, hearing_id: int, kind: str) -> bool:
    """Whether this has happened to the hearing."""
    found = select(HearingEvent.id).where(HearingEvent.hearing_id == hearing_id, HearingEvent.kind == kind)
    return session.scalar(found) is not None


def first_with_slips(session: Session, panel_id: int) -> int | None:
    """Return the order number of the first hearing of the panel of which slips are out, if there is one."""
    return session.scalar(
        select(Hearing.order_no)
        .join(HearingEvent, HearingEvent.hearing_id == Hearing.id)
        .where(Hearing.panel_id == panel_id, HearingEvent.kind == "ballot_opened")
        .order_by(HearingEvent.id)
        .limit(1)
    )


def is_counted(session: Session, hearing_id: int) -> bool:
    """Whether the ballot of the hearing is over: its box was opened, or destroyed below the quorum."""
    found = select(HearingEvent.id).where(
        HearingEvent.hearing_id == hearing_id, HearingEvent.kind.in_(("counted", "box_unopened"))
    )
    return session.scalar(found) is not None


def events(session: Session, hearing_ids: Collection[int]) -> dict[int, dict[str, HearingEvent]]:
    """Return what has happened to each hearing, by kind: one query."""
    found: dict[int, dict[str, HearingEvent]] = {number: {} for number in hearing_ids}
    for row in session.scalars(select(HearingEvent).where(HearingEvent.hearing_id.in_(hearing_ids))):
        found[row.hearing_id][row.kind] = row
    return found


def absences(session: Session, panel_id: int) -> dict[tuple[int, int | None], MemberAbsence]:
    """Return the absences of a panel by member and hearing (None: the whole day): a fixed number of queries.

    Who has not the seat that day hears nothing, whatever absence was noted.
    """
    rows = session.scalars(
        select(MemberAbsence)
        .join(PanelMember, PanelMember.id == MemberAbsence.member_id)
        .where(PanelMember.panel_id == panel_id)
        .order_by(MemberAbsence.id)
    )
    gone = {(row.member_id, row.hearing_id): row for row in rows}
    for member_id, hearing_id in _off_the_seat(session, panel_id):
        gone[member_id, hearing_id] = MemberAbsence(member_id=member_id, hearing_id=hearing_id, at=FOR_EVER)
    return gone


def _off_the_seat(session: Session, panel_id: int) -> Iterator[tuple[int, int | None]]:
    """Yield who does not sit, and at which hearing: substitutes who stand by, members who were replaced.

    Hearings that had begun stay with the member; a second ballot follows the hearing that it is about.
    """
    changes = substitutions(session, panel_id)
    called = [one.substitute_id for one in changes]
    waits = PanelMember.is_substitute & PanelMember.id.not_in(called)
    for member_id in session.scalars(select(PanelMember.id).where(PanelMember.panel_id == panel_id, waits)):
        yield member_id, None
    late = [one for one in changes if one.begun]
    yield from ((one.member_id, None) for one in changes if not one.begun)
    hearings = select(Hearing).where(Hearing.panel_id == panel_id, Hearing.occasion != Occasion.SECOND_BALLOT)
    for hearing in session.scalars(hearings) if late else ():
        for one in late:
            yield (one.substitute_id if hearing.order_no in one.begun else one.member_id), hearing.id


def substitutions(session: Session, panel_id: int) -> Sequence[Substitution]:
    """Return who sits in whose place: one query."""
    return session.scalars(
        select(Substitution)
        .join(PanelMember, PanelMember.id == Substitution.member_id)
        .where(PanelMember.panel_id == panel_id)
        .order_by(Substitution.id)
    ).all()


def missed(gone: Mapping[tuple[int, int | None], MemberAbsence], member_id: int, hearing: Hearing) -> bool:
    """Whether the member did not hear the whole hearing, by the absences of the panel.

    A whole day missed concerns the hearings that stood when it was noted, not those added for another day. A
    second ballot is given by those who heard the hearing that it is about, and are there again.
    """
    day = gone.get((member_id, None))
    if (member_id, hearing.id) in gone or (day is not None and hearing.drawn_at <= day.at):
        return True
    if hearing.occasion != Occasion.SECOND_BALLOT:
        return False
    assert hearing.repeats is not None
    return missed(gone, member_id, hearing.repeats)


def entitled(session: Session, hearing: Hearing) -> list[PanelMember]:
    """Return the members who heard the whole hearing, whom no relation keeps off it: one slip each."""
    related = declared.members(session, hearing.panel).get(hearing.candidate_id, frozenset())
    return [member for member in present(session, hearing) if member.id not in related]


def slips(session: Session, hearing: Hearing, *, named: bool) -> list[str]:
    """Return the numbers of the slips as they were issued: of named ballots the members' places.

    A relation declared afterwards takes no slip back, and gives nobody else's number away.
    """
    places = [each.position for each in holders(session, hearing)]
    return [str(place) for place in (places if named else range(1, len(places) + 1))]


def holders(session: Session, hearing: Hearing) -> list[PanelMember]:
    """Return the members to whom slips were issued; before that, those who would get one."""
    opened = events(session, [hearing.id])[hearing.id].get("ballot_opened")
    if opened is None:
        return entitled(session, hearing)
    return [member for member in hearing.panel.members if member.position in opened.payload["places"]]


def voters(
    session: Session, panel: PanelSession, hearings: Sequence[Hearing]
) -> dict[int, list[PanelMember]]:
    """Return by hearing whose ballot is taken.

    A slip that is out is lost by a relation to this very candidate only: nobody loses the vote by what else
    is declared, or typed, during the ballot.
    """
    happened = events(session, [hearing.id for hearing in hearings])
    gone = absences(session, panel.id)
    related, off = declared.kept_off(session, panel)
    found = {}
    for hearing in hearings:
        opened = happened[hearing.id].get("ballot_opened")
        kept_off = (related if opened else off).get(hearing.candidate_id, frozenset())
        places = opened.payload["places"] if opened else _places_present(gone, hearing)
        found[hearing.id] = [
            one for one in panel.members if one.position in places and one.id not in kept_off
        ]
    return found


def _places_present(gone: Mapping[tuple[int, int | None], MemberAbsence], hearing: Hearing) -> list[int]:
    return [one.position for one in hearing.panel.members if not missed(gone, one.id, hearing)]


def present(session: Session, hearing: Hearing) -> list[PanelMember]:
    """Return the members who heard the whole hearing."""
    gone = absences(session, hearing.panel_id)
    members = session.scalars(
        select(PanelMember).where(PanelMember.panel_id == hearing.panel_id).order_by(PanelMember.position)
    )
    return [member for member in members if not missed(gone, member.id, hearing)]


def is_repeated(session: Session, hearing_id: int) -> bool:
    """Whether a later hearing takes the place of this one."""
    return session.scalar(select(Hearing.id).where(Hearing.repeats_id == hearing_id)) is not None


def absent_candidates(session: Session, competition_id: int) -> frozenset[int]:
    """Return the candidates who did not come to their (last) hearing: one query."""
    rows = session.scalars(
        select(Hearing.candidate_id)
        .join(PanelSession, PanelSession.id == Hearing.panel_id)
        .join(HearingEvent, HearingEvent.hearing_id == Hearing.id)
        .where(
            PanelSession.competition_id == competition_id,
            HearingEvent.kind == "candidate_absent",
            _counts(),
        )
    )
    return frozenset(rows)


def repeated(session: Session, competition_id: int) -> dict[tuple[int, str], datetime]:
    """Return since when an earlier ballot on a candidate does not count, by candidate and part: one query."""
    rows = session.execute(
        select(Hearing.candidate_id, PanelSession.part, Hearing.drawn_at)
        .join(PanelSession, PanelSession.id == Hearing.panel_id)
        .where(PanelSession.competition_id == competition_id, Hearing.repeats_id.is_not(None), _counts())
    )
    return {(row[0], row[1]): row[2] for row in rows}


def issued(session: Session, hearing: Hearing) -> int:
    """Return how many slips were issued when the ballot was opened."""
    opened = events(session, [hearing.id])[hearing.id].get("ballot_opened")
    return int(opened.payload["issued"]) if opened is not None else 0


def hash_of_ballots(session: Session, hearing_id: int) -> str:
    """Return the hash over every counted ballot of a hearing, as the record holds it."""
    rows = session.scalars(select(Ballot).where(Ballot.hearing_id == hearing_id).order_by(Ballot.slip))
    return sha256_of(
        [
            [one.slip, str(one.member_id), one.value, one.scores, str(one.signed_paper_id), one.page]
            for one in rows
        ]
    )


def count_cast(session: Session, hearing_id: int) -> int:
    """Return how many members have voted."""
    return session.scalar(select(func.count()).where(BallotReceipt.hearing_id == hearing_id)) or 0


def cast_counts(session: Session, hearing_ids: Collection[int]) -> dict[int, int]:
    """Return how many members have voted in each hearing: one query."""
    rows = session.execute(
        select(BallotReceipt.hearing_id, func.count())
        .where(BallotReceipt.hearing_id.in_(hearing_ids))
        .group_by(BallotReceipt.hearing_id)
    )
    return dict(rows.all())


def has_voted(session: Session, hearing_ids: Collection[int], account_id: int) -> set[int]:
    """Return the hearings in which this person has voted."""
    rows = session.scalars(
        select(BallotReceipt.hearing_id)
        .join(PanelMember, PanelMember.id == BallotReceipt.member_id)
        .where(BallotReceipt.hearing_id.in_(hearing_ids), PanelMember.account_id == account_id)
    )
    return set(rows)


def keyings(session: Session, hearing_ids: Collection[int]) -> dict[int, list[CountKeying]]:
    """Return each typist's last keying by hearing: one query."""
    last: dict[int, dict[int, CountKeying]] = {}
    rows = session.scalars(
        select(CountKeying).where(CountKeying.hearing_id.in_(hearing_ids)).order_by(CountKeying.id)
    )
    for row in rows:
        last.setdefault(row.hearing_id, {})[row.typist_id] = row
    return {number: list(by_typist.values()) for number, by_typist in last.items()}


def agrees_with_another(session: Session, keying: CountKeying) -> bool:
    """Whether another typist's last keying of the same sheet says the same."""
    return any(
        other.typist_id != keying.typist_id and _reading(other) == _reading(keying)
        for other in keyings(session, [keying.hearing_id]).get(keying.hearing_id, [])
    )


def differ(last: Sequence[CountKeying]) -> bool:
    """Whether the last keyings of a sheet disagree; not in what."""
    return len(last) > 1 and any(_reading(other) != _reading(last[0]) for other in last[1:])


def keyings_differ(session: Session, hearing_id: int) -> bool:
    """Whether the last keyings of two typists disagree; not in what."""
    return differ(keyings(session, [hearing_id]).get(hearing_id, []))


def page_used(session: Session, signed_paper_id: int, page: int, hearing_id: int) -> bool:
    """Whether the ballots of another hearing were counted from this page."""
    other = select(Ballot.id).where(
        Ballot.signed_paper_id == signed_paper_id, Ballot.page == page, Ballot.hearing_id != hearing_id
    )
    return session.scalar(other.limit(1)) is not None


def panel_input(session: Session, vacancy_id: int, part: str) -> dict[int, dict[str, Any]]:
    """Return the counted ballots of each candidate as exam-portal/marks/1 takes them, of the last hearing.

    Ballots of a hearing that has not been counted are nobody's to see: the candidate is left out.
    """
    hearings = session.scalars(
        select(Hearing)
        .join(PanelSession, PanelSession.id == Hearing.panel_id)
        .where(PanelSession.vacancy_id == vacancy_id, PanelSession.part == part, _counts())
    ).all()
    counted = counted_ballots(session, hearings)
    for number, minute in _decisions(session, hearings).items():
        if number in counted:
            counted[number]["repeated"] = minute
    return {one.candidate_id: counted[one.id] for one in hearings if one.id in counted}


def _decisions(session: Session, hearings: Sequence[Hearing]) -> dict[int, str]:
    """Return by repeated hearing the number of the decision that ordered it."""
    again = [one.id for one in hearings if one.repeats_id is not None]
    if not again:
        return {}
    rows = session.execute(
        select(Hearing.id, audit.SignedPaper.number)
        .join(audit.SignedPaper, audit.SignedPaper.id == Hearing.signed_paper_id)
        .where(Hearing.id.in_(again))
    )
    return dict(rows.all())


def counted_ballots(session: Session, hearings: Sequence[Hearing]) -> dict[int, dict[str, Any]]:
    """Return the counted ballots by hearing, in the same form: three queries.

    Of a box that was not opened there are the counts only, and no ballot.
    """
    happened = events(session, [one.id for one in hearings])
    found: dict[int, dict[str, Any]] = {
        number: {**_counts_of(kinds), "ballots": []}
        for number, kinds in happened.items()
        if not kinds.keys().isdisjoint(BALLOT_OVER)
    }
    rows = session.scalars(select(Ballot).where(Ballot.hearing_id.in_(found)).order_by(Ballot.slip)).all()
    positions = _positions(session, rows)
    for row in rows:
        found[row.hearing_id]["ballots"].append(_ballot(row, positions))
    return found


def _counts_of(kinds: Mapping[str, HearingEvent]) -> dict[str, Any]:
    if "counted" in kinds:
        return dict(kinds["counted"].payload)
    closed = kinds["box_unopened"].payload
    return {"issued": closed["issued"], "returned": closed["returned"]}


def ballot_pages(session: Session, vacancy_id: int, part: str) -> dict[int, BallotPage]:
    """Return per candidate the signed page that the ballots which count come from (paper mode)."""
    found = session.execute(
        select(Hearing.candidate_id, Hearing.id)
        .join(PanelSession, PanelSession.id == Hearing.panel_id)
        .where(PanelSession.vacancy_id == vacancy_id, PanelSession.part == part, _counts())
    ).all()
    pages = pages_of(session, [row[1] for row in found])
    return {candidate_id: pages[number] for candidate_id, number in found if number in pages}


def pages_of(session: Session, hearing_ids: Collection[int]) -> dict[int, BallotPage]:
    """Return by hearing the signed page that its ballots come from (paper mode): one query."""
    rows = session.execute(
        select(Ballot.hearing_id, Ballot.signed_paper_id, audit.SignedPaper.public_id, Ballot.page)
        .join(audit.SignedPaper, audit.SignedPaper.id == Ballot.signed_paper_id)
        .where(Ballot.hearing_id.in_(hearing_ids))
        .distinct()
    )
    return {
        row[0]: BallotPage(signed_paper_id=row[1] or 0, paper_public_id=row[2], page=row[3] or 1)
        for row in rows
    }


def result(
    ruleset: RuleSet, part_key: str, counted: Mapping[str, Any], decided: Sequence[PureDecision] = ()
) -> Outcome:
    """Return what the rules and the council make of the counted ballots: a mark, or what it waits for."""
    part = ballots.part_of(ruleset, part_key)
    box = PureBox(ballots=tuple(_pure(one) for one in counted["ballots"]), returned=int(counted["returned"]))
    return arithmetic.aggregate(part, box, numbers=ruleset.numbers, decisions=decided)


def _pure(one: Mapping[str, Any]) -> PureBallot:
    value = one.get("value")
    return PureBallot(
        voter=str(one.get("member") or one["slip"]),
        value=None if value is None else Decimal(value),
        scores=tuple((key, Decimal(score)) for key, score in sorted(one.get("scores", {}).items())),
    )


def _positions(session: Session, rows: Sequence[Ballot]) -> dict[int, int]:
    ids = {row.member_id for row in rows if row.member_id is not None}
    if not ids:
        return {}
    query = select(PanelMember.id, PanelMember.position).where(PanelMember.id.in_(ids))
    return dict(session.execute(query).all())


def _ballot(row: Ballot, positions: Mapping[int, int]) -> dict[str, Any]:
    voter = {"slip": row.slip} if row.member_id is None else {"member": f"M{positions[row.member_id]}"}
    if row.scores:
        return {**voter, "scores": row.scores}
    return {**voter, "value": plain(Decimal(row.value))}


def _counts() -> ColumnElement[bool]:
    """No later hearing takes the place of this one."""
    later = aliased(Hearing)
    return ~exists().where(later.repeats_id == Hearing.id)


def _reading(keying: CountKeying) -> tuple[Any, ...]:
    return keying.payload, keying.signed_paper_id, keying.page
