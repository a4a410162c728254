# SPDX-License-Identifier: Apache-2.0
"""What is no mark is refused with the exact reason and leaves nothing; lost and added scripts are missed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from exam_portal.admin import fsck
from exam_portal.audit.models import Leaf
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.marking import errors, service
from exam_portal.marking.models import Keying, Mark
from exam_portal.sittings import scripts_against_record
from scoring.ruleset import Title
from tests.portal.marking.builders import MARKED, Office, an_office, assign, give, key, key_twice, lock
from tests.portal.marking.typed import rules_with_a_rubric

Act = Callable[[Session, Office], object]


def with_scores(**scores: str) -> Act:
    """A mark by criteria at the desk."""

    def act(session: Session, office: Office) -> object:
        facts: dict[str, Any] = {"bag": office.bag, "script": office.scripts[0]}
        given = {name: Decimal(value) for name, value in scores.items()}
        return service.give_mark(session, office.markers[0], MARKED, **facts, value=None, scores=given)

    return act


PRACTICE = Title(vi="Vận dụng thực tiễn", en="Use in practice")
REFUSED: dict[str, tuple[Act, DomainError]] = {
    "off the step": (
        lambda session, office: key(session, office, 0, 1, 2, "60.25"),
        errors.MarkOffStep("60.25", "0.5", "100"),
    ),
    "above the scale": (
        lambda session, office: key(session, office, 0, 1, 2, "100.5"),
        errors.MarkOffStep("100.5", "0.5", "100"),
    ),
    "below nought": (
        lambda session, office: key(session, office, 0, 1, 2, "-1"),
        errors.MarkOffStep("-1", "0.5", "100"),
    ),
    "a criterion above its maximum": (
        with_scores(law="40.5", practice="1"),
        errors.MarkOffStep("40.5", "0.5", "40", "law"),
    ),
    "a criterion without a figure": (
        with_scores(law="30"),
        errors.CriteriaMissing(("practice",), (PRACTICE,)),
    ),
    "a mark of no round": (lambda session, office: key(session, office, 0, 1, 0, "60"), errors.RoundNotDue()),
    "a mark of a fourth round": (
        lambda session, office: key(session, office, 0, 1, 4, "60", signer="Mai Xuân Phúc"),
        errors.RoundNotDue(),
    ),
    "a script that was not given": (
        lambda session, office: give(session, office, 1, 1, "60"),
        errors.NotAssigned(),
    ),
    "a second mark of the round": (
        lambda session, office: key(session, office, 0, 0, 2, "60"),
        errors.AlreadyMarked(),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_mark_is_refused_with_its_reason_and_nothing_is_stored(
    database: Database, name: str
) -> None:
    act, reason = REFUSED[name]
    with database.writing(unhurried=True) as session:
        office = an_office(session, ruleset=rules_with_a_rubric())
        assign(session, office, 0, 1)
        key_twice(session, office, 0, 2, "70")
        kept = [session.query(table).count() for table in (Mark, Keying, Leaf)]
        with pytest.raises(type(reason)) as refused:
            act(session, office)
        assert refused.value == reason or vars(refused.value) == vars(reason) == {}
        session.flush()
        assert [session.query(table).count() for table in (Mark, Keying, Leaf)] == kept


def changed(session: Session, *statements: str) -> None:
    """Somebody with the database's password changes it around the triggers."""
    triggers.remove(session.connection())
    for statement in statements:
        session.execute(text(statement))
    session.expire_all()


@pytest.mark.engines("sqlite")
def test_t43_a_script_that_is_gone_is_missed_at_each_stage(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        for round_ in (1, 2):
            key_twice(session, office, 0, round_, "60")
        with pytest.raises(errors.MarksMissing) as missed:
            lock(session, office)
        assert missed.value.unmarked == 1
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        assert list(scripts_against_record.differences(session)) == []
        changed(session, f"DELETE FROM masked_scripts WHERE id = {office.scripts[1].id}")
        assert "masks" in {one.code for one in scripts_against_record.differences(session)}
        lock(session, office)
        changed(session, "UPDATE mark_locks SET scripts = 2")
        assert "lock" in {one.code for one in fsck.differences(session)}


@pytest.mark.engines("sqlite")
def test_t44_a_script_that_was_added_is_named(database: Database, office: Office) -> None:
    columns = "bag_id, competition_id, part, sealed_mapping"
    values = "'zz', 'ZZZZZZZZZZ', zeroblob(32), zeroblob(32)"
    with database.writing(unhurried=True) as session:
        assert list(scripts_against_record.differences(session)) == []
        changed(
            session,
            f"INSERT INTO masked_scripts ({columns}, public_id, mask_code, script_index, commitment) "
            f"SELECT {columns}, {values} FROM masked_scripts LIMIT 1",
        )
        assert "masks" in {one.code for one in scripts_against_record.differences(session)}
