# SPDX-License-Identifier: Apache-2.0
"""Declared relations between members of a panel and its candidates, by account and by name.

A council that votes on paper is known by name only: what a person declared in the portal binds the name too.
"""

from collections.abc import Mapping

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import queries as competitions
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.interviews import declared as told
from exam_portal.interviews.models import PanelMember, PanelSession
from exam_portal.registration import queries as registration
from exam_portal.registration.models import Candidate


def candidates_of(session: Session, panel: PanelSession) -> dict[int, str]:
    """Return the candidates of the panel's vacancy by account, each name with the unit in brackets."""
    people = registration.candidates(session, panel.competition_id, vacancy_id=panel.vacancy_id)
    return {one.account_id: f"{one.name} ({one.unit})" if one.unit else one.name for one in people}


def is_declared(
    session: Session, panel: PanelSession, heard: Mapping[int, str], name: str, account_id: int | None
) -> bool:
    """Whether this account, or an account of this name, has declared a relation to a candidate heard here."""
    declared = {who for who, about in competitions.conflicts(session, panel.competition_id) if about in heard}
    known = accounts.names_of(session, declared).values()
    return account_id in declared or any(names.is_one_person(name, one) for one in known)


def members(session: Session, panel: PanelSession) -> dict[int, frozenset[int]]:
    """Return by candidate the members who have declared a relation: a fixed number of queries."""
    rows = session.execute(
        select(Candidate.id, Candidate.account_id).where(Candidate.vacancy_id == panel.vacancy_id)
    ).all()
    by_account = {row.account_id: row.id for row in rows}
    declared = {
        (who, by_account[about])
        for who, about in competitions.conflicts(session, panel.competition_id)
        if about in by_account
    }
    known = accounts.names_of(session, {who for who, _ in declared})
    found = told.related(session, panel)
    for who, candidate_id in declared:
        related = {one.id for one in panel.members if _is(one, who, known.get(who, ""))}
        found[candidate_id] = found.get(candidate_id, frozenset()) | related
    return found


def _is(member: PanelMember, account_id: int, name: str) -> bool:
    """Whether the seat is this person's: by account, or by name where the seat has no account."""
    if member.account_id is not None:
        return member.account_id == account_id
    return names.is_one_person(member.name, name)
