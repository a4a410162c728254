# SPDX-License-Identifier: Apache-2.0
"""A panel turns from screens to paper slips, or back, until its first slips are out."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from exam_portal.core import outbox, triggers
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import errors, fsck, queries, service
from exam_portal.interviews.models import BallotBox, BallotModeChange, PanelSession
from exam_portal.interviews.record import errors as record_errors
from exam_portal.interviews.record import keeping
from exam_portal.interviews.record import service as record
from exam_portal.interviews.record.models import RecordKey, RecordShare
from exam_portal.interviews.room.errors import ReasonMissing
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_panel,
    a_sheet,
    balloting,
    count,
    drawn,
    entrusted,
    keepers_of,
)

ERASE = "core.erase_key"
WHY = "Máy tính bảng của hội trường hỏng"


def turned(
    session: Session, council: Council, panel: PanelSession, mode: str, reason: str = WHY
) -> BallotModeChange:
    """Ballots of the panel are given in this way from now on."""
    return service.change_ballot_mode(
        session, council.secretary, HEARD, panel=panel, mode=mode, reason=reason
    )


def _entrusted_to(
    session: Session, council: Council, panel: PanelSession, keepers: tuple[Actor, ...]
) -> None:
    holders = [one.account_id or 0 for one in keepers]
    prepared = record.prepare(session, panel=panel, holders=holders, threshold=2)
    record.entrust(session, council.secretary, HEARD, panel=panel, prepared=prepared)


def test_a_panel_that_finds_no_keeper_draws_its_lots_after_it_was_turned_to_paper(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        with pytest.raises(record_errors.RecordUnkept):
            drawn(session, council, panel)
        change = turned(session, council, panel, "paper", f"  {WHY} ")
        assert (panel.mode, panel.seated_mode, change.reason) == ("paper", "portal", WHY)
        hearing = drawn(session, council, panel)[0]
        count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 9))
        assert queries.has(session, hearing.id, "counted")


def test_tablets_that_fail_after_the_lots_give_way_to_slips_on_paper(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        turned(session, council, panel, "paper")
        service.open_ballot(session, council.secretary, HEARD, hearing=hearing)
        assert session.scalars(select(BallotBox)).all() == []
        with pytest.raises(errors.OtherMode):
            service.cast_ballot(
                session,
                council.members[0],
                HEARD,
                hearing=hearing,
                value=Decimal(70),
                scores={},
                has_heard=True,
            )


def test_the_key_of_the_record_ends_with_the_screens_and_is_made_anew_after_them(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        keepers = keepers_of(session, council)
        _entrusted_to(session, council, panel, keepers)
        first = keeping.key_of(session, panel.id)
        assert first is not None
        waiting = [share.key_id for share in first.shares]
        ill = keepers[0].account_id or 0
        assert [row[2] for row in keeping.uncopied(session, [panel.competition_id], ill)] == [
            council.vacancy.code
        ]
        change = turned(session, council, panel, "paper")
        assert change.record_key_id == first.id
        assert keeping.uncopied(session, [panel.competition_id], ill) == []
        with pytest.raises(record_errors.NoRecordShare):
            record.own_share(session, keepers[0], panel)
        with pytest.raises(record_errors.RecordNotKept):
            _entrusted_to(session, council, panel, keepers)
        turned(session, council, panel, "portal", "Đã có máy dự phòng")
        with pytest.raises(record_errors.RecordUnkept):
            drawn(session, council, panel)
        entrusted(session, council, panel, keepers)
        assert len(drawn(session, council, panel)) == 3
    for job in _jobs(database):
        outbox.perform(database, job, lambda: HEARD)
    with database.reading() as session:
        assert not any(session.keys.exists(key_id) for key_id in waiting)


def test_back_on_screens_after_the_lots_no_slip_is_out_before_new_keepers_have_copied(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        turned(session, council, panel, "paper")
        turned(session, council, panel, "lan")
        with pytest.raises(record_errors.RecordUnkept):
            service.open_ballot(session, council.secretary, HEARD, hearing=hearing)
        keepers = keepers_of(session, council, names="2")
        _entrusted_to(session, council, panel, keepers)
        with pytest.raises(record_errors.RecordSharesWait):
            service.open_ballot(session, council.secretary, HEARD, hearing=hearing)
        with pytest.raises(record_errors.KeepersNamed):
            _entrusted_to(session, council, panel, keepers)
        entrusted(session, council, panel, keepers, reason="Một người ốm")
        service.open_ballot(session, council.secretary, HEARD, hearing=hearing)
        with pytest.raises(record_errors.RecordNotKept):
            entrusted(session, council, panel, keepers, reason="Quá muộn")


def test_between_two_kinds_of_screens_the_key_of_the_record_stays(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        before = keeping.key_of(session, panel.id)
        assert turned(session, council, panel, "lan").record_key_id is None
        assert keeping.key_of(session, panel.id) is before
        assert len(drawn(session, council, panel)) == 3


def test_once_slips_are_out_nothing_changes_and_the_hearing_is_named(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearings = drawn(session, council, panel)
        balloting(session, council, hearings[0])
        with pytest.raises(errors.SlipsAreOut) as refused:
            turned(session, council, panel, "paper")
        assert refused.value.order_no == 1
        assert session.scalars(select(BallotModeChange)).all() == []


def test_the_same_way_and_a_way_without_accounts_are_refused_with_their_reason(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=2)
        with pytest.raises(errors.SameMode):
            turned(session, council, panel, "paper")
        with pytest.raises(ReasonMissing):
            turned(session, council, panel, "portal", "  ")
        with pytest.raises(errors.AccountsMissing) as refused:
            turned(session, council, panel, "portal")
        assert refused.value.positions == (1, 2)
        assert panel.mode == "paper"


@pytest.mark.engines("postgresql")
def test_who_waited_for_the_panel_reads_the_way_that_was_changed_meanwhile(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        hearing_id = hearing.public_id
    with database.writing(unhurried=True) as late:
        seen = queries.hearing(late, hearing_id)
        assert seen.panel.mode == "portal"
        with database.writing(unhurried=True) as session:
            turned(session, council, queries.hearing(session, hearing_id).panel, "paper")
        service.open_ballot(late, council.secretary, HEARD, hearing=seen)
        assert late.scalars(select(BallotBox)).all() == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE ballot_mode_changes SET mode = 'lan' WHERE mode = 'portal'", "ballot mode"),
        ("UPDATE ballot_mode_changes SET reason = 'khác' WHERE mode = 'paper'", "ballot mode"),
        ("UPDATE ballot_mode_changes SET record_key_id = NULL", "ballot mode"),
        ("DELETE FROM ballot_mode_changes WHERE mode = 'portal'", "ballot mode gone"),
        ("UPDATE panel_sessions SET mode = 'lan'", "panel"),
    ],
)
def test_a_change_altered_behind_the_portal_is_named(
    database: Database, council: Council, change: str, named: str
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        turned(session, council, panel, "paper")
        turned(session, council, panel, "portal", "Đã có máy dự phòng")
        assert list(fsck.differences(session)) == []
        triggers.remove(session.connection())
        session.execute(text(change))
        session.expire_all()
        assert named in {one.code for one in fsck.differences(session)}
        session.rollback()


def test_the_share_that_waits_is_found_through_its_index_in_one_question(
    database: Database, council: Council
) -> None:
    """However many panels, keys and copied shares the house has, home asks for the open shares alone."""
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        keepers = keepers_of(session, council)
        _entrusted_to(session, council, panel, keepers)
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        found = keeping.uncopied(session, [panel.competition_id], keepers[0].account_id or 0)
        event.remove(connection, "before_cursor_execute", note)
        assert [(row[0], row[1]) for row in found] == [(panel.competition_id, panel.public_id)]
        assert len(asked) == 1
        if connection.dialect.name == "sqlite":  # PostgreSQL reads a table of three rows whole
            mine = select(RecordShare.id).where(RecordShare.holder == 1, RecordShare.taken_at.is_(None))
            asking = mine.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {asking}"))
            assert "ix_record_shares_waiting" in plan.mappings().one()["detail"]


@pytest.mark.engines("sqlite")
def test_the_secretary_turns_the_panel_and_members_read_why(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        at = f"{place}/hearings/{hearing.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert f'href="{place}/ballots"' in secretary.get(place)
    assert 'value="portal"' not in secretary.get(f"{place}/ballots")  # the way that holds now
    secretary.post(f"{place}/ballots", 422, mode="paper", reason=" ")
    secretary.post(f"{place}/ballots", 422, mode="portal", reason=WHY)
    secretary.post(f"{place}/ballots", mode="paper", reason=WHY)
    for reader, page in (
        (secretary, place),
        (Person.at(portal, database, council.members[0], HEARD), "/panel"),
        (Person.at(portal, database, council.house.chair, HEARD), place),
    ):
        assert WHY in reader.get(page)
    with database.writing(unhurried=True) as session:
        service.open_ballot(
            session, council.secretary, HEARD, hearing=queries.hearing(session, hearing.public_id)
        )
    assert f'href="{place}/ballots"' not in secretary.get(place)
    assert f'action="{place}/ballots"' not in secretary.get(f"{place}/ballots")
    assert secretary.client.get(f"{at}/count.pdf").status_code == 200
    with database.reading() as session:
        assert (
            session.scalars(select(RecordKey)).one().id
            == session.scalars(select(BallotModeChange.record_key_id)).one()
        )


def _jobs(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == ERASE)))
