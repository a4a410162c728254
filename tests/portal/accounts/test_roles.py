# SPDX-License-Identifier: Apache-2.0
"""Roles need two people, one place, and duties that go together."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from exam_portal.accounts import actors, duties, errors, queries, service
from exam_portal.accounts.models import RoleGrant
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.core.actors import SYSTEM, Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden
from tests.portal.accounts.builders import (
    NOW,
    a_candidate,
    a_competition,
    a_member,
    acting,
    an_organisation,
    give,
    seat,
)
from tests.portal.audit.builders import a_paper


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing(unhurried=True) as writing:
        yield writing


class House:
    """A city with a department below it, two organisers, a competition and a person without a role."""

    def __init__(self, session: Session) -> None:
        self.city = an_organisation(session, "UBND thành phố")
        self.department = an_organisation(session, "Sở Tài chính", parent=self.city)
        self.first, self.second = (a_member(session, f"{n}@example.vn") for n in ("mot", "hai"))
        for account in (self.first, self.second):
            give(session, account, Role.ORGANISER, seat(self.city))
        self.competition = a_competition(session, self.department, self.first)
        self.person = a_member(session, "ba@example.vn")
        self.here = seat(self.department, self.competition)

    def proposed(self, session: Session, role: Role, **more: object) -> RoleGrant:
        return service.propose_grant(
            session,
            acting(session, self.first),
            NOW,
            account=self.person,
            role=role,
            seat=self.here,
            **more,  # type: ignore[arg-type]
        )

    def approve(self, session: Session, grant: RoleGrant, by: Actor | None = None) -> None:
        service.approve_grant(session, by or acting(session, self.second), NOW, grant=grant, seat=self.here)


@pytest.fixture
def house(session: Session) -> House:
    return House(session)


def test_a_proposed_role_is_not_held(session: Session, house: House) -> None:
    house.proposed(session, Role.MARKER)
    assert acting(session, house.person).roles == frozenset()


def test_a_second_person_brings_the_role_into_force(session: Session, house: House) -> None:
    house.approve(session, house.proposed(session, Role.MARKER))
    assert acting(session, house.person).holds(Role.MARKER, competition_id=house.competition.id)


def test_who_proposed_cannot_approve(session: Session, house: House) -> None:
    grant = house.proposed(session, Role.MARKER)
    with pytest.raises(errors.SamePerson):
        house.approve(session, grant, acting(session, house.first))


def test_who_receives_the_role_cannot_approve(session: Session, house: House) -> None:
    grant = service.propose_grant(
        session, acting(session, house.first), NOW, account=house.second, role=Role.CHAIR, seat=house.here
    )
    with pytest.raises(errors.SamePerson):
        house.approve(session, grant)


def test_the_database_itself_refuses_one_person_in_both_parts(session: Session, house: House) -> None:
    grant = house.proposed(session, Role.MARKER)
    change = (
        update(RoleGrant).where(RoleGrant.id == grant.id).values(approved_by=house.first.id, approved_at=NOW)
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(change)


def test_a_revoked_role_is_not_held_and_stays_on_record(session: Session, house: House) -> None:
    grant = house.proposed(session, Role.MARKER)
    house.approve(session, grant)
    service.revoke_grant(session, acting(session, house.second), NOW, grant=grant, seat=house.here)
    assert acting(session, house.person).roles == frozenset()
    assert session.get(RoleGrant, grant.id) is not None
    with pytest.raises(errors.GrantDecided):
        service.revoke_grant(session, acting(session, house.second), NOW, grant=grant, seat=house.here)


def test_a_withdrawn_proposal_cannot_be_approved(session: Session, house: House) -> None:
    grant = house.proposed(session, Role.MARKER)
    service.revoke_grant(session, acting(session, house.first), NOW, grant=grant, seat=house.here)
    with pytest.raises(errors.GrantDecided):
        house.approve(session, grant)


def test_a_role_is_given_once(session: Session, house: House) -> None:
    house.proposed(session, Role.MARKER)
    with pytest.raises(errors.GrantExists):
        house.proposed(session, Role.MARKER)


def test_a_role_of_a_whole_organisation_is_given_once(session: Session, house: House) -> None:
    with pytest.raises(errors.GrantExists):
        give(session, house.first, Role.ORGANISER, seat(house.city))


def behind_the_verb(house: House, *, account: int, place: service.Seat) -> RoleGrant:
    """Return a grant as a race that passed the verb's own question would leave it."""
    return RoleGrant(
        account_id=account,
        role=Role.OVERSIGHT,
        organisation_id=place.organisation_id,
        competition_id=place.competition_id,
        proposed_by=house.first.id,
        proposed_at=NOW,
    )


