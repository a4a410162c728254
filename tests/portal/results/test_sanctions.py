# SPDX-License-Identifier: Apache-2.0
"""What a confirmed sanction takes from the mark of its part, where the rule set states it."""

from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.results import queries
from exam_portal.results.models import Run
from exam_portal.sittings.models import Sanction, SanctionLevel, Seat
from scoring.ruleset import parse
from tests.portal.competitions.builders import RULES
from tests.portal.marking.builders import MARKED
from tests.portal.results import builders as at
from tests.portal.results.builders import Stage, a_stage

SILENT = RULES.read_text(encoding="utf-8")
STATED = SILENT.replace('# reprimand = "25"', 'reprimand = "25"')


def sanctioned(session: Session, stage: Stage, place: int, level: SanctionLevel, *, by_two: bool) -> None:
    """An invigilator entered a sanction of the candidate at this place; a second one confirmed it, or not."""
    seat = session.scalars(select(Seat).where(Seat.candidate_id == stage.candidates[place].id)).one()
    entered = Sanction(
        seat_id=seat.id, level=level, reason="Trao đổi", by=stage.secretary.account_id, at=MARKED
    )
    if by_two:
        entered.confirmed_by, entered.confirmed_at = stage.chair.account_id, MARKED
    session.add(entered)
    session.flush()


def ranked(session: Session, rules: str, *levels: SanctionLevel, by_two: bool = True) -> Run:
    stage = a_stage(session, ruleset=parse(rules))
    for level in levels:
        sanctioned(session, stage, 0, level, by_two=by_two)
    at.marked(session, stage, {0: ["72", "78"], 1: ["60", "64"]})
    at.hear(session, stage, {0: ["83"] * 7, 1: ["85"] * 7})
    at.compute(session, stage)
    run = queries.latest_run(session, at.vacancy_of(session, stage).id)
    assert run is not None
    return run


def test_a_stated_deduction_is_taken_from_the_mark_of_the_part_and_explained(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        run = ranked(session, STATED, SanctionLevel.REPRIMAND)
        rows = [one.get("sanctions") for one in run.input["candidates"]]
        assert rows == [[{"part": "written", "level": "reprimand"}], None]
        row = at.outcome(run, 0)
        assert row["parts"]["written"]["mark"] == "56.25"
        assert {
            "code": "sanction_reprimand",
            "part": "written",
            "values": ["75", "25"],
            "result": "56.25",
        } in (row["explanation"])


def test_a_graver_sanction_of_which_the_rules_are_silent_costs_no_less(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        run = ranked(session, STATED, SanctionLevel.REPRIMAND, SanctionLevel.WARNING)
        assert at.outcome(run, 0)["parts"]["written"]["mark"] == "56.25"


def test_nothing_is_taken_before_a_second_invigilator_has_confirmed(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        run = ranked(session, STATED, SanctionLevel.REPRIMAND, by_two=False)
        assert at.outcome(run, 0)["parts"]["written"]["mark"] == "75.00"


def test_nothing_is_taken_for_a_level_of_which_the_rules_are_silent(database: Database) -> None:
    for rules, level in ((SILENT, SanctionLevel.REPRIMAND), (STATED, SanctionLevel.WARNING)):
        with database.writing(unhurried=True) as session:
            run = ranked(session, rules, level)
            assert "sanctions" not in run.input["candidates"][0]
            assert at.outcome(run, 0)["parts"]["written"]["mark"] == "75.00"
            session.rollback()
