# SPDX-License-Identifier: Apache-2.0
"""A stack is read by the child and every page kept with what its code says. Nothing is accepted here."""

import dataclasses
import hashlib
from collections import Counter
from datetime import datetime

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions import rehearsals
from exam_portal.competitions.models import Competition
from exam_portal.core import outbox, scanning
from exam_portal.core.actors import SYSTEM
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.filetypes import JPEG
from exam_portal.core.scanning import wire
from exam_portal.core.storage import Blob, Prepared
from exam_portal.sittings.models import PageFinding, ScannedPage, ScanStack, Script, ScriptScan, Seat, Sitting
from exam_portal.sittings.service import collecting

JOB = "sittings.read_stack"
Taken = set[tuple[int, int]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page whose pictures are on disk, and that no row names yet."""

    codes: tuple[str, ...]
    picture: Prepared
    copy: Prepared | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page is by its code."""

    finding: PageFinding
    script: Script | None = None
    number: int | None = None


@outbox.handler(JOB)
def read_stack(job: outbox.Job) -> None:
    """Every page of the stack is on record with its finding; reading it again changes nothing."""
    with job.database.reading() as session:
        stack = session.get_one(ScanStack, job.payload["stack"])
        if stack.read_at is not None:
            return
        blob = session.get_one(Blob, stack.blob_id)
        content = session.files.read(session, blob)
        competition = session.get_one(Competition, stack.competition_id)
        now = job.now + rehearsals.clock_offset(job.database.settings, competition)
    kept, problem = _keep(job.database, stack, content, blob)
    with job.database.writing() as session:
        if job.finish(session):
            record_pages(session, now, stack_id=stack.id, pages=kept, problem=problem)


def record_pages(
    session: Session, now: datetime, *, stack_id: int, pages: list[Kept], problem: str
) -> list[ScannedPage]:
    """The pages lie in the stack, each with what the server found; a person decides about each."""
    stack = session.get_one(ScanStack, stack_id, with_for_update=True, populate_existing=True)
    taken = pages_there(session, stack.competition_id)
    rows = [_row(session, now, stack, place, page, taken) for place, page in enumerate(pages, start=1)]
    session.add_all(rows)
    stack.read_at, stack.problem = now, problem or None
    session.flush()
    digest = hashlib.sha256(b"".join(page.picture.sha256 for page in pages)).hexdigest()
    findings = dict(sorted(Counter(row.finding for row in rows).items()))
    content = {"pages": len(rows), "findings": findings, "digest": digest, "problem": problem}
    audit.record(
        session,
        SYSTEM,
        now,
        type="sittings.stack_read",
        content=content,
        competition_id=stack.competition_id,
        subject=stack.public_id,
    )
    return rows


def find(session: Session, competition_id: int, codes: tuple[str, ...], taken: Taken) -> Found:
    """Return what a page with these codes is, where these pages of scripts are there already."""
    ours = {code for code in codes if wire.is_ours(code)}
    if len(ours) != 1:
        is_foreign = bool(codes) and not ours
        return Found(finding=PageFinding.FOREIGN if is_foreign else PageFinding.UNREADABLE)
    read = wire.OURS.fullmatch(ours.pop())
    assert read is not None
    script, is_seat = _script(session, competition_id, read["code"])
    if script is None:
        return Found(finding=PageFinding.NOT_COUNTED if is_seat else PageFinding.FOREIGN)
    if read["number"] is None:
        return Found(finding=PageFinding.HEADER, script=script)
    number = int(read["number"])
    return Found(finding=_of_page(session, script, number, taken), script=script, number=number)


def pages_there(session: Session, competition_id: int) -> Taken:
    """Return the pages (script, number) of the competition that lie with their scripts."""
    rows = session.execute(
        select(ScriptScan.script_id, ScriptScan.number)
        .join(Script, Script.id == ScriptScan.script_id)
        .where(Script.competition_id == competition_id, ScriptScan.number.is_not(None))
    )
    return {(script_id, number or 0) for script_id, number in rows}


def _keep(database: Database, stack: ScanStack, content: bytes, blob: Blob) -> tuple[list[Kept], str]:
    """Keep the pictures of every page on disk; return them, and why some are missing if so."""
    kept: list[Kept] = []
    try:
        for page in scanning.read_pages(content, blob.media_type, database.settings.scans):
            files = database.files
            picture = files.prepare(page.picture, media_type=JPEG, key_id=blob.key_id)
            person = _person(database, stack.competition_id, page) if page.copy else None
            copy = files.prepare(page.copy, media_type=JPEG, key_id=person) if person else None
            kept.append(Kept(codes=page.codes, picture=picture, copy=copy))
    except scanning.ScanNotRead as problem:
        return kept, problem.problem
    return kept, ""


def _person(database: Database, competition_id: int, page: scanning.Page) -> str | None:
    """Return the key of the person whose script the page is of."""
    with database.reading() as session:
        found = find(session, competition_id, page.codes, set())
        if found.script is None:
            return None
        key_id = collecting.key_of_script(session, found.script)
    return key_id if database.keys.exists(key_id) else None


def _row(
    session: Session, now: datetime, stack: ScanStack, place: int, page: Kept, taken: Taken
) -> ScannedPage:
    found = find(session, stack.competition_id, page.codes, taken)
    copy = session.files.add(session, page.copy, now=now) if page.copy is not None else None
    finding = found.finding
    if finding is PageFinding.MATCHED and copy is None:
        finding = PageFinding.UNREADABLE  # its code stands where no strip of ours is: a person looks
    if finding is PageFinding.MATCHED and found.script is not None and found.number is not None:
        taken.add((found.script.id, found.number))
    return ScannedPage(
        stack_id=stack.id,
        place=place,
        blob_id=session.files.add(session, page.picture, now=now).id,
        copy_id=copy.id if copy is not None else None,
        codes=list(page.codes),
        finding=finding.value,
        found_script_id=found.script.id if found.script is not None else None,
        found_number=found.number,
    )


def _of_page(session: Session, script: Script, number: int, taken: Taken) -> PageFinding:
    if number > collecting.most_pages(session, script):
        return PageFinding.BEYOND
    return PageFinding.DUPLICATE if (script.id, number) in taken else PageFinding.MATCHED


def _script(session: Session, competition_id: int, sheet_code: str) -> tuple[Script | None, bool]:
    """Return the counted script of a sheet code, and whether the code is of a seat here at all."""
    row = session.execute(
        select(Seat.id, Script)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .outerjoin(
            Script,
            (Script.sitting_id == Seat.sitting_id)
            & (Script.candidate_id == Seat.candidate_id)
            & (Script.source == "paper"),
        )
        .where(Seat.sheet_code == sheet_code, Sitting.competition_id == competition_id)
    ).one_or_none()
    return (row[1], True) if row is not None else (None, False)
