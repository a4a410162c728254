# SPDX-License-Identifier: Apache-2.0
"""Applications, the counter's stamp, vetting, the list and the minimum: scenario C with its figures."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, DecisionKind, Relation, Vacancy
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.registration import errors, queries, service
from exam_portal.registration.eligibility import Reading
from exam_portal.registration.models import Application, Candidate, RefusedDossier
from exam_portal.registration.service import applications
from tests.portal.competitions.builders import NOW, House, a_house, a_signed, an_announced
from tests.portal.registration.builders import (
    DEADLINE,
    IN_TIME,
    NEXT_MORNING,
    TOO_LATE,
    a_board,
    a_competition,
    a_form,
    an_applicant,
    an_application,
)


def enter(
    session: Session, house: House, competition: Competition, number: int, **overrides: object
) -> Application | RefusedDossier:
    counter = a_board(session, house, Role.COUNTER, f"c{number}")
    applicant = an_applicant(session, f"Nguyễn Văn {'ABCDE'[number]}", f"ung-vien-{number}")
    stamped_at = overrides.pop("stamped_at", IN_TIME)
    return service.enter_dossier(
        session,
        counter,
        NEXT_MORNING,
        competition=competition,
        vacancy=competition.vacancies[0],
        account_id=applicant.account_id or 0,
        content=a_form(number + 1, **overrides),
        stamped_at=stamped_at,  # type: ignore[arg-type]
    )


def vet(session: Session, house: House, application: Application, mark: str) -> str:
    """A member of the board finds what the form says and concludes accordingly."""
    board = a_board(session, house, Role.VETTING_BOARD, mark)
    vacancy = session.get_one(Vacancy, application.vacancy_id)
    for criterion in vacancy.criteria:
        met = queries.automatic_reading(session, application, criterion, NEXT_MORNING) is Reading.MET
        service.record_finding(
            session,
            board,
            NEXT_MORNING,
            application=application,
            criterion=criterion,
            decision="met" if met else "not_met",
            reason="" if met else "Thiếu văn bản đồng ý",
        )
    found = queries.findings(session, application.id).values()
    outcome = "eligible" if all(row.decision == "met" for row in found) else "ineligible"
    service.conclude(session, board, NEXT_MORNING, application=application, outcome=outcome, reason="")
    return outcome


def test_the_stamp_of_the_counter_is_the_time_and_the_minimum_stops_the_council(database: Database) -> None:
    """Scenario C: four in time, a fifth refused with a receipt, one without consent, two withdrawals."""
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        taken = [enter(session, house, competition, number) for number in range(3)]
        taken.append(enter(session, house, competition, 3, first_appointment=False))
        fifth = enter(session, house, competition, 4, stamped_at=TOO_LATE)
        assert [type(each) for each in taken] == [Application] * 4
        assert isinstance(fifth, RefusedDossier)
        assert [each.receipt_no for each in taken] == ["BN-0001", "BN-0002", "BN-0003", "BN-0004"]
        assert (fifth.receipt_no, fifth.stamped_at) == ("BN-0005", TOO_LATE)
        applications = [each for each in taken if isinstance(each, Application)]
        assert {each.stamped_at for each in applications} == {IN_TIME}

        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        outcomes = [vet(session, house, each, f"v{place}") for place, each in enumerate(applications)]
        assert outcomes == ["eligible"] * 3 + ["ineligible"]
        standing = queries.standing(session, competition.vacancies[0].id)
        assert (standing.eligible, standing.minimum, standing.below_minimum) == (3, 2, False)

        def withdraws(application: Application) -> None:
            service.withdraw(session, house.secretary, NEXT_MORNING, application, reason="Việc gia đình")

        withdraws(applications[0])
        assert queries.standing(session, competition.vacancies[0].id).eligible == 2
        service.refuse_below_minimum(session, competition.vacancies[0].id)
        withdraws(applications[1])
        with pytest.raises(errors.BelowMinimum) as stopped:
            service.approve_list(session, house.secretary, NEXT_MORNING, competition)
        assert (stopped.value.eligible, stopped.value.minimum) == (1, 2)

        competitions.record_decision(
            session,
            house.secretary,
            NEXT_MORNING + timedelta(hours=1),
            competition,
            kind=DecisionKind.PROCEED,
            payload={},
            paper=a_signed(session, house, competition),
            page=1,
            vacancy=competition.vacancies[0],
        )
        found = service.approve_list(session, house.secretary, NEXT_MORNING, competition)
        assert [each.candidate_no for each in found] == ["001"]


def test_nobody_submits_before_or_after_the_window(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = an_announced(session, house)
        applicant = an_applicant(session, "Trần Thị An", "an")
        vacancy = competition.vacancies[0]
        with pytest.raises(errors.RegistrationNotOpen):
            service.start_application(session, applicant, NOW, competition=competition, vacancy=vacancy)
        opened = competition.apply_opens_at
        draft = service.start_application(
            session, applicant, opened, competition=competition, vacancy=vacancy
        )
        service.save_draft(session, applicant, opened, draft, a_form())
        after = competition.apply_closes_at + timedelta(seconds=1)
        with pytest.raises(errors.RegistrationClosed) as late:
            service.submit(session, applicant, after, application=draft, competition=competition)
        assert late.value.closed_at == competition.apply_closes_at
        service.submit(
            session, applicant, competition.apply_closes_at, application=draft, competition=competition
        )


def test_an_incomplete_form_is_kept_and_named(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Trần Thị An", "an")
        with pytest.raises(errors.FormIncomplete) as incomplete:
            an_application(session, competition, applicant, degree=None, declared=False)
        assert incomplete.value.missing == ("degree", "declared")
        draft = session.scalars(select(Application)).one()
        assert queries.form_of(session, draft).degree_field == "Quản lý công"


def test_a_submitted_application_does_not_change(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Trần Thị An", "an")
        submitted = an_application(session, competition, applicant)
        with pytest.raises(errors.AlreadySubmitted):
            service.save_draft(session, applicant, NOW + timedelta(days=2), submitted, a_form(9))
        with pytest.raises(errors.AlreadySubmitted):
            service.submit(
                session,
                applicant,
                NOW + timedelta(days=2),
                application=submitted,
                competition=competition,
            )


def test_one_identity_number_applies_once_for_a_post(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        first = an_application(session, competition, an_applicant(session, "Lê Thị Cúc", "cuc"), 7)
        with pytest.raises(errors.SameIdentityNumber) as again:
            an_application(session, competition, an_applicant(session, "Lê Thị Cúc", "cuc2"), 7)
        assert again.value.receipt_no == first.receipt_no
        an_application(session, competition, an_applicant(session, "Lê Thị Dung", "dung"), 8)


def test_a_conclusion_follows_from_the_findings(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        application = an_application(session, competition, an_applicant(session, "Trần Thị An", "an"))
        board = a_board(session, house, Role.VETTING_BOARD, "v")

        def conclude(outcome: str) -> None:
            service.conclude(
                session, board, NEXT_MORNING, application=application, outcome=outcome, reason=""
            )

        with pytest.raises(errors.VettingNotOpen):
            conclude("eligible")
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        with pytest.raises(errors.FindingsMissing):
            conclude("eligible")
        for place, criterion in enumerate(competition.vacancies[0].criteria):
            service.record_finding(
                session,
                board,
                NEXT_MORNING,
                application=application,
                criterion=criterion,
                decision="met" if place else "not_met",
                reason="" if place else "Chưa đủ thời gian công tác",
            )
        with pytest.raises(errors.ConclusionContradicts):
            conclude("eligible")
        conclude("ineligible")
        assert queries.applications(session, competition.id)[0].state == "ineligible"


def test_nobody_vets_a_relative(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Trần Thị An", "an")
        application = an_application(session, competition, applicant)
        board = a_board(session, house, Role.VETTING_BOARD, "v")
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        competitions.declare_conflict(
            session,
            board,
            NEXT_MORNING,
            competition,
            account_id=board.account_id or 0,
            candidate_account_id=applicant.account_id or 0,
            relation=Relation.SIBLING,
        )
        with pytest.raises(errors.OwnApplication):
            service.record_finding(
                session,
                board,
                NEXT_MORNING,
                application=application,
                criterion=competition.vacancies[0].criteria[0],
                decision="met",
                reason="",
            )


def test_what_the_form_says_is_nowhere_in_the_database(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Trần Thị An", "an")
        an_application(session, competition, applicant, identity_number="012345678901")
        row = session.execute(text("SELECT form, identity_index FROM applications")).one()
        assert b"012345678901" not in bytes(row[0])
        assert bytes(row[1]) != b"012345678901"


def test_a_finding_is_never_changed_in_place(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        application = an_application(session, competition, an_applicant(session, "Trần Thị An", "an"))
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        vet(session, house, application, "v")
    with pytest.raises(DatabaseError), database.writing() as session:
        session.execute(text("UPDATE vetting_findings SET decision = 'not_met', reason = 'x'"))


def test_two_approvals_of_the_list_at_once_make_one_list(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        for number in range(3):
            applicant = an_applicant(session, f"Trần Thị {'ABC'[number]}", f"p{number}")
            an_application(session, competition, applicant, number + 1)
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        for place, application in enumerate(session.scalars(select(Application)).all()):
            vet(session, house, application, f"v{place}")
        competition_id, actor = competition.id, house.secretary
    refused: list[Exception] = []

    def approve() -> None:
        try:
            with database.writing(unhurried=True) as session:
                found = session.get_one(Competition, competition_id)
                service.approve_list(session, actor, NEXT_MORNING, found)
        except Exception as problem:  # noqa: BLE001 - whichever refusal the loser gets
            refused.append(problem)

    threads = [threading.Thread(target=approve) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Candidate)) == 3
    assert len(refused) == 1


def test_the_deadline_itself_still_counts() -> None:
    assert IN_TIME < DEADLINE < TOO_LATE


def test_nobody_fills_the_disk_with_documents_of_one_dossier(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        applicant, vacancy = an_applicant(session, "Trần Thị An", "an"), competition.vacancies[0]
        draft = service.start_application(session, applicant, NOW, competition=competition, vacancy=vacancy)
        file = service.prepare_attachment(session, draft, b"%PDF-1.7")
        for _ in range(applications.MOST_DOCUMENTS):
            document = service.attach(
                session, applicant, NOW, draft, kind="degree", file_name="a.pdf", file=file
            )
            service.remove_attachment(session, applicant, NOW, draft, document)
        with pytest.raises(errors.TooManyDocuments):
            service.prepare_attachment(session, draft, b"%PDF-1.7")
        with pytest.raises(errors.TooManyDocuments):
            service.attach(session, applicant, NOW, draft, kind="degree", file_name="a.pdf", file=file)
