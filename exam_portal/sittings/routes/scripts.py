# SPDX-License-Identifier: Apache-2.0
"""Paper scripts at the desk: sheets of each candidate, and the signed list."""

from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.sittings import access, errors, forms, queries, service
from exam_portal.sittings.models import HandIn
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import (
    SEAT,
    SITTING,
    form_page,
    page,
    refuse,
    room_links,
    shown_rooms,
    sitting,
    to,
)
from exam_portal.sittings.service import collecting
from exam_portal.web import context, database, policy


@bp.get(f"{SITTING}/scripts")
@policy.requires("sittings.view")
def scripts(sitting_id: str) -> str | Response:
    """Show the counts, and where a script is still to be counted."""
    return _page(sitting_id)


@bp.post(f"{SITTING}/scripts")
@policy.requires("sittings.invigilate")
def collect(sitting_id: str) -> str | Response:
    """Count scripts: so many sheets at each seat; seats left empty are counted later."""
    found, _ = sitting(database.reader(), sitting_id, "sittings.invigilate")
    typed, problems = _typed(found.public_id)
    if problems or not typed:
        empty = gettext("Write the number of sheets of at least one script")
        return _page(sitting_id, problems=problems or {"": empty}, status=422)
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        now = context.now(competition)
        count = service.collect_scripts(session, context.actor(), now, sitting=found, sheets=typed)
    flask.flash(gettext("%(count)s scripts have been counted.", count=count), "done")
    return to("scripts", sitting_id=sitting_id, room=flask.request.args.get("room"))


@bp.route(f"{SEAT}/sheets", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def correct_sheets(seat_id: str) -> str | Response:
    """Correct a count of sheets; the former one stays in the record."""
    session = database.reader()
    seat = access.load_seat(session, context.actor(), seat_id, "sittings.invigilate")
    form = forms.SheetsForm()
    if form.validate_on_submit():
        with database.writer() as writing:
            seat = access.load_seat(writing, context.actor(), seat_id, "sittings.invigilate")
            now = context.now(access.competition_of(writing, seat.sitting))
            sheets, reason = form.sheets.data or 0, form.reason.data or ""
            service.correct_sheets(writing, context.actor(), now, seat=seat, sheets=sheets, reason=reason)
            place = {"sitting_id": seat.sitting.public_id, "room": seat.room.public_id}
        return to("scripts", **place)
    competition = access.competition_of(session, seat.sitting)
    entry = queries.seat(session, seat.id)
    return form_page("sheets", competition, form=form, sitting=seat.sitting, seat=entry)


@bp.route(f"{SEAT}/hand-in", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def correct_hand_in(seat_id: str) -> str | Response:
    """Write when a counted script was handed in, and whether its candidate signed, as the list says."""
    session = database.reader()
    seat = access.load_seat(session, context.actor(), seat_id, "sittings.invigilate")
    line = queries.hand_ins(session, seat.sitting).get(seat.id)
    form = forms.HandInForm(data=_line(line))
    form.offer()
    if form.validate_on_submit():
        try:
            with database.writer() as writing:
                seat = access.load_seat(writing, context.actor(), seat_id, "sittings.invigilate")
                now = context.now(access.competition_of(writing, seat.sitting))
                service.correct_hand_in(writing, context.actor(), now, seat=seat, handed_in=form.read())
                place = {"sitting_id": seat.sitting.public_id, "room": seat.room.public_id}
        except errors.OutsideSitting as problem:
            refuse(form, problem, field="handed_in_at")
        except errors.RefusalUnwitnessed as problem:
            refuse(form, problem, field="witness")
        else:
            return to("scripts", **place)
    session = database.reader()
    seat = access.load_seat(session, context.actor(), seat_id, "sittings.invigilate")
    competition, entry = access.competition_of(session, seat.sitting), queries.seat(session, seat.id)
    return form_page("hand_in", competition, form=form, sitting=seat.sitting, seat=entry)


@bp.route(f"{SITTING}/attendance-paper", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def file_attendance(sitting_id: str) -> str | Response:
    """File the scan of the signed attendance list."""
    found, competition = sitting(database.reader(), sitting_id, "sittings.invigilate")
    form = forms.AttendancePaperForm()
    if not form.validate_on_submit():
        return form_page("attendance_paper", competition, form=form, sitting=found)
    signed = form.prepared_paper()
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        audit.file_paper(
            session,
            context.actor(),
            context.now(competition),
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.ATTENDANCE_SHEET,
            title=gettext("Attendance list, sitting of %(day)s", day=f"{found.starts_at:%d/%m/%Y}"),
            paper=signed,
        )
    flask.flash(gettext("The signed list has been filed."), "done")
    return to("scripts", sitting_id=sitting_id)


def _line(line: HandIn | None) -> dict[str, Any]:
    """Return the line as its form shows it."""
    if line is None:
        return {}
    signature = "signed" if line.is_signed else "refused"
    seen = {"witness": line.witness, "reason": line.reason}
    return {"handed_in_at": line.handed_in_at, "signature": signature, **seen}


def _page(
    sitting_id: str,
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> str | Response:
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    rooms = queries.tallies(session, found)
    declared = queries.declared(session, competition.id).get(found.id)
    handover = queries.handover(session, found)
    hands = {one.by for one in (declared,) if one} | {one.received_by for one in (handover,) if one}
    return page(
        "scripts",
        competition,
        status=status,
        sitting=found,
        seats=queries.board(session, found, shown_rooms(rooms)),
        room_links=room_links("scripts", found, rooms),
        standing=collecting.standing(session, found),
        lines=queries.hand_ins(session, found),
        declared=declared,
        handover=handover,
        bags=queries.bags(session, found),
        people=accounts.names_of(session, hands),
        papers=audit.papers_of_kind(session, competition_id=competition.id, kind=PaperKind.ATTENDANCE_SHEET),
        typed=flask.request.form,
        problems=problems or {},
    )


def _typed(sitting_id: str) -> tuple[dict[int, int], dict[str, str]]:
    """Return sheets by seat as typed, and the seats at which no number was written."""
    found, _ = sitting(database.reader(), sitting_id, "sittings.invigilate")
    typed: dict[int, int] = {}
    problems: dict[str, str] = {}
    for seat in queries.board(database.reader(), found):
        written = flask.request.form.get(f"sheets-{seat.public_id}", "").strip()
        if not written:
            continue
        if written.isascii() and written.isdigit() and 1 <= int(written) <= 200:
            typed[seat.id] = int(written)
        else:
            problems[seat.public_id] = gettext("Write a whole number from 1 to 200")
    return typed, problems
