# SPDX-License-Identifier: Apache-2.0
"""After the lock: a correction that makes two marks differ calls for a third mark, and for nothing else."""

from decimal import Decimal

import pytest

from exam_portal.admin.fsck import differences
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import errors, own_work, presentation, queries, service, slip_list
from exam_portal.marking.models import Mark
from tests.portal.competitions.builders import a_signed
from tests.portal.marking.builders import (
    MARKED,
    SIGNERS,
    Office,
    assign,
    give,
    key,
    key_twice,
    lock,
)


def correct(session: Session, office: Office, script: int, round: int, value: str) -> None:
    """Two people correct the mark of a round on a signed minute."""
    mark = (
        session.query(Mark)
        .filter_by(masked_script_id=office.scripts[script].id, round=round)
        .order_by(Mark.id.desc())
        .first()
    )
    assert mark is not None
    proposal = service.propose_correction(
        session,
        office.secretary,
        MARKED,
        bag=office.bag,
        mark=mark,
        value=Decimal(value),
        reason="Cộng sai",
        paper=a_signed(session, office.hall.house, office.hall.competition),
        page=1,
    )
    service.approve_correction(session, office.hall.house.chair, MARKED, bag=office.bag, proposal=proposal)


def locked_on_paper(session: Session, office: Office, *pairs: tuple[str, str]) -> None:
    """Both scripts are marked on slips, and the part is locked."""
    for script, pair in enumerate(pairs):
        for round_, value in enumerate(pair, 1):
            key_twice(session, office, script, round_, value)
    lock(session, office)


def finals(session: Session, office: Office) -> list[Decimal | None]:
    return [row.final for row in presentation.marked(session, [office.bag])]


def test_a_correction_that_makes_marks_differ_lets_a_third_slip_be_keyed_and_then_it_is_closed_again(
    database: Database, office: Office
) -> None:
    typist = office.typists[2].account_id
    assert typist is not None
    with database.writing(unhurried=True) as session:
        locked_on_paper(session, office, ("72", "78"), ("70", "70"))
        with pytest.raises(errors.RoundNotDue):
            key(session, office, 0, 0, 3, "66")
        assert slip_list.slips(session, office.hall.competition.id, typist) == []
        correct(session, office, 0, 1, "60")
        assert finals(session, office) == [None, Decimal("70.00")]
        open_slips = slip_list.slips(session, office.hall.competition.id, typist)
        assert [(row.script.id, row.round, row.state) for row in open_slips] == [
            (office.scripts[0].id, 3, "first")
        ]
        with pytest.raises(errors.RoundNotDue):
            key(session, office, 0, 1, 3, "66")
        with pytest.raises(errors.MarksLocked):
            key(session, office, 0, 0, 1, "66")
        with pytest.raises(errors.SignerMarkedBefore):
            key(session, office, 0, 0, 3, "66", signer=SIGNERS[1])
        key_twice(session, office, 0, 3, "66")
        assert finals(session, office) == [Decimal("66.00"), Decimal("70.00")]
        with pytest.raises(errors.AlreadyMarked):
            key(session, office, 0, 0, 3, "67")
        assert slip_list.slips(session, office.hall.competition.id, typist) == []
        assert list(differences(session)) == []


def test_a_third_marker_gives_the_mark_at_the_desk_after_the_lock(database: Database, office: Office) -> None:
    third = office.markers[2].account_id
    assert third is not None
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
        for script in (0, 1):
            give(session, office, 0, script, "72")
            give(session, office, 1, script, "78")
        lock(session, office)
        with pytest.raises(errors.RoundNotDue):
            assign(session, office, 2, 3)
        correct(session, office, 0, 1, "60")
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 0, 3)
        assign(session, office, 2, 3)
        own = own_work.own_bags(session, third)[0]
        assert (own.count, own.done, own.is_locked) == (1, 0, False)
        with pytest.raises(errors.RoundNotDue):
            give(session, office, 2, 1, "66")
        with pytest.raises(errors.MarksLocked):
            give(session, office, 0, 0, "66")
        give(session, office, 2, 0, "66")
        assert finals(session, office) == [Decimal("66.00"), Decimal("75.00")]
        assert own_work.own_bags(session, third)[0].is_locked
        assert list(differences(session)) == []


def test_a_mark_that_comes_after_the_lock_without_a_correction_is_found(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        locked_on_paper(session, office, ("72", "78"), ("70", "70"))
        session.add(
            Mark(
                masked_script_id=office.scripts[0].id,
                round=3,
                kind="mark",
                value="90",
                scores={},
                signer="X",
                signed_paper_id=office.slips.id,
                page=6,
                at=MARKED,
            )
        )
        session.flush()
        assert ("marking", "lock") in {(one.where, one.code) for one in differences(session)}


def test_a_correction_that_closes_the_gap_leaves_the_third_mark_aside_and_one_that_opens_it_calls_it_back(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        for script, values in enumerate((("60", "72", "50"), ("70", "70"))):
            for round_, value in enumerate(values, 1):
                key_twice(session, office, script, round_, value)
        lock(session, office)
        assert finals(session, office)[0] == Decimal("50.00")
        correct(session, office, 0, 1, "70")
        assert finals(session, office)[0] == Decimal("71.00")
        correct(session, office, 0, 2, "90")
        assert finals(session, office)[0] == Decimal("50.00")
        assert queries.needs(session, office.bag.id, service.rule_of(session, office.bag))
