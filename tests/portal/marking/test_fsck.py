# SPDX-License-Identifier: Apache-2.0
"""What somebody changes or takes from the training, the lots and the marks behind the portal is named."""

import json
import re
from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal import background
from exam_portal.admin import fsck
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import service
from exam_portal.marking.agreement import service as reports
from exam_portal.marking.training import qualification
from exam_portal.marking.training import service as trainers
from exam_portal.results import against_record
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.marking.builders import MARKED, SIGNERS, Office, assign, give, key, key_twice, lock
from tests.portal.marking.test_lot import drawn_lot, place_of
from tests.portal.marking.test_training import a_rule, a_script, hidden, the_part, train
from tests.portal.marking.typed import a_typed_office

NOBODY = "(SELECT min(id) FROM accounts)"
OF_TRAINING = {
    "UPDATE training_rules SET needed = 1": "training rule",
    "UPDATE training_rules SET control_every = 9": "training rule",
    "DELETE FROM training_rules": "training rule gone",
    "UPDATE training_scripts SET value = '61' WHERE purpose = 'control'": "training script",
    "UPDATE training_scripts SET answer = 'khác'": "training script",
    "UPDATE training_scripts SET reason = 'khác'": "training script",
    "UPDATE training_scripts SET withdrawn_at = at WHERE withdrawn_by > 0": "training script withdrawn",
    "UPDATE training_scripts SET withdrawn_by = NULL, withdrawn_at = NULL": "training script withdrawn gone",
    "UPDATE training_marks SET value = '99' WHERE bag_id IS NULL": "training mark",
    f"UPDATE training_marks SET marker_id = {NOBODY} WHERE bag_id IS NULL": "training mark",
    "UPDATE training_marks SET comment = 'khác' WHERE bag_id IS NULL": "training mark",
    "UPDATE training_marks SET has_passed = NOT has_passed WHERE bag_id IS NULL": "training mark",
    "DELETE FROM training_marks WHERE bag_id IS NULL": "training mark gone",
    "UPDATE training_marks SET value = '99' WHERE bag_id IS NOT NULL": "control mark",
    "UPDATE training_marks SET signer = 'GK-00000000' WHERE bag_id IS NOT NULL": "control mark",
    "UPDATE training_marks SET training_script_id = (SELECT min(id) FROM training_scripts)"
    " WHERE bag_id IS NOT NULL": "control mark",
    "DELETE FROM training_marks WHERE bag_id IS NOT NULL": "control mark gone",
}
OF_LOTS = {
    "UPDATE lots SET witnesses = 'Người khác'": "lot drawn",
    f"UPDATE lots SET by = {NOBODY}": "lot drawn",
    "DELETE FROM lots": "lot drawn gone",
    "UPDATE lot_secrets SET commitment = '' WHERE id = (SELECT max(id) FROM lot_secrets)": "lot bound",
    "DELETE FROM lot_secrets WHERE id = (SELECT max(id) FROM lot_secrets)": "lot bound gone",
    f"UPDATE lock_requests SET by = {NOBODY}": "lock request",
    "DELETE FROM lock_requests": "lock request gone",
    f"UPDATE marking_reports SET by = {NOBODY}": "report asked",
    "DELETE FROM marking_reports": "report asked gone",
}
OF_MARKS = {
    "UPDATE marks SET comment = 'khác' WHERE id = (SELECT min(id) FROM marks)",
    'UPDATE marks SET scores = \'{"law": "40"}\' WHERE id = (SELECT min(id) FROM marks)',
    "UPDATE marks SET highlights = '[{}]' WHERE id = (SELECT min(id) FROM marks)",
    "UPDATE marks SET signer = 'GK-00000000' WHERE id = (SELECT min(id) FROM marks)",
    f"UPDATE marks SET marker_id = {NOBODY} WHERE id = (SELECT min(id) FROM marks)",
}


def found(session: Session) -> set[str]:
    """The codes of what is named now."""
    session.expire_all()
    return {one.code for one in (*fsck.differences(session), *against_record.differences(session))}


def named(session: Session, changes: Collection[str]) -> dict[str, set[str]]:
    """What is named after each change, made alone around the triggers."""
    assert found(session) == set()
    triggers.remove(session.connection())
    result = {}
    for change in changes:
        with session.begin_nested() as step:
            session.connection().exec_driver_sql(change)
            result[change] = found(session)
            step.rollback()
    assert found(session) == set()
    triggers.install(session.connection())
    return result


def trained(session: Session, office: Office) -> None:
    """A marker passes the training in two tries and marks a control script; one script was withdrawn."""
    first, second, gone = (a_script(session, office, value) for value in ("60", "80", "70"))
    a_rule(session, office, control_every=1)
    a_script(session, office, purpose="control")
    later = MARKED + timedelta(minutes=1)
    part = the_part(session, office)
    trainers.withdraw_script(session, office.secretary, later, part=part, script=gone)
    for value in ("90", "60"):
        train(session, office, first, value)
        train(session, office, second, "80")
    assign(session, office, 0, 1)
    (control,) = hidden(session, office, 0)
    facts: dict[str, Any] = {"value": Decimal(62), "scores": {}, "comment": "Ý 2 mờ"}
    sheet = service.Sheet(tab="one", rests_on=0, scores={}, comment="Ý 2 mờ")
    trainers.give_control_mark(
        session, office.markers[0], MARKED, bag=office.bag, script=control, sheet=sheet, **facts
    )


@pytest.fixture
def typed(database: Database) -> Office:
    """Two typed scripts in a bag."""
    return a_typed_office(database, with_rubric=False)


