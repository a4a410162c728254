# SPDX-License-Identifier: Apache-2.0
"""Comments on versions of items: the author's and the reviewers', kept under the key of the bank."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import errors, service
from exam_portal.items.models import ItemBank, ItemComment, ItemVersion

CONTEXT = "items.comment"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said about a version."""

    version_id: int
    words: str
    by: int
    at: datetime


def comment(
    session: Session, actor: Actor, now: datetime, *, version: ItemVersion, words: str
) -> ItemComment:
    """The comment stands beside the version, where the setting board reads it; the record holds its hash."""
    if actor.account_id is None:
        raise NotFound
    if not words.strip():
        raise errors.CommentEmpty
    bank = service.bank_of(session, version, lock=True)
    sealed = session.keys.seal(bank.key_id, words.strip().encode(), CONTEXT)
    said = ItemComment(item_version_id=version.id, sealed_words=sealed, by=actor.account_id, at=now)
    session.add(said)
    session.flush()
    content = {"bank": bank.public_id, "comment": said.public_id, "words": audit.digest(sealed)}
    audit.record(session, actor, now, type="items.commented", subject=version.public_id, content=content)
    return said


def comments_on(session: Session, bank: ItemBank, version_ids: Sequence[int]) -> list[Comment]:
    """Return what was said about these versions of the bank, the first one first: one query."""
    rows = session.scalars(
        select(ItemComment).where(ItemComment.item_version_id.in_(version_ids)).order_by(ItemComment.id)
    )
    return [
        Comment(
            version_id=row.item_version_id,
            words=session.keys.open(bank.key_id, row.sealed_words, CONTEXT).decode(),
            by=row.by,
            at=row.at,
        )
        for row in rows
    ]
