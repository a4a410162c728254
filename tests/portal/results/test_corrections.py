# SPDX-License-Identifier: Apache-2.0
"""Questions corrected after their test: the effect shown, decided by two, found where tampered with."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, text

from exam_portal.audit.models import Leaf
from exam_portal.competitions import service as course
from exam_portal.competitions.errors import MilestoneRefused
from exam_portal.competitions.models import DecisionKind
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.ids import new_public_id
from exam_portal.core.triggers import PREFIX
from exam_portal.papers.models import Paper, PaperForm
from exam_portal.registration.models import Candidate
from exam_portal.results import errors, letters, rescoring, service
from exam_portal.results.models import Publication, Run
from exam_portal.results.people import people
from exam_portal.sittings import queries, scripts_against_record
from exam_portal.sittings import service as sittings
from exam_portal.sittings.attempts import correcting
from exam_portal.sittings.attempts import errors as of_attempts
from exam_portal.sittings.attempts.preparing import form_index
from exam_portal.sittings.models import Attempt, Script, Seat, Sitting, TestCorrection, TestMark
from question_bank.item import Item, native, unrecognisable
from question_bank.rekeying import answers_of, right_of
from scoring.ruleset import RuleSet, parse
from tests.harness.browser import Album
from tests.portal.competitions.builders import a_member, a_signed, holding
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.papers import builders as bank_builders
from tests.portal.reading import Shown, read_pages
from tests.portal.results.test_pages import clock, portal
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, here
from tests.portal.sittings.computers import (
    TEST_FIRST,
    mark_tests,
    player_at,
    rules_of_a_test_alone,
    running,
    seal_a_paper,
    seal_all,
)

__all__ = ["clock", "portal"]
OVER = START + 120 * MINUTE
LATER = OVER + timedelta(days=1)
RIGHT = ("111", "101", "011", "001")  # of four people in three questions: the first two are ahead


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A test of three questions that four people sat and that ranks them, and who may correct it."""

    hall: Hall
    items: tuple[Item, ...]
    setter: Actor
    authority: Actor

    @property
    def chair(self) -> Actor:
        """Who decides."""
        return self.hall.house.chair


def held(
    database: Database, *, rules: RuleSet | None = None, is_marked: bool = True, parallel: bool = False
) -> Held:
    """Everybody has answered as RIGHT says; the ranking has been computed.

    With a parallel form "102" every second person has question 4 in it, and none the first one.
    """
    rules = rules or rules_of_a_test_alone()
    fields = [bank_builders.a_choice(number) for number in (1, 2, 3, 4)]
    natives = [dict(native(unrecognisable(item, bytes(32)))) for item in bank_builders.read(fields)]
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=len(RIGHT), ruleset=rules)
        organisation = hall.house.organisation
        setter = holding(a_member(session, "de.thi", "Phạm Thu Hà"), Role.SETTING_BOARD, organisation)
        authority = holding(a_member(session, "tham.quyen", "Phan Thanh Sơn"), Role.AUTHORITY, organisation)
        form = attempt_builders.a_form(items=natives[:3])
        other_form = dataclasses.replace(attempt_builders.a_form(items=[natives[3], *natives[1:3]]), id="102")

        def both(session: Session, hall: Hall, **facts: Any) -> Paper:
            made = seal_a_paper(session, hall, **facts)
            row = attempt_builders._form_row(session, other_form)
            session.add(PaperForm(paper_id=made.id, drawn_by=made.created_by, drawn_at=LISTED, **row))
            for place, seat in enumerate(session.scalars(select(Seat).order_by(Seat.id))):
                while form_index(seat.public_id, 2) != place % 2:  # a form each, by turns
                    seat.public_id = new_public_id()
            session.flush()
            return made

        sealed = both if parallel else None
        sitting = running(session, hall, part="test", form=form, capacity=len(RIGHT), sealed=sealed)
        codes = {row.id: row.code for row in session.execute(select(PaperForm.id, PaperForm.code))}
        sat = {row.seat_id: row.form_id for row in session.execute(select(Attempt.seat_id, Attempt.form_id))}
        for actor in (setter, authority, hall.house.chair, hall.secretary):
            grant(session, actor, organisation.id, LISTED)
        session.refresh(organisation)
    by_candidate = {seat.candidate_id: seat for seat in sitting.seats}
    for candidate, pattern in zip(hall.candidates, RIGHT, strict=True):
        player = player_at(database, by_candidate[candidate.id], START + MINUTE)
        own = form if codes[sat[by_candidate[candidate.id].id]] == "101" else other_form
        for item, is_right in zip(own.items, pattern, strict=True):
            player.answer(_option(item, is_right == "1"), item=item.id)
    with database.writing(unhurried=True) as session:
        ended = session.get_one(Sitting, sitting.id)
        seal_all(session, hall.invigilator, START + 62 * MINUTE, ended)
        if is_marked:
            sittings.end(session, hall.invigilator, START + 63 * MINUTE, sitting=ended)
            assert mark_tests(session, hall.invigilator, OVER, ended) == len(RIGHT)
            compute(session, hall)
    return Held(hall=hall, items=form.items, setter=setter, authority=authority)


