# SPDX-License-Identifier: Apache-2.0
"""From the desk to the screens: messages, answered calls, and the word to leave the room."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.sittings import access, forms, queries, service
from exam_portal.sittings.models import IncidentCategory, Seat
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import (
    SITTING,
    chosen_place,
    form_page,
    page,
    rooms_of,
    seat_choices,
    sitting,
    to,
)
from exam_portal.sittings.service import locking
from exam_portal.web import context, database, policy


@bp.get(f"{SITTING}/messages")
@policy.requires("sittings.view")
def messages(sitting_id: str) -> str | Response:
    """Show what was said to the screens, and who called."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    sent, calls = queries.messages(session, found), queries.calls(session, found)
    named = {one.seat_id for one in calls} | {one.seat_id for one in sent if one.seat_id is not None}
    people = {one.by for one in sent} | {one.answered_by for one in calls if one.answered_by}
    return page(
        "messages",
        competition,
        sitting=found,
        messages=sent,
        calls=calls,
        seats=queries.seats(session, named),
        rooms={room.id: room for room in rooms_of(session, found)},
        people=accounts.names_of(session, people),
        state=queries.state(queries.events_of(session, found)),
    )


@bp.route(f"{SITTING}/messages/new", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def new_message(sitting_id: str) -> str | Response:
    """Send words to one screen, a room or all."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.invigilate")
    asked = {name: flask.request.args.get(name) for name in ("seat", "room")}
    form = forms.MessageForm(data={**asked, "ready": ""})
    form.offer_places(rooms_of(session, found), seat_choices(session, found))
    if not form.validate_on_submit():
        return form_page("new_message", competition, form=form, sitting=found)
    with database.writer() as writing:
        found, competition = sitting(writing, sitting_id, "sittings.invigilate")
        service.send_message(
            writing,
            context.actor(),
            context.now(competition),
            sitting=found,
            words=form.said(),
            **chosen_place(writing, found, form),
        )
    flask.flash(gettext("The message reaches the screens within half a minute."), "done")
    return to("messages", sitting_id=sitting_id)


@bp.post("/staff/calls/<public_id:call_id>/answered")
@policy.requires("sittings.invigilate")
def answer_call(call_id: str) -> Response:
    """Somebody has gone to the seat."""
    with database.writer() as session:
        call = access.load_call(session, context.actor(), call_id, "sittings.invigilate")
        seat = session.get_one(Seat, call.seat_id)
        now = context.now(access.competition_of(session, seat.sitting))
        service.answer_call(session, context.actor(), now, call=call)
        sitting_id, room_id = seat.sitting.public_id, seat.room.public_id
    flask.flash(gettext("The call is answered."), "done")
    return to("board", sitting_id=sitting_id, room=room_id)


@bp.route(f"{SITTING}/evacuation", methods=["GET", "POST"])
@policy.requires("sittings.evacuate")
def evacuate(sitting_id: str) -> str | Response:
    """Clear a room or all; the evacuation is in the register of incidents with the same stroke."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.evacuate")
    form = forms.EvacuationForm()
    form.offer(rooms_of(session, found))
    form.propose()
    if not form.validate_on_submit():
        return form_page("evacuate", competition, form=form, sitting=found)
    with database.writer() as writing:
        found, competition = sitting(writing, sitting_id, "sittings.evacuate")
        now, room = context.now(competition), locking.room_of(writing, found, form.room.data)
        reason = form.reason.data or ""
        service.evacuate(
            writing,
            context.actor(),
            now,
            sitting=found,
            room=room,
            reason=reason,
            instructions=form.instructions.data or "",
        )
        service.register_incident(
            writing,
            context.actor(),
            now,
            sitting=found,
            category=IncidentCategory.EVACUATION,
            description=reason,
            occurred_at=now,
            room=room,
        )
    flask.flash(gettext("The clock stands still, and the screens say where to go."), "attention")
    return to("board", sitting_id=sitting_id)
