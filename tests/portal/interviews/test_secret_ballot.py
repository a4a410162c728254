# SPDX-License-Identifier: Apache-2.0
"""The ballot in the portal: once each, in secret, invisible until the count."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from exam_portal.audit.models import Leaf
from exam_portal.competitions import queries as course
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.interviews import errors, queries, service
from exam_portal.interviews.models import Ballot, BallotBox, BallotReceipt, Hearing, Occasion
from exam_portal.interviews.service import voting
from tests.portal.competitions.builders import a_signed
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_council,
    a_panel,
    a_sheet,
    balloting,
    drawn,
    key,
)


def _balloting(session: Session, council: Council) -> int:
    hearing = drawn(session, council, a_panel(session, council, mode="portal"))[0]
    balloting(session, council, hearing)
    return hearing.id


def _cast(session: Session, member: Actor, hearing_id: int, value: str) -> None:
    hearing = session.get_one(Hearing, hearing_id)
    service.cast_ballot(
        session, member, HEARD, hearing=hearing, value=Decimal(value), scores={}, has_heard=True
    )


def test_nine_ballots_are_counted_by_criterion(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, _balloting(session, council))
        scores: dict[str, Any] = {"build": Decimal(33), "defend": Decimal(25), "answer": Decimal(26)}
        for member in council.members:
            service.cast_ballot(
                session, member, HEARD, hearing=hearing, value=None, scores=scores, has_heard=True
            )
        service.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        found = queries.panel_input(session, hearing.panel.vacancy_id, "programme")[hearing.candidate_id]
        assert (found["issued"], found["returned"], found["invalid"]) == (9, 9, 0)
        assert all(
            one["scores"] == {"answer": "26", "build": "33", "defend": "25"} for one in found["ballots"]
        )
        assert all("member" not in one for one in found["ballots"])


def test_before_the_count_no_row_belongs_to_a_ballot(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing_id = _balloting(session, council)
    sizes = set()
    for number, member in enumerate(council.members):
        with database.writing() as session:
            _cast(session, member, hearing_id, str(70 + number))
            sizes.add(len(session.scalars(select(BallotBox.sealed)).one()))
            assert session.query(Ballot).count() == 0
    assert len(sizes) == 1
    with database.reading() as session:
        assert queries.count_cast(session, hearing_id) == 9
        assert queries.counted_ballots(session, [session.get_one(Hearing, hearing_id)]) == {}


def test_neither_order_nor_id_nor_transaction_links_a_ballot_to_its_receipt(
    database: Database, council: Council
) -> None:
    """Members vote in the order of their marks; the stored ballots keep nothing of that order.

    Nine ballots lie in the order of their coming once in 362,880 boxes: of two boxes, both never do.
    """
    with database.writing(unhurried=True) as session:
        hearings = drawn(session, council, a_panel(session, council, mode="portal"))[:2]
        hearing_ids = [hearing.id for hearing in hearings]
    cast = [str(60 + number) for number in range(9)]
    in_place, by_id = [], []
    for hearing_id in hearing_ids:
        with database.writing(unhurried=True) as session:
            balloting(session, council, session.get_one(Hearing, hearing_id))
        for member, value in zip(council.members, cast, strict=True):
            with database.writing() as session:
                _cast(session, member, hearing_id, value)
        with database.writing() as session:
            hearing = session.get_one(Hearing, hearing_id)
            service.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        with database.reading() as session:
            place = "xmin::text, ctid" if session.get_bind().dialect.name == "postgresql" else "0, rowid"
            asked = text(f"SELECT {place}, value, id FROM ballots WHERE hearing_id = :hearing ORDER BY 2")
            stored = session.execute(asked, {"hearing": hearing_id}).all()
        assert len({row[0] for row in stored}) == 1  # one transaction, not nine
        in_place.append([row.value for row in stored])
        by_id.append([row.value for row in sorted(stored, key=lambda row: str(row.id))])
    assert sorted(in_place[0]) == cast
    assert in_place != [cast, cast]
    assert by_id != [cast, cast]
    with database.reading() as session:
        columns = {column.key for column in inspect(Ballot).columns}
        assert not columns & {"at", "cast_at", "receipt_id", "account_id"}
        assert session.scalars(select(Ballot.member_id).distinct()).all() == [None]
        assert session.scalar(select(BallotBox.id)) is None


def test_every_ballot_mixes_the_box_anew(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, _balloting(session, council))
        for member in council.members:
            _cast(session, member, hearing.id, "80")
        orders = set()
        for _ in range(12):
            box = session.scalars(select(BallotBox)).one()
            box.sealed = voting.sealed(
                session, box.key_id, hearing, voting._contents(session, hearing, box)[0]
            )
            orders.add(tuple(one["slip"] for one in voting._contents(session, hearing, box)[0]))
        assert len(orders) > 6


def test_each_member_votes_once_and_only_with_a_slip(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        with pytest.raises(errors.BallotNotOpen):
            _cast(session, council.members[0], hearing.id, "80")
        late: dict[str, Any] = {
            "panel": panel,
            "member": panel.members[8],
            "hearing": hearing,
            "reason": "Đến muộn",
        }
        service.note_absence(session, council.secretary, HEARD, **late)
        balloting(session, council, hearing)
        _cast(session, council.members[0], hearing.id, "80")
        with pytest.raises(errors.AlreadyVoted):
            _cast(session, council.members[0], hearing.id, "90")
        for outsider in (council.members[8], council.secretary):
            with pytest.raises(errors.NoSlip):
                _cast(session, outsider, hearing.id, "80")
        with pytest.raises(errors.BallotOffStep):
            _cast(session, council.members[1], hearing.id, "100.5")
        with pytest.raises(errors.BallotsOutstanding) as waiting:
            service.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        assert (waiting.value.issued, waiting.value.cast) == (8, 1)
        counted = service.count_ballots(
            session, council.secretary, HEARD, hearing=hearing, outstanding_too=True
        )
        assert (counted.kind, counted.payload["issued"], counted.payload["returned"]) == (
            "box_unopened",
            8,
            1,
        )
        with pytest.raises(errors.BallotTooLate):
            _cast(session, council.members[1], hearing.id, "80")
        with pytest.raises(errors.AlreadyCounted):
            service.count_ballots(session, council.secretary, HEARD, hearing=hearing)


def test_a_member_who_votes_twice_at_one_moment_has_one_ballot(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing_id = _balloting(session, council)
    refused: list[DomainError] = []
    barrier = threading.Barrier(2)

    def vote(value: str) -> None:
        barrier.wait()
        try:
            with database.writing() as session:
                _cast(session, council.members[0], hearing_id, value)
        except DomainError as problem:
            refused.append(problem)

    threads = [threading.Thread(target=vote, args=(value,)) for value in ("80", "90")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(problem) for problem in refused] == [errors.AlreadyVoted]
    with database.writing() as session:
        hearing = session.get_one(Hearing, hearing_id)
        for member in council.members[1:6]:
            _cast(session, member, hearing_id, "70")
        counted = service.count_ballots(
            session, council.secretary, HEARD, hearing=hearing, outstanding_too=True
        )
        assert counted.payload["returned"] == session.query(BallotReceipt).count() == 6


def test_below_the_quorum_the_box_is_destroyed_unopened_and_the_ballot_is_given_again(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, _balloting(session, council))
        key_id = session.scalars(select(BallotBox.key_id)).one()
        for number, member in enumerate(council.members[:5]):
            _cast(session, member, hearing.id, str(70 + number))
        facts: dict[str, Any] = {"hearing": hearing, "outstanding_too": True}
        event = service.count_ballots(session, council.secretary, HEARD, **facts)
        assert event.payload == {"issued": 9, "returned": 5, "needed": 6}
        assert session.query(Ballot).count() == session.query(BallotBox).count() == 0
        with pytest.raises(errors.AlreadyCounted):
            service.count_ballots(session, council.secretary, HEARD, **facts)
        found = queries.panel_input(session, hearing.panel.vacancy_id, "programme")[hearing.candidate_id]
        assert found == {"issued": 9, "returned": 5, "ballots": []}
        ruleset = course.ruleset(council.competition)
        pending = queries.result(ruleset, "programme", found).pending
        assert pending is not None
        assert pending.code == "quorum_missing"
        leaf = session.query(Leaf).filter_by(type="interviews.box_unopened").one()
        assert (leaf.content["returned"], leaf.content["needed"]) == (5, 6)
        again = service.repeat_hearing(
            session,
            council.secretary,
            HEARD,
            hearing=hearing,
            occasion=Occasion.SECOND_BALLOT,
            paper=a_signed(session, council.house, council.competition),
        )
        service.open_ballot(session, council.secretary, HEARD, hearing=again)
        for member in council.members:
            _cast(session, member, again.id, "80")
        assert service.count_ballots(session, council.secretary, HEARD, hearing=again).kind == "counted"
        jobs = session.execute(text("SELECT payload FROM outbox")).scalars().all()
        assert any(key_id in str(job) for job in jobs)


def test_a_quorum_of_six_opens_the_box(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, _balloting(session, council))
        for member in council.members[:6]:
            _cast(session, member, hearing.id, "80")
        counted = service.count_ballots(
            session, council.secretary, HEARD, hearing=hearing, outstanding_too=True
        )
        assert counted.payload == {"issued": 9, "returned": 6, "invalid": 0}


def test_a_named_ballot_names_the_place_on_the_panel(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, ballot="named")
        hearing = session.get_one(Hearing, _balloting(session, council))
        for number, member in enumerate(council.members):
            _cast(session, member, hearing.id, str(70 + number))
        service.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        found = queries.panel_input(session, hearing.panel.vacancy_id, "programme")[hearing.candidate_id]
        given = {one["member"]: one["value"] for one in found["ballots"]}
        assert given == {f"M{number + 1}": str(70 + number) for number in range(9)}


def test_paper_and_portal_do_not_mix(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, _balloting(session, council))
        with pytest.raises(errors.OtherMode):
            key(session, council, 0, hearing, a_sheet(9, 9, 0, ["80"] * 9))


@pytest.mark.parametrize("late", [False, True])
def test_who_declares_a_relation_after_being_seated_has_no_slip(
    database: Database, council: Council, late: bool
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council, mode="portal"))[0]
        service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        if late:
            _open(session, council, hearing)
        _declare(session, council, council.members[0])
        if not late:
            _open(session, council, hearing)
        assert queries.issued(session, hearing) == (9 if late else 8)
        with pytest.raises(errors.NoSlip):
            _cast(session, council.members[0], hearing.id, "90")
        _cast(session, council.members[1], hearing.id, "60")


def test_what_is_declared_about_another_candidate_during_the_ballot_silences_nobody(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        x, y, _ = drawn(session, council, a_panel(session, council, mode="portal"))
        balloting(session, council, x)
        _declare(session, council, council.members[0], about=1)
        _cast(session, council.members[0], x.id, "90")
        for member in council.members[1:]:
            _cast(session, member, x.id, "80")
        service.count_ballots(session, council.secretary, HEARD, hearing=x)
        balloting(session, council, y)
        with pytest.raises(errors.NoSlip):
            _cast(session, council.members[0], y.id, "90")


def _declare(session: Session, council: Council, member: Actor, *, about: int = 0) -> None:
    competitions.declare_conflict(
        session,
        member,
        HEARD,
        session.get_one(Competition, council.competition.id),
        account_id=member.account_id or 0,
        candidate_account_id=council.candidates[about].account_id,
        relation=Relation.SIBLING,
    )


def _open(session: Session, council: Council, hearing: Hearing) -> None:
    service.open_ballot(session, council.secretary, HEARD, hearing=hearing)
