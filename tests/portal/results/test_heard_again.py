# SPDX-License-Identifier: Apache-2.0
"""What a ranking makes of candidates who stay away, of hearings done again, and of corrected marks."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions.models import DecisionKind
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import service as panels
from exam_portal.interviews.errors import NothingToRepeat
from exam_portal.interviews.models import Hearing, Occasion
from exam_portal.marking import queries as marking
from exam_portal.marking import service as marks
from exam_portal.marking.models import Mark
from exam_portal.results.models import Run
from exam_portal.sittings import handover
from scoring.ruleset import parse
from tests.portal.competitions import builders as houses
from tests.portal.results import builders as at
from tests.portal.results.builders import HEARD, LOCKED, Stage, a_stage

PAIRS = {0: ["72", "72"], 1: ["70", "70"], 2: ["60", "60"]}
AGAIN = HEARD + timedelta(days=2)


def pending(run: Run) -> list[str]:
    return [lack["code"] for lack in run.output["pending"]]


def explained(run: Run, place: int) -> list[str]:
    return [step["code"] for step in at.outcome(run, place)["explanation"]]


def repeat(session: Session, stage: Stage, hearing: Hearing, occasion: Occasion) -> Hearing:
    """The council has decided that it is done again."""
    paper = at.a_signed(session, stage, PaperKind.COUNCIL_DECISION, number="20/QĐ-HĐTT")
    return panels.repeat_hearing(
        session, stage.secretary, AGAIN, hearing=hearing, occasion=occasion, paper=paper
    )


def correct(session: Session, stage: Stage, place: int, round: int, value: str) -> None:
    """Two people correct a locked mark of the candidate at this place."""
    masked = at._places(session, stage, "marking")[stage.candidates[place].id]
    bag = next(one for one in handover.bags_of(session, at.here(session, stage).id) if not one.is_review)
    entry = next(one for one in marking.marks_of_bag(session, bag.id)[masked] if one.round == round)
    proposal = marks.propose_correction(
        session,
        stage.secretary,
        LOCKED,
        bag=bag,
        mark=session.get_one(Mark, entry.id),
        value=Decimal(value),
        reason="Cộng sai",
        paper=at.a_signed(session, stage, PaperKind.COUNCIL_DECISION),
        page=1,
    )
    marks.approve_correction(session, stage.chair, AGAIN, bag=bag, proposal=proposal)


def away(session: Session, stage: Stage, hearing: Hearing) -> None:
    """Two witnesses say that the candidate did not come."""
    panels.note_candidate_absent(
        session, stage.secretary, HEARD, hearing=hearing, witnesses=["Lê Văn A", "Trần Thị B"]
    )


def hear(session: Session, stage: Stage, hearings: Sequence[Hearing]) -> None:
    for hearing in hearings:
        at.ballots(session, stage, hearing, ["80"] * 7)


def test_who_stays_away_from_the_defence_is_absent_and_the_minimum_is_looked_at_again(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {place: PAIRS[place] for place in (0, 1)})
        first, second = at.a_panel(session, stage, [0, 1]).hearings
        hear(session, stage, [first])
        assert "marks_missing" in pending(at.compute(session, stage))
        away(session, stage, second)
        run = at.compute(session, stage)
        assert at.outcome(run, 1)["outcome"] == "absent"
        assert pending(run) == ["min_candidates"]
        at.decide(session, stage, DecisionKind.PROCEED, at=AGAIN)
        run = at.compute(session, stage)
        assert run.output["complete"]
        assert at.outcome(run, 0)["outcome"] == "selected"


def test_a_second_ballot_gives_the_mark_that_a_lost_quorum_withheld_and_is_explained(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {place: PAIRS[place] for place in (0, 1)})
        first, second = at.a_panel(session, stage, [0, 1]).hearings
        at.ballots(session, stage, first, ["80"] * 4, invalid=3)
        hear(session, stage, [second])
        assert pending(at.compute(session, stage)) == ["quorum_missing"]
        later = repeat(session, stage, first, Occasion.REPEATED)
        assert pending(at.compute(session, stage)) == ["marks_missing"]
        at.ballots(session, stage, later, ["84"] * 7, at=AGAIN)
        run = at.compute(session, stage)
        assert run.output["complete"]
        assert at.outcome(run, 0)["parts"]["programme"]["mark"] == "84.00"
        assert explained(run, 0)[1:3] == ["mean_of_ballots", "ballots_repeated"]
        assert at.outcome(run, 0)["explanation"][2]["values"] == ["20/QĐ-HĐTT"]


def test_ballots_that_the_council_let_stand_are_given_again_only_once_that_is_revoked(
    database: Database,
) -> None:
    rules = houses.RULES.read_text(encoding="utf-8").replace('action = "off"', 'action = "panel_meets"')
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, ruleset=parse(rules))
        at.marked(session, stage, {place: PAIRS[place] for place in (0, 1)})
        first, second = at.a_panel(session, stage, [0, 1]).hearings
        at.ballots(session, stage, first, ["90", "90", "90", "90", "90", "90", "30"])
        hear(session, stage, [second])
        assert pending(at.compute(session, stage)) == ["panel_must_meet"]
        kept = at.decide(session, stage, DecisionKind.PANEL_KEEP, candidate="001", part="programme")
        assert at.compute(session, stage).output["complete"]
        with pytest.raises(NothingToRepeat):
            repeat(session, stage, first, Occasion.SECOND_BALLOT)
        at.decide(session, stage, DecisionKind.REVOKE, supersedes=kept, number="13/QĐ-HĐTT")
        later = repeat(session, stage, first, Occasion.SECOND_BALLOT)
        panels.open_ballot(session, stage.secretary, AGAIN, hearing=later)
        assert pending(at.compute(session, stage)) == ["marks_missing"]


def test_a_correction_after_the_lock_calls_for_a_third_mark_and_the_ranking_goes_on(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {0: ["72", "78"], 1: ["70", "70"]})
        correct(session, stage, 0, 1, "60")
        assert "third_mark_required" in pending(at.compute(session, stage))
        at._key(session, stage, at._places(session, stage, "marking")[stage.candidates[0].id], 3, "66")
        run = at.compute(session, stage)
        assert at.outcome(run, 0)["parts"]["written"]["mark"] == "66.00"


def test_a_correction_that_closes_the_gap_leaves_the_third_mark_and_the_chairs_aside(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {0: ["60", "72", "50"], 1: ["70", "70"]})
        correct(session, stage, 0, 1, "70")
        run = at.compute(session, stage)
        assert at.outcome(run, 0)["parts"]["written"]["mark"] == "71.00"
        assert "third_mark_not_needed" in explained(run, 0)


def test_a_mark_of_the_chair_that_a_correction_makes_needless_is_left_out(database: Database) -> None:
    rules = houses.RULES.read_text(encoding="utf-8").replace('"third_decides"', '"chair_decides"')
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, ruleset=parse(rules))
        at.marked(session, stage, {0: ["60", "72"], 1: ["70", "70"]})
        assert pending(at.compute(session, stage))[0] == "chair_mark_required"
        at.decide(session, stage, DecisionKind.CHAIR_MARK, candidate="001", part="written", value="64")
        assert at.outcome(at.compute(session, stage), 0)["parts"]["written"]["mark"] == "64.00"
        correct(session, stage, 0, 1, "70")
        run = at.compute(session, stage)
        assert at.outcome(run, 0)["parts"]["written"]["mark"] == "71.00"
        assert run.input["decisions"] == []
