# SPDX-License-Identifier: Apache-2.0
"""The summonses of a competition (domain 7: 11), as PDF."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import force_locale, gettext
from markupsafe import Markup

from exam_portal.competitions import printing as letterhead
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration import queries as registration
from exam_portal.sittings import queries
from exam_portal.sittings.documents import LANGUAGE, part_title
from exam_portal.sittings.models import Room
from exam_portal.sittings.service import summons
from exam_portal.web import context, printing
from exam_portal.web.printed import Signature


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SummonsLine:
    """One sitting of a candidate: which part, when, where."""

    part: str
    starts_at: datetime
    minutes: int
    room: Room
    label: str
    on_computer: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SummonsSheet:
    """What one candidate's summons says."""

    candidate: registration.CandidateEntry
    post: str
    unit: str
    lines: Sequence[SummonsLine]
    qr: Markup


def summonses(
    session: Session, competition_id: int, now: datetime, *, candidate_ids: Collection[int] | None = None
) -> bytes:
    """Return the summonses, one a sheet: of everybody, or of these candidates."""
    competition = session.get_one(Competition, competition_id)
    sheets = _summons_sheets(session, competition, candidate_ids)
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("SUMMONS"),
            subject=gettext("to sit the competition for leadership and management posts"),
            code="GTT",
            grounds=(),
        )
        sign = [Signature(authority=gettext("FOR THE COUNCIL"), duty=gettext("CHAIR"))]
    return printing.document(
        "sittings/print/summons.html",
        frame,
        sheets=sheets,
        signatures=sign,
        portal=context.settings().server.base_url,
    )


def _summons_sheets(
    session: Session, competition: Competition, candidate_ids: Collection[int] | None
) -> list[SummonsSheet]:
    lines = _lines(session, competition)
    posts = {vacancy.id: vacancy for vacancy in competition.vacancies}
    return [
        SummonsSheet(
            candidate=one,
            post=posts[one.vacancy_id].title,
            unit=posts[one.vacancy_id].unit,
            lines=lines.get(one.id, ()),
            qr=printing.qr(f"{competition.code} {one.candidate_no} {one.public_id}"),
        )
        for one in registration.candidates(session, competition.id)
        if one.status == "present" and (candidate_ids is None or one.id in candidate_ids)
    ]


def _lines(session: Session, competition: Competition) -> dict[int, list[SummonsLine]]:
    rooms = {room.id: room for room in queries.rooms(session, competition.id)}
    found: dict[int, list[SummonsLine]] = {}
    for sitting in summons.sittings_of(session, competition.id):
        title = part_title(competition, sitting.part)
        for seat in sitting.seats:
            found.setdefault(seat.candidate_id, []).append(
                SummonsLine(
                    part=title,
                    starts_at=sitting.starts_at,
                    minutes=sitting.duration_seconds // 60,
                    room=rooms[seat.room_id],
                    label=seat.label,
                    on_computer=sitting.mode != "paper",
                )
            )
    return found
