# SPDX-License-Identifier: Apache-2.0
"""Who may mark a bag: whoever is related to nobody whose script lies in it, and has none of his own there."""

from collections.abc import Collection, Mapping

from sqlalchemy import exists, select

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import queries as competitions
from exam_portal.core import names
from exam_portal.core.actors import Role
from exam_portal.core.confinement import door
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate
from exam_portal.sittings import masking
from exam_portal.sittings.handover.views import BagView, MarkerView
from exam_portal.sittings.models import MaskBag, MaskedScript

CONFLICT = "conflict"


@door
def markers(session: Session, bag: BagView) -> list[MarkerView]:
    """Return who holds the role that marks this bag: markers, or the review board after a request."""
    role = Role.REVIEW_BOARD if bag.is_review else Role.MARKER
    found = accounts.holders(
        session, role, organisation_id=bag.organisation_id, competition_id=bag.competition_id
    )
    return [MarkerView(id=one.id, public_id=one.public_id, name=one.name) for one in found]


@door
def staff_names(session: Session, account_ids: Collection[int]) -> Mapping[int, str]:
    """Return the names of people who mark, key or approve."""
    return accounts.names_of(session, account_ids)


@door
def may_take(session: Session, account_id: int, bag_id: int) -> str | None:
    """Return why this person may not mark the bag ("conflict"), or None; not whose script it is about.

    A relation to one who has a script in it stands against it, declared in the portal or, under the person's
    name, on paper, and so does a script of one's own. Whoever is no candidate here and related to none is
    asked about at each draft: for these no mask is opened.
    """
    row = session.get_one(MaskBag, bag_id)
    declared = _declared(session, row.competition_id, [account_id])
    related = {account_id, *(candidate for _, candidate in declared)}
    applied = select(Candidate.id).where(
        Candidate.competition_id == row.competition_id, Candidate.account_id.in_(related)
    )
    if session.scalar(applied.limit(1)) is None:
        return None
    return None if related.isdisjoint(_writers(session, row)) else CONFLICT


@door
def may_key(session: Session, account_id: int, competition_id: int) -> str | None:
    """Return why this person keys no slip of the competition ("conflict"), or None; not about whom.

    A relation to any of its candidates counts, and being one: asked bag by bag, the answer would say in which
    bag a script lies.
    """
    is_candidate = exists().where(
        Candidate.competition_id == competition_id, Candidate.account_id == account_id
    )
    if _declared(session, competition_id, [account_id]) or session.scalar(select(is_candidate)):
        return CONFLICT
    return None


@door
def conflicts(
    session: Session, bags: Collection[BagView], account_ids: Collection[int]
) -> dict[int, set[int]]:
    """Return bag -> which of these may not mark it, of bags of one part; not whose scripts it is about."""
    found: dict[int, set[int]] = {}
    for bag in bags:
        writers = _writers(session, session.get_one(MaskBag, bag.id))
        declared = _declared(session, bag.competition_id, account_ids)
        related = {marker for marker, candidate in declared if candidate in writers}
        found[bag.id] = related | writers.intersection(account_ids)
    return found


@door
def may_sign(session: Session, name: str, bag_id: int) -> str | None:
    """Return why nobody of this name signs slips of the bag ("conflict"), or None; not about whom.

    On paper a marker is known by name: what anybody of the name has declared, signed in or on paper, stands
    against the signature, and so does a candidate of the name, whose script lies in this bag or another one.
    Were only this bag looked at, a typist could try the name of a candidate on every bag to learn where the
    script is.
    """
    row = session.get_one(MaskBag, bag_id)
    writers = _writers(session, row)
    declared = {
        marker
        for marker, candidate in competitions.conflicts(session, row.competition_id)
        if candidate in writers
    }
    candidates = session.scalars(
        select(Candidate.account_id).where(Candidate.competition_id == row.competition_id)
    )
    on_paper = {
        person
        for person, candidate in competitions.related_on_paper(session, row.competition_id)
        if candidate in writers
    }
    known = on_paper.union(accounts.names_of(session, declared | {*candidates}).values())
    return CONFLICT if any(names.is_one_person(name, other) for other in known) else None


def _declared(session: Session, competition_id: int, account_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (account, candidate's account) of what these declared, in the portal or on paper by name."""
    declared = competitions.conflicts(session, competition_id)
    on_paper = competitions.related_on_paper(session, competition_id)
    people = accounts.names_of(session, account_ids) if on_paper else {}
    return {(one, candidate) for one, candidate in declared if one in account_ids} | {
        (one, candidate)
        for one, name in people.items()
        for person, candidate in on_paper
        if names.is_one_person(name, person)
    }


def _writers(session: Session, bag: MaskBag) -> set[int]:
    """Return the accounts of those whose scripts lie in the bag; it never leaves this module."""
    mapped = masking.mapping(session, bag.competition_id, bag.part, bag.purpose)
    in_bag = set(session.scalars(select(MaskedScript.id).where(MaskedScript.bag_id == bag.id)))
    people = [candidate_id for masked_id, candidate_id in mapped.items() if masked_id in in_bag]
    return set(session.scalars(select(Candidate.account_id).where(Candidate.id.in_(people))))
