# SPDX-License-Identifier: Apache-2.0
"""Writing into the record: one leaf for each act in the act's own transaction, and signed papers with scans.

This module is all that the marking slice may see of the record, so it also answers the few questions that
marking has about a signed paper.
"""

import dataclasses
import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from exam_portal.audit import checkpoints, tree
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Checkpoint, Leaf, Log, SignedPaper
from exam_portal.audit.papers import NoSuchPage, PreparedPaper, prepare_paper
from exam_portal.core import program
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.confinement import door
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from scoring.verify.canonical import canonical_bytes

__all__ = [
    "Act",
    "NoSuchPage",
    "PaperKind",
    "PreparedPaper",
    "SignedPaper",
    "checkpoint",
    "commitment",
    "digest",
    "file_paper",
    "log_of",
    "paper_of",
    "papers_named",
    "papers_of_kind",
    "prepare_paper",
    "record",
    "record_all",
    "require_page",
    "stamp",
    "state_program",
]

COMMIT_DOMAIN = b"exam/commit/v1"
GENESIS = "genesis"
CODE = "code"
FIRST_LOG_LOCK = 0x6C6F68  # advisory lock under which a log comes into being


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act to be recorded: who did what, when, about what (a public id)."""

    actor: Actor
    at: datetime
    type: str
    content: Mapping[str, Any]
    subject: str | None = None


def commitment(salt: bytes, content: Mapping[str, Any]) -> bytes:
    """Return SHA-256 over domain, 32 random bytes and the canonical content (integrity 2.2)."""
    return hashlib.sha256(COMMIT_DOMAIN + salt + canonical_bytes(dict(content))).digest()


def digest(words: str | bytes) -> str:
    """Return by what a leaf tells words or sealed content that it must not hold."""
    return hashlib.sha256(words.encode() if isinstance(words, str) else words).hexdigest()


@door
def record(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    type: str,
    content: Mapping[str, Any],
    competition_id: int | None = None,
    subject: str | None = None,
) -> Leaf:
    """The act is in the record of its competition (or of the installation), in this transaction.

    ``content`` holds ids, codes, hashes and decimal strings; never a name, an answer or a contact. Who acted,
    when, and on what are committed with it, so that none of the three can be changed afterwards.
    """
    act = Act(actor=actor, at=now, type=type, content=content, subject=subject)
    (leaf,) = record_all(session, [act], competition_id=competition_id)
    return leaf


@door
def record_all(session: Session, acts: Sequence[Act], *, competition_id: int | None = None) -> list[Leaf]:
    """The acts (at least one) are in that record in their order, as ``record`` puts one there."""
    return _write(session, log_of(session, acts[0].at, competition_id), acts)


def log_of(session: Session, now: datetime, competition_id: int | None) -> Log:
    """Return the log of the competition (or of the installation), opened on first use."""
    found = _find_log(session, competition_id)
    if found is not None:
        return found
    _lock_first(session)
    return _find_log(session, competition_id) or _open_log(session, now, competition_id)


def checkpoint(session: Session, now: datetime, *, competition_id: int | None) -> Checkpoint | None:
    """The log's present size and root are signed, as is due at every milestone; None if they already were.

    On PostgreSQL leaves get their places after the commit, and the sequencer signs then.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    return checkpoints.issue(session, log_of(session, now, competition_id), now)


def state_program(session: Session, now: datetime, *, competition_id: int) -> None:
    """The competition's log names the program that acts in it: its last ``code`` leaf says this one."""
    log = log_of(session, now, competition_id)
    last = session.scalar(
        select(Leaf).where(Leaf.log_id == log.id, Leaf.type == CODE).order_by(Leaf.id.desc()).limit(1)
    )
    facts = program.facts()
    if last is None or any(last.content.get(name) != value for name, value in facts.items()):
        _write(session, log, [Act(actor=SYSTEM, at=now, type=CODE, content=facts, subject=log.public_id)])


