# SPDX-License-Identifier: Apache-2.0
"""The record of a hearing is opened by due process: a signed decision, two witnesses, enough shares."""

import dataclasses
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.interviews.models import Ballot, BallotReceipt, Hearing, PanelMember, PanelSession
from exam_portal.interviews.record import errors, keeping, sealing
from exam_portal.interviews.record.models import RecordKey, RecordOpening, RecordShare
from exam_portal.interviews.record.service.keepers import PRIVATE, locked_as
from exam_portal.interviews.service import common
from exam_portal.papers import shares

WITNESSES = 2
DECISIONS = frozenset({PaperKind.AUTHORITY_DECISION, PaperKind.COUNCIL_DECISION})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GivenBallot:
    """A counted ballot with the member who gave it, as the record says; None where it says nothing sound."""

    member: PanelMember | None
    ballot: Ballot


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRecord:
    """What the record of a hearing says, and whether it fits what was counted."""

    given: Sequence[GivenBallot]
    holders: Sequence[int]
    agrees: bool


def read_record(session: Session, actor: Actor, *, hearing: Hearing, typed: Sequence[str]) -> OpenedRecord:
    """Return what enough of the right shares say of a counted hearing. Nothing of it is kept.

    Only a keeper reads, so that nobody does who has voted. ``open_record`` puts it on record.
    """
    record = keeping.record_of(session, hearing.id)
    key = keeping.key_of(session, hearing.panel_id)
    if record is None or key is None:
        raise errors.NothingSealed
    if all(share.holder != actor.account_id for share in key.shares):
        raise errors.NoRecordShare
    used = _used(session, hearing.panel, key, typed)
    private = _private(hearing.panel, key, used)
    holders = [share.holder for share in key.shares if share.fingerprint in used]
    return _read(session, hearing, private, record.entries, holders)


def open_record(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    typed: Sequence[str],
    paper: audit.SignedPaper,
    witnesses: Sequence[str],
) -> OpenedRecord:
    """The record of one hearing was opened on a signed decision, before two witnesses, by enough keepers.

    The log says that, by whose shares and on which paper. Neither it nor a table says what was read: with as
    few members as a panel has, even a hash of it would be found out by trying.
    """
    panel = common.locked(session, hearing.panel)
    present = _witnesses(session, panel, witnesses)
    _require_decision(session, panel, hearing, paper)
    opened = read_record(session, actor, hearing=hearing, typed=typed)
    session.add(
        RecordOpening(
            hearing_id=hearing.id,
            signed_paper_id=paper.id,
            witnesses=present,
            holders=list(opened.holders),
            agrees=opened.agrees,
            by=common.account(actor),
            at=now,
        )
    )
    session.flush()
    facts = {
        "hearing": hearing.public_id,
        "paper": paper.public_id,
        "witnesses": len(present),
        "holders": [str(one) for one in opened.holders],
        "agrees": opened.agrees,
    }
    common.record(session, actor, now, panel, "interviews.record_opened", facts)
    return opened


def note_refused(
    session: Session, actor: Actor, now: datetime, *, hearing: Hearing, problem: DomainError
) -> None:
    """That an opening was tried and why it was refused is in the log; of what was typed nothing is.

    The refusal has undone its own transaction, so this is called in one of its own. Who tries shares, or a
    decision a second time, leaves a trace that the oversight board reads.
    """
    facts = {"hearing": hearing.public_id, "why": problem.code}
    common.record(session, actor, now, hearing.panel, "interviews.record_refused", facts)


def _witnesses(session: Session, panel: PanelSession, given: Sequence[str]) -> list[str]:
    """Return two people or more of whom none votes or keeps a share here, else OpeningUnwitnessed."""
    key = keeping.key_of(session, panel.id)
    keepers = accounts.names_of(session, [share.holder for share in key.shares] if key else [])
    parties = [*keepers.values(), *(member.name for member in panel.members)]
    present: list[str] = []
    for name in (" ".join(one.split()) for one in given):
        if name and not any(names.is_one_person(name, other) for other in (*parties, *present)):
            present.append(name)
    if len(present) < WITNESSES:
        raise errors.OpeningUnwitnessed
    return present


