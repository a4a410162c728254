# SPDX-License-Identifier: Apache-2.0
"""In which order candidates were to be heard, what happened to each hearing, and how many voted."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session
from exam_portal.interviews import lots
from exam_portal.interviews.models import (
    BallotReceipt,
    CountKeying,
    Hearing,
    HearingEvent,
    LotDraw,
    Occasion,
    OrderChange,
    PanelSession,
)
from exam_portal.interviews.service.counting import bound
from exam_portal.interviews.service.hearings import seen_by
from exam_portal.interviews.service.seating import numbers
from exam_portal.registration.models import Candidate

EVENTS = ("opened", "ballot_opened", "counted", "box_unopened", "candidate_absent", "broken_off")


def differences(session: Session) -> Iterator[Difference]:
    """Yield each lot, hearing, change of the order, fact of a hearing and ballot given that differs."""
    yield from acts.untold("interviews", "lots", _lots(session), acts.told(session, "interviews.lots_drawn"))
    beyond = ("interviews.hearing_added", "interviews.hearing_repeated")
    events = tuple(f"interviews.{kind}" for kind in EVENTS)
    for code, rows, types in (
        ("hearing", _beyond_the_lots(session), beyond),
        ("order change", _changes(session), ("interviews.order_changed",)),
        ("hearing event", _events(session), events),
        ("count keyed", _keyings(session), ("interviews.count_keyed",)),
        ("ballot given", _given(session), ("interviews.ballot_cast",)),
    ):
        yield from acts.untold("interviews", code, rows, acts.told_about(session, "hearing", *types))


def _lots(session: Session) -> Iterator[acts.Facts]:
    """Yield each draw with the order that stands.

    An order that its seed does not give is told as none, and so is one of hearings that stand on another act.
    """
    rows = select(LotDraw, PanelSession.public_id, PanelSession.lot_commitment, SignedPaper.public_id)
    rows = rows.join(PanelSession, PanelSession.id == LotDraw.panel_id)
    rows = rows.outerjoin(SignedPaper, SignedPaper.id == LotDraw.signed_paper_id)
    for lot, panel, commitment, paper in session.execute(rows.order_by(LotDraw.id)).all():
        first = select(Hearing).where(Hearing.panel_id == lot.panel_id, Hearing.occasion == Occasion.REGULAR)
        given = session.scalars(first.order_by(Hearing.order_no)).all()
        order = [one.candidate_id for one in given]
        acts_of = {(one.drawn_by, one.drawn_at, one.signed_paper_id) for one in given}
        is_of_the_lot = acts_of <= {(lot.by, lot.at, lot.signed_paper_id)}
        follows = is_of_the_lot and lots.follows(lot, commitment, order)
        yield {
            "_about": panel,
            "_by": lot.by,
            "_at": audit.stamp(lot.at),
            "seed": lot.seed,
            "secret": lot.secret,
            "words": lot.words,
            "order": numbers(session, order) if follows else [],
            "witnesses": audit.digest(lot.witnesses),
            "paper": paper,
        }


def _beyond_the_lots(session: Session) -> Iterator[acts.Facts]:
    """Yield each hearing that no lot gave, by which decision, and which earlier one it repeats."""
    earlier = aliased(Hearing)
    rows = select(Hearing, Candidate.candidate_no, SignedPaper.public_id, earlier.public_id)
    rows = rows.join(Candidate, Candidate.id == Hearing.candidate_id)
    rows = rows.outerjoin(SignedPaper, SignedPaper.id == Hearing.signed_paper_id)
    rows = rows.outerjoin(earlier, earlier.id == Hearing.repeats_id)
    rows = rows.where(Hearing.occasion != Occasion.REGULAR).order_by(Hearing.id)
    for hearing, candidate, paper, repeats in session.execute(rows):
        yield {
            "_about": hearing.public_id,
            "_by": hearing.drawn_by,
            "_at": audit.stamp(hearing.drawn_at),
            "candidate": candidate,
            "order_no": hearing.order_no,
            "occasion": hearing.occasion,
            "paper": paper,
            **({"repeats": repeats} if repeats else {}),
        }


def _changes(session: Session) -> Iterator[acts.Facts]:
    rows = select(OrderChange, Hearing.public_id, SignedPaper.public_id)
    rows = rows.join(Hearing, Hearing.id == OrderChange.hearing_id)
    rows = rows.outerjoin(SignedPaper, SignedPaper.id == OrderChange.signed_paper_id)
    for change, hearing, paper in session.execute(rows.order_by(OrderChange.id)):
        facts = {"_about": hearing, "_by": change.by, "_at": audit.stamp(change.at), "paper": paper}
        yield {**facts, "reason": change.reason, **seen_by(change.witnesses)}


def _events(session: Session) -> Iterator[acts.Facts]:
    """Yield what happened to each hearing; of witnesses the record has the number and a hash."""
    rows = select(HearingEvent, Hearing.public_id, Candidate.candidate_no)
    rows = rows.join(Hearing, Hearing.id == HearingEvent.hearing_id)
    rows = rows.join(Candidate, Candidate.id == Hearing.candidate_id)
    for event, hearing, candidate in session.execute(rows.order_by(HearingEvent.id)):
        said: dict[str, Any] = dict(event.payload)
        if event.kind == "candidate_absent":
            said |= seen_by(said["witnesses"])
        yield {
            **said,
            "_about": hearing,
            "_type": f"interviews.{event.kind}",
            "_by": event.by,
            "_at": audit.stamp(event.at),
            "candidate": candidate,
        }


def _keyings(session: Session) -> Iterator[acts.Facts]:
    """Yield each reading of a counting sheet with its page and the keyed hash of what was read."""
    rows = select(CountKeying, Hearing, SignedPaper.public_id)
    rows = rows.join(Hearing, Hearing.id == CountKeying.hearing_id)
    rows = rows.join(SignedPaper, SignedPaper.id == CountKeying.signed_paper_id)
    for keying, hearing, paper in session.execute(rows.order_by(CountKeying.id)).all():
        yield {
            "_about": hearing.public_id,
            "_by": keying.typist_id,
            "_at": audit.stamp(keying.at),
            "sheet": bound(session, keying, hearing),
            "paper": paper,
            "page": keying.page,
        }


def _given(session: Session) -> Iterator[acts.Facts]:
    """Yield that somebody has voted, as often as there are receipts; whose ballot it was nobody knows."""
    count: Counter[str] = Counter()
    rows = select(Hearing.public_id).join(BallotReceipt, BallotReceipt.hearing_id == Hearing.id)
    for hearing in session.scalars(rows.order_by(BallotReceipt.id)):
        count[hearing] += 1
        yield {"_about": hearing, "cast": count[hearing]}