def _option(item: Item, is_right: bool) -> str:
    options = item.body.options  # type: ignore[attr-defined]
    return next(str(each.id) for each in options if (each.fraction == 1) == is_right)


def compute(session: Session, hall: Hall) -> Run:
    competition = here(session, hall)
    return service.compute_run(
        session, hall.secretary, OVER, competition=competition, vacancy=competition.vacancies[0]
    )


def propose(database: Database, test: Held, item: int = 0, *right: int, kind: str = "") -> str:
    """A correction of one item waits: a new key by the places of its options, or the item is neutralised."""
    answers = answers_of(test.items[item])
    with database.writing() as session:
        row = rescoring.propose(
            session,
            test.setter,
            LATER,
            competition=here(session, test.hall),
            proposal=correcting.Proposal(
                part="test",
                item=test.items[item].id,
                kind=kind or ("key" if right else "neutralised"),
                reason="Câu hỏi có hai phương án đúng",
                right=tuple(answers[place] for place in right),
                names=("b",) * len(right),
            ),
        )
        return row.public_id


def approve(database: Database, test: Held, public_id: str, by: Actor | None = None) -> rescoring.Effect:
    """The correction is in force, upon the effect that is returned."""
    with database.reading() as session:
        competition = here(session, test.hall)
        row = correcting.correction(session, competition.id, public_id)
        recomputed = correcting.recompute(session, row)
        effect = rescoring.foresee(session, LATER, competition, row, recomputed)
    with database.writing(unhurried=True) as session:
        competition = here(session, test.hall)
        rescoring.approve(
            session,
            by or test.chair,
            LATER,
            competition=competition,
            correction=correcting.correction(session, competition.id, public_id),
            minute="15/BB-HĐTT",
            seen=effect.hash,
            recomputed=recomputed,
            foreseen=effect,
        )
    return effect


def points_of(session: Session, test: Held) -> list[tuple[str, str]]:
    found = queries.test_marks(session, test.hall.competition.id, "test")
    return [found[candidate.id] for candidate in test.hall.candidates]


def other(test: Held, item: int) -> int:
    """The place of the option that those chose who were wrong."""
    answers, right = answers_of(test.items[item]), right_of(test.items[item])
    return next(place for place, answer in enumerate(answers) if answer not in right)


def place_of(test: Held) -> str:
    return f"/staff/competitions/{test.hall.competition.public_id}/results"


