# SPDX-License-Identifier: Apache-2.0
"""A decision goes on record only if a ranking can be made with it; a mistaken one can be replaced."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import service as course
from exam_portal.competitions.errors import NothingToRevoke, UnfitDecision
from exam_portal.competitions.models import Decision, DecisionKind, Vacancy
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import admission as panels
from exam_portal.interviews.models import PanelSession
from exam_portal.registration import service as registration
from exam_portal.results import errors, marks_input, queries, runs
from exam_portal.results.models import Run
from exam_portal.sittings import service as sittings
from exam_portal.sittings.models import AttendanceStatus, Seat
from scoring.ruleset import parse
from tests.portal.competitions import builders as houses
from tests.portal.competitions.builders import RULES
from tests.portal.results import builders as at
from tests.portal.results.builders import HEARD, LOCKED, OVER, POSTED, Stage, a_stage
from tests.portal.sittings import builders as halls

Kind = DecisionKind
TWO = {0: ["72", "78"], 1: ["60", "64"]}
DEVIATING = ["80", "82", "84", "86", "50", "81", "83"]
STRICT = RULES.read_text(encoding="utf-8").replace('action = "off"', 'action = "panel_meets"')
CHAIRED = STRICT.replace('resolve = "third_decides"', 'resolve = "chair_decides"')


def refusal(
    session: Session, stage: Stage, kind: Kind, **payload: Any
) -> list[tuple[str, str, Sequence[Any]]]:
    """Return what is said of a decision that does not fit: field, code, what would be right."""
    with pytest.raises(UnfitDecision) as refused:
        at.decide(session, stage, kind, **payload)
    return [(each.field, each.code, each.right) for each in refused.value.faults]


def pending(run: Run) -> list[str]:
    return [lack["code"] for lack in run.output["pending"]]


def test_a_decision_names_candidates_and_parts_that_there_are(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, TWO)
        at.hear(session, stage, {0: DEVIATING, 1: ["85"] * 7})
        numbers = ("001", "002")
        assert refusal(session, stage, Kind.TIE, order=["01", "002"]) == [("order", "candidate", numbers)]
        keep = {"candidate": "001", "part": "programme"}
        assert refusal(session, stage, Kind.PANEL_KEEP, **keep) == [("part", "part", ())]  # deviation is off
        chair = {"candidate": "001", "part": "written", "value": "70"}
        assert refusal(session, stage, Kind.CHAIR_MARK, **chair) == [("part", "part", ())]
        late = {"candidate": "999", "part": "written"}
        assert refusal(session, stage, Kind.LATE_ADMISSION, **late) == [("candidate", "candidate", numbers)]
        assert competitions.decisions(session, at.here(session, stage).id) == []
        assert at.compute(session, stage).output["complete"]


def test_a_decision_about_ballots_is_refused_where_they_do_not_call_for_it(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, ruleset=parse(STRICT))
        at.marked(session, stage, TWO)
        keep: dict[str, Any] = {"candidate": "001", "part": "programme"}
        assert refusal(session, stage, Kind.PANEL_KEEP, **keep) == [("candidate", "uncalled", ())]
        at.hear(session, stage, {0: DEVIATING, 1: ["85"] * 7})
        unknown = {**keep, "candidate": "999"}
        assert refusal(session, stage, Kind.PANEL_KEEP, **unknown)[0][:2] == ("candidate", "candidate")
        other = {**keep, "candidate": "002"}
        assert refusal(session, stage, Kind.PANEL_KEEP, **other) == [("candidate", "uncalled", ("001",))]
        written = {**keep, "part": "written"}
        assert refusal(session, stage, Kind.PANEL_KEEP, **written)[0][:2] == ("part", "part")
        ballots = tuple(str(number) for number in range(1, 8))
        excluded = {**keep, "ballot": "9"}
        assert refusal(session, stage, Kind.PANEL_EXCLUDE, **excluded) == [("ballot", "ballot", ballots)]
        assert pending(at.compute(session, stage)) == ["panel_must_meet"]
        at.decide(session, stage, Kind.PANEL_EXCLUDE, **{**keep, "ballot": "5"})
        assert at.compute(session, stage).output["complete"]


def test_a_mark_of_the_chair_settles_a_difference_and_lies_on_the_scale(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, ruleset=parse(CHAIRED))
        at.marked(session, stage, {0: ["60", "72"], 1: ["60", "64"]})
        chair: dict[str, Any] = {"candidate": "001", "part": "written", "value": "70.3"}
        assert refusal(session, stage, Kind.CHAIR_MARK, **chair) == [("value", "value", ("100", "0.5"))]
        other = {**chair, "candidate": "002", "value": "70"}
        assert refusal(session, stage, Kind.CHAIR_MARK, **other) == [("candidate", "uncalled", ("001",))]
        at.decide(session, stage, Kind.CHAIR_MARK, **{**chair, "value": "70"})
        assert at.outcome(at.compute(session, stage), 0)["parts"]["written"]["mark"] == "70.00"


def test_the_order_of_equal_totals_names_everybody_who_is_equal(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, people=3)
        at.marked(session, stage, {place: ["70", "70"] for place in range(3)})
        at.hear(session, stage, {place: ["80"] * 7 for place in range(3)})
        equal = ("001", "002", "003")
        assert refusal(session, stage, Kind.TIE, order=["002", "001"]) == [("order", "order", equal)]
        at.decide(session, stage, Kind.TIE, order=["002", "001", "003"])
        assert at.outcome(at.compute(session, stage), 1)["outcome"] == "selected"


def test_a_mistaken_decision_is_replaced_and_the_ranking_follows_the_right_one(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {place: ["70", "70"] for place in range(2)})
        at.hear(session, stage, {place: ["80"] * 7 for place in range(2)})
        mistaken = at.decide(session, stage, Kind.TIE, order=["001", "002"])
        assert at.outcome(at.compute(session, stage), 0)["outcome"] == "selected"
        right = at.decide(
            session, stage, Kind.TIE, order=["002", "001"], supersedes=mistaken, number="13/QĐ-HĐTT"
        )
        run = at.compute(session, stage)
        assert at.outcome(run, 1)["outcome"] == "selected"
        assert [each["minute"] for each in run.input["decisions"]] == ["13/QĐ-HĐTT"]
        leaf = session.scalars(select(Leaf).where(Leaf.subject == right.public_id)).one()
        assert leaf.content["supersedes"] == mistaken.public_id


def test_a_decision_is_taken_back_by_one_that_replaces_it(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {place: ["70", "70"] for place in range(2)})
        at.hear(session, stage, {place: ["80"] * 7 for place in range(2)})
        with pytest.raises(NothingToRevoke):
            at.decide(session, stage, Kind.REVOKE)
        mistaken = at.decide(session, stage, Kind.TIE, order=["001", "002"])
        at.decide(session, stage, Kind.REVOKE, supersedes=mistaken, number="13/QĐ-HĐTT")
        run = at.compute(session, stage)
        assert run.input["decisions"] == []
        assert pending(run) == ["tie_decision_required"]


def an_unusable(session: Session, stage: Stage) -> Decision:
    """A decision that fits nothing is on record, as one may be from before decisions were checked."""
    mistaken = Decision(
        competition_id=at.here(session, stage).id,
        vacancy_id=at.vacancy_of(session, stage).id,
        kind=Kind.TIE.value,
        payload={"order": ["01", "002"]},
        paper_id=at.a_signed(session, stage, PaperKind.COUNCIL_DECISION, number="12/QĐ-HĐTT").id,
        recorded_by=stage.secretary.account_id,
        recorded_at=HEARD,
    )
    session.add(mistaken)
    session.flush()
    return mistaken


def test_what_no_ranking_can_be_made_of_is_no_open_gate_and_names_the_decision(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, TWO)
        mistaken = an_unusable(session, stage)
        with pytest.raises(errors.MarksUnusable) as refused:
            at.a_panel(session, stage, [0, 1])
        assert (refused.value.problems[0].path, refused.value.minutes) == (
            "decisions[0].order[0]",
            ["12/QĐ-HĐTT"],
        )
        at.decide(session, stage, Kind.REVOKE, supersedes=mistaken, number="13/QĐ-HĐTT")
        panel = session.scalars(select(PanelSession)).one()
        assert panels.passed(session, panel) == frozenset(one.id for one in stage.candidates)


def test_a_second_mistake_is_seen_beside_the_first(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, ruleset=parse(STRICT))
        at.marked(session, stage, TWO)
        at.hear(session, stage, {0: DEVIATING, 1: ["85"] * 7})
        an_unusable(session, stage)
        other = {"candidate": "002", "part": "programme"}
        assert refusal(session, stage, Kind.PANEL_KEEP, **other) == [("candidate", "uncalled", ("001",))]


def proceeds(session: Session, stage: Stage) -> list[str]:
    """Return the numbers of the decisions to go on that the ranking hears of."""
    gathered = queries.marks_input_of(session, at.vacancy_of(session, stage))
    return [each["minute"] for each in gathered["decisions"] if each["kind"] == "proceed"]


def overtaken(session: Session, stage: Stage) -> list[str]:
    """Return the numbers of those that the page calls overtaken."""
    vacancy = session.get_one(Vacancy, at.vacancy_of(session, stage).id)
    found = marks_input.outdated_proceeds(session, at.here(session, stage), vacancy)
    return [number for _, number in found]


def test_a_decision_to_go_on_from_before_the_gate_does_not_silence_the_shortage_after_it(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.decide(session, stage, Kind.PROCEED, LOCKED - timedelta(days=1), number="01/BB")
        assert proceeds(session, stage) == ["01/BB"]
        at.marked(session, stage, {0: ["72", "78"], 1: ["44", "49"]})
        run = at.compute(session, stage)
        assert pending(run) == ["min_candidates"]
        assert (proceeds(session, stage), overtaken(session, stage)) == ([], ["01/BB"])
        assert queries.overtaken(session, at.here(session, stage), at.vacancy_of(session, stage), run) == [
            "01/BB"
        ]
        at.decide(session, stage, Kind.PROCEED, HEARD, number="02/BB")
        assert (proceeds(session, stage), overtaken(session, stage)) == (["02/BB"], ["01/BB"])
        at.hear(session, stage, {0: ["80"] * 7})
        assert at.compute(session, stage).output["complete"]


@pytest.mark.parametrize("status", ["withdrawn", "disqualified"])
def test_who_leaves_after_the_decision_to_go_on_stops_runs_and_publication_again(
    database: Database, status: str
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, TWO)
        at.hear(session, stage, {0: ["80"] * 7, 1: ["85"] * 7})
        at.decide(session, stage, Kind.PROCEED, HEARD, number="01/BB")
        at.compute(session, stage)
        waiting = at.prepared(session, stage)
        registration.exclude_candidate(
            session, stage.secretary, POSTED, stage.candidates[1], status=status, reason="Theo đơn"
        )
        with pytest.raises(errors.RunOutdated):
            at.approve(session, stage, waiting, stage.chair)
        assert pending(at.compute(session, stage, POSTED)) == ["min_candidates"]
        with pytest.raises(errors.RunPending):
            runs.complete_runs(session, at.here(session, stage))
        at.decide(session, stage, Kind.PROCEED, OVER, number="02/BB")
        assert at.compute(session, stage, OVER).output["complete"]


def test_who_was_absent_after_the_decision_to_go_on_stops_the_run_again(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = halls.a_hall(session, people=2)
        sitting = halls.a_seated(session, hall)
        vacancy = halls.here(session, hall).vacancies[0]
        facts: dict[str, Any] = {"kind": Kind.PROCEED, "vacancy": vacancy}
        paper = houses.a_signed(session, hall.house, halls.here(session, hall))
        course.record_decision(
            session, hall.secretary, halls.LISTED, halls.here(session, hall), paper=paper, **facts
        )
        assert [each["kind"] for each in queries.marks_input_of(session, vacancy)["decisions"]] == ["proceed"]
        seat = session.scalars(select(Seat).where(Seat.sitting_id == sitting.id)).first()
        assert seat is not None
        sittings.check_in(
            session,
            hall.invigilator,
            halls.START,
            seat=seat,
            status=AttendanceStatus.ABSENT,
            identity_checked=False,
            arrived_at=None,
        )
        gathered = queries.marks_input_of(session, vacancy)
        assert gathered["decisions"] == []
        assert sorted(one["status"] for one in gathered["candidates"]) == ["absent", "present"]
