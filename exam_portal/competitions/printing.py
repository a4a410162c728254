# SPDX-License-Identifier: Apache-2.0
"""The letterhead of a competition's documents: who issues them, where, on what grounds."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup

from exam_portal.accounts.models import Organisation
from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.core.db import Session
from exam_portal.web.printed import PrintedDocument, Signature

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def frame(
    session: Session,
    competition: Competition,
    now: dt.datetime,
    *,
    title: str,
    code: str,
    subject: str = "",
    number: str = "",
    grounds: Sequence[str] | None = None,
    recipients: Sequence[str] = (),
    signatures: Sequence[Signature] = (),
    version: str = "1",
    supersedes: str = "",
    content_hash: str = "",
    verify_address: str = "",
    qr_svg: Markup | None = None,
) -> PrintedDocument:
    """Return the frame of a document of this competition, dated today at the organisation's place.

    ``grounds`` are the competition's legal basis unless others are given; ``code`` is the document's serial.
    """
    organisation = session.get_one(Organisation, competition.organisation_id)
    return PrintedDocument(
        parent_body=(organisation.governing_name or "").upper(),
        issuing_body=organisation.name.upper(),
        title=title,
        subject=subject,
        number=number,
        place_and_date=place_and_date(organisation.place, now),
        grounds=competition.legal_basis if grounds is None else grounds,
        recipients=recipients,
        signatures=signatures,
        code=f"{competition.code}/{code}",
        generated_at=now,
        version=version,
        supersedes=supersedes,
        content_hash=content_hash,
        verify_address=verify_address,
        qr_svg=qr_svg or Markup(),
        is_rehearsal=competition.kind == CompetitionKind.REHEARSAL,
    )


def place_and_date(place: str, now: dt.datetime) -> str:
    """Return "Hà Nội, ngày 27 tháng 3 năm 2026", as official documents are dated (decree 30/2020)."""
    local = now.astimezone(_LOCAL)
    month = f"{local.month:02d}" if local.month < 3 else str(local.month)
    return f"{place}, ngày {local.day:02d} tháng {month} năm {local.year}"
