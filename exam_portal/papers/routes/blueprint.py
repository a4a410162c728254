# SPDX-License-Identifier: Apache-2.0
"""The blueprint of papers, the parts that have one, and how pages report a refusal."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.competitions import rulesets, workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.errors import DomainError, NotFound
from exam_portal.papers import draw_words
from exam_portal.papers import messages as words
from exam_portal.web import messages, redirects
from scoring.ruleset import Part

PLACE = "/staff/competitions/<public_id:competition_id>/exam-papers"
PAPER = f"{PLACE}/<public_id:paper_id>"
WITH_PAPERS = frozenset({"test", "written"})
KINDS = ("official", "reserve")

bp = Blueprint("papers", __name__)

workspace.add_room("papers.index", _l("Examination papers"), "papers.see", order=300)


@bp.record_once
def _prepare(state: Any) -> None:
    """Templates can word and colour where a paper stands."""
    state.app.jinja_env.globals.update(
        paper_tag=words.tag,
        paper_kind=words.kind,
        draw_tag=words.draw_tag,
        draw_ending=draw_words.ending,
        draw_progress=words.draw_progress,
        draw_lack=draw_words.lack,
        draw_rule=draw_words.rule,
        draw_band=draw_words.band_name,
        draw_band_cell=draw_words.band,
        draw_bands=draw_words.bands,
        draw_asked=draw_words.asked,
    )


def parts(competition: Competition) -> list[Part]:
    """Return the parts of the competition that are held with a paper."""
    return [part for part in rulesets.of(competition).parts if part.kind in WITH_PAPERS]


def part_of(competition: Competition, key: str) -> Part:
    """Return a part that is held with a paper, else NotFound."""
    for part in parts(competition):
        if part.key == key:
            return part
    raise NotFound


def to(endpoint: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(url_for(f"papers.{endpoint}", **values))


def again(body: str, status: int = 422) -> Response:
    """Return a form that was refused, with everything that was typed."""
    return Response(body, status=status, mimetype="text/html")


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand at the field (or above the form) that is shown again."""
    told = [str(part).rstrip(".") for part in messages.words(problem) if str(part)]
    form.refuse(". ".join(told) + ".", field=field)
