# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: signed notes (C2SP) of size and root. Once somebody else holds one, history is fixed."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import tree
from exam_portal.audit.models import Checkpoint, Log
from exam_portal.core import signing
from exam_portal.core.db import Session
from exam_portal.core.signing import Signer
from scoring.verify.checkpoint import LogHead, NoteError, NoteKey, parse_note, sign_head


class LogForked(Exception):
    """The tree no longer begins with what was signed before. Nothing is signed until a person has looked."""

    def __init__(self, origin: str, size: int) -> None:
        super().__init__(f"{origin}: the first {size} leaves are not those of the signed checkpoint")
        self.origin = origin
        self.size = size


def issue(session: Session, log: Log, now: datetime) -> Checkpoint | None:
    """The present size and root are signed and kept; None when they already were, or the log is empty.

    A tree that does not continue the last signed one is never signed (integrity 2.7).
    """
    size = tree.size_of(session, log.id)
    last = latest(session, log.id)
    if size == 0 or (last is not None and last.size == size):
        return None
    if last is not None and (last.size > size or tree.root(session, log.id, last.size) != last.root):
        raise LogForked(log.origin, last.size)
    head = LogHead(origin=log.origin, size=size, root=tree.root(session, log.id, size))
    checkpoint = Checkpoint(log_id=log.id, size=size, root=head.root, note=sign(head, session.signer), at=now)
    session.add(checkpoint)
    session.flush()
    return checkpoint


def latest(session: Session, log_id: int) -> Checkpoint | None:
    """Return the last checkpoint of a log."""
    return session.scalar(
        select(Checkpoint).where(Checkpoint.log_id == log_id).order_by(Checkpoint.size.desc()).limit(1)
    )


def sign(head: LogHead, signer: Signer) -> str:
    """Return the whole note: the text, an empty line, and the signer's line."""
    return sign_head(head, NoteKey(name=signer.name, public_key=signer.public_key), signer.sign)


def is_genuine(note: str, head: LogHead, key: NoteKey) -> bool:
    """Whether the note says exactly this, and this key signed it."""
    try:
        parsed = parse_note(note)
    except NoteError:
        return False
    return parsed.text == head.text() and any(
        raw[:4] == key.key_id and signing.is_signed(key.public_key, parsed.text.encode(), raw[4:])
        for name, raw in parsed.signatures
        if name == key.name
    )