def insert(session: Session, grant: RoleGrant) -> None:
    """The grant is written, within a savepoint of its own."""
    with session.begin_nested():
        session.add(grant)
        session.flush()


@pytest.mark.parametrize("is_in_competition", [True, False], ids=["competition", "organisation"])
def test_the_database_itself_keeps_one_live_grant_of_a_role_in_a_place(
    session: Session, house: House, is_in_competition: bool
) -> None:
    place = house.here if is_in_competition else seat(house.department)
    first = behind_the_verb(house, account=house.person.id, place=place)
    session.add(first)
    session.flush()
    second = behind_the_verb(house, account=house.person.id, place=place)
    with pytest.raises(IntegrityError):
        insert(session, second)
    first.revoked_by, first.revoked_at = house.first.id, NOW
    session.add(behind_the_verb(house, account=house.person.id, place=place))
    session.flush()


@pytest.mark.parametrize("is_in_competition", [True, False], ids=["competition", "organisation"])
def test_without_its_index_the_database_would_take_the_second_grant(
    session: Session, house: House, is_in_competition: bool
) -> None:
    index = "uq_role_grants_live" if is_in_competition else "uq_role_grants_live_organisation"
    session.execute(text(f"DROP INDEX {index}"))
    place = house.here if is_in_competition else seat(house.department)
    session.add_all(behind_the_verb(house, account=house.person.id, place=place) for _ in range(2))
    session.flush()


def test_one_person_may_hold_the_role_in_two_places(session: Session, house: House) -> None:
    for place in (house.here, seat(house.department), seat(house.city)):
        session.add(behind_the_verb(house, account=house.person.id, place=place))
    session.flush()


PAIRS = sorted(duties.matrix(), key=lambda pair: (pair[0].value, pair[1].value))
IN_COMPETITION = [pair for pair in PAIRS if set(pair) <= service.COMPETITION_ROLES]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("held", "new"), IN_COMPETITION, ids=lambda role: str(role.value))
def test_duties_that_exclude_each_other_are_refused_at_the_proposal(
    session: Session, house: House, held: Role, new: Role
) -> None:
    house.approve(session, house.proposed(session, held))
    with pytest.raises(errors.ForbiddenCombination) as refused:
        house.proposed(session, new)
    assert (refused.value.conflict.held, refused.value.conflict.new) == (held, new)


def test_two_proposals_that_exclude_each_other_do_not_stand_together(session: Session, house: House) -> None:
    house.proposed(session, Role.MARKER)
    with pytest.raises(errors.ForbiddenCombination):
        house.proposed(session, Role.INVIGILATOR)


def test_the_approval_checks_once_more(session: Session, house: House) -> None:
    grant = house.proposed(session, Role.MARKER)
    # Behind the verb's back, as a race on a database without our lock would leave it.
    session.add(
        RoleGrant(
            account_id=house.person.id,
            role=Role.INVIGILATOR,
            organisation_id=house.department.id,
            competition_id=house.competition.id,
            proposed_by=house.second.id,
            proposed_at=NOW,
        )
    )
    session.flush()
    with pytest.raises(errors.ForbiddenCombination):
        house.approve(session, grant)


def test_a_role_in_the_organisation_above_counts(session: Session, house: House) -> None:
    give(session, house.person, Role.SETTING_BOARD, seat(house.city))
    with pytest.raises(errors.ForbiddenCombination):
        house.proposed(session, Role.MARKER)


def test_a_role_in_a_competition_below_counts_against_one_in_the_organisation(
    session: Session, house: House
) -> None:
    house.approve(session, house.proposed(session, Role.MARKER))
    with pytest.raises(errors.ForbiddenCombination):
        give(session, house.person, Role.OVERSIGHT, seat(house.city))


def test_roles_in_two_competitions_do_not_meet(session: Session, house: House) -> None:
    house.approve(session, house.proposed(session, Role.MARKER))
    other = a_competition(session, house.department, house.first, code="TT-2")
    give(session, house.person, Role.INVIGILATOR, seat(house.department, other))
    assert acting(session, house.person).roles == {Role.MARKER, Role.INVIGILATOR}


def an_exception(session: Session, house: House, **more: object) -> SignedPaper:
    facts = {"competition_id": house.competition.id, "kind": PaperKind.ROLE_EXCEPTION, **more}
    return a_paper(session, acting(session, house.first), house.department.id, **facts)