def test_a_row_of_the_training_changed_or_gone_is_named(database: Database, typed: Office) -> None:
    with database.writing(unhurried=True) as session:
        trained(session, typed)
        results = named(session, OF_TRAINING)
        assert {change for change, code in OF_TRAINING.items() if code not in results[change]} == set()


def test_a_lot_a_lock_or_a_report_changed_or_gone_is_named(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        for marker in (0, 1):
            assign(session, office, marker, marker + 1)
            for script in range(2):
                give(session, office, marker, script, "60")
        background.load_handlers()
        reports.ask(session, office.secretary, MARKED, bags=[office.bag], kind=reports.AGREEMENT)
        lock(session, office)
        results = named(session, {change: code for change, code in OF_LOTS.items() if "lot" not in code})
        assert {change for change in results if OF_LOTS[change] not in results[change]} == set()


def test_a_lot_changed_or_gone_is_named(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        drawn_lot(session, office)
        service.commit_lot(session, office.secretary, MARKED, **place_of(office))
        of_lots = {change: code for change, code in OF_LOTS.items() if "lot" in code}
        results = named(session, of_lots)
        assert {change for change in results if of_lots[change] not in results[change]} == set()


def test_what_stands_beside_the_figure_of_a_mark_is_held_too(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        give(session, office, 0, 0, "60")
        results = named(session, OF_MARKS)
        assert {change for change, codes in results.items() if "mark" not in codes} == set()


def test_signer_page_and_paper_of_a_mark_on_a_slip_are_held_too(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        mark = key_twice(session, office, 0, 1, "60")
        told = session.scalars(select(Leaf.content).where(Leaf.type == "mark")).one()
        assert told["paper"] == f"sha256:{office.slips.sha256.hex()}"
        assert told["page"] == mark.page
        assert re.fullmatch(r"GK-[0-9A-F]{8}", told["signer"])
        assert SIGNERS[0] not in json.dumps(told, ensure_ascii=False)
        other = a_paper(
            session,
            office.secretary,
            office.hall.house.organisation.id,
            competition_id=office.bag.competition_id,
            kind=PaperKind.MARK_SLIP,
            content=a_pdf(7),
            confidential=True,
        )
        of_slips = (
            f"UPDATE marks SET signer = '{SIGNERS[1]}'",
            "UPDATE marks SET page = page + 1",
            f"UPDATE marks SET signed_paper_id = {other.id}",
        )
        results = named(session, of_slips)
        assert {change for change, codes in results.items() if "mark" not in codes} == set()


def test_a_correction_says_what_two_people_decided_of_that_mark(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        values = ((0, 1, "60"), (0, 2, "66"), (1, 1, "50"), (1, 2, "52"))
        *_, mark = [key_twice(session, office, *one) for one in values]
        lock(session, office)
        paper: dict[str, Any] = {"paper": office.slips, "page": mark.page}
        proposal = service.propose_correction(
            session,
            office.secretary,
            MARKED,
            bag=office.bag,
            mark=mark,
            value=Decimal(58),
            reason="Nhập sai",
            **paper,
        )
        chair = office.hall.house.chair
        service.approve_correction(session, chair, MARKED, bag=office.bag, proposal=proposal)
        columns = (
            f"masked_script_id = {office.scripts[0].id}, round = 1",
            "round = 3",
            "value = '90'",
            'scores = \'{"law": "40"}\'',
            "signer = 'Người khác'",
            "page = page + 1",
            "reason = 'khác'",
            f"approved_by = {NOBODY}",
            "supersedes_id = (SELECT min(id) FROM marks)",
        )
        changes = {f"UPDATE marks SET {one} WHERE supersedes_id IS NOT NULL" for one in columns}
        results = named(session, {*changes, "DELETE FROM marks WHERE supersedes_id IS NOT NULL"})
        assert {change for change, codes in results.items() if "correction" not in codes} == {
            "DELETE FROM marks WHERE supersedes_id IS NOT NULL"
        }
        assert "correction gone" in results["DELETE FROM marks WHERE supersedes_id IS NOT NULL"]


def test_a_reading_of_a_slip_that_nobody_keyed_is_named(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        key_twice(session, office, 0, 1, "60")
        key(session, office, 0, 1, 1, "50")
        copied = "masked_script_id, round, value, scores, signer, signed_paper_id, page"
        second = f"{office.typists[1].account_id}"
        slipped_in = f"SELECT {copied}, {second}, at FROM keyings WHERE value = '50'"
        results = named(
            session,
            {
                f"INSERT INTO keyings ({copied}, typist_id, at) {slipped_in}",
                "UPDATE keyings SET value = '55' WHERE value = '50'",
                f"UPDATE keyings SET typist_id = {second} WHERE value = '50'",
                f"UPDATE keyings SET signer = '{SIGNERS[2]}' WHERE value = '50'",
                "UPDATE keyings SET page = page + 1 WHERE value = '50'",
            },
        )
        assert {change for change, codes in results.items() if "slip keyed" not in codes} == set()
        assert found(session) == set()


def test_who_was_told_qualified_without_being_so_is_named(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing(unhurried=True) as session:
        first, second = a_script(session, office), a_script(session, office)
        a_rule(session, office)
        train(session, office, first, "60")
        train(session, office, first, "60", marker=1)
        assert found(session) == set()
        monkeypatch.setattr(qualification, "passes_with", lambda *_: True)
        train(session, office, second, "90")
        assert found(session) == {"qualification"}