def _require_decision(
    session: Session, panel: PanelSession, hearing: Hearing, paper: audit.SignedPaper
) -> None:
    """One decision opens one hearing, however often it is filed: the scan, or number and date, tell it."""
    is_decision = paper.kind in DECISIONS and paper.competition_id == panel.competition_id
    used = session.scalars(
        select(audit.SignedPaper)
        .join(RecordOpening, RecordOpening.signed_paper_id == audit.SignedPaper.id)
        .where(
            RecordOpening.hearing_id != hearing.id,
            audit.SignedPaper.organisation_id == paper.organisation_id,
        )
    )
    if not is_decision or any(_is_same(paper, other) for other in used):
        raise errors.OpeningUndecided


def _is_same(paper: audit.SignedPaper, other: audit.SignedPaper) -> bool:
    """Whether both filings are of one paper."""
    if paper.sha256 == other.sha256:
        return True
    return paper.issued_on == other.issued_on and _number(paper.number) == _number(other.number)


def _number(written: str) -> str:
    """Return the number of a paper however it is spaced and written."""
    return "".join(unicodedata.normalize("NFKC", written).casefold().split())


def _used(session: Session, panel: PanelSession, key: RecordKey, typed: Sequence[str]) -> dict[bytes, str]:
    """Return the shares by their fingerprint: of this panel, each once, as many as are needed."""
    own = {share.fingerprint for share in key.shares}
    used: dict[bytes, str] = {}
    for place, words in enumerate(typed, start=1):
        if not (spelled := shares.spelled(words)):
            continue
        found = shares.fingerprint(spelled)
        if found in used:
            raise errors.ShareTwice(place)
        if found not in own:
            raise _foreign(session, panel, place, found)
        used[found] = spelled
    if len(used) < key.threshold:
        raise errors.SharesTooFew(len(used), key.threshold)
    return used


def _foreign(session: Session, panel: PanelSession, place: int, found: bytes) -> DomainError:
    """Return why this is no share of the record, as far as the competition's own shares tell."""
    other = session.scalar(
        select(RecordKey.panel_id)
        .join(RecordShare, RecordShare.record_key_id == RecordKey.id)
        .join(PanelSession, PanelSession.id == RecordKey.panel_id)
        .where(RecordShare.fingerprint == found, PanelSession.competition_id == panel.competition_id)
        .limit(1)
    )
    if other is None:
        return errors.ShareUnknown(place)
    return errors.ShareReplaced(place) if other == panel.id else errors.ShareOfAnotherPanel(place)


def _private(panel: PanelSession, key: RecordKey, used: Mapping[bytes, str]) -> bytes:
    try:
        private = shares.join(key.locked, list(used.values())[: key.threshold], context=locked_as(panel))
    except shares.SharesBroken as problem:
        raise errors.RecordBroken from problem
    if not sealing.is_pair(private[PRIVATE], key.public_key):
        raise errors.RecordBroken
    return private[PRIVATE]


def _read(
    session: Session, hearing: Hearing, private: bytes, entries: Sequence[str], holders: Sequence[int]
) -> OpenedRecord:
    """Match entries and counted ballots; what was added, changed or taken away is shown, not hidden."""
    said = [_said(private, hearing, entry) for entry in entries]
    times = Counter(slip for _, slip in said)
    by_slip = {slip: member for member, slip in said if times[slip] == 1}
    ballots = session.scalars(
        select(Ballot).where(Ballot.hearing_id == hearing.id).order_by(Ballot.slip)
    ).all()
    voted = set(
        session.scalars(select(BallotReceipt.member_id).where(BallotReceipt.hearing_id == hearing.id))
    )
    members = {one.public_id: one for one in hearing.panel.members if one.id in voted}
    given = [GivenBallot(member=members.get(by_slip.get(one.slip, "")), ballot=one) for one in ballots]
    who = [one.member.id for one in given if one.member is not None]
    agrees = len(entries) == len(ballots) == len(set(who)) == len(who)
    return OpenedRecord(given=given, holders=holders, agrees=agrees)


def _said(private: bytes, hearing: Hearing, entry: str) -> tuple[str, str]:
    try:
        return sealing.opened(private, bytes.fromhex(entry), hearing=hearing.public_id)
    except (sealing.Unreadable, ValueError):
        return "", ""
