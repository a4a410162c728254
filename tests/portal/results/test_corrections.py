# SPDX-License-Identifier: Apache-2.0
"""Questions corrected after their test: the effect, what is refused, found where tampered with."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy import select, text

from exam_portal.audit.models import Leaf
from exam_portal.competitions import service as course
from exam_portal.competitions.errors import MilestoneRefused
from exam_portal.competitions.models import DecisionKind
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.core.database import Database
from exam_portal.core.triggers import PREFIX
from exam_portal.papers.models import PaperForm
from exam_portal.results import errors, rescoring
from exam_portal.results.models import Run
from exam_portal.sittings import queries
from exam_portal.sittings.attempts import correcting
from exam_portal.sittings.attempts import errors as of_attempts
from exam_portal.sittings.models import Attempt, Script, TestMark
from question_bank.rekeying import answers_of, right_of
from scoring.ruleset import parse
from tests.portal.competitions.builders import a_signed
from tests.portal.results.corrected import (
    LATER,
    OVER,
    RIGHT,
    approve,
    differences,
    held,
    lacks,
    other,
    points_of,
    post,
    propose,
    reach,
    remark,
)
from tests.portal.sittings.builders import here
from tests.portal.sittings.computers import (
    TEST_FIRST,
)


def test_a_new_key_counts_the_stored_answers_again_and_moves_the_places(database: Database) -> None:
    test = held(database)
    effect = approve(database, test, propose(database, test, 0, other(test, 0)))
    assert (effect.marks.scripts, effect.marks.raised, effect.marks.lowered) == (4, 2, 2)
    assert effect.vacancies is not None
    (ranking,) = effect.vacancies
    lines = {each.candidate: each.line for each in ranking.changes}
    numbers = [candidate.candidate_no for candidate in test.hall.candidates]
    assert (lines[numbers[0]], lines[numbers[2]]) == ("out", "in")
    with database.reading() as session:
        assert [value for value, _ in points_of(session, test)] == ["2", "1", "3", "2"]
        steps = session.scalars(select(Run).order_by(Run.number.desc())).first()
        assert steps is not None
        codes = {step["code"] for row in steps.output["candidates"] for step in row["explanation"]}
        assert "key_changed" in codes
        told = [leaf.type for leaf in session.scalars(select(Leaf).order_by(Leaf.id))]
        assert told[-3:] == ["sittings.correction_approved", "sittings.tests_marked", "result"]


def test_nobody_decides_the_own_proposal_and_a_refusal_changes_no_mark(database: Database) -> None:
    test = held(database)
    proposed = propose(database, test)
    with pytest.raises(of_attempts.OwnCorrection):
        approve(database, test, proposed, by=test.setter)
    with pytest.raises(of_attempts.CorrectionWaits):
        propose(database, test, 0, other(test, 0))
    with database.writing() as session:
        row = correcting.correction(session, test.hall.competition.id, proposed)
        correcting.refuse(session, test.authority, LATER, correction=row, reason="Câu hỏi không sai")
    with pytest.raises(of_attempts.CorrectionDecided):
        approve(database, test, proposed)
    with database.reading() as session:
        assert points_of(session, test) == [("3", "3"), ("2", "3"), ("2", "3"), ("1", "3")]
        assert len(session.scalars(select(TestMark)).all()) == len(RIGHT)
    approve(database, test, propose(database, test))  # it may be proposed again
    with pytest.raises(of_attempts.ItemOut):
        propose(database, test, 0, other(test, 0))
    assert differences(database) == set()


def test_what_cannot_be_a_correction_is_refused_with_its_reason(database: Database) -> None:
    test = held(database)
    right = answers_of(test.items[0]).index(right_of(test.items[0])[0])
    with pytest.raises(of_attempts.SameKey):
        propose(database, test, 0, right)
    approve(database, test, propose(database, test, 0))
    approve(database, test, propose(database, test, 1))
    with pytest.raises(of_attempts.NothingLeftToScore):
        propose(database, test, 2)
    with database.writing() as session:
        facts = {"part": "test", "item": test.items[2].id, "kind": "key", "reason": "Sai"}
        told: dict[str, Any] = {"competition": here(session, test.hall)}
        proposal = correcting.Proposal(right=("Sở Y tế",), **facts)
        with pytest.raises(of_attempts.NoSuchKey):
            rescoring.propose(session, test.setter, LATER, proposal=proposal, **told)
        blank = dataclasses.replace(proposal, reason="  ")
        with pytest.raises(of_attempts.ReasonMissing):
            rescoring.propose(session, test.setter, LATER, proposal=blank, **told)
    with database.reading() as session:
        assert points_of(session, test) == [("1", "1"), ("1", "1"), ("1", "1"), ("1", "1")]


@pytest.mark.engines("sqlite")
def test_no_question_is_corrected_before_the_test_is_marked(database: Database) -> None:
    with pytest.raises(of_attempts.NotMarkedYet):
        propose(database, held(database, is_marked=False))


@pytest.mark.engines("sqlite")
def test_nothing_changes_between_recognition_and_publication_nor_after_the_end(database: Database) -> None:
    test = held(database)
    proposed = propose(database, test)
    post(database, test, "")
    for kind in (Kind.REVIEWS_CLOSED, Kind.OPINION_RECORDED, Kind.RECOGNISED):
        reach(database, test, kind)
    with pytest.raises(errors.RecognisedUnpublished):
        approve(database, test, proposed)
    reach(database, test, Kind.ANNULLED)
    with pytest.raises(MilestoneRefused):
        approve(database, test, proposed)
    with pytest.raises(MilestoneRefused):
        propose(database, test, 1)


@pytest.mark.engines("sqlite")
def test_a_gate_that_a_correction_costs_somebody_asks_the_council_again_and_no_other_does(
    database: Database,
) -> None:
    text = TEST_FIRST.read_text(encoding="utf-8").replace("min_candidates = 2", "min_candidates = 4")
    test = held(database, rules=parse(text))
    with database.writing() as session:
        competition = here(session, test.hall)
        paper = a_signed(session, test.hall.house, competition)
        facts: dict[str, Any] = {"kind": DecisionKind.PROCEED, "vacancy": competition.vacancies[0]}
        course.record_decision(session, test.hall.secretary, OVER, competition, paper=paper, **facts)
    effect = approve(database, test, propose(database, test, 0))
    assert (effect.marks.now_passed, effect.marks.now_failed) == (1, 0)
    assert lacks(effect) == {"marks_missing"}  # who passes now has still to write
    effect = approve(database, test, propose(database, test, 1, other(test, 1)))
    assert (effect.marks.now_passed, effect.marks.now_failed) == (0, 0)
    effect = approve(database, test, propose(database, test, 2, other(test, 2)))
    assert effect.marks.now_failed == 2
    assert lacks(effect) == {"min_candidates"}


@pytest.mark.engines("sqlite")
def test_marks_that_moved_meanwhile_stop_the_decision_and_a_later_marking_keeps_the_correction(
    database: Database,
) -> None:
    test = held(database)
    proposed = propose(database, test)
    with database.reading() as session:
        row = correcting.correction(session, test.hall.competition.id, proposed)
        stale = correcting.recompute(session, row)
    remark(database, test)
    with database.writing() as session:
        row = correcting.correction(session, test.hall.competition.id, proposed)
        facts: dict[str, Any] = {"correction": row, "minute": "1", "recomputed": stale}
        with pytest.raises(of_attempts.MarksMoved):
            correcting.approve(session, test.chair, LATER, **facts)
    approve(database, test, proposed)
    remark(database, test)
    with database.reading() as session:
        assert points_of(session, test)[0] == ("2", "2")
    assert differences(database) == set()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE test_corrections SET kind = 'key'", {"correction", "correction decided", "test mark"}),
        ("UPDATE test_corrections SET words = '16/BB-HĐTT'", {"correction decided"}),
        ("UPDATE test_corrections SET number = NULL", {"correction decided", "test mark"}),
        ("UPDATE test_marks SET value = '2' WHERE run = 2", {"test mark"}),
        ("UPDATE test_marks SET corrections = '[]' WHERE run = 2", {"test mark"}),
        ("DELETE FROM test_marks WHERE run = 2", {"test mark", "test marks gone"}),
        ("DELETE FROM test_corrections", {"correction gone", "correction decided gone", "test mark"}),
    ],
)
@pytest.mark.engines("sqlite")
def test_the_check_finds_a_correction_or_a_corrected_mark_that_was_tampered_with(
    database: Database, change: str, found: set[str]
) -> None:
    test = held(database)
    approve(database, test, propose(database, test))
    assert differences(database) == set()
    with database.writing() as session:
        for table in ("test_corrections", "test_marks"):
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {PREFIX}{table}_{verb}"))
        session.execute(text(change))
    assert differences(database) == found


def test_two_answers_of_a_single_choice_are_both_right_by_decision(database: Database) -> None:
    test = held(database)
    right = answers_of(test.items[0]).index(right_of(test.items[0])[0])
    effect = approve(database, test, propose(database, test, 0, right, other(test, 0)))
    assert (effect.marks.raised, effect.marks.lowered) == (2, 0)
    with database.reading() as session:
        assert [value for value, _ in points_of(session, test)] == ["3", "2", "3", "2"]
    assert differences(database) == set()


def test_a_correction_is_undone_by_a_further_decision_and_everything_before_stays(database: Database) -> None:
    test = held(database)
    with pytest.raises(of_attempts.NothingToUndo):
        propose(database, test, kind="restored")
    approve(database, test, propose(database, test, 0))
    approve(database, test, propose(database, test, 1, other(test, 1)))
    undo = propose(database, test, kind="restored")
    with pytest.raises(of_attempts.OwnCorrection):
        approve(database, test, undo, by=test.setter)
    effect = approve(database, test, undo)
    assert effect.marks.scripts == len(RIGHT)
    with database.reading() as session:
        assert [value for value, _ in points_of(session, test)] == ["2", "3", "1", "2"]  # the other one holds
        runs = session.scalars(select(Run).order_by(Run.number)).all()
        assert len(runs) == 4
        (noted, *_) = [_noted(each) for each in runs[-1].input["candidates"]]
        assert {each["kind"] for each in noted} == {"key", "restored"}
        codes = {step["code"] for row in runs[-1].output["candidates"] for step in row["explanation"]}
        assert {"correction_undone", "key_changed"} <= codes
    with pytest.raises(of_attempts.NothingToUndo):
        propose(database, test, kind="restored")
    approve(database, test, propose(database, test, 0))  # it may be neutralised anew
    assert differences(database) == set()


def test_a_question_of_one_of_two_parallel_forms_concerns_only_who_sat_that_form(database: Database) -> None:
    test = held(database, parallel=True)
    with database.reading() as session:
        sat = select(Script.candidate_id, PaperForm.code).join(Attempt, Attempt.id == Script.attempt_id)
        rows = session.execute(sat.join(PaperForm, PaperForm.id == Attempt.form_id))
        form_of = {row.candidate_id: row.code for row in rows}
        assert sorted(form_of.values()) == ["101", "101", "102", "102"]
    effect = approve(database, test, propose(database, test, 0))  # it stands in form 101 alone
    assert effect.marks.scripts == 2
    with database.reading() as session:
        found = queries.test_marks(session, test.hall.competition.id, "test")
        most = {candidate_id: most for candidate_id, (_, most) in found.items()}
        assert most == {who: "2" if code == "101" else "3" for who, code in form_of.items()}
        counts = session.scalars(select(TestMark).where(TestMark.run == 2)).all()
        assert len(counts) == 2
        last = session.scalars(select(Run).order_by(Run.number.desc())).first()
        assert last is not None
        assert sum(bool(each["parts"]["test"].get("corrections")) for each in last.input["candidates"]) == 2
    effect = approve(database, test, propose(database, test, 1))  # this one in both
    assert effect.marks.scripts == 4
    assert differences(database) == set()


def _noted(row: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = row["parts"]["test"]["corrections"]
    return found
