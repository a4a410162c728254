# SPDX-License-Identifier: Apache-2.0
"""Plans, times and questions of the room are what the record says; time used and draws are computed again."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.interviews.room import drawing, errors, queries, questions, timing
from exam_portal.interviews.room.models import (
    PhaseEvent,
    QuestionDraw,
    QuestionSet,
    QuestionSetApproval,
    RoomPlan,
)
from exam_portal.interviews.room.timing import FactKind
from exam_portal.interviews.service import common

PHASES = tuple(f"interviews.phase_{kind.value}" for kind in FactKind)
DRAWN = "interviews.questions_drawn"


def differences(session: Session) -> Iterator[Difference]:
    """Yield each plan, phase, set, approval and draw that the record, or its seed, tells otherwise."""
    planned = acts.told(session, "interviews.room_planned")
    yield from acts.untold("interviews", "room plan", _plans(session), planned)
    for code, rows, name, types in (
        ("phase", _phases(session), "hearing", PHASES),
        ("question set", _sets(session), "set", ("interviews.questions_filed",)),
        ("question approval", _approvals(session), "set", ("interviews.questions_approved",)),
        ("question draw", _draws(session), "hearing", (DRAWN,)),
    ):
        yield from acts.untold("interviews", code, rows, acts.told_about(session, name, *types))


def _plans(session: Session) -> Iterator[acts.Facts]:
    rows = select(RoomPlan, PanelSession.public_id).join(PanelSession, PanelSession.id == RoomPlan.panel_id)
    for plan, panel in session.execute(rows.order_by(RoomPlan.id)):
        acted = {"_about": panel, "_by": plan.by, "_at": audit.stamp(plan.at)}
        yield {**acted, "version": plan.version, **plan.content}


def _phases(session: Session) -> Iterator[acts.Facts]:
    """Yield each fact of a hearing's time, with what of the plan had been used by then."""
    heard = select(Hearing).where(Hearing.id.in_(select(PhaseEvent.hearing_id)))
    for hearing in session.scalars(heard.order_by(Hearing.id)).all():
        _, part, _ = common.rules(session, hearing.panel)
        planned = queries.plan(session, hearing.panel_id, part).phases
        events = select(PhaseEvent).where(PhaseEvent.hearing_id == hearing.id).order_by(PhaseEvent.place)
        facts = queries.facts_of(session, hearing.id)
        for number, event in enumerate(session.scalars(events).all(), start=1):
            found = timing.times(planned, facts[:number], event.at)
            own = next((one for one in found if one.key == event.phase), None)
            yield {
                "_about": hearing.public_id,
                "_type": f"interviews.phase_{event.kind}",
                "_by": event.by,
                "_at": audit.stamp(event.at),
                "phase": event.phase,
                "place": event.place,
                "reason": audit.digest(event.reason),
                **(timing.told(own, FactKind(event.kind)) if own else {"phase": None}),
            }


def _sets(session: Session) -> Iterator[acts.Facts]:
    """Yield each set with the hashes of what lies under its seal; one that cannot be read has none."""
    rows = select(QuestionSet, PanelSession.public_id)
    rows = rows.join(PanelSession, PanelSession.id == QuestionSet.panel_id).order_by(QuestionSet.id)
    for found, panel in session.execute(rows):
        held = _opened(session, found)
        seed = questions.commitment(held.seed) if held else None
        yield {
            "_about": found.public_id,
            "_by": found.by,
            "_at": audit.stamp(found.at),
            "panel": panel,
            "version": found.version,
            "hash": found.hash if held and held.set.hash == found.hash else None,
            "seed": found.seed_hash if seed == found.seed_hash else None,
            "count": len(held.set.questions) if held else None,
        }


def _approvals(session: Session) -> Iterator[acts.Facts]:
    columns = (
        QuestionSet.public_id.label("_about"),
        QuestionSetApproval.by.label("_by"),
        QuestionSetApproval.at.label("_at"),
        QuestionSet.hash,
        QuestionSet.seed_hash.label("seed"),
    )
    rows = select(*columns).join(QuestionSet, QuestionSet.id == QuestionSetApproval.set_id)
    yield from acts.stored(session, rows.order_by(QuestionSetApproval.id))


def _draws(session: Session) -> Iterator[acts.Facts]:
    """Yield each draw; one that does not follow from its seed, or from the scale for all, has no numbers."""
    rows = select(QuestionDraw, Hearing, QuestionSet, SignedPaper.public_id)
    rows = rows.join(Hearing, Hearing.id == QuestionDraw.hearing_id)
    rows = rows.join(QuestionSet, QuestionSet.id == QuestionDraw.set_id)
    rows = rows.outerjoin(SignedPaper, SignedPaper.id == QuestionDraw.signed_paper_id)
    gone: dict[int, list[int]] = {}
    for draw, hearing, found, paper in session.execute(rows.order_by(QuestionDraw.id)).all():
        before = gone.setdefault(hearing.panel_id, [])
        follows = _follows(session, draw, hearing, found, before)
        before.extend(draw.numbers)
        yield {
            "_about": hearing.public_id,
            "_by": draw.by,
            "_at": audit.stamp(draw.at),
            "set": found.hash,
            "numbers": draw.numbers if follows else None,
            "witnesses": audit.digest(draw.witnesses),
            "paper": paper,
        }


def _follows(
    session: Session, draw: QuestionDraw, hearing: Hearing, found: QuestionSet, gone: list[int]
) -> bool:
    """Whether the set gives this draw, after those before it: by its seed, or on paper by its scale.

    A hearing that was added once the set was filed draws nothing from its seed.
    """
    held = _opened(session, found)
    if held is None:
        return False
    try:
        if draw.signed_paper_id is None:
            follows = questions.drawn(held.set, held.seed, hearing.public_id, gone) == draw.numbers
            return follows and not drawing.is_added_after(hearing, found)
        questions.check_draw(held.set, draw.numbers, gone)
    except (errors.DrawUneven, errors.TooFewQuestions):
        return False
    return True


def _opened(session: Session, found: QuestionSet) -> drawing.Opened | None:
    try:
        return drawing.opened(session, found)
    except (KeyErased, SealBroken):
        return None
