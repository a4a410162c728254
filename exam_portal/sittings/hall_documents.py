# SPDX-License-Identifier: Apache-2.0
"""Printed for a hall: everybody's slip for signing in there, and how a computer comes to trust the hall."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, gettext

from exam_portal.competitions import printing as letterhead
from exam_portal.competitions.models import Competition
from exam_portal.core import tls
from exam_portal.core.db import Session
from exam_portal.sittings.documents import LANGUAGE, part_title
from exam_portal.sittings.hall.crew import Slip
from exam_portal.sittings.models import Sitting
from exam_portal.web import printing

CERTIFICATE = "/hall/authority.crt"
CHECK = "/sit/check"


def slips(session: Session, sitting: Sitting, now: datetime, people: Sequence[Slip]) -> bytes:
    """Return the slips, one a sheet, so that each goes into an envelope of its own."""
    competition = session.get_one(Competition, sitting.competition_id)
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session, competition, now, title=gettext("SLIP FOR THE EXAMINATION HALL"), code="PMT", grounds=()
        )
        title = part_title(competition, sitting.part)
    return printing.document(
        "sittings/print/hall_slips.html", frame, slips=people, part=title, sitting=sitting
    )


def trust_instructions(
    session: Session, sitting: Sitting, now: datetime, kit: tls.Kit, base: str, *, language: str
) -> bytes:
    """Return how the certificate of the hall is installed, and how one sees that it is the right one."""
    competition = session.get_one(Competition, sitting.competition_id)
    with force_locale(language):
        frame = letterhead.frame(
            session, competition, now, title=gettext("CERTIFICATE OF THE HALL"), code="HDCT", grounds=()
        )
    return printing.document(
        "sittings/print/hall_trust.html",
        frame,
        language=language,
        qr=printing.qr(f"{base}{CERTIFICATE}"),
        certificate=f"{base}{CERTIFICATE}",
        check=f"{base}{CHECK}",
        spoken=tls.spoken(kit.fingerprint),
        figures=tls.figures(kit.fingerprint),
        expires_at=kit.expires_at,
    )
