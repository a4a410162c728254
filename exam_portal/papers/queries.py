# SPDX-License-Identifier: Apache-2.0
"""Reads of papers: where each stands, commitments, seals, words to open, and the way of the envelopes."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import load_only, selectinload
from sqlalchemy.sql.base import ExecutableOption

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.papers import errors
from exam_portal.papers.models import (
    Envelope,
    EnvelopeEvent,
    EnvelopeEventKind,
    KeyRelease,
    Paper,
    PaperContent,
    PaperForm,
    PaperSeal,
    PaperShare,
    PaperSplit,
    PaperStage,
    PrintWord,
)

OFFICERS = 2  # to seal, and to open where the keys are not in shares (integrity 2.5)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one officer did: sealed a paper, or gave the word to open it."""

    by: int
    at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A form as everybody concerned may see it before the opening: code, size, two hashes."""

    code: str
    item_count: int
    commitment: str
    key_commitment: str
    drawn_by: int
    drawn_at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A paper with everything that decides what can be done with it."""

    paper: Paper
    stage: PaperStage
    forms: Sequence[Commitment]
    seals: Sequence[Word]
    releases: Sequence[Word]
    envelopes: int

    @property
    def shown(self) -> Mapping[str, str]:
        """What an officer sees and seals: the commitment of each form by its code."""
        return {form.code: form.commitment for form in self.forms}

    @property
    def needed(self) -> int:
        """How many officers open the paper together."""
        return self.paper.split.threshold if self.paper.split else OFFICERS

    def holds_share(self, account_id: int | None) -> bool:
        """Whether this officer holds a share of the keys."""
        return any(share.holder == account_id for share in self.shares)

    def waits_for(self, account_id: int | None) -> bool:
        """Whether this officer has a share that has not been copied yet."""
        return any(share.holder == account_id and share.taken_at is None for share in self.shares)

    @property
    def shares(self) -> Sequence[PaperShare]:
        """The shares of the keys, where they are in shares."""
        return self.paper.split.shares if self.paper.split else ()

    def has_sealed(self, account_id: int | None) -> bool:
        """Whether this officer has sealed the paper."""
        return any(word.by == account_id for word in self.seals)

    def has_released(self, account_id: int | None) -> bool:
        """Whether this officer has given the word to open."""
        return any(word.by == account_id for word in self.releases)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeEntry:
    """An envelope with all that happened to it, in order."""

    envelope: Envelope
    events: Sequence[EnvelopeEvent]

    @property
    def last(self) -> EnvelopeEventKind | None:
        """What happened last."""
        return EnvelopeEventKind(self.events[-1].kind) if self.events else None

    @property
    def seal_no(self) -> str:
        """The number of the seal that closes it, or closed it last."""
        again = [event.seal_no for event in self.events if event.kind == EnvelopeEventKind.RESEALED]
        return again[-1] if again else self.envelope.seal_no

    def closed_by(self, event: EnvelopeEvent | None) -> str:
        """Return the number of the seal that closed it when this happened; without an event, that of now."""
        if event is None:
            return self.seal_no
        return EnvelopeEntry(
            envelope=self.envelope, events=[one for one in self.events if one.id < event.id]
        ).seal_no

    def latest(self, kind: str) -> EnvelopeEvent | None:
        """Return the last event of this kind, if there was one."""
        return next((event for event in reversed(self.events) if event.kind == kind), None)

    @property
    def is_intact(self) -> bool:
        """Whether every look at its seal found it intact."""
        return all(event.seal_intact for event in self.events)


def papers(session: Session, competition_id: int) -> list[Standing]:
    """Return the papers of a competition with where each stands: seven queries at most for any number."""
    found = session.scalars(
        select(Paper)
        .where(Paper.competition_id == competition_id)
        .options(*_light())
        .order_by(Paper.part, Paper.kind)
    ).all()
    return _standings(session, found)


def paper(session: Session, competition: Competition, public_id: str) -> Paper:
    """Return a paper of this competition, else NotFound."""
    found = session.scalar(
        select(Paper).where(Paper.public_id == public_id, Paper.competition_id == competition.id)
    )
    if found is None:
        raise NotFound
    return found


def standing(session: Session, found: Paper) -> Standing:
    """Return where one paper stands."""
    return standings(session, [found])[0]


def standings(session: Session, found: Sequence[Paper]) -> list[Standing]:
    """Return where each of these papers stands, in their order: seven queries at most for any number."""
    if not found:
        return []
    wanted = select(Paper).where(Paper.id.in_([each.id for each in found])).options(*_light())
    again = {each.id: each for each in session.scalars(wanted)}
    return _standings(session, [again[each.id] for each in found])


def sealed(session: Session, competition_id: int, part: str, kind: str = "official") -> Paper | None:
    """Return the part's paper if it is ready: sealed by two, or in envelopes outside the portal."""
    found = session.scalar(
        select(Paper)
        .where(Paper.competition_id == competition_id, Paper.part == part, Paper.kind == kind)
        .options(*_light())
    )
    if found is None:
        return None
    if found.content == PaperContent.OUTSIDE:
        return found
    return found if len({seal.by for seal in found.seals}) >= OFFICERS else None