def test_a_correction_is_shown_with_its_effect_and_decided_by_another_person(
    portal: Flask, database: Database, clock: At
) -> None:
    test = held(database)
    clock.set(LATER)
    setter, chair = (Person.at(portal, database, one, LATER) for one in (test.setter, test.chair))
    numbers = [candidate.candidate_no for candidate in test.hall.candidates]
    place, item = f"{place_of(test)}/corrections", test.items[0].id
    assert item in setter.get(f"{place}/new?part=test")
    address = f"{place}/new?part=test&item={item}"
    assert "hội đồng nhân dân" not in setter.get(address).lower()  # the bank is not known to the paper
    refused = setter.post(address, 422, kind="key", reason="Sai đáp án")
    assert "không thể có đáp án này" in refused
    page = setter.post(address, kind="neutralised", reason="Câu hỏi có hai phương án đúng")
    assert "Câu hỏi có hai phương án đúng" in page
    tied = f"{numbers[0]}, {numbers[2]}"
    assert "Theo từng thí sinh" not in page  # counts only for who does not see results
    assert tied not in page
    setter.post(address, 422, kind="neutralised", reason="Một lần nữa")  # one waits
    with database.reading() as session:
        row = session.scalars(select(TestCorrection)).one()
        before = points_of(session, test)
    own = f"{place}/{row.public_id}"
    shown = chair.get(own)
    assert tied in shown  # would have the same total
    assert "Theo từng thí sinh" in shown
    seen = re.search(r'name="effect"[^>]*value="([^"]+)"', shown)
    assert seen is not None
    assert setter.client.post(f"{own}/approve", data={"csrf_token": setter.token}).status_code in {403, 404}
    chair.post(f"{own}/approve", 409, minute="15/BB-HĐTT", effect="sha256:" + "0" * 64)
    chair.post(f"{own}/approve", 422, effect=seen[1])  # no minute
    assert "đang có hiệu lực" in chair.post(f"{own}/approve", minute="15/BB-HĐTT", effect=seen[1])
    chair.post(f"{own}/approve", 409, minute="15/BB-HĐTT", effect=seen[1])
    setter.get(address, 200)
    with database.reading() as session:
        assert before == [("3", "3"), ("2", "3"), ("2", "3"), ("1", "3")]
        assert points_of(session, test) == [("2", "2"), ("1", "2"), ("2", "2"), ("1", "2")]
        first, second = session.scalars(select(Run).order_by(Run.number)).all()
        assert (first.reason, second.reason) == ("", "15/BB-HĐTT")
        assert first.output["candidates"][0]["outcome"] == "selected"
        assert second.output["pending"][0]["code"] == "tie_decision_required"
        assert {entry["kind"] for each in second.input["candidates"] for entry in _noted(each)} == {
            "neutralised"
        }


def _noted(row: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = row["parts"]["test"]["corrections"]
    return found


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


def reach(database: Database, test: Held, kind: Kind) -> None:
    with database.writing() as session:
        competition = here(session, test.hall)
        paper = a_signed(session, test.hall.house, competition)
        course.reach(session, test.authority, LATER, competition, kind, paper=paper)


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


def lacks(effect: rescoring.Effect) -> set[str]:
    return {lack["code"] for each in effect.vacancies or () for lack in each.lacks}


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


def remark(database: Database, test: Held) -> None:
    with database.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting).where(Sitting.part == "test")).one()
        mark_tests(session, test.hall.invigilator, LATER, sitting)


def differences(database: Database) -> set[str]:
    with database.reading() as session:
        return {
            each.code
            for each in scripts_against_record.differences(session)
            if each.code.startswith(("correction", "test mark"))
        }


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


