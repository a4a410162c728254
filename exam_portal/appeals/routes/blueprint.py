# SPDX-License-Identifier: Apache-2.0
"""The blueprint of reviews, and how its pages answer."""

from typing import Any

import flask
from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.appeals import messages as words
from exam_portal.appeals import queries
from exam_portal.appeals.service import Reason
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rules, workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.web import filters, hooks, redirects, templating
from exam_portal.web import messages as web_messages

PLACE = "/staff/competitions/<public_id:competition_id>/appeals"
REQUEST = f"{PLACE}/<public_id:request_id>"
OWN = "/me/appeals/<public_id:request_id>"

bp = Blueprint("appeals", __name__)

workspace.add_room("appeals.overview", _l("Reviews of marking"), "appeals.see", order=750)


@bp.record_once
def _prepare(state: Any) -> None:
    """Templates know the words of reviews; the page of the own marks, what has been asked for."""
    state.app.jinja_env.globals.update(
        appeal_states=words.STATES, appeal_outcomes=words.OUTCOMES, appeal_reason=_reason
    )
    state.app.extensions[hooks.EXTENSION].own_reviews = own_reviews


def own_reviews(session: Session, candidate_id: int) -> dict[str, str]:
    """Return by part where the candidate reads what came of the own request."""
    return {
        asked.part: flask.url_for("appeals.own_request", request_id=asked.public_id)
        for asked in queries.own_requests(session, [candidate_id])
    }


def _reason(code: str) -> str:
    return web_messages.label(Reason(code))


def titles(competition: Competition, *, reviewable: bool = False) -> dict[str, str]:
    """Return the words for each part, or only for those that are reviewed."""
    language = filters.language()
    parts = competitions.ruleset(competition).parts
    return {part.key: rules.part_title(part, language) for part in parts if part.reviewable or not reviewable}


def page(name: str, competition: Competition, *, status: int = 200, **values: Any) -> Response:
    """Return a page of reviews."""
    body = templating.render(f"appeals/{name}.html", competition=competition, **values)
    return Response(body, status=status, mimetype="text/html")


def form_page(name: str, competition: Competition, **values: Any) -> Response:
    """Return the page of a form: as it opens, or (422) with what was typed and why it was refused."""
    return page(name, competition, status=422 if flask.request.method == "POST" else 200, **values)


def refuse(form: Any, problem: DomainError) -> None:
    """The words of the refusal stand above the form that is shown again."""
    parts = [str(part).rstrip(".") for part in web_messages.words(problem) if str(part)]
    form.refuse(". ".join(parts) + ".")


def to(endpoint: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(flask.url_for(f"appeals.{endpoint}", **values))
