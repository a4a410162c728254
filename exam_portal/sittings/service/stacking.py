# SPDX-License-Identifier: Apache-2.0
"""Stacks of scanned sheets: brought in, matched by the server, accepted by people, finished."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core import erasing, outbox
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.core.storage import Blob, Prepared
from exam_portal.sittings import errors, stack_reading
from exam_portal.sittings.models import (
    PageFinding,
    PageVerdict,
    ScannedPage,
    ScanStack,
    Script,
    ScriptScan,
)
from exam_portal.sittings.service import collecting, locking

HEADER = "header"


def add_stack(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, scan: Prepared
) -> ScanStack:
    """The stack is in the portal and will be read; the same file is taken once."""
    competition = locking.competition(session, competition)
    same = (
        select(ScanStack.id)
        .join(Blob, Blob.id == ScanStack.blob_id)
        .where(ScanStack.competition_id == competition.id, Blob.sha256 == scan.sha256)
    )
    if session.scalar(same) is not None:
        raise errors.ScannedAlready
    blob = session.files.add(session, scan, now=now)
    stack = ScanStack(competition_id=competition.id, blob_id=blob.id, by=locking.person(actor), at=now)
    session.add(stack)
    session.flush()
    outbox.enqueue(session, stack_reading.JOB, {"stack": stack.id}, now)
    _record(session, actor, now, stack, "stack_added", {"sha256": blob.sha256.hex()})
    return stack


def accept_pages(session: Session, actor: Actor, now: datetime, *, stack: ScanStack) -> int:
    """Every matched page lies with its script, headers are set aside; return how many pages."""
    stack = _locked(session, stack)
    taken = stack_reading.pages_there(session, stack.competition_id)
    accepted, headers = [], []
    for page in _undecided(session, stack):
        if page.finding == PageFinding.HEADER:
            _decide(actor, now, page, PageVerdict.SET_ASIDE, HEADER)
            headers.append(page.public_id)
        elif page.finding == PageFinding.MATCHED and (page.found_script_id, page.found_number) not in taken:
            accepted.append(_accept_found(session, actor, now, page))
    if not accepted and not headers:
        raise StaleState
    session.flush()
    _record(session, actor, now, stack, "stack_pages_accepted", {"pages": accepted, "headers": headers})
    return len(accepted)


def place_page(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    page: ScannedPage,
    sheet_code: str,
    number: int,
    copy: Prepared,
) -> ScriptScan:
    """A person has looked at the page: it is this one of the script that bears the sheet code."""
    stack = _locked(session, session.get_one(ScanStack, page.stack_id))
    _require_undecided(session, page)
    script = collecting.script_by_sheet(session, stack.competition_id, sheet_code)
    most = collecting.most_pages(session, script)
    if number > most:
        raise errors.TooManyPages(number, most // collecting.PAGES_OF_A_SHEET)
    if (script.id, number) in stack_reading.pages_there(session, stack.competition_id):
        raise errors.PageThereAlready(number)
    blob = session.files.add(session, copy, now=now)
    scan = _lay(session, actor, now, page, script, number, blob.id)
    facts = {"stack": stack.public_id, **_placed(script, number, blob)}
    _record(session, actor, now, stack, "stack_page_placed", facts, subject=page.public_id)
    return scan


def set_aside(session: Session, actor: Actor, now: datetime, *, page: ScannedPage, reason: str) -> None:
    """The page lies with no script, for a reason that is on record."""
    stack = _locked(session, session.get_one(ScanStack, page.stack_id))
    _require_undecided(session, page)
    _decide(actor, now, page, PageVerdict.SET_ASIDE, reason)
    session.flush()
    facts = {"stack": stack.public_id, "reason": audit.digest(reason)}
    _record(session, actor, now, stack, "stack_page_set_aside", facts, subject=page.public_id)


def finish(session: Session, actor: Actor, now: datetime, *, stack: ScanStack) -> None:
    """Every page is decided on; what the scanner sent is gone for ever, what was accepted stays."""
    stack = _locked(session, stack)
    if _undecided(session, stack):
        raise errors.PagesWait
    stack.finished_by, stack.finished_at = locking.person(actor), now
    session.flush()
    erasing.erase_key(session, now, session.get_one(Blob, stack.blob_id).key_id)
    _record(session, actor, now, stack, "stack_finished", {})


def _locked(session: Session, stack: ScanStack) -> ScanStack:
    """Return the stack, its competition locked, if it has been read and is not finished."""
    locking.competition(session, session.get_one(Competition, stack.competition_id))
    stack = session.get_one(ScanStack, stack.id, populate_existing=True)
    if stack.read_at is None:
        raise errors.StackNotRead
    if stack.finished_at is not None:
        raise StaleState
    return stack


def _undecided(session: Session, stack: ScanStack) -> list[ScannedPage]:
    query = select(ScannedPage).where(ScannedPage.stack_id == stack.id, ScannedPage.verdict.is_(None))
    return list(session.scalars(query.order_by(ScannedPage.place).execution_options(populate_existing=True)))


def _require_undecided(session: Session, page: ScannedPage) -> None:
    session.refresh(page)
    if page.verdict is not None:
        raise StaleState


def _accept_found(session: Session, actor: Actor, now: datetime, page: ScannedPage) -> Mapping[str, Any]:
    script = session.get_one(Script, page.found_script_id)
    blob = session.get_one(Blob, page.copy_id)
    assert page.found_number is not None
    _lay(session, actor, now, page, script, page.found_number, blob.id)
    return {"page": page.public_id, **_placed(script, page.found_number, blob)}


def _lay(
    session: Session,
    actor: Actor,
    now: datetime,
    page: ScannedPage,
    script: Script,
    number: int,
    blob_id: int,
) -> ScriptScan:
    person = locking.person(actor)
    scan = ScriptScan(script_id=script.id, blob_id=blob_id, pages=1, number=number, by=person, at=now)
    session.add(scan)
    session.flush()
    page.scan_id = scan.id
    _decide(actor, now, page, PageVerdict.ACCEPTED, None)
    session.flush()
    return scan


def _placed(script: Script, number: int, blob: Blob) -> Mapping[str, Any]:
    return {"script": script.public_id, "number": number, "sha256": blob.sha256.hex()}


def _decide(actor: Actor, now: datetime, page: ScannedPage, verdict: PageVerdict, reason: str | None) -> None:
    page.verdict, page.reason = verdict.value, reason
    page.decided_by, page.decided_at = locking.person(actor), now


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    stack: ScanStack,
    act: str,
    content: Mapping[str, Any],
    *,
    subject: str | None = None,
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=f"sittings.{act}",
        content=content,
        competition_id=stack.competition_id,
        subject=subject or stack.public_id,
    )