@pytest.mark.engines("sqlite")
def test_a_posted_mark_is_superseded_and_its_candidate_is_told(
    portal: Flask, database: Database, clock: At
) -> None:
    test = held(database)
    post(database, test, "")
    approve(database, test, propose(database, test))
    clock.set(LATER)
    post(database, test, "Câu 1 bị vô hiệu theo biên bản số 15/BB-HĐTT")
    with database.reading() as session:
        first, second = session.scalars(select(Publication).order_by(Publication.number)).all()
        assert second.supersedes_id == first.id
        people_ = people(session, test.hall.competition.id)
        assert [letters.is_corrected(session, one, people_[0]) for one in (first, second)] == [False, True]
        account = session.get_one(Candidate, test.hall.candidates[0].id).account_id
    candidate = Actor(account_id=account, grants=(), is_candidate=True)
    page = Person.at(portal, database, candidate, LATER).get(
        f"/me/results/{test.hall.candidates[0].public_id}"
    )
    assert "đã bị vô hiệu: điểm của câu được chia cho các câu còn lại" in page


def post(database: Database, test: Held, reason: str) -> None:
    with database.writing(unhurried=True) as session:
        competition = here(session, test.hall)
        made = service.post_marks(session, test.hall.secretary, LATER, competition=competition, reason=reason)
        for actor in (test.chair, test.authority):
            service.approve_publication(
                session, actor, LATER, publication=made, content_hash=made.content_hash
            )


@pytest.mark.journey
@pytest.mark.engines("sqlite")
def test_the_pages_of_corrections_read_well_wide_and_narrow(
    portal: Flask, database: Database, clock: At, new_person: Callable[..., Page], album: Album
) -> None:
    test = held(database)
    clock.set(LATER)
    place = f"{place_of(test)}/corrections"
    decided = propose(database, test, 1)
    approve(database, test, decided)
    waiting = propose(database, test, 0, other(test, 0))
    new = f"{place}/new?part=test"
    pages: list[Shown] = [
        ("corrections", test.setter, place),
        ("correction-choose", test.setter, new),
        ("correction-new", test.setter, f"{new}&item={test.items[2].id}"),
        ("correction-effect", test.chair, f"{place}/{waiting}"),
        ("correction-effect-counts", test.setter, f"{place}/{waiting}"),
        ("correction-decided", test.chair, f"{place}/{decided}"),
        ("correction-undo", test.setter, f"{new}&item={test.items[1].id}"),
    ]
    read_pages(portal, database, LATER, new_person, album, pages)


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


@pytest.mark.engines("sqlite")
def test_the_pages_say_which_field_lacks_and_tell_the_chair_that_a_decision_waits(
    portal: Flask, database: Database, clock: At
) -> None:
    test = held(database)
    clock.set(LATER)
    setter, chair = (Person.at(portal, database, one, LATER) for one in (test.setter, test.chair))
    address = f"{place_of(test)}/corrections/new?part=test&item={test.items[0].id}"
    setter.get(address)
    assert 'id="reason-error"' in setter.post(address, 422, kind="neutralised", reason="  ")
    assert 'id="kind-error"' in setter.post(address, 422, reason="Sai")
    assert 'id="several-error"' in setter.post(address, 422, kind="key", reason="Sai")
    assert "Quyết định đính chính câu hỏi" not in chair.get("/staff")
    setter.post(address, kind="neutralised", reason="Sai")
    assert "Quyết định đính chính câu hỏi" in chair.get("/staff")
    assert "Quyết định đính chính câu hỏi" not in setter.get("/staff")
    with database.reading() as session:
        own = f"{place_of(test)}/corrections/{session.scalars(select(TestCorrection.public_id)).one()}"
    seen = re.search(r'name="effect"[^>]*value="([^"]+)"', chair.get(own))
    assert seen is not None
    assert 'id="minute-error"' in chair.post(f"{own}/approve", 422, minute=" ", effect=seen[1])
    assert 'id="reason-error"' in chair.post(f"{own}/refuse", 422, reason=" ")
    chair.post(f"{own}/approve", minute="15/BB-HĐTT", effect=seen[1])
    assert "Quyết định đính chính câu hỏi" not in chair.get("/staff")
    assert "Hủy việc xử lý câu hỏi" in setter.get(own)
    setter.post(address, 422, kind="key", several="0", reason="Sai")  # undone first
    setter.post(address, kind="restored", reason="Câu hỏi đúng")


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
