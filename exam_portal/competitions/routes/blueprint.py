# SPDX-License-Identifier: Apache-2.0
"""The blueprint of competitions, how its pages load a competition, and how they report a refusal."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.competitions import messages as words
from exam_portal.competitions import queries, workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.web import chrome, context, messages, policy, redirects

PLACE = "/staff/competitions/<public_id:competition_id>"

bp = Blueprint("competitions", __name__)


@bp.record_once
def _prepare(state: Any) -> None:
    """The staff pages of a competition have its frame; templates can word and colour where it stands."""
    chrome.fill(state.app, workspace=workspace.current)
    state.app.jinja_env.globals.update(
        competition_state=words.state, competition_tag=words.tag, missing_words=words.MISSING
    )


for _order, (_endpoint, _text, _permission, _group) in enumerate(
    (
        ("competitions.home", _l("Overview"), "competitions.view", workspace.PREPARE),
        ("competitions.vacancies", _l("Posts and criteria"), "competitions.view", workspace.PREPARE),
        ("competitions.rules", _l("Rules"), "competitions.view", workspace.PREPARE),
        ("accounts.people", _l("People and roles"), "accounts.see_people", workspace.PREPARE),
        ("competitions.approval", _l("Approval and notice"), "competitions.see_approval", workspace.PREPARE),
    ),
    start=1,
):
    workspace.add_room(_endpoint, _text, _permission, group=_group, order=_order)
workspace.add_room(
    "competitions.decisions",
    _l("Decisions"),
    "competitions.read_decisions",
    group=workspace.RECORD,
    order=901,
)
workspace.add_room(
    "competitions.papers", _l("Signed papers"), "competitions.view", group=workspace.RECORD, order=902
)


def load(session: Session, competition_id: str, permission: str) -> Competition:
    """Return the competition if the reader may do this with it; one that he may not see does not exist."""
    found = queries.competition(session, context.actor(), competition_id)
    policy.authorise(context.actor(), permission, found, view="competitions.view")
    return found


def to(endpoint: str, competition_id: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(url_for(f"competitions.{endpoint}", competition_id=competition_id, **values))


def again(body: str, status: int = 422) -> Response:
    """Return a form that was refused, with everything that was typed."""
    return Response(body, status=status, mimetype="text/html")


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand at the field (or above the form) that is shown again."""
    told = messages.words(problem)
    form.refuse(" ".join(_sentence(str(part)) for part in told if str(part)), field=field)


def _sentence(part: str) -> str:
    return part if part.endswith(".") else f"{part}."
