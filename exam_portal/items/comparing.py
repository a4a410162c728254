# SPDX-License-Identifier: Apache-2.0
"""Comparing a bank with itself, or a file with the bank: asked for here, done by a child process.

A child, because thousands of items take seconds, and no server may stand still for them. Restricted items are
compared with nothing.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.core import outbox
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import arrivals, standings
from exam_portal.items.models import Item, ItemBank, ItemImport, ItemLikeness, ItemVersion

JOB: Final = "items.compare"
WORKER: Final = "question_bank.likeness_worker"
KEPT_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "PYTHONPATH")
SECONDS: Final = 300
MOST_PAIRS: Final = 500


def ask(
    session: Session, actor: Actor, now: datetime, *, bank: ItemBank, kept: ItemImport | None = None
) -> ItemLikeness:
    """The items of the bank (or of the file) will be compared by a job; of a file its examination tells.

    One that is under way already is returned, and nothing is asked for a second time.
    """
    if actor.account_id is None:
        raise NotFound
    bank = session.get_one(ItemBank, bank.id, with_for_update=True)
    asked_before = newest(session, bank.id, kept)
    if asked_before is not None and is_under_way(session, asked_before):
        return asked_before
    asked = ItemLikeness(
        bank_id=bank.id, import_id=kept.id if kept is not None else None, by=actor.account_id, at=now
    )
    session.add(asked)
    session.flush()
    outbox.enqueue(session, JOB, {"likeness": asked.public_id}, now, about=asked.public_id)
    if kept is None:
        content = {"bank": bank.public_id, "likeness": asked.public_id}
        audit.record(session, actor, now, type="items.compared", subject=bank.public_id, content=content)
    return asked


def newest(session: Session, bank_id: int, kept: ItemImport | None = None) -> ItemLikeness | None:
    """Return the last comparison of the bank with itself, or of this file with the bank."""
    of = ItemLikeness.import_id.is_(None) if kept is None else ItemLikeness.import_id == kept.id
    return session.scalar(
        select(ItemLikeness)
        .where(ItemLikeness.bank_id == bank_id, of)
        .order_by(ItemLikeness.id.desc())
        .limit(1)
    )


def standing(session: Session, asked: ItemLikeness | None) -> outbox.Standing | None:
    """Return how the job of a comparison stands; None once it is there."""
    if asked is None or asked.computed_at is not None:
        return None
    return outbox.standing(session, JOB, asked.public_id)


def is_under_way(session: Session, asked: ItemLikeness) -> bool:
    """Whether a comparison is not there yet, and its job has neither failed nor gone."""
    found = standing(session, asked)
    return found is not None and not found.has_failed


def contents(session: Session, bank_id: int) -> dict[str, Mapping[str, Any]]:
    """Return what the bank holds in the open, by id: last versions, retired ones too."""
    rows = session.execute(
        select(Item.external_id, ItemVersion.content)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.bank_id == bank_id, ItemVersion.restricted.is_(False), standings.is_last_version())
    )
    return {row[0]: row[1] for row in rows}


@outbox.handler(JOB)
def compare(job: outbox.Job) -> None:
    """What is alike is on its page, exactly once; the record has said who asked."""
    wanted = select(ItemLikeness).where(ItemLikeness.public_id == job.payload["likeness"])
    with job.database.reading() as session:
        asked = session.scalars(wanted).one()
        document = {
            "bank": contents(session, asked.bank_id),
            "file": None if asked.import_id is None else _of_file(session, asked.import_id),
            "most": MOST_PAIRS,
        }
    found = _compared(document)
    with job.database.writing() as session:
        if job.finish(session):
            kept = session.scalars(wanted).one()
            kept.content, kept.computed_at = found, job.now


def _of_file(session: Session, import_id: int) -> dict[str, Mapping[str, Any]]:
    items = arrivals.items_of(session, session.get_one(ItemImport, import_id))
    return {entry.external_id: json.loads(entry.row["content"]) for entry in items if entry.row["content"]}


def _compared(document: Mapping[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", WORKER],
        input=json.dumps(document).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
        timeout=SECONDS,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
