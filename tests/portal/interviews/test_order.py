# SPDX-License-Identifier: Apache-2.0
"""Who is heard when, and who sits: in the order of the lots, one at a time; nobody judges their own kin."""

from typing import Any

import pytest

from exam_portal.accounts import queries as accounts
from exam_portal.audit.models import Leaf
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, StaleState
from exam_portal.interviews import errors, queries, service
from exam_portal.interviews.models import Hearing, OrderChange
from exam_portal.registration import service as registration
from tests.portal.interviews.builders import HEARD, Council, a_panel, balloting, drawn

WITNESSES = ("Lê Văn A", "Trần Thị B")


def opens(session: Session, council: Council, hearing: Hearing) -> None:
    """The secretary begins the hearing."""
    service.open_hearing(session, council.secretary, HEARD, hearing=hearing)


def called(session: Session, council: Council, hearing: Hearing, **facts: Any) -> OrderChange:
    """The council has the hearing before its turn."""
    told: dict[str, Any] = {"reason": "Trùng lịch họp khẩn", "witnesses": WITNESSES, **facts}
    return service.call_out_of_turn(session, council.secretary, HEARD, hearing=hearing, **told)


def test_candidates_are_heard_in_the_order_of_the_lots_and_one_at_a_time(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        x, y, z = drawn(session, council, a_panel(session, council))
        with pytest.raises(errors.NotNext) as early:
            opens(session, council, y)
        assert early.value.order_no == 1
        opens(session, council, x)
        with pytest.raises(errors.HearingUnderWay) as busy:
            opens(session, council, y)
        assert busy.value.order_no == 1
        service.open_ballot(session, council.secretary, HEARD, hearing=x)
        with pytest.raises(errors.NotNext):
            opens(session, council, z)
        balloting(session, council, y)
        balloting(session, council, z)


def test_a_recorded_decision_calls_a_hearing_out_of_turn(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        x, _, z = drawn(session, council, a_panel(session, council))
        with pytest.raises(errors.AbsenceUnproven):
            called(session, council, z, witnesses=("Lê Văn A",))
        with pytest.raises(errors.IsNext):
            called(session, council, x)
        called(session, council, z)
        with pytest.raises(StaleState):
            called(session, council, z)
        balloting(session, council, z)
        with pytest.raises(errors.IsNext):  # what is over is not brought forward
            service.call_out_of_turn(
                session, council.secretary, HEARD, hearing=x, reason="x", witnesses=WITNESSES
            )
        balloting(session, council, x)
        leaf = session.query(Leaf).filter_by(type="interviews.order_changed").one()
        assert (leaf.content["hearing"], leaf.content["reason"]) == (z.public_id, "Trùng lịch họp khẩn")
        assert "Lê Văn A" not in str(leaf.content)


def test_who_stays_away_or_has_left_holds_up_nobody(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        x, y, z = drawn(session, council, a_panel(session, council))
        service.note_candidate_absent(session, council.secretary, HEARD, hearing=x, witnesses=WITNESSES)
        _excluded(session, council, 1)
        balloting(session, council, z)
        with pytest.raises(errors.CandidateGone):
            opens(session, council, y)


def test_who_leaves_during_the_hearing_gets_no_ballot(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        x, y, _ = drawn(session, council, a_panel(session, council))
        opens(session, council, x)
        _excluded(session, council, 0)
        with pytest.raises(errors.CandidateGone):
            service.open_ballot(session, council.secretary, HEARD, hearing=x)
        balloting(session, council, y)


def _excluded(session: Session, council: Council, place: int) -> None:
    registration.exclude_candidate(
        session, council.secretary, HEARD, council.candidates[place], status="withdrawn", reason="Ốm"
    )


@pytest.mark.parametrize("mode", ["paper", "portal"])
def test_a_candidate_does_not_sit_on_the_panel_by_account_or_by_name(
    database: Database, council: Council, mode: str
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode=mode, members=0)
        account_id = council.candidates[0].account_id
        name = accounts.names_of(session, {account_id})[account_id]
        attempts: list[tuple[str, int | None]] = [(f"  {name.upper()} ", council.members[0].account_id)]
        attempts += [("Người khác", account_id)] if mode == "portal" else [(name, None)]
        for called_so, account in attempts:
            assert _refusal(session, council, panel, called_so, account) is errors.MemberIsCandidate
        assert panel.members == []


def test_a_relation_declared_in_the_portal_binds_the_name_on_a_paper_panel(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=0)
        _declares(session, council)
        assert _refusal(session, council, panel, "Ủy  viên 1", None) is errors.MemberHasConflict
        service.add_member(session, council.secretary, HEARD, panel=panel, name="Ủy viên 2", duty="Ủy viên")


@pytest.mark.parametrize(("relation", "on_rivals"), [(Relation.SIBLING, 8), (Relation.OTHER, 9)])
def test_a_relation_declared_after_the_lots_takes_the_slips_of_the_name_on_paper(
    database: Database, council: Council, relation: Relation, on_rivals: int
) -> None:
    with database.writing(unhurried=True) as session:
        x, y, _ = drawn(session, council, a_panel(session, council))
        _declares(session, council, relation)
        assert [one.position for one in queries.entitled(session, x)] == list(range(2, 10))
        assert len(queries.entitled(session, y)) == on_rivals


def _declares(session: Session, council: Council, relation: Relation = Relation.SIBLING) -> None:
    course.declare_conflict(
        session,
        council.members[0],
        HEARD,
        session.get_one(Competition, council.competition.id),
        account_id=council.members[0].account_id or 0,
        candidate_account_id=council.candidates[0].account_id,
        relation=relation,
    )


def _refusal(
    session: Session, council: Council, panel: Any, name: str, account_id: int | None
) -> type[DomainError]:
    facts: dict[str, Any] = {"panel": panel, "name": name, "duty": "Ủy viên", "account_id": account_id}
    with pytest.raises(DomainError) as refused:
        service.add_member(session, council.secretary, HEARD, **facts)
    return type(refused.value)
