# SPDX-License-Identifier: Apache-2.0
"""Verbs of envelopes: registered under a seal, followed until they are opened before the candidates."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.papers import errors, queries, recording, schedule, seals, witnesses
from exam_portal.papers.models import Envelope, EnvelopeEvent, Paper
from exam_portal.papers.models import EnvelopeEventKind as Kind

NEXT_EVENTS: Mapping[Kind | None, frozenset[Kind]] = {
    None: frozenset({Kind.HANDED_OVER, Kind.COPIED, Kind.OPENED, Kind.DESTROYED}),
    Kind.HANDED_OVER: frozenset({Kind.HANDED_OVER, Kind.COPIED, Kind.OPENED, Kind.DESTROYED}),
    Kind.COPIED: frozenset({Kind.RESEALED, Kind.DESTROYED}),
    Kind.OPENED: frozenset({Kind.RESEALED, Kind.DESTROYED}),
    Kind.RESEALED: frozenset({Kind.HANDED_OVER, Kind.COPIED, Kind.OPENED, Kind.DESTROYED}),
    Kind.DESTROYED: frozenset(),
}
READ = frozenset({Kind.HANDED_OVER, Kind.COPIED, Kind.OPENED})  # the seal is looked at


def register_envelope(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    paper: Paper,
    label: str,
    seal_no: str,
    copies: int,
    minute_no: str,
    sealed_at: datetime | None = None,
    minutes: SignedPaper | None = None,
) -> Envelope:
    """An envelope of the paper is known by label, seal number and the minute that names it."""
    _lock(session, paper)
    taken = select(Envelope.id).where(
        Envelope.competition_id == paper.competition_id, Envelope.label == label
    )
    if session.scalar(taken):
        raise errors.LabelTaken
    if sealed_at is not None and sealed_at > now:
        raise errors.NotYetHappened
    envelope = Envelope(
        competition_id=paper.competition_id,
        paper_id=paper.id,
        label=label,
        seal_no=_fresh(session, paper, seal_no),
        copies=copies,
        sealed_at=sealed_at or now,
        minute_no=minute_no,
        signed_paper_id=minutes.id if minutes else None,
        by=recording.person(actor),
        at=now,
    )
    session.add(envelope)
    session.flush()
    facts = {
        "label": label,
        "seal_no": envelope.seal_no,
        "copies": copies,
        "sealed_at": audit.stamp(envelope.sealed_at),
        "minute_no": minute_no,
    }
    recording.record(session, actor, now, paper, "papers.envelope_registered", facts | _minutes(minutes))
    return envelope


def note_envelope(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    envelope: Envelope,
    kind: str,
    seal_intact: bool,
    present: str,
    seal_no: str = "",
    happened_at: datetime | None = None,
    place: str = "",
    reason: str = "",
    candidates: Sequence[str] = (),
    minutes: SignedPaper | None = None,
) -> EnvelopeEvent:
    """What happened to the envelope is on record: when and where, the seal as read, and who was ``present``.

    ``seal_no`` is what stands on the seal; of an envelope sealed again, that of the new seal. Refused: a time
    ahead, or before the envelope was sealed or what is on record of it; a broken or other seal without a
    reason; an opening without two candidates who sit there.
    """
    paper = session.get_one(Paper, envelope.paper_id)
    _lock(session, paper)
    entry = queries.envelope_entry(session, envelope)
    what, when = Kind(kind), happened_at or now
    if what not in NEXT_EVENTS[entry.last]:
        raise errors.WrongEnvelopeEvent
    _require_time(entry, when, now)
    number = _fresh(session, paper, seal_no) if what is Kind.RESEALED else seals.spelled(seal_no)
    _require_seal(entry, what, number, is_intact=seal_intact, reason=reason)
    event = EnvelopeEvent(
        envelope_id=envelope.id,
        kind=what.value,
        happened_at=when,
        place=place,
        seal_no=number,
        seal_intact=seal_intact,
        reason=reason.strip(),
        witnesses=present,
        candidates=", ".join(_saw(session, paper, candidates)) if what is Kind.OPENED else "",
        signed_paper_id=minutes.id if minutes else None,
        by=recording.person(actor),
        at=now,
    )
    if what is Kind.COPIED:
        _require_before_start(session, paper, when)
    session.add(event)
    session.flush()
    facts = {
        "label": envelope.label,
        "kind": event.kind,
        "happened_at": audit.stamp(when),
        "place": place,
        "seal_no": number,
        "seal_intact": seal_intact,
        "reason": audit.digest(event.reason),
        "witnesses": audit.digest(present),
        "candidates": audit.digest(event.candidates),
    }
    recording.record(session, actor, now, paper, "papers.envelope_noted", facts | _minutes(minutes))
    return event


def _lock(session: Session, paper: Paper) -> None:
    """Acts on the envelopes of a competition come one after the other: no seal is given twice."""
    session.execute(select(Competition.id).where(Competition.id == paper.competition_id).with_for_update())


def _fresh(session: Session, paper: Paper, seal_no: str) -> str:
    number = seals.spelled(seal_no)
    if not number:
        raise errors.SealNotRead
    if seals.is_used(session, paper.competition_id, number):
        raise errors.SealNumberTaken
    return number


def _require_time(entry: queries.EnvelopeEntry, when: datetime, now: datetime) -> None:
    if when > now:
        raise errors.NotYetHappened
    if when < max([entry.envelope.sealed_at, *(event.happened_at for event in entry.events)]):
        raise errors.BeforeSealed


def _require_seal(
    entry: queries.EnvelopeEntry, what: Kind, number: str, *, is_intact: bool, reason: str
) -> None:
    if what in READ and not number:
        raise errors.SealNotRead
    is_other = what is not Kind.RESEALED and bool(number) and number != entry.seal_no
    if (is_other or not is_intact) and not reason.strip():
        raise errors.SealUnexplained


def _require_before_start(session: Session, paper: Paper, when: datetime) -> None:
    """Once the part has begun there is nothing to reproduce: an envelope is opened before the candidates."""
    starts_at = schedule.first_start(session, paper)
    if starts_at is not None and when >= starts_at:
        raise errors.WrongEnvelopeEvent


def _saw(session: Session, paper: Paper, candidates: Sequence[str]) -> list[str]:
    """Return the numbers of the two candidates who saw the seal before it was broken."""
    numbers = [number.strip() for number in candidates if number.strip()]
    if len(numbers) != 2 or len(set(numbers)) != 2 or not witnesses.sit_there(session, paper, numbers):
        raise errors.TwoCandidates
    return numbers


def _minutes(paper: SignedPaper | None) -> dict[str, str | None]:
    """Return what the leaf says of the signed minutes: which paper, and the hash of its scan."""
    return {
        "minutes": paper.public_id if paper else None,
        "sha256": paper.sha256.hex() if paper else None,
    }
