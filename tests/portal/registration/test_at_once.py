# SPDX-License-Identifier: Apache-2.0
"""Two acts on applications at the same instant: one comes first, the other sees what it has done."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.registration import errors, queries, service
from exam_portal.registration.models import Application, VettingConclusion, Withdrawal
from tests.portal.competitions.builders import NOW, House, a_house
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    a_form,
    an_applicant,
    an_application,
)

Act = Callable[[Session], object]
LATER = NOW + timedelta(days=1)


def overlapping(database: Database, first: Act, second: Act) -> list[DomainError | None]:
    """Begin the second act while the first is done and not committed; return what each was told."""
    outcomes: list[DomainError | None] = [None, None]
    done = threading.Event()
    database.hold()

    def run(number: int, act: Act) -> None:
        try:
            with database.writing(unhurried=True) as session:
                act(session)
                if number == 0:
                    done.set()
                    threading.Event().wait(0.5)
        except DomainError as problem:
            outcomes[number] = problem

    threads = [threading.Thread(target=run, args=each) for each in enumerate((first, second))]
    threads[0].start()
    assert done.wait(60)
    threads[1].start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.fixture
def house(database: Database) -> House:
    with database.writing(unhurried=True) as session:
        made = a_house(session)
        a_competition(session, made)
    return made


def _competition(session: Session) -> Competition:
    return session.scalars(select(Competition)).one()


def _draft(database: Database, name: str, number: int) -> tuple[Actor, int]:
    with database.writing(unhurried=True) as session:
        applicant, competition = an_applicant(session, name, name), _competition(session)
        vacancy = competition.vacancies[0]
        found = service.start_application(session, applicant, LATER, competition=competition, vacancy=vacancy)
        service.save_draft(session, applicant, LATER, found, a_form(number))
        return applicant, found.id


def _submit(applicant: Actor, application_id: int) -> Act:
    return lambda session: service.submit(
        session,
        applicant,
        LATER,
        application=session.get_one(Application, application_id),
        competition=_competition(session),
    )


def test_a_dossier_does_not_change_while_it_is_being_submitted(database: Database, house: House) -> None:
    applicant, application_id = _draft(database, "an", 1)
    changed = a_form(1, present_post="Giám đốc")

    def change(session: Session) -> None:
        found = session.get_one(Application, application_id)
        service.save_draft(session, applicant, LATER, found, changed)

    outcomes = overlapping(database, _submit(applicant, application_id), change)
    assert [type(one) for one in outcomes] == [type(None), errors.AlreadySubmitted]
    with database.reading() as session:
        assert queries.form_of(session, session.get_one(Application, application_id)) == a_form(1)


def test_of_two_accounts_with_one_identity_number_one_applies(database: Database, house: House) -> None:
    first, second = _draft(database, "an", 7), _draft(database, "binh", 7)
    outcomes = overlapping(database, _submit(*first), _submit(*second))
    assert [type(one) for one in outcomes] == [type(None), errors.SameIdentityNumber]


def test_who_withdraws_twice_at_once_is_told(database: Database, house: House) -> None:
    with database.writing(unhurried=True) as session:
        applicant = an_applicant(session, "An", "an")
        application_id = an_application(session, _competition(session), applicant).id

    def withdraw(session: Session) -> None:
        found = session.get_one(Application, application_id)
        service.withdraw(session, applicant, LATER, found, reason="Việc gia đình")

    outcomes = overlapping(database, withdraw, withdraw)
    assert [type(one) for one in outcomes] == [type(None), errors.AlreadyWithdrawn]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Withdrawal)) == 1


def test_who_starts_twice_at_once_has_one_draft(database: Database, house: House) -> None:
    with database.writing(unhurried=True) as session:
        applicant = an_applicant(session, "An", "an")

    def start(session: Session) -> None:
        competition = _competition(session)
        vacancy = competition.vacancies[0]
        service.start_application(session, applicant, LATER, competition=competition, vacancy=vacancy)

    assert overlapping(database, start, start) == [None, None]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Application)) == 1


def test_nobody_concludes_while_the_list_is_being_approved(database: Database, house: House) -> None:
    with database.writing(unhurried=True) as session:
        competition, board = _competition(session), a_board(session, house, Role.VETTING_BOARD, "v")
        for number, name in enumerate(("An", "Bình", "Châu"), start=1):
            an_application(session, competition, an_applicant(session, name, name), number)
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        for application in session.scalars(select(Application)).all():
            for criterion in competition.vacancies[0].criteria:
                service.record_finding(
                    session,
                    board,
                    NEXT_MORNING,
                    application=application,
                    criterion=criterion,
                    decision="met",
                    reason="",
                )
            _conclude(session, board, application)

    def approve(session: Session) -> None:
        service.approve_list(session, house.secretary, NEXT_MORNING, _competition(session))

    def conclude(session: Session) -> None:
        _conclude(session, board, session.scalars(select(Application).limit(1)).one())

    outcomes = overlapping(database, approve, conclude)
    assert [type(one) for one in outcomes] == [type(None), errors.VettingNotOpen]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(VettingConclusion)) == 3


def _conclude(session: Session, board: Actor, application: Application) -> None:
    service.conclude(session, board, NEXT_MORNING, application=application, outcome="eligible", reason="")
