# SPDX-License-Identifier: Apache-2.0
"""What a reviewer says with a word on an item: kept under the key of the bank, for it may quote the item."""

from exam_portal.audit import service as audit
from exam_portal.core.db import Session
from exam_portal.items.models import ItemBank, ItemReview

CONTEXT = "items.review"


def sealed(session: Session, bank: ItemBank, comment: str) -> bytes | None:
    """Return the comment under the key of the bank; None where there is none."""
    said = comment.strip()
    return session.keys.seal(bank.key_id, said.encode(), CONTEXT) if said else None


def opened(session: Session, bank: ItemBank, word: ItemReview) -> str:
    """Return what was said with the word; empty where nothing was."""
    if word.sealed_comment is None:
        return ""
    return session.keys.open(bank.key_id, word.sealed_comment, CONTEXT).decode()


def digest(comment: bytes | None) -> str:
    """Return what the record holds of a comment."""
    return "" if comment is None else audit.digest(comment)
