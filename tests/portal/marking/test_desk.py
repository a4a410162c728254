# SPDX-License-Identifier: Apache-2.0
"""Marking at the desk: whole bags, blind rounds, the third mark, one mark each."""

import threading
from decimal import Decimal
from typing import Any

import pytest

from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, ConflictOfInterest, Relation
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, NotFound
from exam_portal.marking import errors, presentation, queries, service
from exam_portal.marking.models import Mark, MarkDraft
from exam_portal.sittings import masking
from tests.portal.marking.builders import MARKED, Office, an_office, assign, give, keep, key_twice, lock


def test_marks_that_differ_by_the_threshold_wait_for_a_third_which_decides(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
        for script, pair in enumerate((("72", "78"), ("44", "56"))):
            give(session, office, 0, script, pair[0])
            give(session, office, 1, script, pair[1])
        progress = presentation.parts(session, office.hall.competition.id)[0]
        assert (progress.done, progress.waiting) == (1, 1)
        assert progress.agreement is not None
        assert (progress.agreement.mean, progress.agreement.over) == (Decimal("9.00"), 1)
        with pytest.raises(errors.MarksMissing) as refused:
            lock(session, office)
        assert (refused.value.unmarked, refused.value.waiting_for_third) == (0, 1)
        assign(session, office, 2, 3)
        with pytest.raises(errors.RoundNotDue):
            give(session, office, 2, 0, "75")
        give(session, office, 2, 1, "49")
        lock(session, office)
        finals = [row.final for row in presentation.marked(session, [office.bag])]
        assert finals == [Decimal("75.00"), Decimal("49.00")]


def test_the_mean_difference_is_rounded_half_up(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        office = an_office(session, people=4)
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
        for script, value in enumerate(("70", "70", "70", "70.5")):
            give(session, office, 0, script, "70")
            give(session, office, 1, script, value)
        progress = presentation.parts(session, office.hall.competition.id)[0]
        assert progress.agreement is not None
        assert progress.agreement.mean == Decimal("0.13")


def test_a_third_marker_is_given_the_bag_only_where_marks_differ(database: Database, office: Office) -> None:
    with database.writing() as session, pytest.raises(errors.RoundNotDue):
        assign(session, office, 2, 3)


def test_nobody_marks_a_script_twice_under_another_code(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 0, 2)
        masking.mask_scripts(
            session,
            office.hall.masker,
            MARKED,
            competition=office.hall.competition,
            part="written",
            purpose="review:abc",
        )
        review = queries.bags(session, office.hall.competition.id, "written", "review:abc")[0]
        before, other = office.markers[0].account_id, office.markers[1].account_id
        assert before is not None
        assert other is not None
        facts: dict[str, Any] = {"bag": review, "round": 1}
        with pytest.raises(errors.MarkerUnfit):
            service.assign_bag(session, office.secretary, MARKED, marker_id=before, **facts)
        service.assign_bag(session, office.secretary, MARKED, marker_id=other, **facts)


def test_a_declared_relation_keeps_a_marker_from_the_bag(database: Database, office: Office) -> None:
    with database.writing() as session:
        hall = office.hall
        session.add(
            ConflictOfInterest(
                competition_id=hall.competition.id,
                account_id=office.markers[0].account_id,
                candidate_account_id=hall.candidates[0].account_id,
                relation="sibling",
                declared_by=hall.secretary.account_id,
                declared_at=MARKED,
            )
        )
        session.flush()
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 0, 1)
        assign(session, office, 1, 1)


def declare(session: Session, office: Office, marker: int) -> None:
    """The marker is a brother of the first candidate."""
    competitions.declare_conflict(
        session,
        office.secretary,
        MARKED,
        session.get_one(Competition, office.hall.competition.id),
        account_id=office.markers[marker].account_id or 0,
        candidate_account_id=office.hall.candidates[0].account_id,
        relation=Relation.SIBLING,
    )


def take_back(session: Session, office: Office, round: int) -> None:
    service.take_back(
        session, office.secretary, MARKED, bag=office.bag, round=round, reason="Nghỉ ốm từ ngày 18/01"
    )


def test_a_relation_declared_later_stops_the_marker_and_the_bag_goes_to_another(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        keep(session, office, 0, 0, "6")
        declare(session, office, 0)
        with pytest.raises(errors.RelationDeclared):
            give(session, office, 0, 0, "60")
        take_back(session, office, 1)
        assert session.query(MarkDraft).count() == 0
        with pytest.raises(errors.NotAssigned):
            give(session, office, 0, 0, "60")
        with pytest.raises(NotFound):
            take_back(session, office, 1)
        assign(session, office, 1, 1)
        give(session, office, 1, 0, "60")
        assert queries.assigned_rounds(session, office.bag.id) == {1: office.markers[1].account_id}


def test_a_bag_that_was_taken_back_is_not_given_to_the_same_marker_again(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        take_back(session, office, 1)
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 0, 2)


def test_the_rest_of_a_bag_whose_marker_may_not_go_on_can_be_marked_on_slips(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        give(session, office, 0, 0, "60")
        declare(session, office, 0)
        with pytest.raises(errors.RelationDeclared):
            give(session, office, 0, 1, "60")
        assert key_twice(session, office, 1, 1, "55").value == "55"


def test_a_round_has_one_marker_and_a_script_one_mark_of_it(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        with pytest.raises(errors.RoundTaken):
            assign(session, office, 1, 1)
        with pytest.raises(errors.NotAssigned):
            give(session, office, 1, 0, "60")
        give(session, office, 0, 0, "60")
        with pytest.raises(errors.AlreadyMarked):
            give(session, office, 0, 0, "61")


@pytest.mark.parametrize("value", ["-0.5", "100.5", "60.25"])
def test_a_mark_lies_on_the_step_and_the_scale(database: Database, office: Office, value: str) -> None:
    with database.writing() as session:
        assign(session, office, 0, 1)
        with pytest.raises(errors.MarkOffStep):
            give(session, office, 0, 0, value)


def test_of_two_marks_given_at_the_same_moment_one_stands(database: Database, office: Office) -> None:
    with database.writing() as session:
        assign(session, office, 0, 1)
    refused: list[DomainError] = []
    barrier = threading.Barrier(2)

    def mark(value: str) -> None:
        barrier.wait()
        try:
            with database.writing() as session:
                give(session, office, 0, 0, value)
        except DomainError as problem:
            refused.append(problem)

    threads = [threading.Thread(target=mark, args=(value,)) for value in ("60", "61")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(problem) for problem in refused] == [errors.AlreadyMarked]
    with database.reading() as session:
        assert session.query(Mark).count() == 1


def test_progress_asks_the_same_number_of_queries_for_more_scripts(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        small, large = an_office(session, people=2), an_office(session, people=5, mark="b")
    counts = []
    for office in (small, large):
        with database.reading() as session:
            counts.append(_queries(session, office.hall.competition.id))
    assert counts[0] == counts[1]


def _queries(session: object, competition_id: int) -> int:
    from sqlalchemy import event

    from exam_portal.core.db import Session

    assert isinstance(session, Session)
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    presentation.parts(session, competition_id)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
