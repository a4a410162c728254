# SPDX-License-Identifier: Apache-2.0
"""Examining a file beside the requests: it is kept sealed, and a job tells what taking it in would do.

A file lies under a key of its own. Where nothing of it can be taken in, above all where it bears the stamp of
a state secret, that key is destroyed with the examination, and nobody opens the file again.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select

from exam_portal.core import erasing, outbox
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, StaleState
from exam_portal.core.outbox import OutboxRow
from exam_portal.core.storage import Blob, FileTooLarge, Prepared
from exam_portal.items import comparing, errors, files, imports, naming
from exam_portal.items.models import ItemBank, ItemImport
from question_bank import formats, secrecy

JOB: Final = "items.examine"
MEDIA_TYPE: Final = "application/octet-stream"  # what it is, its examination finds out


def receive(
    session: Session, actor: Actor, now: datetime, *, bank: ItemBank, file_name: str, file: Prepared
) -> ItemImport:
    """The file lies in the store, and will be examined by a job."""
    kept = files.receive(session, actor, now, bank=bank, file_name=file_name, file=file)
    _enqueue(session, now, kept)
    return kept


def ask_again(session: Session, now: datetime, *, kept: ItemImport) -> None:
    """The file is examined once more, where its job has failed or is gone; one under way stays alone."""
    session.get_one(ItemBank, kept.bank_id, with_for_update=True)
    session.refresh(kept)
    if kept.examined_at is not None:
        raise StaleState
    found = standing(session, kept)
    if found is not None and not found.has_failed:
        return
    if found is not None:
        session.execute(delete(OutboxRow).where(OutboxRow.id == found.row_id, OutboxRow.kind == JOB))
    _enqueue(session, now, kept)


def standing(session: Session, kept: ItemImport) -> outbox.Standing | None:
    """Return how the examination stands; None without a job, and once the report is there."""
    return None if kept.examined_at is not None else outbox.standing(session, JOB, kept.public_id)


@outbox.handler(JOB)
def examine(job: outbox.Job) -> None:
    """The report of the file is there; doing it again changes nothing."""
    with job.database.reading() as session:
        kept = _kept(session, job)
        if kept.examined_at is not None:
            return
        content = session.files.read(session, session.get_one(Blob, kept.blob_id))
    try:
        report, items = _read(job, kept, content)
    except (errors.Classified, FileTooLarge) as refusal:
        _refuse(job, kept.file_name, refusal)
        return
    with job.database.writing() as session:
        if job.finish(session):
            kept = _kept(session, job)
            files.keep_report(session, SYSTEM, job.now, kept=kept, report=report, items=items)
            if report["read"]:
                bank = session.get_one(ItemBank, kept.bank_id)
                comparing.ask(session, Actor(account_id=kept.by), job.now, bank=bank, kept=kept)
            else:
                _erase(session, job, kept)


def _read(job: outbox.Job, kept: ItemImport, content: bytes) -> tuple[dict[str, Any], Prepared]:
    """Return the report of the file and its items, made ready and kept on disk."""
    database = job.database
    result = formats.read(content, name=kept.file_name)
    is_connected = database.settings.instance.connected
    imports.refuse_classified(result.items, is_connected=is_connected, file=content)
    if len(result.items) > imports.PORTION:
        _tell(job, len(result.items))
    with database.reading() as session:
        bank = session.get_one(ItemBank, kept.bank_id)
        result, follows = naming.settled(session, bank, result)
    ready = imports.incoming(database.keys, bank.key_id, result.items, result.rows, follows)
    file = database.files.prepare(imports.packed(ready), media_type="application/json", key_id=bank.key_id)
    return imports.report(result), file


def _tell(job: outbox.Job, questions: int) -> None:
    """The page that waits says how many questions were read."""
    with job.database.writing() as session:
        kept = _kept(session, job)
        if kept.questions is None:
            kept.questions = questions


def _refuse(job: outbox.Job, file_name: str, refusal: DomainError) -> None:
    """The report says why nothing of the file is kept; the file cannot be opened any more."""
    report = imports.report(formats.failed(file_name, *_reason(refusal)))
    with job.database.writing() as session:
        if job.finish(session):
            kept = _kept(session, job)
            kept.stopped_by = type(refusal).__name__
            files.keep_report(session, SYSTEM, job.now, kept=kept, report=report, items=None)
            _erase(session, job, kept)


def _reason(refusal: DomainError) -> tuple[str, str, str]:
    """Return code, message and detail; of a stamp the degree alone, for the line may say more."""
    if not isinstance(refusal, errors.Classified):
        return "too_large", "The items of the file are larger than what is kept here.", ""
    marks = ", ".join(secrecy.degree_of(mark) or mark for mark in refusal.items[:10])
    return "classified", "The file bears the mark of a state secret.", marks


def _erase(session: Session, job: outbox.Job, kept: ItemImport) -> None:
    erasing.erase_key(session, job.now, session.get_one(Blob, kept.blob_id).key_id)


def _kept(session: Session, job: outbox.Job) -> ItemImport:
    return session.scalars(select(ItemImport).where(ItemImport.public_id == job.payload["import"])).one()


def _enqueue(session: Session, now: datetime, kept: ItemImport) -> None:
    outbox.enqueue(session, JOB, {"import": kept.public_id}, now, about=kept.public_id)
