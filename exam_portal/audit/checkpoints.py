# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: signed notes (C2SP) of size and root. Once somebody else holds one, history is fixed."""

import base64
import binascii
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from exam_portal.audit import tree
from exam_portal.audit.models import Checkpoint, Log
from exam_portal.core import signing
from exam_portal.core.db import Session
from exam_portal.core.signing import Signer

MARK = "— "  # how a signature line begins


class LogForked(Exception):
    """The tree no longer begins with what was signed before. Nothing is signed until a person has looked."""

    def __init__(self, origin: str, size: int) -> None:
        super().__init__(f"{origin}: the first {size} leaves are not those of the signed checkpoint")
        self.origin = origin
        self.size = size


class Statement(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


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
    statement = Statement(log.origin, size, tree.root(session, log.id, size))
    checkpoint = Checkpoint(
        log_id=log.id, size=size, root=statement.root, note=sign(statement, session.signer), at=now
    )
    session.add(checkpoint)
    session.flush()
    return checkpoint


def latest(session: Session, log_id: int) -> Checkpoint | None:
    """Return the last checkpoint of a log."""
    return session.scalar(
        select(Checkpoint).where(Checkpoint.log_id == log_id).order_by(Checkpoint.size.desc()).limit(1)
    )


def body(statement: Statement) -> str:
    """Return the signed text: origin, size and root, a line each (C2SP tlog-checkpoint)."""
    root = base64.b64encode(statement.root).decode("ascii")
    return f"{statement.origin}\n{statement.size}\n{root}\n"


def sign(statement: Statement, signer: Signer) -> str:
    """Return the whole note: the text, an empty line, and the signer's line."""
    words = body(statement)
    signature = base64.b64encode(signer.key_id + signer.sign(words.encode())).decode("ascii")
    return f"{words}\n{MARK}{signer.name} {signature}\n"


def is_genuine(note: str, statement: Statement, *, name: str, key_id: bytes, public_key: bytes) -> bool:
    """Whether the note says exactly this, and this key signed it."""
    words, _, signatures = note.partition("\n\n")
    if words + "\n" != body(statement):
        return False
    return any(
        _signs(line.removeprefix(f"{MARK}{name} "), words + "\n", key_id, public_key)
        for line in signatures.splitlines()
        if line.startswith(f"{MARK}{name} ")
    )


def _signs(encoded: str, words: str, key_id: bytes, public_key: bytes) -> bool:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    return raw[:4] == key_id and signing.is_signed(public_key, words.encode(), raw[4:])
