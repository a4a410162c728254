# SPDX-License-Identifier: Apache-2.0
"""Who may do what with a panel, and the only functions that hand its rows to pages."""

import dataclasses
from typing import Any

from sqlalchemy import select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import queries
from exam_portal.interviews.models import Hearing, PanelMember, PanelSession
from exam_portal.interviews.record import keeping
from exam_portal.web import policy


def _is_member(actor: Actor, target: Any) -> bool:
    return actor.account_id is not None and actor.account_id in getattr(target, "members", ())


is_member = policy.Check("member of the panel", _is_member, lambda actor: actor.is_known)
COUNCIL = (Role.COUNCIL, Role.CHAIR, Role.SECRETARY)

PERMISSIONS: policy.Permissions = {
    "interviews.view": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR, Role.ORGANISER, Role.AUTHORITY, Role.OVERSIGHT, Role.TYPIST),
        doc="See the panels, the order of hearings, and ballots once they are counted.",
    ),
    "interviews.run": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR),
        doc="Seat a panel, draw lots, record absences, open hearings and ballots, count.",
    ),
    "interviews.file_sheets": policy.any_of(
        policy.holds(Role.SECRETARY, Role.TYPIST), doc="File the scan of signed counting sheets."
    ),
    "interviews.key": policy.any_of(policy.holds(Role.TYPIST), doc="Key a counting sheet."),
    "interviews.see_questions": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR, Role.COUNCIL, Role.SETTING_BOARD, Role.OVERSIGHT),
        doc="See of a panel's questions how many there are, who approved them, and what has been drawn.",
    ),
    "interviews.file_questions": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR, Role.SETTING_BOARD),
        doc="File a panel's questions under seal.",
    ),
    "interviews.approve_questions": policy.any_of(
        policy.holds(Role.CHAIR, Role.COUNCIL), doc="Read and approve questions that somebody else has filed."
    ),
    "interviews.see_clock": policy.any_of(
        policy.holds(
            Role.SECRETARY, Role.CHAIR, Role.COUNCIL, Role.ORGANISER, Role.AUTHORITY, Role.OVERSIGHT
        ),
        doc="Show the clock of the room: order number and phase, nobody's name.",
    ),
    "interviews.see_agreement": policy.any_of(
        policy.holds(Role.CHAIR, Role.OVERSIGHT),
        doc="See how far the counted ballots of panels agree, and print it.",
    ),
    "interviews.see_relations": policy.any_of(
        policy.holds(Role.CHAIR, Role.OVERSIGHT),
        doc="See which relations members of a panel have declared, and which questions are open.",
    ),
    "interviews.keep_record": policy.any_of(
        policy.holds(*keeping.KEEPERS),
        doc="Copy the own share of the key of a panel's sealed record, where one was given.",
    ),
    "interviews.open_record": policy.any_of(
        policy.holds(*keeping.KEEPERS),
        doc="Open a sealed record of secret ballots, as one of its keepers, on a signed decision.",
    ),
    "interviews.declare": policy.any_of(
        policy.all_of(policy.holds(*COUNCIL), is_member), doc="Declare the own relations to candidates."
    ),
    "interviews.own": policy.any_of(policy.holds_anywhere(*COUNCIL), doc="See the panels on which one sits."),
    "interviews.vote": policy.any_of(
        policy.all_of(policy.holds(*COUNCIL), is_member), doc="Give the own ballot, once."
    ),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ballotage:
    """A hearing with the accounts that sit on its panel."""

    hearing: Hearing
    competition: Competition
    members: frozenset[int]
    organisation_id: int
    competition_id: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The accounts that sit on a panel, and where it stands."""

    members: frozenset[int]
    organisation_id: int
    competition_id: int


def load_competition(session: Session, actor: Actor, competition_id: str, permission: str) -> Competition:
    """Return the competition if the actor may do this there, else NotFound."""
    found = competitions.competition(session, actor, competition_id)
    policy.authorise(actor, permission, found, view="competitions.view")
    return found


def load_panel(
    session: Session, actor: Actor, competition_id: str, panel_id: str, permission: str
) -> tuple[Competition, PanelSession]:
    """Return a panel of the competition if the actor may do this there, else NotFound."""
    competition = load_competition(session, actor, competition_id, permission)
    return competition, queries.panel(session, competition, panel_id)


def hearing_of(session: Session, panel: PanelSession, hearing_id: str) -> Hearing:
    """Return a hearing of this panel, else NotFound."""
    found = queries.hearing(session, hearing_id)
    if found.panel_id != panel.id:
        raise NotFound
    return found


def load_seat(session: Session, actor: Actor, panel_id: str) -> tuple[Competition, PanelMember]:
    """Return the actor's own seat on a panel, else NotFound."""
    panel = session.scalar(select(PanelSession).where(PanelSession.public_id == panel_id))
    if panel is None:
        raise NotFound
    competition = session.get_one(Competition, panel.competition_id)
    seats = {one.account_id: one for one in panel.members if one.account_id is not None}
    target = Seats(
        members=frozenset(seats),
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
    )
    policy.authorise(actor, "interviews.declare", target)
    assert actor.account_id is not None
    return competition, seats[actor.account_id]


def member_of(panel: PanelSession, member_id: str) -> PanelMember:
    """Return a member of this panel, else NotFound."""
    found = next((one for one in panel.members if one.public_id == member_id), None)
    if found is None:
        raise NotFound
    return found


def load_ballotage(session: Session, actor: Actor, hearing_id: str) -> Ballotage:
    """Return the hearing if the actor sits on its panel, else NotFound."""
    hearing = queries.hearing(session, hearing_id)
    competition = session.get_one(Competition, hearing.panel.competition_id)
    accounts = {one.account_id for one in hearing.panel.members if one.account_id is not None}
    found = Ballotage(
        hearing=hearing,
        competition=competition,
        members=frozenset(accounts),
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
    )
    policy.authorise(actor, "interviews.vote", found)
    return found
