# SPDX-License-Identifier: Apache-2.0
"""Tests mark themselves: the key of the opened form, the candidate's journal, and nothing in between."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts import late, opened, replaying
from exam_portal.sittings.attempts.chain import exact_bytes
from exam_portal.sittings.attempts.errors import NotATest, StillRunning
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import Attempt, Script, Sitting, TestMark
from question_bank import item as items
from question_bank.grading import InvalidResponse, Score
from question_bank.json_values import decimal_text
from question_bank.paper import PaperForm as OpenedForm

CONTEXT = "test-mark/{}"


@dataclasses.dataclass(frozen=True, slots=True)
class Marked:
    """What one script earned."""

    score: str
    max: str
    detail: Mapping[str, Any]
    needs_person: bool


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

    ``computed`` comes from ``compute_marks``, which runs before the writer is taken: what is sealed does not
    change. Raises StillRunning before the last attempt is sealed, LateAnswersWait before the last ruling.
    """
    session.get_one(Sitting, sitting.id, with_for_update=True)
    _require_final(session, sitting)
    run = _next_run(session, sitting)
    commitments = _commitments(session, computed)
    rows = [_row(each, commitments, run, now) for each in computed]
    if rows:
        session.execute(insert(TestMark), rows)
        _record(session, actor, now, sitting, "key-reveal", {"commitments": _keys(session, computed)})
    _record(session, actor, now, sitting, "sittings.tests_marked", {"run": run, "scripts": len(rows)})
    return len(rows)


def compute_marks(session: Session, sitting: Sitting) -> list[MarkedScript]:
    """Return what each sealed script of the sitting earns; it writes nothing.

    Raises what ``mark_tests`` does, and NotATest where an item needs a person.
    """
    _require_final(session, sitting)
    forms: dict[int, OpenedForm] = {}
    found = []
    for script, attempt in _scripts(session, sitting):
        if attempt.form_id not in forms:
            forms[attempt.form_id] = opened.form_of(session, attempt.form_id)
        answers = replaying.counted(session, attempt).answers
        marked = mark_responses(forms[attempt.form_id], answers.responses)
        if marked.needs_person:
            raise NotATest
        sealed = session.keys.seal(
            attempt.key_id, exact_bytes(marked.detail), CONTEXT.format(script.public_id)
        )
        found.append(MarkedScript(script, attempt, marked, sealed))
    return found


def mark_responses(form: OpenedForm, responses: Mapping[str, Any]) -> Marked:
    """Return what the responses earn by the form's key; one of a shape the item cannot have earns nothing."""
    scores = {item.id: _score(item, responses.get(item.id)) for item in form.items}
    total = sum((score.score for score in scores.values()), form.weight() * 0)
    return Marked(
        score=decimal_text(total),
        max=decimal_text(form.weight()),
        detail={item_id: score.as_dict() for item_id, score in scores.items()},
        needs_person=any(score.needs_person for score in scores.values()),
    )


def _score(item: items.Item, response: Any) -> Score:
    try:
        return items.score(item, response)
    except InvalidResponse:
        return items.score(item, None)


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
