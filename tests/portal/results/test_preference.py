# SPDX-License-Identifier: Apache-2.0
"""Preference points that vetting found enter the total, its explanation, the sheet and the publication."""

from decimal import Decimal

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.registration.models import PreferenceFinding
from exam_portal.results import queries
from scoring.ruleset import parse
from tests.portal.competitions.builders import RULES
from tests.portal.marking.builders import MARKED
from tests.portal.results import builders as at
from tests.portal.results.builders import Stage, a_stage

NONE = RULES.read_text(encoding="utf-8")
GIVEN = NONE.replace("enabled = false", "enabled = true")


def found(session: Session, stage: Stage, place: int, points: str) -> None:
    """The vetting board found so many points for the candidate at this place."""
    finding = PreferenceFinding(
        application_id=stage.candidates[place].application_id,
        points=Decimal(points),
        reason="Con liệt sĩ",
        by=stage.secretary.account_id,
        at=MARKED,
    )
    session.add(finding)
    session.flush()


def ranked(session: Session, rules: str) -> Stage:
    stage = a_stage(session, ruleset=parse(rules))
    found(session, stage, 0, "2.5")
    found(session, stage, 1, "0")
    at.marked(session, stage, {0: ["72", "78"], 1: ["60", "64"]})
    at.hear(session, stage, {0: ["83"] * 7, 1: ["85"] * 7})
    at.compute(session, stage)
    return stage


def test_points_enter_the_total_and_change_who_is_selected(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = ranked(session, GIVEN)
        vacancy = at.vacancy_of(session, stage)
        run = queries.latest_run(session, vacancy.id)
        assert run is not None
        assert [one.get("preference_points") for one in run.input["candidates"]] == ["2.5", None]
        assert (at.outcome(run, 0)["total"], at.outcome(run, 0)["outcome"]) == ("85.50", "selected")
        assert at.outcome(run, 0)["explanation"][-1]["code"] == "preference_points"
        publication = at.publish(session, stage)
        rows = publication.content["vacancies"][0]["candidates"]
        assert [row.get("preference_points") for row in rows] == ["2.5", None]


def test_points_do_not_count_where_the_rules_give_none(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = ranked(session, NONE)
        run = queries.latest_run(session, at.vacancy_of(session, stage).id)
        assert run is not None
        assert [one.get("preference_points") for one in run.input["candidates"]] == [None, None]
        assert at.outcome(run, 0)["total"] == "83.00"
