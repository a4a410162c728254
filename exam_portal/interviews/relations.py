# SPDX-License-Identifier: Apache-2.0
"""Declared relations between members of a panel and its candidates, by account and by name.

A council that votes on paper is known by name only: what a person declared in the portal binds the name too.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, ConflictOfInterest, RelationOnPaper
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.interviews import admission
from exam_portal.interviews import declared as told
from exam_portal.interviews.models import PanelMember, PanelSession
from exam_portal.registration import queries as registration
from exam_portal.registration.models import Candidate

Known = tuple[int, int, str]  # member, candidate, relation


def candidates_of(session: Session, panel: PanelSession) -> dict[int, str]:
    """Return the candidates of the panel's vacancy by account, each name with the unit in brackets."""
    people = registration.candidates(session, panel.competition_id, vacancy_id=panel.vacancy_id)
    return {one.account_id: f"{one.name} ({one.unit})" if one.unit else one.name for one in people}


def is_declared(
    session: Session, panel: PanelSession, heard: Mapping[int, str], name: str, account_id: int | None
) -> bool:
    """Whether a relation to a candidate heard here is on record, of this account or under this name."""
    declared = {who for who, about in competitions.conflicts(session, panel.competition_id) if about in heard}
    known = {
        *accounts.names_of(session, declared).values(),
        *(one for one, _, _ in _on_paper(session, panel)),
    }
    return account_id in declared or any(names.is_one_person(name, one) for one in known)


def members(session: Session, panel: PanelSession) -> dict[int, frozenset[int]]:
    """Return by candidate the members who have no slip: related, or barred from the panel altogether."""
    return kept_off(session, panel)[1]


def kept_off(
    session: Session, panel: PanelSession
) -> tuple[dict[int, frozenset[int]], dict[int, frozenset[int]]]:
    """Return by candidate who is related to this very one, and who has no slip: these, and the barred."""
    known, heard = _known(session, panel), admission.present(session, panel.vacancy_id)
    related, off = _by_candidate(known), _barred(session, panel, known, heard)
    found = dict.fromkeys(heard, off)
    for candidate_id, own in related.items():
        found[candidate_id] = found.get(candidate_id, frozenset()) | own
    return related, found


def barred(session: Session, panel: PanelSession) -> frozenset[int]:
    """Return who may not sit: disciplined, or related to somebody to be heard as the rules name it."""
    return _barred(session, panel, _known(session, panel), admission.present(session, panel.vacancy_id))


def keep_from_questions(session: Session, panel: PanelSession, account_id: int) -> bool:
    """Whether this person is related to a candidate or disciplined, or as a member has yet to declare."""
    name = accounts.names_of(session, {account_id}).get(account_id, "")
    lines = [line for line in told.lines(session, panel) if _is(line.member, account_id, name)]
    off = told.disciplined(session, panel)
    if any(line.holds_up or line.relation or line.member.id in off for line in lines):
        return True
    if any(names.is_one_person(name, one) for one, _, _ in _on_paper(session, panel)):
        return True
    declared = (
        select(ConflictOfInterest.id)
        .join(Candidate, Candidate.account_id == ConflictOfInterest.candidate_account_id)
        .where(
            ConflictOfInterest.competition_id == panel.competition_id,
            ConflictOfInterest.account_id == account_id,
            Candidate.vacancy_id == panel.vacancy_id,
        )
    )
    return session.scalar(declared.limit(1)) is not None


def _by_candidate(known: Collection[Known]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for member_id, candidate_id, _ in known:
        found[candidate_id] = found.get(candidate_id, frozenset()) | {member_id}
    return found


def _barred(
    session: Session, panel: PanelSession, known: Collection[Known], heard: Collection[int]
) -> frozenset[int]:
    named = competitions.ruleset(session.get_one(Competition, panel.competition_id)).coi.relations
    related = {
        member_id for member_id, candidate_id, kind in known if candidate_id in heard and kind in named
    }
    return frozenset(related | told.disciplined(session, panel))


def _known(session: Session, panel: PanelSession) -> set[Known]:
    """Return what was told to this panel, and what was declared in the house: a fixed number of queries."""
    rows = session.execute(
        select(ConflictOfInterest.account_id, Candidate.id, ConflictOfInterest.relation)
        .join(Candidate, Candidate.account_id == ConflictOfInterest.candidate_account_id)
        .where(
            ConflictOfInterest.competition_id == panel.competition_id,
            Candidate.vacancy_id == panel.vacancy_id,
        )
    ).all()
    names_of = accounts.names_of(session, {row.account_id for row in rows})
    in_house = {
        (one.id, row.id, row.relation)
        for row in rows
        for one in panel.members
        if _is(one, row.account_id, names_of.get(row.account_id, ""))
    }
    on_paper = {
        (one.id, candidate_id, kind)
        for person, candidate_id, kind in _on_paper(session, panel)
        for one in panel.members
        if names.is_one_person(one.name, person)
    }
    return told.related(session, panel) | in_house | on_paper


def _on_paper(session: Session, panel: PanelSession) -> set[tuple[str, int, str]]:
    """Return (name, candidate, relation) of what was signed on paper and typed: it knows no account."""
    rows = session.execute(
        select(RelationOnPaper.person, Candidate.id, RelationOnPaper.relation)
        .join(Candidate, Candidate.account_id == RelationOnPaper.candidate_account_id)
        .where(
            RelationOnPaper.competition_id == panel.competition_id,
            Candidate.vacancy_id == panel.vacancy_id,
        )
    )
    return {(person, candidate_id, kind) for person, candidate_id, kind in rows}


def _is(member: PanelMember, account_id: int, name: str) -> bool:
    """Whether the seat is this person's: by account, or by name where the seat has no account."""
    if member.account_id is not None:
        return member.account_id == account_id
    return names.is_one_person(member.name, name)
