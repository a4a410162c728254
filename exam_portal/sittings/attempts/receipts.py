# SPDX-License-Identifier: Apache-2.0
"""The receipt of an attempt: what was handed in, where the journal ended, when; signed."""

import base64
import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.core.signing import Signer, is_signed
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.attempts.chain import exact_bytes
from exam_portal.sittings.models import Attempt, Hall, HallSide, Submission

SCHEMA = "exam-portal/receipt/1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt with its signature, as it is printed."""

    content: Mapping[str, Any]
    signature: bytes

    @property
    def qr_text(self) -> str:
        """Return the canonical receipt and its signature in one line, for offline checking."""
        signature = base64.urlsafe_b64encode(self.signature).decode("ascii").rstrip("=")
        return exact_bytes(self.content).decode() + "." + signature

    @property
    def short_head(self) -> str:
        """Return the head in groups that a person can read aloud and compare."""
        head = str(self.content["head"])
        return " ".join(head[at : at + 8] for at in range(0, 32, 8))


def content_of(
    attempt: Attempt, *, sitting: str, kind: str, answered: int, items: int, at: datetime
) -> dict[str, Any]:
    """Return what the receipt says; the salt lets its holder recompute the first head."""
    return {
        "_": SCHEMA,
        "answered": answered,
        "at": instant(at),
        "attempt": attempt.public_id,
        "head": attempt.head.hex(),
        "items": items,
        "kind": kind,
        "salt": attempt.salt.hex(),
        "seq": attempt.seq,
        "sitting": sitting,
    }


def sign(signer: Signer, content: Mapping[str, Any]) -> bytes:
    """Return the installation's signature of the canonical receipt."""
    return signer.sign(exact_bytes(content))


def receipt_of(submission: Submission) -> Receipt:
    """Return the receipt that was given for the submission."""
    return Receipt(content=submission.receipt, signature=submission.signature)


def signing_key(session: Session, sitting_id: int) -> bytes:
    """Return the key under which the receipts of a sitting were signed: of the hall that held it, or ours."""
    hall = select(Hall.signing_key).where(
        Hall.sitting_id == sitting_id, Hall.side == HallSide.HOME.value, Hall.merged_at.is_not(None)
    )
    return session.scalar(hall) or session.signer.public_key


def key_to_name(session: Session, sitting_id: int) -> str:
    """Return the key that check-receipt.py, which holds ours, has to be told; empty where ours signed."""
    key = signing_key(session, sitting_id)
    return "" if key == session.signer.public_key else key.hex()


def is_genuine(receipt: Receipt, public_key: bytes) -> bool:
    """Whether the installation with this key gave the receipt, unchanged."""
    return is_signed(public_key, exact_bytes(receipt.content), receipt.signature)
