# SPDX-License-Identifier: Apache-2.0
"""The register of incidents, and sanctions by two invigilators."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import queries as record
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.audit.papers import PreparedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.sittings import access, forms, queries, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import IncidentCategory, SanctionLevel, Seat
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import (
    SEAT,
    SITTING,
    chosen_place,
    form_page,
    page,
    refuse,
    rooms_of,
    seat_choices,
    sitting,
    to,
)
from exam_portal.web import context, database, messages, policy


@bp.get(f"{SITTING}/incidents")
@policy.requires("sittings.view")
def incidents(sitting_id: str) -> str | Response:
    """Show the register of a sitting: incidents and sanctions."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    happened, sanctions = queries.incidents(session, found), queries.sanctions(session, found)
    people = {one.by for one in happened} | {one.by for one in sanctions}
    people |= {one.confirmed_by for one in sanctions if one.confirmed_by}
    concerned = {one.seat_id for one in sanctions}
    concerned |= {one.seat_id for one in happened if one.seat_id is not None}
    return page(
        "incidents",
        competition,
        sitting=found,
        incidents=[(IncidentCategory(one.category), one) for one in happened],
        sanctions=[(SanctionLevel(one.level), one) for one in sanctions],
        seats=queries.seats(session, concerned),
        rooms={room.id: room for room in queries.rooms(session, competition.id)},
        people=accounts.names_of(session, people),
        papers=record.papers_by_id(
            session, [one.signed_paper_id for one in happened if one.signed_paper_id is not None]
        ),
    )


@bp.route(f"{SITTING}/incidents/new", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def new_incident(sitting_id: str) -> str | Response:
    """Register an incident."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.invigilate")
    asked = {name: flask.request.args.get(name) for name in ("seat", "category")}
    form = forms.IncidentForm(data={**asked, "occurred_at": context.now(competition)})
    form.offer_places(rooms_of(session, found), seat_choices(session, found))
    if form.validate_on_submit():
        try:
            _register(sitting_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="occurred_at")
        else:
            flask.flash(gettext("The incident is in the register."), "done")
            return to("incidents", sitting_id=sitting_id)
    found, competition = sitting(database.reader(), sitting_id, "sittings.invigilate")
    return form_page("incident", competition, form=form, sitting=found)


@bp.route(f"{SEAT}/sanctions/new", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def new_sanction(seat_id: str) -> str | Response:
    """Enter a sanction, which another invigilator confirms."""
    session = database.reader()
    seat = access.load_seat(session, context.actor(), seat_id, "sittings.invigilate")
    form = forms.SanctionForm()
    form.offer()
    if form.validate_on_submit():
        with database.writer() as writing:
            seat = access.load_seat(writing, context.actor(), seat_id, "sittings.invigilate")
            now = context.now(access.competition_of(writing, seat.sitting))
            level, reason = SanctionLevel(form.level.data), form.reason.data or ""
            service.sanction(writing, context.actor(), now, seat=seat, level=level, reason=reason)
            sitting_id = seat.sitting.public_id
        flask.flash(gettext("The sanction waits for another invigilator's confirmation."), "attention")
        return to("incidents", sitting_id=sitting_id)
    competition = access.competition_of(session, seat.sitting)
    entry = queries.seat(session, seat.id)
    return form_page("sanction", competition, form=form, sitting=seat.sitting, seat=entry)


@bp.route("/staff/sanctions/<public_id:sanction_id>/confirm", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def confirm_sanction(sanction_id: str) -> str | Response:
    """Confirm a sanction as the second invigilator, with its signed minute if there is one."""
    reading = database.reader()
    asked = access.load_sanction(reading, context.actor(), sanction_id, "sittings.invigilate")
    form = forms.ConfirmSanctionForm()
    if not form.validate_on_submit():
        return _sanction_page(sanction_id, form)
    minute, replayed = form.prepared_paper(), attempts.replay_seat(reading, asked.seat_id)
    with database.writer() as session:
        found = access.load_sanction(session, context.actor(), sanction_id, "sittings.invigilate")
        sitting = session.get_one(Seat, found.seat_id).sitting
        competition = access.competition_of(session, sitting)
        service.confirm_sanction(
            session,
            context.actor(),
            context.now(competition),
            sanction=found,
            paper=_paper(session, competition, minute, messages.label(SanctionLevel(found.level))),
            replayed=replayed,
        )
        sitting_id = sitting.public_id
    flask.flash(gettext("The sanction stands."), "done")
    return to("incidents", sitting_id=sitting_id)


def _sanction_page(sanction_id: str, form: forms.ConfirmSanctionForm) -> str | Response:
    session = database.reader()
    found = access.load_sanction(session, context.actor(), sanction_id, "sittings.invigilate")
    sitting = session.get_one(Seat, found.seat_id).sitting
    return form_page(
        "confirm_sanction",
        access.competition_of(session, sitting),
        form=form,
        sanction=found,
        level=SanctionLevel(found.level),
        sitting=sitting,
        seat=queries.seat(session, found.seat_id),
    )


def _register(sitting_id: str, form: forms.IncidentForm) -> None:
    category, minute = IncidentCategory(form.category.data), form.prepared_paper()
    assert form.occurred_at.data is not None
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        service.register_incident(
            session,
            context.actor(),
            context.now(competition),
            sitting=found,
            category=category,
            description=form.description.data or "",
            occurred_at=form.occurred_at.data,
            **chosen_place(session, found, form),
            paper=_paper(session, competition, minute, messages.label(category)),
        )


def _paper(
    session: Session, competition: Competition, minute: PreparedPaper | None, title: str
) -> SignedPaper | None:
    if minute is None:
        return None
    return audit.file_paper(
        session,
        context.actor(),
        context.now(competition),
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        kind=PaperKind.INCIDENT_MINUTE,
        title=title,
        paper=minute,
    )
