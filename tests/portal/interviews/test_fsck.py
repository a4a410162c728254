# SPDX-License-Identifier: Apache-2.0
"""What somebody changes or takes from a panel behind the portal's back is named, row by row."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions.models import Relation
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import declared, fsck, lots, service
from exam_portal.interviews.lots import shuffled
from exam_portal.interviews.models import Hearing, Occasion, PanelSession
from exam_portal.interviews.room import questions
from exam_portal.interviews.room import service as room
from exam_portal.interviews.room.questions import drawn as drawn_from
from exam_portal.interviews.room.timing import PhaseKey
from exam_portal.results import against_record
from tests.portal.competitions.builders import a_signed
from tests.portal.interviews.builders import HEARD, LOTS, Council, a_panel, a_sheet, count, drawn
from tests.portal.interviews.builders import declared as all_declared
from tests.portal.interviews.test_question_draw import a_set, approved
from tests.portal.interviews.test_room_times import a_plan
from tests.portal.interviews.test_substitutes import called, stands_by

NOBODY = "(SELECT min(id) FROM accounts)"
ANOTHER = "(SELECT min(id) FROM signed_papers)"
CHANGES = {
    "UPDATE panel_sessions SET mode = 'portal'": "panel",
    "UPDATE panel_members SET name = 'Khác' WHERE position = 2": "member",
    "UPDATE panel_members SET is_substitute = false WHERE is_substitute": "member",
    "UPDATE member_absences SET reason = 'khác'": "absence",
    "DELETE FROM member_absences": "absence gone",
    "UPDATE substitutions SET reason = 'khác'": "substitution",
    "UPDATE substitutions SET begun = '[9]'": "substitution",
    f"UPDATE substitutions SET by = {NOBODY}": "substitution",
    "DELETE FROM substitutions": "substitution gone",
    "UPDATE relation_statements SET units = 'Sở khác' WHERE id = (SELECT max(id) FROM relation_statements)": (
        "relations"
    ),
    "UPDATE relation_answers SET relation = NULL WHERE relation IS NOT NULL": "relations",
    "DELETE FROM relation_answers WHERE relation IS NOT NULL": "relations",
    "UPDATE lot_draws SET witnesses = 'Người khác'": "lots",
    "UPDATE hearings SET order_no = order_no + 9 WHERE order_no = 1": "lots",
    "UPDATE hearings SET occasion = 'second_ballot' WHERE repeats_id IS NOT NULL": "hearing",
    "UPDATE order_changes SET reason = 'khác'": "order change",
    'UPDATE order_changes SET witnesses = \'["A", "B"]\'': "order change",
    "UPDATE relation_statements SET disciplined = NOT disciplined WHERE disciplined IS NOT NULL": "relations",
    "DELETE FROM order_changes": "order change gone",
    f"UPDATE hearing_events SET by = {NOBODY} WHERE kind = 'opened'": "hearing event",
    "DELETE FROM hearing_events WHERE kind = 'candidate_absent'": "hearing event gone",
    "DELETE FROM hearing_events WHERE kind = 'broken_off'": "hearing event gone",
    f"UPDATE count_keyings SET typist_id = {NOBODY}": "count keyed",
    "UPDATE count_keyings SET payload = '{}'": "count keyed",
    "UPDATE count_keyings SET page = page + 1": "count keyed",
    f"UPDATE count_keyings SET signed_paper_id = {ANOTHER}": "count keyed",
    "UPDATE ballots SET page = page + 1": "ballots",
    "UPDATE ballots SET value = '1'": "ballots",
    "UPDATE hearings SET drawn_at = '2030-01-01 00:00:00.000000' WHERE occasion = 'regular'": "lots",
    f"UPDATE hearings SET signed_paper_id = {ANOTHER} WHERE occasion = 'regular'": "lots",
    "UPDATE panel_sessions SET place = 'Hội trường B'": "panel",
    "UPDATE panel_sessions SET starts_at = '2030-01-01 00:00:00.000000'": "panel",
    'UPDATE room_plans SET content = \'{"phases": [["questions", 30]]}\' WHERE version = 1': "room plan",
    "DELETE FROM room_plans WHERE version = 1": "room plan gone",
    "UPDATE phase_events SET reason = 'khác' WHERE kind = 'paused'": "phase",
    "UPDATE phase_events SET place = 9 WHERE kind = 'ended'": "phase",
    "DELETE FROM phase_events WHERE kind = 'ended'": "phase gone",
    "UPDATE question_sets SET hash = 'sha256:00' WHERE version = 1": "question set",
    "UPDATE question_sets SET seed_hash = 'sha256:00' WHERE version = 1": "question set",
    "DELETE FROM question_sets WHERE version = 1": "question set gone",
    f"UPDATE question_set_approvals SET by = {NOBODY}": "question approval",
    "DELETE FROM question_set_approvals": "question approval gone",
    "UPDATE question_draws SET numbers = '[1, 1, 1]' WHERE signed_paper_id IS NULL": "question draw",
    "UPDATE question_draws SET witnesses = 'Người khác'": "question draw",
    "DELETE FROM question_draws WHERE signed_paper_id IS NULL": "question draw gone",
}


def a_day(session: Session, council: Council) -> None:
    """A panel with all that can happen on it."""
    panel = a_panel(session, council)
    substitute = stands_by(session, council, panel, "Dự khuyết A")
    lines = declared.of_member(declared.lines(session, panel), panel.members[0])
    service.declare_relations(
        session,
        council.secretary,
        HEARD,
        member=panel.members[0],
        answers={line.candidate.id: Relation.OTHER if line is lines[2] else None for line in lines},
        units="Sở Nội vụ",
        disciplined=False,
        paper=a_signed(session, council.house, council.competition, kind=PaperKind.CONFLICT_DECLARATION),
    )
    all_declared(session, council, panel)
    x, y, z = drawn(session, council, panel)
    called(session, council, panel.members[0], substitute)
    _questions(session, council, panel, x, y)
    _heard(session, council, panel, x, y, z)


def _questions(session: Session, council: Council, panel: PanelSession, x: Hearing, y: Hearing) -> None:
    room.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set(5))
    approved(session, council, panel, a_set())
    minute = a_signed(session, council.house, council.competition, kind=PaperKind.LOTS_MINUTE)
    on_paper: dict[str, Any] = {"numbers": [4, 8, 12], "paper": minute}
    for hearing, facts in ((x, on_paper), (y, {})):
        room.draw_questions(session, council.secretary, HEARD, hearing=hearing, witnesses="Lê Văn A", **facts)


def _heard(session: Session, council: Council, panel: PanelSession, *hearings: Hearing) -> None:
    x, y, z = hearings
    who, witnesses = council.secretary, ("Lê Văn A", "Trần Thị B")
    for minutes in (10, 12):
        room.plan_room(session, who, HEARD, panel=panel, plan=a_plan(minutes))
    phase: dict[str, Any] = {"hearing": x, "phase": PhaseKey.PREPARATION}
    minute = timedelta(minutes=1)
    room.start_phase(session, who, HEARD, **phase)
    room.pause_phase(session, who, HEARD + 2 * minute, **phase, reason="Mất điện")
    room.resume_phase(session, who, HEARD + 5 * minute, **phase)
    room.end_phase(session, who, HEARD + 20 * minute, **phase)
    service.note_absence(
        session, who, HEARD, panel=panel, member=panel.members[1], hearing=x, reason="Đến muộn"
    )
    service.call_out_of_turn(session, who, HEARD, hearing=y, reason="Trùng họp", witnesses=witnesses)
    count(session, council, y, a_sheet(9, 9, 0, ["80"] * 9))
    service.note_candidate_absent(session, who, HEARD, hearing=z, witnesses=witnesses)
    paper = a_signed(session, council.house, council.competition)
    again = service.repeat_hearing(session, who, HEARD, hearing=z, occasion=Occasion.REPEATED, paper=paper)
    service.open_hearing(session, who, HEARD, hearing=again)
    service.break_off_hearing(session, who, HEARD, hearing=again, paper=paper)


def found(session: Session) -> set[str]:
    """The codes of what is named now."""
    session.expire_all()
    return {one.code for one in (*fsck.differences(session), *against_record._counts(session))}


def test_a_row_changed_or_gone_behind_the_portal_is_named(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        a_day(session, council)
        assert found(session) == set()
        triggers.remove(session.connection())
        named = {}
        for change in CHANGES:
            with session.begin_nested() as step:
                session.execute(text(change))
                named[change] = found(session)
                step.rollback()
        assert {change for change, code in CHANGES.items() if code not in named[change]} == set()
        assert found(session) == set()
        triggers.install(session.connection())


def test_questions_whose_key_is_another_are_named(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        a_day(session, council)
        triggers.remove(session.connection())
        other = session.keys.create()
        session.execute(text("UPDATE question_sets SET key_id = :key"), {"key": other})
        assert found(session) == {"question set", "question draw"}
        triggers.install(session.connection())


def test_a_receipt_of_a_ballot_that_is_gone_is_named(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        service.open_ballot(session, council.secretary, HEARD, hearing=hearing)
        for member in council.members[:2]:
            service.cast_ballot(
                session, member, HEARD, hearing=hearing, value=Decimal(80), scores={}, has_heard=True
            )
        assert found(session) == set()
        triggers.remove(session.connection())
        session.execute(text("DELETE FROM ballot_receipts WHERE id = (SELECT max(id) FROM ballot_receipts)"))
        assert found(session) == {"ballot given gone"}
        triggers.install(session.connection())


def beside(number: int) -> int:
    """Another question of the same topic and level: there are four of each, one after the other."""
    return number + 1 if number % 4 else number - 3


def test_a_lot_or_a_draw_that_its_own_seed_does_not_give_is_named(
    database: Database, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        with monkeypatch.context() as bent:
            bent.setattr(lots, "shuffled", lambda entries, seed: shuffled(entries, seed)[::-1])
            service.draw_lots(session, council.secretary, HEARD, panel=panel, **LOTS)
        approved(session, council, panel, a_set())
        with monkeypatch.context() as bent:
            bent.setattr(questions, "drawn", lambda *facts: [beside(number) for number in drawn_from(*facts)])
            hearing = panel.hearings[0]
            room.draw_questions(session, council.secretary, HEARD, hearing=hearing, witnesses="Lê Văn A")
        assert found(session) == {"lots", "question draw"}
