# SPDX-License-Identifier: Apache-2.0
"""Training before live marking, and control scripts that nobody can tell from live ones."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from exam_portal.admin.fsck import differences
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, own_work, presentation, queries
from exam_portal.marking.agreement import queries as reports
from exam_portal.marking.models import Mark, MarkDraft, MarkingReport
from exam_portal.marking.service import take_back
from exam_portal.marking.training import control_marks, controls, qualification
from exam_portal.marking.training import queries as training
from exam_portal.marking.training import service as trainers
from exam_portal.marking.training.models import TrainingMark, TrainingScript
from exam_portal.sittings import handover
from exam_portal.sittings.handover import PartView
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, desk_of, give, keep, lock
from tests.portal.marking.test_reading import FIGURES
from tests.portal.marking.typed import a_typed_office

ANSWER = "Bài mẫu: thủ tục phải đơn giản, công khai, có thời hạn."


def the_part(session: Session, office: Office) -> PartView:
    """The written part."""
    return handover.part(session, office.hall.competition.public_id, "written")


def a_rule(session: Session, office: Office, **overrides: Any) -> None:
    """Two of the training scripts within two points, in two tries; no control script."""
    facts: dict[str, Any] = {
        "is_required": True,
        "needed": 2,
        "tolerance": Decimal(2),
        "tries": 2,
        "control_every": 0,
    }
    trainers.set_rule(session, office.secretary, MARKED, part=the_part(session, office), **facts | overrides)


def a_script(
    session: Session, office: Office, value: str | None = "60", *, purpose: str = "training", **overrides: Any
) -> TrainingScript:
    """A script with its agreed mark."""
    facts: dict[str, Any] = {
        "question": "Trình bày nguyên tắc.",
        "answer": ANSWER,
        "value": Decimal(value) if value else None,
        "scores": {},
        "reason": "Đủ ba ý, thiếu ví dụ.",
    }
    part = the_part(session, office)
    return trainers.add_script(
        session, office.secretary, MARKED, part=part, purpose=purpose, **facts | overrides
    )


def train(
    session: Session, office: Office, script: TrainingScript, value: str, marker: int = 0
) -> TrainingMark:
    """A marker marks a training script."""
    return trainers.mark_training_script(
        session,
        office.markers[marker],
        MARKED,
        part=the_part(session, office),
        script=script,
        value=Decimal(value),
        scores={},
        comment="",
    )


def test_who_has_not_passed_the_training_marks_and_drafts_nothing(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        first, second = a_script(session, office), a_script(session, office, "80")
        assign(session, office, 0, 1)
        a_rule(session, office)
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 1, 2)
        for act in (lambda: give(session, office, 0, 0, "60"), lambda: keep(session, office, 0, 0, "60")):
            with pytest.raises(errors.NotQualified):
                act()
        train(session, office, first, "61")
        with pytest.raises(errors.TrainingMarked):
            train(session, office, first, "60")
        with pytest.raises(errors.NotQualified):
            give(session, office, 0, 0, "60")
        train(session, office, second, "78")
        give(session, office, 0, 0, "60")


def test_without_a_rule_or_where_it_is_not_required_everybody_marks(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        keep(session, office, 0, 0, "60")
        a_rule(session, office, is_required=False)
        give(session, office, 0, 0, "60")


def test_when_the_tries_are_used_up_the_training_is_over_until_the_rule_gives_another(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        script = a_script(session, office)
        a_rule(session, office, needed=1, tries=1)
        train(session, office, script, "90")
        with pytest.raises(errors.TrainingMarked):
            train(session, office, script, "60")
        a_rule(session, office, needed=1, tries=2)
        train(session, office, script, "60")
        marker_id = office.markers[0].account_id or 0
        assert training.may_mark_live(session, office.bag.competition_id, "written", marker_id)


def test_a_withdrawn_script_and_one_of_control_are_no_part_of_the_training(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        gone, control = a_script(session, office), a_script(session, office, purpose="control")
        a_script(session, office)
        a_rule(session, office)
        part = the_part(session, office)
        trainers.withdraw_script(session, office.secretary, MARKED, part=part, script=gone)
        for script in (gone, control):
            with pytest.raises(NotFound):
                train(session, office, script, "60")


def test_who_has_passed_stays_qualified_whatever_the_head_does_afterwards(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        first = a_script(session, office)
        a_rule(session, office, needed=1)
        train(session, office, first, "61")
        assign(session, office, 0, 1)
        second = a_script(session, office)
        part = the_part(session, office)
        trainers.withdraw_script(session, office.secretary, MARKED, part=part, script=first)
        a_rule(session, office, needed=2, tolerance=Decimal(0))
        give(session, office, 0, 0, "60")
        with pytest.raises(errors.TrainingMarked):
            train(session, office, second, "60")
        rule = training.rule(session, part.competition_id, "written")
        assert rule is not None
        passed = training.state(session, rule, office.markers[0].account_id or 0)
        assert (passed.is_qualified, passed.count) == (True, 1)
        assert not training.state(session, rule, office.markers[1].account_id or 0).is_qualified


def test_a_training_is_required_only_while_there_is_a_training_script(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        a_script(session, office, purpose="control")
        with pytest.raises(errors.TrainingScriptsMissing):
            a_rule(session, office)
        last, part = a_script(session, office), the_part(session, office)
        a_rule(session, office)
        with pytest.raises(errors.TrainingScriptsMissing):
            trainers.withdraw_script(session, office.secretary, MARKED, part=part, script=last)
        a_rule(session, office, is_required=False)
        trainers.withdraw_script(session, office.secretary, MARKED, part=part, script=last)


@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), max_size=3),
)
def test_a_try_is_passed_by_enough_marks_within_the_tolerance_and_counts_when_it_is_complete(
    needed: int, tries: int, gaps: list[list[int]]
) -> None:
    rule = qualification.Rule(needed=needed, tolerance=Decimal(2), tries=tries)
    differences = {
        number: {script: Decimal(gap) for script, gap in enumerate(row, start=1)}
        for number, row in enumerate(gaps, start=1)
    }
    found = qualification.state(rule, {1, 2, 3}, differences)
    passed = [sum(abs(gap) <= 2 for gap in row) >= min(needed, 3) for row in gaps[:tries]]
    assert found.is_qualified == any(passed)
    assert found.is_over == (len(passed) == tries and not any(passed))
    partial = {1: {1: Decimal(0), 2: Decimal(0)}}
    assert not qualification.state(rule, {1, 2, 3}, partial).is_qualified
    assert not qualification.state(rule, set(), {}).is_qualified


@pytest.fixture
def controlled(database: Database) -> Office:
    """Five typed scripts in a bag that two markers have, one control script to five, of two."""
    office = a_typed_office(database, people=5)
    with database.writing(unhurried=True) as session:
        a_rule(session, office, is_required=False, control_every=5)
        scores = {"law": Decimal(30), "practice": Decimal(30)}
        for number in (1, 2):
            answer = f"{ANSWER} Số {number}."
            a_script(session, office, None, purpose="control", answer=answer, scores=scores)
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
    return office


def hidden(session: Session, office: Office, marker: int) -> list[controls.ControlScript]:
    """The control scripts in a marker's bag."""
    return controls.in_bag(session, office.bag, marker + 1, office.markers[marker].account_id or 0)


