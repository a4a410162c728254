# SPDX-License-Identifier: Apache-2.0
"""Items of a marked test are neutralised, or get another key: one proposes, another approves or refuses.

What was corrected is undone the same way: a further correction by two people restores the item as sealed.
Answers and earlier marks stay as they are. An approved correction gives every script whose form holds the
item a further mark, whatever its answer was; the last mark of a script counts.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden, NotFound
from exam_portal.core.keystore import KeyErased
from exam_portal.papers.models import Paper, PaperForm
from exam_portal.sittings import paper_times
from exam_portal.sittings.attempts import answered, errors, marks, opened, replaying, scored
from exam_portal.sittings.attempts.marks import MarkedScript
from exam_portal.sittings.attempts.scored import KEY, NEUTRALISED, RESTORED, InForce
from exam_portal.sittings.models import Attempt, Script, Sitting, TestCorrection, TestMark
from question_bank.paper import PaperForm as OpenedForm
from question_bank.rekeying import KeyDoesNotFit
from scoring.correction import NothingLeft
from scoring.verify.canonical import canonical_bytes

KINDS = (NEUTRALISED, KEY, RESTORED)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is to become of an item of a part, and why.

    ``right``: the new key in what candidates read; ``names``: what the board calls these answers.
    """

    part: str
    item: str
    kind: str
    reason: str
    right: Sequence[str] = ()
    names: Sequence[str] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """What every script that holds the item earns with the correction, and upon which marks that was said."""

    last_mark: int | None
    scripts: Sequence[MarkedScript]


