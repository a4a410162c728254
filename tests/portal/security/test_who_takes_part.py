# SPDX-License-Identifier: Apache-2.0
"""Who takes part, who decides and what was decided cannot change unseen, even where the triggers are off.

Every change here is made by somebody with the database's password: triggers off, one statement, triggers on.
"""

from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

from exam_portal.accounts import fsck as roles
from exam_portal.accounts import service as accounts
from exam_portal.admin import fsck as bags
from exam_portal.appeals import fsck as reviews
from exam_portal.audit import acts
from exam_portal.competitions import fsck as course
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, DecisionKind, Relation
from exam_portal.core import triggers
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.items import fsck as items
from exam_portal.papers import fsck as papers
from exam_portal.registration import fsck as registration
from exam_portal.registration import service
from exam_portal.registration.models import Application
from exam_portal.results import against_record as results
from exam_portal.sittings import fsck as sittings
from exam_portal.sittings import scripts_against_record as scripts
from exam_portal.sittings import service as rooms
from exam_portal.sittings.models import GrantKind
from tests.portal.accounts.builders import acting
from tests.portal.accounts.test_roles import House as Authority
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.builders import House, a_house, a_signed
from tests.portal.demo.stage import Show
from tests.portal.registration.builders import (
    IN_TIME,
    NEXT_MORNING,
    TOO_LATE,
    a_board,
    a_competition,
    a_form,
    an_applicant,
)
from tests.portal.registration.test_preference import CLAIM, civil_service, give
from tests.portal.sittings.builders import START, a_hall, a_started

LAST = "WHERE id = (SELECT max(id) FROM {})"


def named_after(database: Database, statement: str, *checks: ModuleType) -> set[str]:
    """Return what the checks name once each statement has changed something; afterwards it is undone."""
    with database.writing(unhurried=True) as session:
        connection = session.connection()
        triggers.remove(connection)
        for each in statement.split("; "):
            assert connection.execute(text(each)).rowcount > 0, each
        triggers.install(connection)
        found = {difference.code for check in checks for difference in check.differences(session)}
        session.rollback()
    return found


@pytest.mark.parametrize(
    ("statement", "check", "code"),
    [
        ("UPDATE role_grants SET role = 'oversight' WHERE id = 9", roles, "role granted"),
        ("UPDATE role_grants SET approved_by = 1 WHERE id = 9", roles, "role granted"),
        ("UPDATE role_grants SET account_id = account_id + 1 WHERE id = 9", roles, "role granted"),
        ("UPDATE role_grants SET competition_id = NULL WHERE id = 9", roles, "role granted"),
        ("DELETE FROM role_grants WHERE id = 9", roles, "role granted gone"),
        ("UPDATE milestones SET payload = '{}' WHERE kind = 'announced'", course, "milestone"),
        ("UPDATE milestones SET at = '2020-01-01 00:00:00.000000' WHERE id = 3", course, "milestone"),
        ("DELETE FROM milestones WHERE id = 3", course, "milestone gone"),
        ("UPDATE signed_papers SET signed_by = 'X' WHERE id = 1", acts, "filing"),
        ("UPDATE signed_papers SET sha256 = x'00' WHERE id = 1", acts, "filing"),
        ("UPDATE review_steps SET new_mark = '99'", reviews, "step"),
        ("UPDATE review_steps SET outcome = 'raised'", reviews, "step"),
        ("UPDATE review_requests SET receipt_no = 'PK-0009'", reviews, "request"),
        ("UPDATE item_versions SET content_hash = 'x' WHERE id = 1", items, "content"),
        ("UPDATE item_versions SET content_hash = 'x' WHERE id = 1", items, "import"),
        ("UPDATE item_versions SET content = '{}' WHERE id = 1", items, "content"),
        ("UPDATE unmaskings SET scripts = 1", results, "unmasking"),
        ("UPDATE unmaskings SET mapping = x'00'", results, "unmasking"),
        ("UPDATE assignments SET marker_id = 1 WHERE id = 1", bags, "assigned"),
        ("DELETE FROM assignments WHERE id = 1", bags, "assigned gone"),
        ("UPDATE publication_approvals SET by = 1 WHERE id = 1", results, "approval"),
        ("UPDATE candidates SET candidate_no = '999' WHERE id = 1", registration, "list"),
        (f"UPDATE scripts SET candidate_id = 1 {LAST.format('scripts')}", scripts, "scripts"),
        ("UPDATE scripts SET sheets = sheets + 1 WHERE source = 'paper'", scripts, "scripts"),
        (f"DELETE FROM hand_ins {LAST.format('hand_ins')}", scripts, "scripts"),
        (f"DELETE FROM hand_ins; DELETE FROM scripts {LAST.format('scripts')}", scripts, "scripts"),
        ("UPDATE seats SET sheet_code = sheet_code || 'X'", scripts, "scripts"),
        ("UPDATE script_handovers SET scripts = scripts + 1", scripts, "handover"),
        ("UPDATE masked_scripts SET commitment = x'00' WHERE id = 1", scripts, "masks"),
        ("UPDATE masked_scripts SET sealed_mapping = x'00' WHERE id = 1", scripts, "mask"),
        ("DELETE FROM mask_keys", scripts, "masks gone"),
        ("DELETE FROM mark_locks", bags, "lock gone"),
        ("UPDATE envelopes SET seal_no = 'X' WHERE id = 1", papers, "envelope"),
        ("UPDATE envelope_events SET seal_no = 'X' WHERE id = 1", papers, "envelope noted"),
        ("UPDATE envelope_events SET witnesses = 'Ai đó' WHERE id = 1", papers, "envelope noted"),
        ("UPDATE paper_forms SET key_commitment = x'00' WHERE id = 1", papers, "form"),
        ("UPDATE sitting_events SET by = 1 WHERE kind = 'started'", sittings, "started"),
        ("UPDATE attachments SET sha256 = x'00' WHERE id = 1", registration, "document"),
    ],
)
def test_an_edit_of_the_demonstration_is_named(
    gallery: Show, statement: str, check: ModuleType, code: str
) -> None:
    assert code in named_after(gallery.database, statement, check)