@pytest.mark.engines("sqlite")
def test_a_control_script_looks_like_a_live_one(
    portal: Flask, database: Database, controlled: Office
) -> None:
    marker = Person.at(portal, database, controlled.markers[0], MARKED)
    with database.reading() as session:
        (control,) = hidden(session, controlled, 0)
        live = handover.scripts_at_desk(session, controlled.bag, 1)[0]
    bag = f"/marking/bags/{controlled.bag.public_id}"
    listed = marker.get(bag)
    assert len(set(re.findall(r"/scripts/([a-z2-7]{26})", listed))) == 6
    assert all(re.fullmatch(r"[A-Z2-7]{10}", script.mask_code) for script in (live, control))
    unmarked = [bare(marker.get(f"{bag}/scripts/{one.public_id}"), one) for one in (live, control)]
    assert unmarked[0] == unmarked[1]
    for one in (live, control):
        marker.get(f"{bag}/scripts/{one.public_id}")
        marker.post(f"{bag}/scripts/{one.public_id}", tab="a", rests_on="0", **FIGURES)
    marked = [bare(marker.get(f"{bag}/scripts/{one.public_id}"), one) for one in (live, control)]
    assert marked[0] == marked[1] != unmarked[0]
    assert "data-draft" not in marked[1]


def bare(page: str, script: handover.MaskedScriptView) -> str:
    """The page of the desk without what differs from one live script to another."""
    page = page.replace(script.public_id, "ID").replace(script.mask_code, "CODE")
    page = re.sub(r'data-answer="1">.*?</div>\s*<p[^>]*>.*?</p>', "TEXT", page, flags=re.DOTALL)
    page = re.sub(r'nonce="[^"]*"|value="[a-z2-7]{26}"', "", page)
    return re.sub(r'<nav class="ep-desk__scripts.*?</nav>', "NAV", page, flags=re.DOTALL)


