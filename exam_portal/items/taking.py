# SPDX-License-Identifier: Apache-2.0
"""Taking a large file in beside the requests: a job writes it portion by portion, and its page tells how far.

Whoever asked is the one who acts: what he or she may do is looked up again at every portion. A rule that
refuses the file ends the job, and its page says which; any other failure is tried again.
"""

import dataclasses
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from exam_portal.accounts import actors
from exam_portal.core import outbox
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, NotFound
from exam_portal.core.outbox import OutboxRow
from exam_portal.items import access, arrivals, errors, imports, service
from exam_portal.items.models import ItemBank, ItemImport, ItemVersion

JOB: Final = "items.take_in"
AT_ONCE: Final = imports.PORTION  # a file of so many items is taken in while its reader waits


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many items of a file are written already, of how many."""

    written: int
    total: int


def ask(
    session: Session, actor: Actor, now: datetime, *, kept: ItemImport, without_refused: bool = False
) -> None:
    """The file will be taken in by a job for this person, which puts the act on record; a failed one is gone.

    Raises ImportOvertaken where the file has to be chosen again.
    """
    if actor.account_id is None:
        raise NotFound
    session.get_one(ItemBank, kept.bank_id, with_for_update=True)
    session.refresh(kept)
    if kept.committed_at is not None:
        raise errors.ImportCommitted
    found = standing(session, kept)
    if found is not None and not found.has_failed:
        return
    if not imports.is_usable(kept.report, without_refused=without_refused):
        raise errors.ImportUnusable
    if has_to_be_chosen_again(session, actor, kept):
        raise errors.ImportOvertaken
    if found is not None:
        session.execute(delete(OutboxRow).where(OutboxRow.id == found.row_id, OutboxRow.kind == JOB))
    payload = {"import": kept.public_id, "by": actor.account_id, "without_refused": without_refused}
    outbox.enqueue(session, JOB, payload, now, about=kept.public_id)


def has_to_be_chosen_again(session: Session, actor: Actor, kept: ItemImport) -> bool:
    """Whether nobody can begin again with what is kept of the file, or this person cannot.

    What one has written of it stays that person's: another would take in items without being their author.
    """
    begun = select(ItemVersion.id).where(ItemVersion.import_id == kept.id)
    if kept.stopped_by is None:
        begun = begun.where(ItemVersion.author_id != actor.account_id)
    return session.scalar(begun.limit(1)) is not None


def standing(session: Session, kept: ItemImport) -> outbox.Standing | None:
    """Return how the job that takes the file in stands; None without one, and once the file is in."""
    return outbox.standing(session, JOB, kept.public_id)


def progress(session: Session, kept: ItemImport) -> Progress:
    """Return how much of the file has been written, though nobody sees it before the end."""
    written = session.scalar(select(func.count()).where(ItemVersion.import_id == kept.id)) or 0
    return Progress(written=written, total=kept.report["read"] if kept.report else 0)


@outbox.handler(JOB)
def take_in(job: outbox.Job) -> None:
    """All items of the file are in the bank, or none; doing it again writes only what is missing."""
    try:
        _take_in(job)
    except DomainError as refusal:
        with job.database.writing() as session:
            kept = _kept(session, job)
            if refusal.retry_after is not None or kept.stopped_by is not None:
                raise  # the reason of the first is kept for good; of a later one the job tells
            if job.finish(session):
                kept.stopped_by = type(refusal).__name__


def _take_in(job: outbox.Job) -> None:
    without_refused = job.payload["without_refused"]
    with job.database.reading() as session:
        items = arrivals.items_of(session, _kept(session, job))
    for portion in imports.portions(items):
        with job.database.writing() as session:
            kept = _kept(session, job)
            if kept.committed_at is not None:
                return
            actor = _actor(session, job, kept)
            service.stage_import(
                session, actor, job.now, kept=kept, items=portion, without_refused=without_refused
            )
    with job.database.writing() as session:
        kept = _kept(session, job)
        if job.finish(session):
            actor = _actor(session, job, kept)
            service.commit_import(
                session, actor, job.now, kept=kept, items=items, without_refused=without_refused
            )


def _kept(session: Session, job: outbox.Job) -> ItemImport:
    return session.scalars(select(ItemImport).where(ItemImport.public_id == job.payload["import"])).one()


def _actor(session: Session, job: outbox.Job, kept: ItemImport) -> Actor:
    """Return who asked, if that person may still write into the bank, else NotFound as on every page."""
    is_strict = job.database.settings.accounts.second_factor == "required_for_staff"
    actor = actors.actor_of(session, job.payload["by"], second_factor_required=is_strict)
    bank = session.get_one(ItemBank, kept.bank_id)
    place = access.place(session, actor, bank.organisation_id)
    if not access.PERMISSIONS["items.write"].permits(actor, place):
        raise NotFound
    return actor
