# SPDX-License-Identifier: Apache-2.0
"""Documents of the sittings, to be printed, signed and posted."""

from flask import Response

from exam_portal.sittings import access, documents, queries, summons_documents
from exam_portal.sittings.models import Seat, Sitting
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import PLACE, SITTING, shown_rooms, sitting
from exam_portal.web import context, database, policy, printing


@bp.get(f"{PLACE}/summonses.pdf")
@policy.requires("sittings.arrange")
def all_summonses(competition_id: str) -> Response:
    """The summons of every candidate, one a sheet."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "sittings.arrange")
    content = summons_documents.summonses(session, competition.id, context.now(competition))
    return printing.response(content, f"giay-trieu-tap-{competition.code}.pdf")


@bp.get(f"{SITTING}/documents/<any(doors, attendance, handover):name>.pdf")
@policy.requires("sittings.view")
def document(sitting_id: str, name: str) -> Response:
    """A list or minute of a sitting."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    content = documents.of_sitting(session, found, context.now(competition), name=name)
    return printing.response(content, f"{name}-{competition.code}-{found.part}.pdf")


@bp.get(f"{SITTING}/documents/blanks.pdf")
@policy.requires("sittings.arrange")
def blanks(sitting_id: str) -> Response:
    """The header sheets of the scripts, each with its sheet code."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.arrange")
    content = documents.blanks(session, found, context.now(competition))
    return printing.response(content, f"to-giay-thi-{competition.code}-{found.part}.pdf")


@bp.get(f"{SITTING}/documents/answer-sheets-<int(min=1, max=5):sheets>.pdf")
@policy.requires("sittings.arrange")
def answer_sheets(sitting_id: str, sheets: int) -> Response:
    """The sheets to write on, each page with its code: of one room where a page shows one, else of all."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.arrange")
    rooms = shown_rooms(queries.tallies(session, found))
    content = documents.answer_sheets(session, found, context.now(competition), room_ids=rooms, sheets=sheets)
    return printing.response(content, f"to-lam-bai-{competition.code}-{found.part}.pdf")


@bp.get("/staff/incidents/<public_id:incident_id>/minute.pdf")
@policy.requires("sittings.view")
def incident_minute(incident_id: str) -> Response:
    """The minute of an incident, to be signed."""
    session = database.reader()
    found = access.load_incident(session, context.actor(), incident_id, "sittings.view")
    competition = access.competition_of(session, session.get_one(Sitting, found.sitting_id))
    content = documents.incident_minute(session, found, context.now(competition))
    return printing.response(content, f"bien-ban-{competition.code}-{found.id}.pdf")


@bp.get("/staff/sanctions/<public_id:sanction_id>/minute.pdf")
@policy.requires("sittings.view")
def sanction_minute(sanction_id: str) -> Response:
    """The minute of a violation, to be signed by both invigilators and the candidate."""
    session = database.reader()
    found = access.load_sanction(session, context.actor(), sanction_id, "sittings.view")
    sitting_found = session.get_one(Seat, found.seat_id).sitting
    competition = access.competition_of(session, sitting_found)
    content = documents.sanction_minute(session, found, context.now(competition))
    return printing.response(content, f"bien-ban-vi-pham-{competition.code}-{found.id}.pdf")


@bp.get(f"{PLACE}/masking/<string(maxlength=64):part>/labels.pdf")
@policy.requires("sittings.mask")
def labels(competition_id: str, part: str) -> Response:
    """The minute of masking with the label sheet, for the masking board alone."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "sittings.mask")
    content = documents.labels(session, competition, part, context.now(competition))
    return printing.response(content, f"danh-phach-{competition.code}-{part}.pdf")