@door
def file_paper(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    organisation_id: int,
    competition_id: int | None,
    kind: PaperKind,
    title: str,
    paper: PreparedPaper,
    confidential: bool = False,
) -> SignedPaper:
    """The signed paper is on file and the hash of its scan in the record."""
    assert actor.account_id is not None
    filed = SignedPaper(
        competition_id=competition_id,
        organisation_id=organisation_id,
        kind=kind.value,
        number=paper.number,
        issued_on=paper.issued_on,
        signed_by=paper.signed_by,
        title=title,
        blob_id=session.files.add(session, paper.scan, now=now).id,
        sha256=paper.scan.sha256,
        pages=paper.pages,
        is_confidential=confidential,
        filed_by=actor.account_id,
        filed_at=now,
    )
    session.add(filed)
    session.flush()
    _record_paper(session, actor, now, filed)
    return filed


@door
def paper_of(session: Session, *, public_id: str, competition_id: int) -> SignedPaper:
    """Return a signed paper of this competition, or NotFound."""
    found = session.scalar(
        select(SignedPaper).where(
            SignedPaper.public_id == public_id, SignedPaper.competition_id == competition_id
        )
    )
    if found is None:
        raise NotFound
    return found


@door
def papers_of_kind(session: Session, *, competition_id: int, kind: PaperKind) -> list[SignedPaper]:
    """Return the signed papers of one kind of a competition, the newest first."""
    return list(
        session.scalars(
            select(SignedPaper)
            .where(SignedPaper.competition_id == competition_id, SignedPaper.kind == kind.value)
            .order_by(SignedPaper.id.desc())
        )
    )


@door
def papers_named(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the public ids under which these signed papers are opened."""
    rows = session.execute(select(SignedPaper.id, SignedPaper.public_id).where(SignedPaper.id.in_(ids)))
    return dict(rows.all())


def require_page(paper: SignedPaper, page: int) -> None:
    """The paper has this page, or NoSuchPage is raised with the number of pages it has."""
    if not 1 <= page <= paper.pages:
        raise NoSuchPage(page, paper.pages)


def _record_paper(session: Session, actor: Actor, now: datetime, paper: SignedPaper) -> None:
    record(
        session,
        actor,
        now,
        type="audit.paper_filed",
        content={
            "paper": paper.public_id,
            "kind": paper.kind,
            "number": paper.number,
            "issued_on": paper.issued_on.isoformat(),
            "sha256": paper.sha256.hex(),
            "pages": paper.pages,
            "confidential": paper.is_confidential,
            "signed_by": digest(paper.signed_by),
            "title": digest(paper.title),
        },
        competition_id=paper.competition_id,
        subject=paper.public_id,
    )


def _write(session: Session, log: Log, acts: Sequence[Act]) -> list[Leaf]:
    new = [_leaf(log, act) for act in acts]
    if session.get_bind().dialect.name == "sqlite":  # the single writer gives the order at once
        tree.append(session, log.id, new)
    else:
        session.add_all(new)
        session.flush()
    return new


def _leaf(log: Log, act: Act) -> Leaf:
    whole = {**act.content, "_by": act.actor.account_id, "_at": stamp(act.at), "_about": act.subject}
    salt = secrets.token_bytes(32)
    return Leaf(
        log_id=log.id,
        type=act.type,
        at=act.at,
        actor_id=act.actor.account_id,
        subject=act.subject,
        content=whole,
        salt=salt,
        commitment=commitment(salt, whole),
        index=None,
    )


def stamp(instant: datetime) -> str:
    """Return an instant as leaves commit to it: RFC 3339, UTC, microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _find_log(session: Session, competition_id: int | None) -> Log | None:
    condition = (
        Log.competition_id.is_(None) if competition_id is None else Log.competition_id == competition_id
    )
    return session.scalar(select(Log).where(condition))


def _lock_first(session: Session) -> None:
    """Two transactions that both find no log open one between them; the other one waits and finds it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FIRST_LOG_LOCK})


def _open_log(session: Session, now: datetime, competition_id: int | None) -> Log:
    """A log begins with its genesis: its name, and the key that signs its checkpoints."""
    name = session.signer.name
    tail = "installation" if competition_id is None else secrets.token_hex(8)
    log = Log(competition_id=competition_id, origin=f"{name}/{tail}", created_at=now)
    session.add(log)
    session.flush()
    content = {"origin": log.origin, "key": session.signer.verifier_key, "schema": "exam-portal/leaf/1"}
    _write(session, log, [Act(actor=SYSTEM, at=now, type=GENESIS, content=content, subject=log.public_id)])
    return log