def propose(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, proposal: Proposal
) -> TestCorrection:
    """The correction waits for a second person; no mark has changed.

    Raises ReasonMissing, NotMarkedYet, CorrectionWaits, ItemOut, NothingToUndo, NoSuchKey, SameKey or
    NothingLeftToScore.
    """
    session.get_one(Competition, competition.id, with_for_update=True)
    part, item, kind = proposal.part, proposal.item, proposal.kind
    require_marked(session, competition.id, part)
    earlier = corrections(session, competition.id, part)
    if any(row.item == item and row.state == "waiting" for row in earlier):
        raise errors.CorrectionWaits
    if kind not in KINDS:
        raise NotFound
    if not proposal.reason.strip():
        raise errors.ReasonMissing
    if (kind == KEY) != bool(proposal.right):
        raise errors.NoSuchKey
    number = _next_number(session, competition.id, part)
    proposed = InForce(number=number, item=item, kind=kind, right=tuple(proposal.right))
    _require_possible(session, competition.id, part, proposed)
    key_id = session.keys.create()
    content = {
        "reason": proposal.reason.strip(),
        "right": list(proposal.right),
        "names": list(proposal.names),
    }
    row = TestCorrection(
        competition_id=competition.id,
        part=part,
        item=item,
        kind=kind,
        sealed=session.keys.seal(key_id, canonical_bytes(content), scored.CONTEXT),
        key_id=key_id,
        proposed_by=_person(actor),
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    facts = {"part": part, "item": item, "kind": kind, "sealed": audit.digest(row.sealed)}
    _record(session, actor, now, row, "sittings.correction_proposed", facts)
    return row


def recompute(session: Session, row: TestCorrection) -> Recomputed:
    """Return what each script that holds the item earns with the correction; it writes nothing.

    Slow, as every answer is read back: nobody holds the writer meanwhile. Who was erased keeps the mark.
    """
    in_force = _with(session, row)
    neutralise = marks.policy(session, row.competition_id)
    forms = _forms(session, row.competition_id, row.part, row.item)
    found = []
    for script, attempt in _scripts(session, row, forms):
        try:
            responses = replaying.counted(session, attempt).answers.responses
            marked = scored.mark_attempt(
                session, forms[attempt.form_id], attempt, responses, in_force, neutralise
            )
            sealed = marks.sealed_detail(session, script, attempt, marked)
        except KeyErased:
            continue
        found.append(MarkedScript(script, attempt, marked, sealed))
    return Recomputed(
        last_mark=answered.last_mark(session, row.competition_id, row.part), scripts=tuple(found)
    )


def approve(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    correction: TestCorrection,
    minute: str,
    recomputed: Recomputed,
) -> int:
    """The correction is in force, and every script that holds the item has a further mark; return how many.

    ``minute`` is the number of the council's minute. Raises CorrectionDecided, OwnCorrection, or MarksMoved
    where a mark came after ``recomputed``.
    """
    row = _open(session, actor, correction)
    if recomputed.last_mark != answered.last_mark(session, row.competition_id, row.part):
        raise errors.MarksMoved
    if not minute.strip():
        raise errors.MinuteMissing
    row.number = _next_number(session, row.competition_id, row.part)
    row.decided_by, row.decided_at, row.words = _person(actor), now, minute.strip()
    session.flush()
    facts = {
        "item": row.item,
        "kind": row.kind,
        "number": row.number,
        "words": audit.digest(row.words),
        "scripts": len(recomputed.scripts),
    }
    _record(session, actor, now, row, "sittings.correction_approved", facts)
    sittings = sorted({each.script.sitting_id for each in recomputed.scripts})
    for sitting_id in sittings:
        own = [each for each in recomputed.scripts if each.script.sitting_id == sitting_id]
        sitting = session.get_one(Sitting, sitting_id)
        marks.commit(session, actor, now, sitting, own, {"correction": row.public_id})
    return len(recomputed.scripts)


def refuse(session: Session, actor: Actor, now: datetime, *, correction: TestCorrection, reason: str) -> None:
    """The correction is refused with the reason; marks stay, and the item can be proposed again."""
    row = _open(session, actor, correction)
    if not reason.strip():
        raise errors.ReasonMissing
    row.decided_by, row.decided_at, row.words = _person(actor), now, reason.strip()
    session.flush()
    facts = {"item": row.item, "kind": row.kind, "number": None, "words": audit.digest(row.words)}
    _record(session, actor, now, row, "sittings.correction_refused", facts)


def corrections(session: Session, competition_id: int, part: str | None = None) -> Sequence[TestCorrection]:
    """Return the corrections of a competition, or of one part of it, the newest first."""
    found = select(TestCorrection).where(TestCorrection.competition_id == competition_id)
    if part is not None:
        found = found.where(TestCorrection.part == part)
    return session.scalars(found.order_by(TestCorrection.id.desc())).all()


def correction(session: Session, competition_id: int, public_id: str) -> TestCorrection:
    """Return a correction of this competition, else NotFound."""
    found = session.scalar(
        select(TestCorrection).where(
            TestCorrection.public_id == public_id, TestCorrection.competition_id == competition_id
        )
    )
    if found is None:
        raise NotFound
    return found


def is_in_force(session: Session, row: TestCorrection) -> bool:
    """Whether an approved correction is the last one of its item."""
    last = select(func.max(TestCorrection.number)).where(
        TestCorrection.competition_id == row.competition_id,
        TestCorrection.part == row.part,
        TestCorrection.item == row.item,
    )
    return row.number is not None and row.number == session.scalar(last)


def waiting(session: Session, competition_ids: Collection[int], account_id: int) -> dict[int, int]:
    """Return in which of these competitions how many corrections wait for somebody who is this person."""
    found = (
        select(TestCorrection.competition_id, func.count())
        .where(
            TestCorrection.competition_id.in_(competition_ids),
            TestCorrection.decided_at.is_(None),
            TestCorrection.proposed_by != account_id,
        )
        .group_by(TestCorrection.competition_id)
    )
    return {row[0]: row[1] for row in session.execute(found)}


def forms_sat(session: Session, competition_id: int, part: str) -> list[PaperForm]:
    """Return the forms of a part that somebody sat whose test is marked, by their codes."""
    sat = (
        select(Attempt.form_id)
        .join(Script, Script.attempt_id == Attempt.id)
        .join(TestMark, TestMark.script_id == Script.id)
        .where(Script.competition_id == competition_id, Script.part == part)
    )
    return list(session.scalars(select(PaperForm).where(PaperForm.id.in_(sat)).order_by(PaperForm.code)))


def is_marked(session: Session, competition_id: int, part: str) -> bool:
    """Whether every sitting of the part has ended and every script of a computer is marked."""
    try:
        require_marked(session, competition_id, part)
    except errors.NotMarkedYet:
        return False
    return True


def require_marked(session: Session, competition_id: int, part: str) -> None:
    """Every sitting of the part has ended and each of its scripts is marked, or NotMarkedYet is raised.

    Before that a key would be told, or a correction would miss somebody.
    """
    papers = {form.paper_id for form in forms_sat(session, competition_id, part)}
    unmarked = select(func.count()).where(
        Script.competition_id == competition_id,
        Script.part == part,
        Script.attempt_id.is_not(None),
        ~select(TestMark.id).where(TestMark.script_id == Script.id).exists(),
    )
    ends = [paper_times.last_end(session, session.get_one(Paper, each)) for each in papers]
    if not papers or None in ends or session.scalar(unmarked):
        raise errors.NotMarkedYet


def _require_possible(session: Session, competition_id: int, part: str, proposed: InForce) -> None:
    """Each form that holds the item can be scored with the correction: tried with nobody's answers."""
    former = scored.in_force(session, competition_id, part)
    standing = next((each.kind for each in former if each.item == proposed.item), RESTORED)
    if proposed.kind == RESTORED and standing == RESTORED:
        raise errors.NothingToUndo
    if proposed.kind != RESTORED and standing == NEUTRALISED:
        raise errors.ItemOut
    forms = _forms(session, competition_id, part, proposed.item)
    in_force = scored.latest([*former, proposed])
    neutralise = marks.policy(session, competition_id)
    if not forms:
        raise NotFound
    for form in forms.values():
        held = {item.id: "" for item in form.items}
        own = [each for each in in_force if each.item in held]
        try:
            scored.mark_corrected(form, {}, own, neutralise, held)
        except NothingLeft as problem:
            raise errors.NothingLeftToScore(form.id) from problem
        except KeyDoesNotFit as problem:
            raise errors.NoSuchKey from problem
    if proposed.kind == KEY and all(
        scored.with_keys(form, former) == scored.with_keys(form, in_force) for form in forms.values()
    ):
        raise errors.SameKey


def _forms(session: Session, competition_id: int, part: str, item: str) -> dict[int, OpenedForm]:
    """Return the forms that hold the item, by their row."""
    found = {row.id: opened.form_of(session, row.id) for row in forms_sat(session, competition_id, part)}
    return {number: form for number, form in found.items() if item in {each.id for each in form.items}}


def _with(session: Session, row: TestCorrection) -> tuple[InForce, ...]:
    """Return the corrections in force, and this one as the last of them."""
    number = row.number or _next_number(session, row.competition_id, row.part)
    own = scored.as_in_force(session, row, number)
    return scored.latest([*scored.in_force(session, row.competition_id, row.part), own])


def _next_number(session: Session, competition_id: int, part: str) -> int:
    last = select(func.max(TestCorrection.number)).where(
        TestCorrection.competition_id == competition_id, TestCorrection.part == part
    )
    return (session.scalar(last) or 0) + 1


def _scripts(session: Session, row: TestCorrection, forms: Collection[int]) -> list[tuple[Script, Attempt]]:
    marked = select(TestMark.script_id)
    found = (
        select(Script, Attempt)
        .join(Attempt, Attempt.id == Script.attempt_id)
        .where(
            Script.competition_id == row.competition_id,
            Script.part == row.part,
            Script.id.in_(marked),
            Attempt.form_id.in_(forms),
        )
        .order_by(Script.id)
    )
    return [(script, attempt) for script, attempt in session.execute(found)]


def _open(session: Session, actor: Actor, correction: TestCorrection) -> TestCorrection:
    """Return the correction, under the lock of its competition, if this person may decide it."""
    session.get_one(Competition, correction.competition_id, with_for_update=True)
    row = session.get_one(TestCorrection, correction.id, populate_existing=True)
    if row.decided_at is not None:
        raise errors.CorrectionDecided
    if row.proposed_by == _person(actor):
        raise errors.OwnCorrection
    return row


def _person(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden
    return actor.account_id


def _record(
    session: Session, actor: Actor, now: datetime, row: TestCorrection, code: str, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        subject=row.public_id,
        content={"correction": row.public_id, **facts},
        competition_id=row.competition_id,
    )
