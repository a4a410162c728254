# SPDX-License-Identifier: Apache-2.0
"""The organiser binds rooms to networks and a sitting to Safe Exam Browser."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.sittings import access, forms, queries, service
from exam_portal.sittings.models import BrowserKeyKind, Sitting
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import SITTING, form_page, refuse, sitting, to
from exam_portal.web import context, database, policy


@bp.route("/staff/rooms/<public_id:room_id>/networks", methods=["GET", "POST"])
@policy.requires("sittings.arrange")
def bind_room(room_id: str) -> str | Response:
    """Say from which networks the computers of a room come."""
    session = database.reader()
    room, competition = access.load_room(session, context.actor(), room_id, "sittings.arrange")
    now = queries.networks(session, [room.id]).get(room.id, [])
    form = forms.NetworksForm(data={"networks": "\n".join(now)})
    if not form.validate_on_submit():
        own = flask.request.remote_addr
        return form_page("networks", competition, form=form, room=room, own=own)
    with database.writer() as writing:
        room, competition = access.load_room(writing, context.actor(), room_id, "sittings.arrange")
        at = context.now(competition)
        service.bind_room(writing, context.actor(), at, room=room, networks=form.read())
    flask.flash(gettext("The networks of the room are kept."), "done")
    return to("overview", competition_id=competition.public_id)


@bp.route(f"{SITTING}/safe-browser", methods=["GET", "POST"])
@policy.requires("sittings.arrange")
def safe_browser(sitting_id: str) -> str | Response:
    """Show the keys of Safe Exam Browser, and add one: computed from a settings file, or typed."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.arrange")
    form = forms.BrowserKeyForm()
    form.offer()
    if form.validate_on_submit():
        try:
            with database.writer() as writing:
                found, competition = sitting(writing, sitting_id, "sittings.arrange")
                service.add_browser_key(
                    writing,
                    context.actor(),
                    context.now(competition),
                    sitting=found,
                    kind=BrowserKeyKind(form.kind.data),
                    key=form.found,
                    note=form.note.data or "",
                )
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="key")
        else:
            flask.flash(gettext("The key is asked for from now on."), "done")
            return to("safe_browser", sitting_id=sitting_id)
    keys = queries.browser_keys(database.reader(), found)
    listed = [(BrowserKeyKind(one.kind), one) for one in keys]
    return form_page("safe_browser", competition, form=form, sitting=found, keys=listed)


@bp.post("/staff/browser-keys/<public_id:key_id>/withdraw")
@policy.requires("sittings.arrange")
def withdraw_browser_key(key_id: str) -> Response:
    """A key is not asked for any more."""
    with database.writer() as session:
        key = access.load_browser_key(session, context.actor(), key_id, "sittings.arrange")
        found = session.get_one(Sitting, key.sitting_id)
        now = context.now(access.competition_of(session, found))
        service.withdraw_browser_key(session, context.actor(), now, key=key)
        sitting_id = found.public_id
    flask.flash(gettext("The key is not asked for any more."), "done")
    return to("safe_browser", sitting_id=sitting_id)
