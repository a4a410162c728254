# SPDX-License-Identifier: Apache-2.0
"""Printed documents of the sittings (domain 7: 12, 17, 19, 20, 21, 23, 24), as PDF."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from markupsafe import Markup

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import printing as letterhead
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rules
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration import queries as registration
from exam_portal.sittings import masking, queries
from exam_portal.sittings.models import (
    Incident,
    IncidentCategory,
    PaperTurn,
    Room,
    Sanction,
    SanctionLevel,
    Seat,
    Sitting,
)
from exam_portal.sittings.service import collecting
from exam_portal.web import messages, printing
from exam_portal.web.printed import PrintedDocument, Signature

LANGUAGE = "vi"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """The header of a script: for the candidate to fill in, detached before marking."""

    seat: queries.SeatEntry
    code: str
    qr: Markup


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """A page to write on, with the code that leads it back to its script."""

    code: str
    number: int
    qr: Markup


def of_sitting(session: Session, sitting: Sitting, now: datetime, *, name: str) -> bytes:
    """Return a document of a sitting: ``doors``, ``attendance`` or ``handover``."""
    competition = session.get_one(Competition, sitting.competition_id)
    people = {one.id: one for one in registration.candidates(session, competition.id)}
    seats = queries.board(session, sitting)
    with force_locale(LANGUAGE):
        frame = _frame(session, competition, sitting, now, name)
        return printing.document(
            f"sittings/print/{name}.html",
            frame,
            sitting=sitting,
            part=part_title(competition, sitting.part),
            rooms=_by_room(seats),
            people=people,
            standing=collecting.standing(session, sitting),
            lines=queries.hand_ins(session, sitting),
            incidents=queries.incidents(session, sitting),
            **_handed_over(session, sitting),
            hands=_signatures(gettext("INVIGILATOR 1"), gettext("INVIGILATOR 2")),
        )


def blanks(session: Session, sitting: Sitting, now: datetime) -> bytes:
    """Return the header sheets: printed for each seat, with sheet code and QR, without any name."""
    competition = session.get_one(Competition, sitting.competition_id)
    sheets = [
        Blank(seat=seat, code=grouped(seat.sheet_code), qr=printing.qr(seat.sheet_code))
        for seat in queries.board(session, sitting)
    ]
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session, competition, now, title=gettext("EXAMINATION SCRIPT"), code="TGT", grounds=()
        )
        title = part_title(competition, sitting.part)
    return printing.document("sittings/print/blanks.html", frame, blanks=sheets, part=title, sitting=sitting)


def answer_sheets(
    session: Session, sitting: Sitting, now: datetime, *, room_ids: Collection[int], sheets: int
) -> bytes:
    """Return so many sheets to write on for each seat of the rooms, each page with its own code."""
    competition = session.get_one(Competition, sitting.competition_id)
    count = sheets * collecting.PAGES_OF_A_SHEET
    pages = [
        AnswerPage(
            code=grouped(seat.sheet_code), number=number, qr=printing.qr(f"{seat.sheet_code}/{number}")
        )
        for seat in queries.board(session, sitting, room_ids)
        for number in range(1, count + 1)
    ]
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session, competition, now, title=gettext("ANSWER SHEET"), code="TLB", grounds=()
        )
        title = part_title(competition, sitting.part)
    return printing.document(
        "sittings/print/answer_sheets.html", frame, pages=pages, count=count, part=title, sitting=sitting
    )


def incident_minute(session: Session, incident: Incident, now: datetime) -> bytes:
    """Return the minute of an incident."""
    sitting = session.get_one(Sitting, incident.sitting_id)
    competition = session.get_one(Competition, sitting.competition_id)
    category = IncidentCategory(incident.category)
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("MINUTES"),
            subject=gettext("Incident: %(what)s", what=messages.label(category)),
            code=f"BB-SC-{incident.id}",
            grounds=(),
            signatures=_signatures(gettext("INVIGILATOR 1"), gettext("INVIGILATOR 2"), gettext("CANDIDATE")),
        )
        return printing.document(
            "sittings/print/incident.html",
            frame,
            incident=incident,
            category=category,
            sitting=sitting,
            part=part_title(competition, sitting.part),
            seat=queries.seat(session, incident.seat_id) if incident.seat_id else None,
            room=session.get(Room, incident.room_id) if incident.room_id else None,
        )


def sanction_minute(session: Session, sanction: Sanction, now: datetime) -> bytes:
    """Return the minute of a violation and its sanction."""
    sitting = session.get_one(Seat, sanction.seat_id).sitting
    competition = session.get_one(Competition, sitting.competition_id)
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("MINUTES"),
            subject=gettext("Violation of the examination rules"),
            code=f"BB-VP-{sanction.id}",
            grounds=(),
            signatures=_signatures(gettext("INVIGILATOR 1"), gettext("INVIGILATOR 2"), gettext("CANDIDATE")),
        )
        return printing.document(
            "sittings/print/sanction.html",
            frame,
            sanction=sanction,
            level=SanctionLevel(sanction.level),
            sitting=sitting,
            part=part_title(competition, sitting.part),
            seat=queries.seat(session, sanction.seat_id),
        )


def paper_turn_minute(session: Session, turn: PaperTurn, now: datetime) -> bytes:
    """Return the minute of going on on paper, with those whose attempts were closed."""
    sitting = session.get_one(Sitting, turn.sitting_id)
    competition = session.get_one(Competition, sitting.competition_id)
    reached = [
        one
        for one in queries.board(session, sitting)
        if turn.seat_id in (None, one.id) and turn.room_id in (None, one.room_id)
    ]
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("MINUTES"),
            subject=gettext("Of going on with the reserve paper on paper"),
            code=f"BB-CG-{turn.id}",
            grounds=(),
            signatures=_signatures(gettext("INVIGILATOR 1"), gettext("INVIGILATOR 2")),
        )
        return printing.document(
            "sittings/print/paper_turn.html",
            frame,
            turn=turn,
            sitting=sitting,
            part=part_title(competition, sitting.part),
            rows=[one for one in reached if one.status == "present" and one.attempt_state == "void"],
            seat=queries.seat(session, turn.seat_id) if turn.seat_id else None,
            room=session.get(Room, turn.room_id) if turn.room_id else None,
        )


def labels(session: Session, competition: Competition, part: str, now: datetime) -> bytes:
    """Return the minute of masking with the label sheet: which code goes on which sheet code."""
    lines = masking.labels(session, competition.id, part)
    with force_locale(LANGUAGE):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("MINUTES"),
            subject=gettext("Of bagging and masking the scripts"),
            code=f"BB-PHACH-{part}",
            grounds=(),
            signatures=_signatures(
                gettext("SECRETARY OF THE MASKING BOARD"), gettext("HEAD OF THE MASKING BOARD")
            ),
        )
        return printing.document(
            "sittings/print/labels.html",
            frame,
            lines=lines,
            part=part_title(competition, part),
            grouped=grouped,
            bags=sorted({line.bag for line in lines}),
        )


def grouped(code: str) -> str:
    """Return a code in groups that a person can read aloud."""
    half = (len(code) + 1) // 2
    return f"{code[:half]} {code[half:]}"


def part_title(competition: Competition, part: str) -> str:
    """Return the words for a part in documents."""
    return rules.part_title(competitions.ruleset(competition).part(part), LANGUAGE)


def _frame(
    session: Session, competition: Competition, sitting: Sitting, now: datetime, name: str
) -> PrintedDocument:
    titles = {
        "doors": (gettext("LIST OF CANDIDATES BY ROOM"), "DSPT"),
        "attendance": (gettext("ATTENDANCE LIST"), "DSKD"),
        "handover": (gettext("MINUTES"), "BBBG"),
    }
    subjects = {
        "doors": part_title(competition, sitting.part),
        "attendance": part_title(competition, sitting.part),
        "handover": gettext("Of handing over scripts to the masking board"),
    }
    hands = {
        "doors": _signatures(gettext("CHAIR OF THE COUNCIL")),
        "attendance": [],  # every room is signed for by its own invigilators
        "handover": _signatures(gettext("FOR THE INVIGILATORS"), gettext("FOR THE MASKING BOARD")),
    }
    title, code = titles[name]
    return letterhead.frame(
        session,
        competition,
        now,
        title=title,
        subject=subjects[name],
        code=f"{code}-{sitting.part}",
        grounds=(),
        signatures=hands[name],
    )


def _handed_over(session: Session, sitting: Sitting) -> dict[str, Any]:
    """Return who handed scripts over to whom, and in which bags."""
    declared = queries.declared(session, sitting.competition_id).get(sitting.id)
    handover = queries.handover(session, sitting)
    hands = {one.by for one in (declared,) if one} | {one.received_by for one in (handover,) if one}
    return {
        "declared": declared,
        "handover": handover,
        "bags": queries.bags(session, sitting),
        "names": accounts.names_of(session, hands),
    }


def _signatures(*duties: str) -> list[Signature]:
    return [Signature(duty=duty) for duty in duties]


def _by_room(seats: Sequence[queries.SeatEntry]) -> dict[str, list[queries.SeatEntry]]:
    rooms: dict[str, list[queries.SeatEntry]] = {}
    for seat in seats:
        rooms.setdefault(seat.room, []).append(seat)
    return rooms