@pytest.mark.engines("sqlite")
def test_no_slip_is_printed_before_the_whole_bag_is_marked_its_control_script_too(
    portal: Flask, database: Database, controlled: Office
) -> None:
    marker = Person.at(portal, database, controlled.markers[0], MARKED)
    slips = f"/marking/bags/{controlled.bag.public_id}/slips.pdf"
    with database.reading() as session:
        (control,) = hidden(session, controlled, 0)
    with database.writing(unhurried=True) as session:
        for script in range(5):
            give(session, controlled, 0, script, "60")
    marker.get(slips, 404)
    desk = f"/marking/bags/{controlled.bag.public_id}/scripts/{control.public_id}"
    marker.get(desk)
    marker.post(desk, tab="a", rests_on="0", **FIGURES)
    assert marker.client.get(slips).data.startswith(b"%PDF")


@pytest.mark.engines("sqlite")
def test_a_control_script_that_the_marker_before_has_marked_is_marked_like_a_live_one_by_the_next(
    portal: Flask, database: Database, controlled: Office
) -> None:
    first, second = (Person.at(portal, database, controlled.markers[one], MARKED) for one in (0, 2))
    account_id = controlled.markers[2].account_id or 0
    bag = f"/marking/bags/{controlled.bag.public_id}"
    with database.reading() as session:
        (control,) = hidden(session, controlled, 0)
    first.get(f"{bag}/scripts/{control.public_id}")
    first.post(f"{bag}/scripts/{control.public_id}", tab="a", rests_on="0", **FIGURES)
    with database.writing(unhurried=True) as session:
        give(session, controlled, 0, 0, "60")
        take_back(session, controlled.secretary, MARKED, bag=controlled.bag, round=1, reason="Nghỉ ốm")
        assign(session, controlled, 2, 1)
        tasks = own_work.tasks(session, controlled.bag, 1, account_id)
        assert len([task for task in tasks if task.script.id < 0]) == 1
    for task in tasks:
        desk = f"{bag}/scripts/{task.script.public_id}"
        second.get(desk)
        second.post(f"{desk}/draft", 200, tab="a", rests_on="0", **FIGURES)
        second.post(desk, tab="a", rests_on="1", **FIGURES)
    with database.reading() as session:
        tasks = own_work.tasks(session, controlled.bag, 1, account_id)
        assert own_work.may_sign(session, controlled.bag, 1, tasks)
        assert list(differences(session)) == []
    assert second.client.get(f"{bag}/slips.pdf").data.startswith(b"%PDF")


@pytest.mark.engines("sqlite")
def test_a_control_script_that_waits_at_the_lock_keeps_nobody_from_signing_and_is_told_by_nothing(
    portal: Flask, database: Database, controlled: Office
) -> None:
    marker = Person.at(portal, database, controlled.markers[0], MARKED)
    bag = f"/marking/bags/{controlled.bag.public_id}"
    with database.writing(unhurried=True) as session:
        for script in range(len(controlled.scripts)):
            for number in (0, 1):
                give(session, controlled, number, script, "60")
    marker.get(f"{bag}/slips.pdf", 404)
    assert "chưa chấm" in marker.get(bag)
    with database.writing(unhurried=True) as session:
        lock(session, controlled)
    assert marker.client.get(f"{bag}/slips.pdf").data.startswith(b"%PDF")
    page = marker.get(bag)
    assert "chưa chấm" not in page
    assert "slips.pdf" in page


