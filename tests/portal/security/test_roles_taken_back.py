# SPDX-License-Identifier: Apache-2.0
"""Taking a role back does not make somebody forget what was seen under it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from exam_portal.accounts import errors, service
from exam_portal.accounts.models import Account
from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import SYSTEM, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from tests.portal.accounts.builders import (
    NOW,
    a_competition,
    a_member,
    acting,
    an_organisation,
    give,
    seat,
)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing(unhurried=True) as writing:
        yield writing


class Town:
    """A competition whose record has begun, an organiser, and a person."""

    def __init__(self, session: Session) -> None:
        self.city = an_organisation(session)
        self.organiser = a_member(session, "mot@example.vn")
        self.competition: Competition = a_competition(session, self.city, self.organiser)
        audit.record(session, SYSTEM, NOW, type="test", content={}, competition_id=self.competition.id)
        self.person: Account = a_member(session, "ba@example.vn")
        self.here = seat(self.city, self.competition)
        self.everywhere = seat(self.city)

    def take_back(self, session: Session, role: Role, place: service.Seat, days: int) -> None:
        """The role was in force and is taken back."""
        grant = service.install_grant(session, SYSTEM, NOW, account=self.person, role=role, seat=place)
        service.revoke_grant(
            session,
            acting(session, self.organiser),
            NOW + timedelta(days=days),
            grant=grant,
            seat=place,
        )


@pytest.mark.parametrize(
    ("seen_as", "wants"),
    [
        (Role.SETTING_BOARD, Role.INVIGILATOR),
        (Role.INVIGILATOR, Role.MARKER),
        (Role.MASKING_BOARD, Role.MARKER),
        (Role.MARKER, Role.REVIEW_BOARD),
    ],
)
def test_t56_a_role_taken_back_still_excludes_in_the_same_competition(
    session: Session, seen_as: Role, wants: Role
) -> None:
    town = Town(session)
    town.take_back(session, seen_as, town.here, days=1)
    with pytest.raises(errors.ForbiddenCombination):
        give(session, town.person, wants, town.here)


def test_t56_a_role_of_the_whole_authority_counts_while_the_competition_is_there(session: Session) -> None:
    town = Town(session)
    town.take_back(session, Role.SETTING_BOARD, town.everywhere, days=1)
    with pytest.raises(errors.ForbiddenCombination):
        give(session, town.person, Role.MARKER, town.here)


def test_t56_a_role_given_up_before_the_competition_does_not_count(session: Session) -> None:
    town = Town(session)
    town.take_back(session, Role.SETTING_BOARD, town.everywhere, days=-1)
    give(session, town.person, Role.MARKER, town.here)
    assert acting(session, town.person).holds(Role.MARKER, competition_id=town.competition.id)


def test_t56_a_proposal_withdrawn_before_it_was_in_force_does_not_count(session: Session) -> None:
    town = Town(session)
    organiser = acting(session, town.organiser)
    grant = service.propose_grant(
        session, organiser, NOW, account=town.person, role=Role.INVIGILATOR, seat=town.here
    )
    service.revoke_grant(session, organiser, NOW + timedelta(days=1), grant=grant, seat=town.here)
    give(session, town.person, Role.MARKER, town.here)
