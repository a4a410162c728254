# SPDX-License-Identifier: Apache-2.0
"""Who asks, when, and in which language: the ambient facts of a request, for routes only."""

from datetime import datetime
from typing import cast

from flask import Flask, current_app, g, has_request_context, request

from exam_portal.core.actors import NOBODY, Actor
from exam_portal.core.clock import Clock
from exam_portal.core.settings import Settings
from exam_portal.web import database, hooks, session

CLOCK = "exam_portal.clock"
SETTINGS = "exam_portal.settings"
LANGUAGES = ("vi", "en")


def init_app(app: Flask, settings: Settings, clock: Clock) -> None:
    """Requests of the application know their settings and the instant at which they arrived."""
    app.extensions[SETTINGS] = settings
    app.extensions[CLOCK] = clock
    app.before_request(note_arrival)


def settings() -> Settings:
    """Return the settings of the running application."""
    return cast("Settings", current_app.extensions[SETTINGS])


def clock() -> Clock:
    """Return the clock of the running application."""
    return cast("Clock", current_app.extensions[CLOCK])


def now(target: object = None) -> datetime:
    """Return the instant at which the request arrived; for a rehearsal's target, on its own clock."""
    arrived: datetime = g.arrived_at if has_request_context() and "arrived_at" in g else clock().now()
    return arrived if target is None else arrived + hooks.current().clock_offset(target)


def actor() -> Actor:
    """Return who acts; inside the writer's transaction it is built anew from what is true there."""
    place = "writer_actor" if "writer" in g else "actor"
    if place not in g:
        setattr(g, place, _load())
    return cast("Actor", g.get(place))


def language() -> str:
    """Return the reader's language: chosen on this computer, else the account's, else the installation's."""
    chosen = request.cookies.get("lang") if has_request_context() else None
    if chosen in LANGUAGES:
        return chosen
    if "actor" in g and g.actor.is_known:
        return cast("Actor", g.actor).language
    return settings().language.default


def _load() -> Actor:
    identity = session.identity()
    if identity is None:
        return NOBODY
    return hooks.current().load_actor(database.session(), identity.account_id)


def note_arrival() -> None:
    """The request has arrived now. Asked again once its body has come: who holds it back gains no time."""
    g.arrived_at = clock().now()
