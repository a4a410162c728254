# SPDX-License-Identifier: Apache-2.0
"""The blueprint of interviews, its rooms, and how a form reports a refusal."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.competitions import rules, workspace
from exam_portal.competitions.models import Relation
from exam_portal.core.errors import DomainError
from exam_portal.interviews import ballots, steps_in_words
from exam_portal.interviews import messages as words
from exam_portal.interviews.declared import Line
from exam_portal.web import filters, messages, redirects
from scoring.ruleset import Part

PLACE = "/staff/competitions/<public_id:competition_id>/panel"
PANEL = f"{PLACE}/<public_id:panel_id>"
HEARING = f"{PANEL}/hearings/<public_id:hearing_id>"

bp = Blueprint("interviews", __name__)
# Marking knows no competition and cannot open its room itself.
workspace.add_room("marking.board", _l("Marking"), "marking.follow", order=600)
workspace.add_room("interviews.index", _l("Panel"), "interviews.view", order=660)


@bp.record_once
def _prepare(state: Any) -> None:
    """Templates can word and colour how far a hearing is, add up a ballot, and name a part."""
    state.app.jinja_env.globals.update(
        clues_of=clues_of,
        relation_of=relation_of,
        ballot_modes=words.MODES,
        hearing_states=words.STATES,
        occasions=words.OCCASIONS,
        lots_wait=steps_in_words.lots_wait,
        total_of=total_of,
        is_given=ballots.is_given,
        part_title=part_title,
    )


def clues_of(line: Line) -> str:
    """Return in words what a member and a candidate have in common; nothing before the member has spoken."""
    return " ".join(str(words.CLUES[clue]) for clue in line.clues) if line.is_answered else ""


def relation_of(line: Line) -> Relation:
    """Return the relation that was declared."""
    assert line.relation is not None
    return Relation(line.relation)


def total_of(ballot: Mapping[str, Any]) -> Decimal:
    """Return the sum of a ballot's criteria."""
    return sum((Decimal(score) for score in ballot["scores"].values()), Decimal(0))


def part_title(part: Part) -> str:
    """Return what the part is called in the reader's language."""
    return rules.part_title(part, filters.language())


def to(endpoint: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(url_for(f"interviews.{endpoint}", **values))


def again(body: str) -> Response:
    """Return a form that was refused, with everything that was typed."""
    return Response(body, status=422, mimetype="text/html")


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand at the field (or above the form) that is shown again."""
    told = messages.words(problem)
    parts = [str(part).rstrip(".") for part in told if str(part)]
    form.refuse(". ".join(parts) + ".", field=field)