def released_forms(session: Session, paper_id: int) -> Sequence[PaperForm]:
    """Return the forms of an opened paper in the order of their codes; PaperLocked before."""
    if not is_released(session, paper_id):
        raise errors.PaperLocked
    return session.scalars(
        select(PaperForm).where(PaperForm.paper_id == paper_id).order_by(PaperForm.code)
    ).all()


def is_sealed(session: Session, paper_id: int) -> bool:
    """Whether two different officers have sealed the paper."""
    seals = session.scalar(
        select(func.count(func.distinct(PaperSeal.by))).where(PaperSeal.paper_id == paper_id)
    )
    return (seals or 0) >= OFFICERS


def is_released(session: Session, paper_id: int) -> bool:
    """Whether as many different officers as it needs have given the word to open the paper."""
    shares = select(PaperSplit.threshold).where(PaperSplit.paper_id == paper_id).scalar_subquery()
    words = func.count(func.distinct(KeyRelease.by))
    found = select(words >= func.coalesce(shares, OFFICERS)).where(KeyRelease.paper_id == paper_id)
    return bool(session.scalar(found))


def print_words(session: Session, paper_id: int, *, complete: bool = False) -> list[int]:
    """Return who has given the word to print before the start; with ``complete`` nobody until two have."""
    found = list(
        session.scalars(select(PrintWord.by).where(PrintWord.paper_id == paper_id).order_by(PrintWord.id))
    )
    return found if not complete or len(found) >= OFFICERS else []


def envelopes(session: Session, paper_id: int) -> list[EnvelopeEntry]:
    """Return the envelopes of a paper with their events: two queries."""
    found = session.scalars(select(Envelope).where(Envelope.paper_id == paper_id).order_by(Envelope.id)).all()
    events: dict[int, list[EnvelopeEvent]] = {envelope.id: [] for envelope in found}
    for event in session.scalars(
        select(EnvelopeEvent).where(EnvelopeEvent.envelope_id.in_(events)).order_by(EnvelopeEvent.id)
    ):
        events[event.envelope_id].append(event)
    return [EnvelopeEntry(envelope=envelope, events=events[envelope.id]) for envelope in found]


def envelope_entry(session: Session, found: Envelope) -> EnvelopeEntry:
    """Return an envelope with all that happened to it."""
    events = select(EnvelopeEvent).where(EnvelopeEvent.envelope_id == found.id).order_by(EnvelopeEvent.id)
    return EnvelopeEntry(envelope=found, events=session.scalars(events).all())


def envelope(session: Session, paper_id: int, public_id: str) -> Envelope:
    """Return an envelope of this paper, else NotFound."""
    found = session.scalar(
        select(Envelope).where(Envelope.public_id == public_id, Envelope.paper_id == paper_id)
    )
    if found is None:
        raise NotFound
    return found


def _light() -> tuple[ExecutableOption, ...]:
    """Load forms without their ciphertext: pages never need it."""
    shown = (
        PaperForm.paper_id,
        PaperForm.code,
        PaperForm.commitment,
        PaperForm.key_commitment,
        PaperForm.item_count,
        PaperForm.drawn_by,
        PaperForm.drawn_at,
    )
    return (
        selectinload(Paper.forms).options(load_only(*shown)),
        selectinload(Paper.seals),
        selectinload(Paper.split).options(
            load_only(PaperSplit.threshold, PaperSplit.paper_id), selectinload(PaperSplit.shares)
        ),
    )


def _standings(session: Session, found: Sequence[Paper]) -> list[Standing]:
    ids = [each.id for each in found]
    releases: dict[int, list[Word]] = {each: [] for each in ids}
    for row in session.scalars(
        select(KeyRelease).where(KeyRelease.paper_id.in_(ids)).order_by(KeyRelease.id)
    ):
        releases[row.paper_id].append(Word(by=row.by, at=row.at))
    counted = select(Envelope.paper_id, func.count()).where(Envelope.paper_id.in_(ids))
    counts = {row[0]: row[1] for row in session.execute(counted.group_by(Envelope.paper_id))}
    return [_standing(each, releases[each.id], counts.get(each.id, 0)) for each in found]


def _standing(found: Paper, releases: Sequence[Word], envelopes: int) -> Standing:
    seals = [Word(by=seal.by, at=seal.at) for seal in found.seals]
    return Standing(
        paper=found,
        stage=_stage(found, seals, releases),
        forms=[_commitment(form) for form in found.forms],
        seals=seals,
        releases=releases,
        envelopes=envelopes,
    )


def _stage(found: Paper, seals: Sequence[Word], releases: Sequence[Word]) -> PaperStage:
    if found.content == PaperContent.OUTSIDE:
        return PaperStage.OUTSIDE
    if len({word.by for word in releases}) >= (found.split.threshold if found.split else OFFICERS):
        return PaperStage.OPENED
    if len({word.by for word in seals}) >= OFFICERS:
        return PaperStage.SEALED
    return PaperStage.DRAWN if found.forms else PaperStage.NAMED


def _commitment(form: PaperForm) -> Commitment:
    return Commitment(
        code=form.code,
        item_count=form.item_count,
        commitment=form.commitment.hex(),
        key_commitment=form.key_commitment.hex(),
        drawn_by=form.drawn_by,
        drawn_at=form.drawn_at,
    )
