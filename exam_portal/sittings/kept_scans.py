# SPDX-License-Identifier: Apache-2.0
"""Scans held against the record: stacks, pages that lie with scripts, pages that were set aside."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference
from exam_portal.core.db import Session
from exam_portal.core.storage import Blob
from exam_portal.sittings.models import PageVerdict, ScannedPage, ScanStack, Script, ScriptScan
from exam_portal.sittings.service import stacking


def differences(session: Session) -> Iterator[Difference]:
    """Yield each stack brought in or finished, and each page that lies with a script, otherwise than told."""
    added = (
        select(
            ScanStack.public_id.label("_about"),
            ScanStack.by.label("_by"),
            ScanStack.at.label("_at"),
            Blob.sha256,
        )
        .join(Blob, Blob.id == ScanStack.blob_id)
        .order_by(ScanStack.id)
    )
    yield from acts.compare(session, "sittings", "stack", ("sittings.stack_added",), added)
    finished = select(
        ScanStack.public_id.label("_about"),
        ScanStack.finished_by.label("_by"),
        ScanStack.finished_at.label("_at"),
    ).where(ScanStack.finished_at.is_not(None))
    yield from acts.compare(session, "sittings", "stack finished", ("sittings.stack_finished",), finished)
    told = (*_accepted(session), *acts.told(session, "sittings.stack_page_placed"))
    yield from acts.untold("sittings", "scanned page", acts.stored(session, _pages()), told)
    aside = (*_headers(session), *acts.told(session, "sittings.stack_page_set_aside"))
    rows = (
        select(
            ScannedPage.public_id.label("_about"),
            ScannedPage.decided_by.label("_by"),
            ScannedPage.decided_at.label("_at"),
            ScannedPage.reason,
        )
        .where(ScannedPage.verdict == PageVerdict.SET_ASIDE.value)
        .order_by(ScannedPage.id)
    )
    yield from acts.untold("sittings", "page set aside", acts.stored(session, rows, {"reason"}), aside)
    by_hand = (
        select(
            Script.public_id.label("_about"),
            ScriptScan.by.label("_by"),
            ScriptScan.at.label("_at"),
            ScriptScan.pages,
            Blob.sha256,
        )
        .join(Script, Script.id == ScriptScan.script_id)
        .join(Blob, Blob.id == ScriptScan.blob_id)
        .where(ScriptScan.number.is_(None))
        .order_by(ScriptScan.id)
    )
    yield from acts.compare(session, "sittings", "scan", ("sittings.script_scanned",), by_hand)


def _pages() -> acts.Rows:
    """Return the numbered pages that lie with scripts, as the acts tell of them."""
    return (
        select(
            ScannedPage.public_id.label("_about"),
            ScriptScan.by.label("_by"),
            ScriptScan.at.label("_at"),
            ScriptScan.number,
            Script.public_id.label("script"),
            Blob.sha256,
        )
        .select_from(ScriptScan)
        .join(Script, Script.id == ScriptScan.script_id)
        .join(Blob, Blob.id == ScriptScan.blob_id)
        .outerjoin(ScannedPage, ScannedPage.scan_id == ScriptScan.id)
        .where(ScriptScan.number.is_not(None))
        .order_by(ScriptScan.id)
    )


def _accepted(session: Session) -> Iterator[Mapping[str, Any]]:
    """Yield each page of the acts that accepted several at once."""
    for act in acts.told(session, "sittings.stack_pages_accepted"):
        for page in act["pages"]:
            yield {**page, "_about": page["page"], "_by": act["_by"], "_at": act["_at"]}


def _headers(session: Session) -> Iterator[Mapping[str, Any]]:
    """Yield each header that was set aside together with them."""
    reason = audit.digest(stacking.HEADER)
    for act in acts.told(session, "sittings.stack_pages_accepted"):
        for page in act["headers"]:
            yield {"_about": page, "_by": act["_by"], "_at": act["_at"], "reason": reason}