def test_an_admission_is_held_against_the_record(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        an_admission(session)
    with database.reading() as session:
        for check in (acts, course, registration):
            assert list(check.differences(session)) == []
    for statement, code in (
        ("UPDATE applications SET receipt_no = 'BN-9999' WHERE id = 1", "application"),
        ("UPDATE applications SET stamped_at = late.at FROM refused_dossiers AS late", "application"),
        ("UPDATE applications SET account_id = 2 WHERE id = 1", "application"),
        ("UPDATE applications SET form = attachments.file_name FROM attachments", "application"),
        ("UPDATE applications SET submitted_at = NULL, receipt_no = NULL WHERE id = 1", "application gone"),
        ("UPDATE refused_dossiers SET stamped_at = submitted_at FROM applications", "refusal"),
        ("UPDATE refused_dossiers SET reason = 'other'", "refusal"),
        ("UPDATE attachments SET sha256 = applications.identity_index FROM applications", "document"),
        ("UPDATE attachments SET removed_at = uploaded_at", "document removed"),
        ("UPDATE vetting_findings SET reason = 'x' WHERE id = 1", "finding"),
        ("UPDATE vetting_findings SET decision = 'not_met', reason = 'x' WHERE id = 1", "finding"),
        ("DELETE FROM vetting_findings WHERE id = 1", "finding gone"),
        ("UPDATE preference_findings SET points = 7500", "preference"),
        ("UPDATE preference_findings SET supersedes_id = NULL", "succession"),
        ("UPDATE vetting_conclusions SET outcome = 'ineligible' WHERE id = 1", "conclusion"),
        ("UPDATE vetting_conclusions SET reason = 'x' WHERE id = 1", "conclusion"),
        ("UPDATE candidates SET candidate_no = '999' WHERE id = 1", "list"),
        ("UPDATE candidates SET account_id = 1 WHERE id = 1", "list"),
        ("UPDATE exclusions SET status = 'withdrawn'", "exclusion"),
        ("DELETE FROM exclusions", "exclusion gone"),
        ("UPDATE withdrawals SET stamped_at = at", "withdrawal"),
        ("DELETE FROM withdrawals", "withdrawal gone"),
        ("UPDATE conflicts_of_interest SET relation = 'other_relation'", "relation"),
        ("DELETE FROM conflicts_of_interest", "relation gone"),
        ("UPDATE decisions SET payload = '[]'", "decision"),
        ("UPDATE decisions SET vacancy_id = NULL", "decision"),
        ("DELETE FROM decisions", "decision gone"),
        ("UPDATE signed_papers SET signed_by = 'X'", "filing"),
        ("UPDATE milestones SET payload = '{}' WHERE kind = 'announced'", "milestone"),
        ("UPDATE milestones SET at = applications.created_at FROM applications", "milestone"),
    ):
        assert code in named_after(database, statement, acts, course, registration), statement


def an_admission(session: Session) -> None:
    """Three dossiers came in, and one too late; of those found eligible one withdrew and one was excluded."""
    house = a_house(session)
    competition = a_competition(session, house, ruleset=civil_service())
    place: dict[str, Any] = {"competition": competition, "vacancy": competition.vacancies[0]}
    counter = a_board(session, house, Role.COUNTER, "c")
    late = an_applicant(session, "Trần Văn Muộn", "muon")
    facts: dict[str, Any] = {"account_id": late.account_id, "content": a_form(9), "stamped_at": TOO_LATE}
    service.enter_dossier(session, counter, NEXT_MORNING, **place, **facts)
    given = []
    for number in range(3):
        person = an_applicant(session, f"Lê Thị {'ABC'[number]}", f"ung-vien-{number}")
        draft = service.start_application(session, person, IN_TIME, **place)
        claim = CLAIM if number == 0 else {}
        service.save_draft(session, person, IN_TIME, draft, a_form(number, **claim))
        kept = service.prepare_attachment(session, draft, a_pdf())
        service.attach(session, person, IN_TIME, draft, kind="degree", file_name="bang.pdf", file=kept)
        given.append(service.submit(session, person, IN_TIME, application=draft, competition=competition))
    related: dict[str, Any] = {"candidate_account_id": late.account_id, "relation": Relation.SIBLING}
    competitions.declare_conflict(
        session, house.secretary, NEXT_MORNING, competition, account_id=counter.account_id or 0, **related
    )
    competitions.close_registration(session, house.secretary, NEXT_MORNING, competition)
    vet(session, house, competition, given)


def vet(session: Session, house: House, competition: Competition, given: list[Application]) -> None:
    """All are found eligible; the first has withdrawn in writing, the second is excluded from the list."""
    board = a_board(session, house, Role.VETTING_BOARD, "v")
    for number, application in enumerate(given):
        one: dict[str, Any] = {"application": application}
        for criterion in competition.vacancies[0].criteria:
            met: dict[str, Any] = {"criterion": criterion, "decision": "met", "reason": ""}
            service.record_finding(session, board, NEXT_MORNING, **one, **met)
        if number == 0:
            give(session, board, application, "2.5")
            give(session, board, application, "5")
        service.conclude(session, board, NEXT_MORNING, **one, outcome="eligible", reason="")
    paper = a_signed(session, house, competition)
    letter: dict[str, Any] = {"reason": "Việc gia đình", "paper": paper, "stamped_at": given[0].stamped_at}
    service.withdraw(session, house.secretary, NEXT_MORNING, given[0], **letter)
    decided: dict[str, Any] = {"kind": DecisionKind.PROCEED, "vacancy": competition.vacancies[0]}
    competitions.record_decision(session, house.secretary, NEXT_MORNING, competition, paper=paper, **decided)
    [first, _] = service.approve_list(session, house.secretary, NEXT_MORNING, competition)
    out: dict[str, Any] = {"status": "disqualified", "reason": "Khai man", "paper": paper}
    service.exclude_candidate(session, house.secretary, NEXT_MORNING, first, **out)


def test_a_role_is_held_as_two_people_decided(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        authority = Authority(session)
        authority.approve(session, authority.proposed(session, Role.MARKER))
        taken_back = authority.proposed(session, Role.TYPIST)
        by = acting(session, authority.first)
        accounts.revoke_grant(session, by, NEXT_MORNING, grant=taken_back, seat=authority.here)
    with database.reading() as session:
        assert list(roles.differences(session)) == []
    for change, code in (
        ("SET role = 'chair' WHERE role = 'marker'", "role proposed"),
        ("SET proposed_by = NULL WHERE role = 'marker'", "role proposed gone"),
        ("SET approved_by = NULL WHERE role = 'marker'", "role granted"),
        ("SET approved_by = account_id + 1 WHERE role = 'organiser'", "role granted"),
        ("SET approved_at = proposed_at WHERE role = 'typist'", "role granted"),
        ("SET revoked_by = NULL, revoked_at = NULL WHERE role = 'typist'", "role revoked gone"),
    ):
        assert code in named_after(database, f"UPDATE role_grants {change}", roles), change


def test_time_is_given_as_was_recorded(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat, room = sitting.seats[0], sitting.seats[0].room
        given: dict[str, Any] = {"sitting": sitting, "seconds": 600, "reason": "Mất điện"}
        extra, credit = GrantKind.EXTRA_TIME, GrantKind.CREDIT
        rooms.grant_time(session, hall.invigilator, START, kind=extra, seat=seat, room=room, **given)
        grant = rooms.grant_time(session, hall.invigilator, START, kind=credit, room=room, **given)
        rooms.approve_credit(session, hall.second, START, grant=grant)
    with database.reading() as session:
        assert list(sittings.differences(session)) == []
    undone = "approved_by = NULL, approved_at = NULL"
    for statement, code in (
        ("UPDATE time_grants SET seconds = 9000 WHERE kind = 'extra_time'", "time"),
        ("UPDATE time_grants SET seat_id = NULL", "time"),
        ("UPDATE time_grants SET room_id = NULL", "time"),
        ("DELETE FROM time_grants WHERE kind = 'extra_time'", "time gone"),
        ("UPDATE time_grants SET approved_by = NULL WHERE kind = 'credit'", "credit"),
        (f"UPDATE time_grants SET {undone} WHERE kind = 'credit'", "credit gone"),
    ):
        assert code in named_after(database, statement, sittings), statement
