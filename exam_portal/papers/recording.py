# SPDX-License-Identifier: Apache-2.0
"""Who acts on a paper, and the one leaf of each act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.papers.models import Paper


def person(actor: Actor) -> int:
    """Return the account that acts; nobody and the system do nothing with papers."""
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def record(
    session: Session, actor: Actor, now: datetime, paper: Paper, code: str, facts: Mapping[str, Any]
) -> None:
    """The act is in the competition's log, about this paper."""
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=paper.competition_id,
        subject=paper.public_id,
        content={"paper": paper.public_id, "part": paper.part, "kind": paper.kind, **facts},
    )
