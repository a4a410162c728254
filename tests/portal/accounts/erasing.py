# SPDX-License-Identifier: Apache-2.0
"""A person is erased, in few words: two organisers, a signed decision, the key gone."""

from typing import Any

from sqlalchemy import select

from exam_portal.accounts import service
from exam_portal.accounts.models import Account, Erasure
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.core import erasing, outbox
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from tests.portal.accounts.builders import NOW
from tests.portal.audit.builders import a_paper


def a_decision(session: Session, actor: Actor, organisation_id: int, **overrides: Any) -> SignedPaper:
    """A signed decision to erase somebody is on file."""
    facts = {"kind": PaperKind.ERASURE, "number": "07/QĐ-XDL", "confidential": True, **overrides}
    return a_paper(session, actor, organisation_id, **facts)


def proposed(session: Session, actor: Actor, organisation_id: int, account: Account) -> Erasure:
    """The erasure waits for a second person."""
    paper = a_decision(session, actor, organisation_id)
    return service.propose_erasure(session, actor, NOW, account=account, paper=paper)


def erase(session: Session, first: Actor, second: Actor, organisation_id: int, account: Account) -> Erasure:
    """The person is erased; the key goes with ``destroy_keys`` after the commit."""
    erasure = proposed(session, first, organisation_id, account)
    service.erase_person(session, second, NOW, erasure=erasure)
    return erasure


def destroy_keys(database: Database) -> None:
    """What waited to be destroyed is gone, as a relay does it a moment after the commit."""
    with database.reading() as session:
        waiting = session.scalars(
            select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == erasing.JOB)
        ).all()
    for row_id in waiting:
        outbox.perform(database, row_id, lambda: NOW)
