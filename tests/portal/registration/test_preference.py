# SPDX-License-Identifier: Apache-2.0
"""Preference points: claimed by the applicant, decided at vetting, never more than the rules give."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from exam_portal.audit.models import Leaf
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Vacancy
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.registration import errors, preference, service
from exam_portal.registration.models import Application, Candidate, PreferenceFinding
from scoring.ruleset import RuleSet, parse
from tests.portal.competitions.builders import House, a_house, a_signed
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    an_applicant,
    an_application,
)

CLAIM: dict[str, Any] = {"preference_category": "Con liệt sĩ", "preference_points": "5"}


def civil_service() -> RuleSet:
    """The rule set that gives up to 7.5 points."""
    return parse(Path("config/rulesets/civil-service-2025.toml").read_text(encoding="utf-8"))


def a_claim(session: Session, house: House, **overrides: Any) -> Application:
    """An application with a claim; registration is over."""
    competition = a_competition(session, house, **({"ruleset": civil_service()} | overrides))
    application = an_application(session, competition, an_applicant(session, "Lê Thị An", "an"), **CLAIM)
    competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
    return application


def find_all(session: Session, house: House, application: Application) -> Any:
    """Every criterion is found met; the board is returned."""
    board = a_board(session, house, Role.VETTING_BOARD, "v")
    for criterion in session.get_one(Vacancy, application.vacancy_id).criteria:
        facts: dict[str, Any] = {"application": application, "criterion": criterion, "decision": "met"}
        service.record_finding(session, board, NEXT_MORNING, reason="", **facts)
    return board


def give(
    session: Session, board: Any, application: Application, points: str, reason: str = "Có giấy"
) -> None:
    service.decide_preference(
        session, board, NEXT_MORNING, application=application, points=Decimal(points), reason=reason
    )


def test_nobody_who_claims_a_preference_is_eligible_before_the_board_has_decided_on_it(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        application = a_claim(session, house)
        board = find_all(session, house, application)
        facts: dict[str, Any] = {"application": application, "outcome": "eligible", "reason": ""}
        with pytest.raises(errors.PreferenceUndecided):
            service.conclude(session, board, NEXT_MORNING, **facts)
        give(session, board, application, "2.5")
        service.conclude(session, board, NEXT_MORNING, **facts)
        give(session, board, application, "5", "Con liệt sĩ: giấy xác nhận số 12")
        found = preference.finding(session, application.id)
        assert found is not None
        assert (found.points, found.reason) == (Decimal(5), "Con liệt sĩ: giấy xác nhận số 12")
        assert preference.points(session, application.competition_id) == {application.id: Decimal(5)}
        told = select(Leaf).where(Leaf.type == "registration.preference_found").order_by(Leaf.id)
        leaves = session.scalars(told).all()
        assert [leaf.content["points"] for leaf in leaves] == ["2.5", "5"]
        assert "Con liệt sĩ" not in str([leaf.content for leaf in leaves])


@pytest.mark.parametrize("points", ["7.51", "8", "2.0001"])
def test_no_more_points_are_given_than_the_rules_give(database: Database, points: str) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        application = a_claim(session, house)
        board = a_board(session, house, Role.VETTING_BOARD, "v")
        with pytest.raises(errors.PreferenceOutOfBounds) as refused:
            give(session, board, application, points)
        assert refused.value.most == Decimal("7.5")


def test_a_claim_that_fails_is_decided_with_nought(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        application = a_claim(session, house)
        board = find_all(session, house, application)
        give(session, board, application, "0", "Không có giấy tờ")
        service.conclude(session, board, NEXT_MORNING, application=application, outcome="eligible", reason="")
        assert preference.points(session, application.competition_id) == {}


def test_rules_that_give_no_points_let_none_be_found_and_ask_for_none(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Lê Thị An", "an")
        application = an_application(session, competition, applicant, **CLAIM)
        competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
        board = find_all(session, house, application)
        with pytest.raises(errors.PreferenceNotCounted):
            give(session, board, application, "2.5")
        service.conclude(session, board, NEXT_MORNING, application=application, outcome="eligible", reason="")


def test_points_are_settled_with_the_list(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        application = a_claim(session, house)
        board = find_all(session, house, application)
        give(session, board, application, "2.5")
        service.conclude(session, board, NEXT_MORNING, application=application, outcome="eligible", reason="")
        competition = session.get_one(Vacancy, application.vacancy_id).competition
        paper = a_signed(session, house, competition)
        service.approve_list(session, house.secretary, NEXT_MORNING, competition, paper=paper)
        assert session.scalars(select(Candidate)).one().application_id == application.id
        with pytest.raises(errors.VettingNotOpen):
            give(session, board, application, "5")


def test_a_finding_on_preference_is_evidence(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        application = a_claim(session, house)
        give(session, a_board(session, house, Role.VETTING_BOARD, "v"), application, "2.5")
        found = session.scalars(select(PreferenceFinding)).one().id
    with database.writing() as session, pytest.raises(DatabaseError):
        session.execute(text("UPDATE preference_findings SET points = 7500 WHERE id = :id"), {"id": found})