@pytest.mark.engines("sqlite")
def test_a_control_script_has_the_line_ends_of_live_ones(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        script = a_script(session, office, purpose="control", answer="Một.\r\nHai.\rBa.", question="A\r\nB")
        assert (script.answer, script.question) == ("Một.\nHai.\nBa.", "A\nB")


@pytest.mark.engines("sqlite")
def test_a_bag_that_is_taken_back_leaves_no_draft_of_a_control_script(
    portal: Flask, database: Database, controlled: Office
) -> None:
    marker = Person.at(portal, database, controlled.markers[0], MARKED)
    with database.reading() as session:
        (control,) = hidden(session, controlled, 0)
    desk = f"/marking/bags/{controlled.bag.public_id}/scripts/{control.public_id}"
    marker.get(desk)
    marker.post(f"{desk}/draft", 200, tab="a", rests_on="0", **FIGURES)
    with database.writing(unhurried=True) as session:
        assert session.query(MarkDraft).count() == 1
        take_back(session, controlled.secretary, MARKED, bag=controlled.bag, round=1, reason="Nghỉ ốm")
        assert session.query(MarkDraft).count() == 0


@pytest.mark.engines("sqlite")
def test_marks_of_control_scripts_reach_no_result_and_no_count_but_the_head(
    portal: Flask, database: Database, controlled: Office
) -> None:
    marker = Person.at(portal, database, controlled.markers[0], MARKED)
    with database.reading() as session:
        (control,) = hidden(session, controlled, 0)
        before = presentation.parts(session, controlled.bag.competition_id)[0]
    desk = f"/marking/bags/{controlled.bag.public_id}/scripts/{control.public_id}"
    marker.get(desk)
    marker.post(f"{desk}/draft", 200, tab="a", rests_on="0", **FIGURES)
    marker.get(desk)
    marker.post(desk, tab="a", rests_on="1", **FIGURES)
    marker.get(desk)
    marker.post(desk, 422, tab="a", rests_on="1", **FIGURES)
    with database.reading() as session:
        assert (session.query(Mark).count(), session.query(MarkDraft).count()) == (0, 0)
        after = presentation.parts(session, controlled.bag.competition_id)[0]
        assert after.bags[0].marked == before.bags[0].marked == {1: 0, 2: 0, 3: 0}
        assert queries.count_marks(session, controlled.bag.id) == 0
        competition = controlled.hall.competition
        (found,) = control_marks(session, competition.id, competition.public_id, "written")
        report = MarkingReport(
            competition_id=competition.id, part="written", purpose="marking", basis=0, controls_basis=found.id
        )
        (compared,) = reports.document(session, report)["controls"]
    assert compared == {"key": "", "marker": found.marker, "mark": "75.5", "agreed": "60"}
    assert (found.mark, found.agreed, found.difference) == (Decimal("75.5"), Decimal(60), Decimal("15.5"))
    head = Person.at(portal, database, controlled.hall.house.chair, MARKED)
    page = head.get(f"/staff/competitions/{competition.public_id}/marking/parts/written/training")
    assert found.marker in page
    assert "15,5" in page


@pytest.mark.engines("sqlite")
def test_the_marks_are_locked_while_control_scripts_are_unmarked(
    database: Database, controlled: Office
) -> None:
    with database.writing(unhurried=True) as session:
        for marker in (0, 1):
            for script in range(5):
                give(session, controlled, marker, script, "60")
        lock(session, controlled)


@pytest.mark.engines("sqlite")
def test_two_markers_meet_control_scripts_under_codes_of_their_own_and_nobody_meets_one_twice(
    database: Database,
) -> None:
    office = a_typed_office(database, people=5)
    with database.writing(unhurried=True) as session:
        a_rule(session, office, is_required=False, control_every=5)
        a_script(session, office, None, purpose="control", scores={"law": Decimal(1), "practice": Decimal(2)})
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
        ((first,), (second,)) = hidden(session, office, 0), hidden(session, office, 1)
        assert first.training_script_id == second.training_script_id
        assert {first.mask_code, first.public_id}.isdisjoint({second.mask_code, second.public_id})
        marker_id = office.markers[0].account_id or 0
        assert controls.in_bag(session, office.bag, 3, marker_id) == []


def test_no_control_script_lies_among_sheets_of_paper(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        a_rule(session, office, is_required=False, control_every=5)
        a_script(session, office, purpose="control")
        assign(session, office, 0, 1)
        assert hidden(session, office, 0) == []


@pytest.mark.engines("sqlite")
def test_the_head_sets_a_training_and_a_marker_sees_the_agreed_mark_afterwards_only(
    portal: Flask, database: Database, office: Office
) -> None:
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking/parts/written/training"
    head = Person.at(portal, database, office.secretary, MARKED)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    head.get(place)
    head.post(place, 422, needed="1", tolerance="-1", tries="1", control_every="0")
    rule: dict[str, Any] = {
        "is_required": "y",
        "needed": "1",
        "tolerance": "2",
        "tries": "1",
        "control_every": "0",
    }
    assert "Chưa có bài tập huấn nào để đạt" in head.post(place, 422, **rule)
    head.get(f"{place}/scripts/new")
    typed: dict[str, Any] = {"question": "Câu 1", "answer": ANSWER, "reason": "Vì đủ ý chính"}
    typed["purpose"] = "training"
    head.post(f"{place}/scripts/new", 422, total="100,25", **typed)
    assert ANSWER[:20] in head.post(f"{place}/scripts/new", total="60", **typed)
    head.post(place, **rule)
    own = f"/marking/training/{office.hall.competition.public_id}/written"
    assert own in marker.get("/marking")
    live = desk_of(database, office)
    marker.get(live, 403)
    found = re.search(rf"{own}/scripts/[a-z2-7]{{26}}", marker.get(own))
    assert found
    assert "Vì đủ ý chính" not in marker.get(found[0])
    assert "Vì đủ ý chính" in marker.post(found[0], total="61", comment="")
    marker.get(live)
    Person.at(portal, database, office.markers[1], MARKED).get(place, 403)
    head.get(own, 403)
    head.get(place.replace("written", "programme"), 404)
