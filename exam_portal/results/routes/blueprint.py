# SPDX-License-Identifier: Apache-2.0
"""The blueprint of results, and how its pages answer."""

from typing import Any

import flask
from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rules, workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.errors import DomainError
from exam_portal.results import messages as words
from exam_portal.web import filters, redirects, templating
from exam_portal.web import messages as web_messages

PLACE = "/staff/competitions/<public_id:competition_id>/results"
VACANCY = f"{PLACE}/vacancies/<public_id:vacancy_id>"
PUBLICATION = f"{PLACE}/publications/<public_id:publication_id>"
PUBLIC = "/competitions/<public_id:competition_id>/results"

bp = Blueprint("results", __name__)

workspace.add_room("results.masks", _l("Lifting the masks"), "results.unmask", order=650)
workspace.add_room("results.overview", _l("Results and publication"), "results.see", order=700)


@bp.record_once
def _prepare(state: Any) -> None:
    """Templates know the words of publications."""
    state.app.jinja_env.globals.update(publication_kinds=words.KINDS)


def titles(competition: Competition) -> dict[str, str]:
    """Return the words for each part of the competition."""
    language = filters.language()
    return {part.key: rules.part_title(part, language) for part in competitions.ruleset(competition).parts}


def page(name: str, competition: Competition, *, status: int = 200, **values: Any) -> Response:
    """Return a page of results."""
    body = templating.render(f"results/{name}.html", competition=competition, **values)
    return Response(body, status=status, mimetype="text/html")


def form_page(name: str, competition: Competition, **values: Any) -> Response:
    """Return the page of a form: as it opens, or (422) with what was typed and why it was refused."""
    return page(name, competition, status=422 if flask.request.method == "POST" else 200, **values)


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand at the field (or above the form) that is shown again."""
    parts = [str(part).rstrip(".") for part in web_messages.words(problem) if str(part)]
    form.refuse(". ".join(parts) + ".", field=field)


def to(endpoint: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(flask.url_for(f"results.{endpoint}", **values))
