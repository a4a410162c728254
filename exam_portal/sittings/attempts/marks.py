# SPDX-License-Identifier: Apache-2.0
"""Tests mark themselves: the key of the opened form, the candidate's journal, and nothing in between."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import late, opened, replaying, scored
from exam_portal.sittings.attempts.chain import exact_bytes
from exam_portal.sittings.attempts.errors import NotATest, StillRunning
from exam_portal.sittings.attempts.scored import Marked
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import Attempt, Script, Sitting, TestMark
from question_bank.paper import PaperForm as OpenedForm

CONTEXT = "test-mark/{}"


@dataclasses.dataclass(frozen=True, slots=True)
class MarkedScript:
    """A script with what it earned, item by item sealed under the person's key."""

    script: Script
    attempt: Attempt
    marked: Marked
    detail: bytes


def mark_tests(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    computed: Sequence[MarkedScript],
) -> int:
    """Every script of the sitting has a mark from this run, raw, out of the form's weight; return how many.

    Corrections of the part that are in force count.

    ``computed`` comes from ``compute_marks``, which runs before the writer is taken: what is sealed does not
    change. Raises StillRunning before the last attempt is sealed, LateAnswersWait before the last ruling.
    """
    session.get_one(Sitting, sitting.id, with_for_update=True)
    _require_final(session, sitting)
    if computed:
        _record(session, actor, now, sitting, "key-reveal", {"commitments": _keys(session, computed)})
    commit(session, actor, now, sitting, computed, {})
    return len(computed)


def compute_marks(session: Session, sitting: Sitting) -> list[MarkedScript]:
    """Return what each sealed script of the sitting earns; it writes nothing.

    Raises what ``mark_tests`` does, and NotATest where an item needs a person.
    """
    _require_final(session, sitting)
    forms: dict[int, OpenedForm] = {}
    corrections = scored.in_force(session, sitting.competition_id, sitting.part)
    neutralise = policy(session, sitting.competition_id) if corrections else ""  # of no use without one
    found = []
    for script, attempt in _scripts(session, sitting):
        if attempt.form_id not in forms:
            forms[attempt.form_id] = opened.form_of(session, attempt.form_id)
        answers = replaying.counted(session, attempt).answers
        form = forms[attempt.form_id]
        marked = scored.mark_attempt(session, form, attempt, answers.responses, corrections, neutralise)
        if marked.needs_person:
            raise NotATest
        found.append(MarkedScript(script, attempt, marked, sealed_detail(session, script, attempt, marked)))
    return found


def sealed_detail(session: Session, script: Script, attempt: Attempt, marked: Marked) -> bytes:
    """Return what each item earned, sealed under the person's key."""
    return session.keys.seal(attempt.key_id, exact_bytes(marked.detail), CONTEXT.format(script.public_id))


def policy(session: Session, competition_id: int) -> str:
    """Return what the rule set says of neutralised items."""
    return competitions.ruleset(session.get_one(Competition, competition_id)).review.neutralise


def commit(
    session: Session,
    actor: Actor,
    now: datetime,
    sitting: Sitting,
    computed: Sequence[MarkedScript],
    facts: Mapping[str, Any],
) -> None:
    """These scripts of the sitting have a further mark, and the record says in which run."""
    commitments, run = _commitments(session, computed), _next_run(session, sitting)
    if rows := [_row(each, commitments, run, now) for each in computed]:
        session.execute(insert(TestMark), rows)
    _record(
        session, actor, now, sitting, "sittings.tests_marked", {"run": run, "scripts": len(rows), **facts}
    )


def _commitments(session: Session, marked: Sequence[MarkedScript]) -> dict[int, bytes]:
    forms = {each.attempt.form_id for each in marked}
    found = select(PaperForm.id, PaperForm.commitment).where(PaperForm.id.in_(forms))
    return dict(session.execute(found).all())


def _row(each: MarkedScript, commitments: Mapping[int, bytes], run: int, now: datetime) -> dict[str, Any]:
    return {
        "script_id": each.script.id,
        "run": run,
        "value": each.marked.score,
        "max": each.marked.max,
        "form_commitment": commitments[each.attempt.form_id],
        "detail": each.detail,
        "corrections": list(each.marked.corrections),
        "at": now,
    }


def _require_final(session: Session, sitting: Sitting) -> None:
    running = select(func.count()).where(Attempt.sitting_id == sitting.id, Attempt.state.in_(RUNNING))
    if session.scalar(running):
        raise StillRunning
    late.require_ruled(session, [sitting.id])


def _scripts(session: Session, sitting: Sitting) -> list[tuple[Script, Attempt]]:
    found = (
        select(Script, Attempt)
        .join(Attempt, Attempt.id == Script.attempt_id)
        .where(Script.sitting_id == sitting.id)
        .order_by(Script.id)
    )
    return [(script, attempt) for script, attempt in session.execute(found)]


def _next_run(session: Session, sitting: Sitting) -> int:
    last = (
        select(func.max(TestMark.run))
        .join(Script, Script.id == TestMark.script_id)
        .where(Script.sitting_id == sitting.id)
    )
    return (session.scalar(last) or 0) + 1


def _keys(session: Session, marked: Sequence[MarkedScript]) -> dict[str, str]:
    """Return the commitments of the keys that marked these scripts; no form opens to another one."""
    forms = {each.attempt.form_id for each in marked}
    found = select(PaperForm.code, PaperForm.key_commitment).where(PaperForm.id.in_(forms))
    return {code: commitment.hex() for code, commitment in session.execute(found)}


def _record(
    session: Session, actor: Actor, now: datetime, sitting: Sitting, kind: str, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=kind,
        content={"sitting": sitting.public_id, **facts},
        competition_id=sitting.competition_id,
        subject=sitting.public_id,
    )
