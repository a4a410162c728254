# SPDX-License-Identifier: Apache-2.0
"""The slip that a counter prints: who, how to sign in, and the code that opens the account once."""

import dataclasses
from datetime import datetime
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

from exam_portal.accounts.models import Organisation
from exam_portal.accounts.profiles import Profile
from exam_portal.web import filters
from exam_portal.web.printed import PrintedDocument


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What the slip says, within the frame of a printed document."""

    document: PrintedDocument
    name: str
    login: str
    code: str
    until: datetime
    where: str
    picture: Markup


def slip(
    organisation: Organisation,
    profile: Profile,
    *,
    code: str,
    address: str,
    now: datetime,
    until: datetime,
    language: str,
    title: str,
) -> Slip:
    """Return the slip for one person."""
    issuer = organisation.name if language == "vi" else organisation.name_en
    where = f"{address}/sign-in/code"
    return Slip(
        document=PrintedDocument(
            issuing_body=issuer,
            parent_body=organisation.governing_name or "",
            title=title,
            place_and_date=f"{organisation.place}, {filters.date_in_words(now)}",
            code=profile.login.upper(),
            generated_at=now,
        ),
        name=profile.name,
        login=profile.login,
        code=code,
        until=until,
        where=urlsplit(where).netloc + urlsplit(where).path,
        picture=Markup(segno.make(where, error="m").svg_inline(scale=3, border=0)),  # noqa: S704 - our own drawing
    )
