# SPDX-License-Identifier: Apache-2.0
"""Written withdrawals at the counter: the stamp is the time, the minimum is looked at again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal.app import create_app
from exam_portal.audit import service as audit
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.competitions import queries as course
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import MilestoneKind
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.registration import errors, queries, service
from exam_portal.registration.models import Application, Withdrawal
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import NOW, a_house, a_signed, go_on
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    an_applicant,
    an_application,
)
from tests.portal.registration.test_service import vet

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("stamped", "refused"),
    [
        (timedelta(seconds=-1), None),
        (timedelta(0), None),
        (timedelta(seconds=1), errors.WithdrawalTooLate),
        (timedelta(days=2), errors.StampInFuture),
        (-timedelta(days=400), errors.StampBeforeDossier),
    ],
)
def test_the_stamp_decides_whether_a_letter_came_before_the_summons(
    database: Database, stamped: timedelta, refused: type[Exception] | None
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        application = an_application(session, competition, an_applicant(session, "Trần Thị An", "an"))
        kinds = (MilestoneKind.REGISTRATION_CLOSED, MilestoneKind.LIST_APPROVED, MilestoneKind.SUMMONED)
        go_on(session, house, competition, *((kind, "") for kind in kinds))
        summoned = course.reached(session, competition.id)[MilestoneKind.SUMMONED, ""]
        facts: dict[str, Any] = {
            "reason": "Việc gia đình",
            "paper": a_signed(session, house, competition),
            "stamped_at": summoned + stamped,
        }
        now = summoned + timedelta(days=1)
        if refused is not None:
            with pytest.raises(refused):
                service.withdraw(session, house.secretary, now, application, **facts)
            return
        withdrawal = service.withdraw(session, house.secretary, now, application, **facts)
        assert (withdrawal.stamped_at, withdrawal.at) == (summoned + stamped, now)


@pytest.mark.engines("sqlite")
def test_the_counter_enters_a_letter_before_the_list_is_approved_and_the_post_stops(
    settings: Settings, database: Database, catalogues: None
) -> None:
    app = create_app(settings, database, clock=At(NEXT_MORNING + HOUR))
    app.testing = True
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        for number in (1, 2):
            applicant = an_applicant(session, f"Trần Thị {'ABC'[number]}", f"p{number}")
            an_application(session, competition, applicant, number)
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        for place, application in enumerate(session.scalars(select(Application)).all()):
            assert vet(session, house, application, f"v{place}") == "eligible"
        counter = a_board(session, house, Role.COUNTER, "c")
        grant(session, counter, house.organisation.id, NOW)
        vacancy_id, competition_id = competition.vacancies[0].id, competition.id
        assert not queries.standing(session, vacancy_id).below_minimum
        listed = f"/staff/competitions/{competition.public_id}/applications"
        first = session.scalars(select(Application).order_by(Application.id)).first()
        assert first is not None
        letter = f"/staff/dossiers/{first.public_id}/withdrawal"
    person = Person.at(app, database, counter, NEXT_MORNING + HOUR)
    assert letter in person.get(listed)
    person.get(letter)
    facts: dict[str, Any] = {
        "stamped_at": "25/12/2026 08:10",
        "reason": "Việc gia đình",
        "paper_number": "Đơn ngày 25/12",
        "paper_issued_on": "25/12/2026",
        "paper_signed_by": "Trần Thị B",
    }
    assert "Việc gia đình" in person.post(letter, 422, **facts)  # the scan is missing
    late = {**facts, "stamped_at": "25/12/2030 08:10", "paper_scan": upload(a_pdf())}
    person.post(letter, 422, **late)
    page = person.post(letter, **facts, paper_scan=upload(a_pdf()))
    assert letter not in page
    assert "hội đồng" in page.casefold()
    with database.reading() as session:
        withdrawal = session.scalars(select(Withdrawal)).one()
        assert withdrawal.stamped_at < withdrawal.at
        assert session.get_one(SignedPaper, withdrawal.paper_id).kind == "withdrawal"
        assert queries.standing(session, vacancy_id).below_minimum
        leaf = session.scalars(select(Leaf).where(Leaf.type == "registration.withdrawn")).one()
        assert leaf.content["stamped_at"] == audit.stamp(withdrawal.stamped_at)
        assert session.scalars(select(SignedPaper).where(SignedPaper.competition_id == competition_id)).all()


@pytest.mark.engines("sqlite")
def test_only_who_takes_in_dossiers_enters_a_withdrawal(
    settings: Settings, database: Database, catalogues: None
) -> None:
    app = create_app(settings, database, clock=At(NEXT_MORNING))
    app.testing = True
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        application = an_application(session, competition, an_applicant(session, "Trần Thị An", "an"))
        board = a_board(session, house, Role.VETTING_BOARD, "v")
        grant(session, board, house.organisation.id, NOW)
        letter = f"/staff/dossiers/{application.public_id}/withdrawal"
    Person.at(app, database, board, NEXT_MORNING).get(letter, 403)
