# SPDX-License-Identifier: Apache-2.0
"""One device may write. The first one takes the lease; only an invigilator's code gives it to another."""

import base64
import hmac
import secrets
from datetime import datetime

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.ids import new_public_id
from exam_portal.sittings.attempts import machines
from exam_portal.sittings.attempts.errors import AlreadyOver, CodeRefused, DeviceMoved, NotAuthorised
from exam_portal.sittings.attempts.machines import Machine
from exam_portal.sittings.models import Attempt, LeaseChange, Sitting

OVER = frozenset({"submitted", "void"})
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
PURPOSE = "lease-code/1"
ANYWHERE = Machine()


def take(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    attempt: Attempt,
    device: str,
    code: str = "",
    machine: Machine = ANYWHERE,
) -> str:
    """This device holds the attempt: as the first one, or with the code an invigilator has just given.

    Raises OutsideRoom or SafeBrowserMissing for a computer that may not, DeviceMoved while another device
    holds it, CodeRefused for a code that is wrong or used.
    """
    locked = _locked(session, attempt)
    machines.require_allowed(session, locked, machine)
    if code:
        if locked.lease != _reserved(session, locked, code):
            raise CodeRefused
    elif locked.lease is not None:
        raise DeviceMoved
    lease = new_public_id()
    _change(session, locked, lease, device=device, moved_by=None, now=now)
    _record(session, actor, now, locked, "sittings.device_bound")
    return lease


def move(session: Session, actor: Actor, now: datetime, *, attempt: Attempt) -> str:
    """No device holds the attempt any more; return the code with which one may take it, once."""
    locked = _locked(session, attempt)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    _change(session, locked, _reserved(session, locked, code), device="", moved_by=actor.account_id, now=now)
    _record(session, actor, now, locked, "sittings.attempt_moved")
    return code


def _locked(session: Session, attempt: Attempt) -> Attempt:
    locked = session.get_one(Attempt, attempt.id, with_for_update=True, populate_existing=True)
    if locked.state in OVER:
        raise AlreadyOver
    if locked.state == "awaiting":
        raise NotAuthorised
    return locked


def _reserved(session: Session, attempt: Attempt, code: str) -> str:
    """Return the lease that only this code opens; no device's token can name it."""
    clean = "".join(character for character in code.upper() if character in CODE_ALPHABET)
    secret = session.keys.secret(PURPOSE)
    digest = hmac.digest(secret, f"{attempt.public_id}/{clean}".encode(), "sha256")
    return base64.b32encode(digest[:16]).decode("ascii").rstrip("=").lower()


def _change(
    session: Session, attempt: Attempt, lease: str, *, device: str, moved_by: int | None, now: datetime
) -> None:
    attempt.lease = lease
    session.add(
        LeaseChange(attempt_id=attempt.id, lease=lease, device=device[:200], moved_by=moved_by, at=now)
    )
    session.flush()


def _record(session: Session, actor: Actor, now: datetime, attempt: Attempt, kind: str) -> None:
    sitting = session.get_one(Sitting, attempt.sitting_id)
    audit.record(
        session,
        actor,
        now,
        type=kind,
        content={"attempt": attempt.public_id, "seq": attempt.seq, "head": attempt.head.hex()},
        competition_id=sitting.competition_id,
        subject=attempt.public_id,
    )
