# SPDX-License-Identifier: Apache-2.0
"""The blueprint of registration, and how its staff pages load a competition."""

from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.competitions import workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration import messages as words
from exam_portal.web import context, policy

PLACE = "/staff/competitions/<public_id:competition_id>"

bp = Blueprint("registration", __name__)


@bp.record_once
def _prepare(state: Any) -> None:
    """Templates know the words of states, sources and fields."""
    state.app.jinja_env.globals.update(
        registration_states=words.STATES, registration_sources=words.SOURCES, registration_fields=words.FIELDS
    )


workspace.add_room("registration.applications", _l("Applications"), "registration.list", order=110)
workspace.add_room("registration.candidates", _l("Candidates"), "registration.list", order=130)


def load(session: Session, competition_id: str, permission: str) -> Competition:
    """Return the competition if the reader may do this with it; one that he may not see does not exist."""
    found = competitions.competition(session, context.actor(), competition_id)
    policy.authorise(context.actor(), permission, found, view="competitions.view")
    return found


def again(body: str) -> Response:
    """Return a form that was refused, with everything that was typed."""
    return Response(body, status=422, mimetype="text/html")
