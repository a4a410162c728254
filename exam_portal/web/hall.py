# SPDX-License-Identifier: Apache-2.0
"""An installation that holds one sitting in a hall shows the pages of that sitting, and no others.

It is a list of what is there: what is added to the portal stays out of a hall until somebody adds it here.
"""

from typing import cast

import flask
from flask import Flask
from werkzeug.wrappers import Response

from exam_portal.core.errors import NotFound
from exam_portal.web import chrome, context, database, hooks
from exam_portal.web.policy import PUBLIC
from exam_portal.web.policy.registry import permission_of

EXTENSION = "exam_portal.hall"
PERMISSIONS = frozenset(
    {
        "accounts.own",
        "admin.own_home",
        "admin.staff_home",
        "papers.release",
        "papers.see",
        "sittings.answer",
        "sittings.evacuate",
        "sittings.invigilate",
        "sittings.move_attempt",
        "sittings.own_list",
        "sittings.second",
        "sittings.sit",
        "sittings.view",
    }
)
PUBLIC_PAGES = frozenset(
    {
        "accounts.sign_in",
        "accounts.sign_in_figures",
        "admin.accessibility",
        "language.choose",
        "static",
    }
)
PUBLIC_SLICES = frozenset({"health", "sittings"})


def init_app(app: Flask) -> None:
    """Requests for anything that is not of the hall are answered as though it did not exist."""
    app.before_request(_stay_inside)
    cast("chrome.Chrome", app.extensions[chrome.EXTENSION]).hall = place


def place() -> hooks.HallPlace | None:
    """Return the sitting that is held here; None where this is no hall.

    A hall is opened before its server starts, so a process asks once.
    """
    known = flask.current_app.extensions
    if EXTENSION not in known:
        known[EXTENSION] = hooks.current().hall(database.reader())
    return cast("hooks.HallPlace | None", known[EXTENSION])


def _stay_inside() -> Response | None:
    endpoint = flask.request.endpoint
    if endpoint is None or place() is None:
        return None
    if endpoint == "admin.index":
        return flask.redirect(_home(), code=303)
    permission = permission_of(flask.current_app, endpoint)
    is_public = endpoint in PUBLIC_PAGES or endpoint.partition(".")[0] in PUBLIC_SLICES
    if not (is_public if permission == PUBLIC else permission in PERMISSIONS):
        raise NotFound
    return None


def _home() -> str:
    actor = context.actor()
    return hooks.current().home(actor) if actor.is_known else flask.current_app.config["SIGN_IN_PATH"]