def test_the_signed_exception_lets_a_council_member_invigilate(session: Session, house: House) -> None:
    house.approve(session, house.proposed(session, Role.COUNCIL))
    grant = house.proposed(session, Role.INVIGILATOR, exception_paper=an_exception(session, house))
    house.approve(session, grant)
    assert acting(session, house.person).roles == {Role.COUNCIL, Role.INVIGILATOR}


def test_without_the_paper_the_exception_is_refused(session: Session, house: House) -> None:
    house.approve(session, house.proposed(session, Role.COUNCIL))
    with pytest.raises(errors.ForbiddenCombination) as refused:
        house.proposed(session, Role.INVIGILATOR)
    assert refused.value.conflict.may_be_excepted


@pytest.mark.parametrize("wrong", [{"kind": PaperKind.OTHER}, {"competition_id": None}])
def test_another_paper_is_no_exception(session: Session, house: House, wrong: dict[str, object]) -> None:
    house.approve(session, house.proposed(session, Role.COUNCIL))
    with pytest.raises(errors.UnfitException):
        house.proposed(session, Role.INVIGILATOR, exception_paper=an_exception(session, house, **wrong))


def test_no_paper_excepts_another_pair(session: Session, house: House) -> None:
    house.approve(session, house.proposed(session, Role.MARKER))
    with pytest.raises(errors.ForbiddenCombination):
        house.proposed(session, Role.INVIGILATOR, exception_paper=an_exception(session, house))


def test_boards_belong_to_a_competition_and_offices_to_an_organisation(
    session: Session, house: House
) -> None:
    with pytest.raises(errors.WrongPlace):
        house.proposed(session, Role.ORGANISER)
    with pytest.raises(errors.WrongPlace):
        give(session, house.person, Role.MARKER, seat(house.city))


def test_a_candidate_holds_no_role(session: Session, house: House) -> None:
    candidate = a_candidate(session)
    with pytest.raises(errors.NotStaff):
        give(session, candidate, Role.MARKER, house.here)


def test_an_organiser_makes_no_administrator(session: Session, house: House) -> None:
    with pytest.raises(Forbidden):
        service.propose_grant(
            session,
            acting(session, house.first),
            NOW,
            account=house.person,
            role=Role.ADMINISTRATOR,
            seat=seat(house.city),
        )


def test_nobody_in_the_portal_gives_a_role_alone(session: Session, house: House) -> None:
    with pytest.raises(Forbidden):
        service.install_grant(
            session, acting(session, house.first), NOW, account=house.person, role=Role.CHAIR, seat=house.here
        )


def test_a_role_in_an_organisation_reaches_all_below_it_and_nothing_beside_it(
    session: Session, house: House
) -> None:
    ward = an_organisation(session, "UBND phường", parent=house.department)
    stranger = an_organisation(session, "UBND tỉnh khác")
    actor = acting(session, house.first)
    assert actor.holds(Role.ORGANISER, organisation_id=ward.id)
    assert not actor.holds(Role.ORGANISER, organisation_id=stranger.id)


def test_organisations_above_are_listed_before_those_below_on_both_databases(
    session: Session, house: House
) -> None:
    found = queries.organisations_of(session, acting(session, house.first), [Role.ORGANISER])
    assert list(found) == [house.city, house.department]


def test_a_role_for_one_competition_reaches_no_other(session: Session, house: House) -> None:
    house.approve(session, house.proposed(session, Role.CHAIR))
    other = a_competition(session, house.department, house.first, code="TT-2")
    actor = acting(session, house.person)
    assert not actor.holds(Role.CHAIR, organisation_id=house.department.id, competition_id=other.id)


def test_a_closed_account_is_nobody(session: Session, house: House) -> None:
    service.disable_account(session, SYSTEM, NOW, account=house.first)
    assert not actors.actor_of(session, house.first.id).is_known


def test_each_decision_is_one_leaf_in_the_log_of_the_competition(session: Session, house: House) -> None:
    grant = house.proposed(session, Role.MARKER)
    house.approve(session, grant)
    service.revoke_grant(session, acting(session, house.second), NOW, grant=grant, seat=house.here)
    log = audit.log_of(session, NOW, house.competition.id)
    found = session.scalars(
        select(Leaf.type).where(Leaf.log_id == log.id, Leaf.type.like("accounts.%")).order_by(Leaf.id)
    ).all()
    assert found == ["accounts.role_proposed", "accounts.role_granted", "accounts.role_revoked"]


def test_a_loop_in_the_tree_ends(session: Session, house: House) -> None:
    house.city.parent_id = house.department.id
    session.flush()
    both = {house.city.id, house.department.id}
    assert actors.descendants(session, {house.city.id})[house.city.id] == both
    assert actors.ancestors(session, house.city.id) == both
