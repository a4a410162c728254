# SPDX-License-Identifier: Apache-2.0
"""How the items of a test did: asked for once it is marked, then read as tables, a plot and advice."""

import flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.competitions import workspace
from exam_portal.core.errors import NotFound
from exam_portal.results import access, item_analysis, item_pages
from exam_portal.results.routes.blueprint import PLACE, bp, page, titles, to
from exam_portal.web import context, database, policy

workspace.add_room("results.items", _l("Analysis of items"), "results.see_item_analysis", order=720)


@bp.get(f"{PLACE}/items")
@policy.requires("results.see_item_analysis")
def items(competition_id: str) -> Response:
    """List the tests of the competition, each with its newest analysis."""
    session = database.reader()
    competition = access.load_competition(
        session, context.actor(), competition_id, "results.see_item_analysis"
    )
    parts = item_pages.parts(session, competition)
    return page("items", competition, parts=parts, titles=titles(competition))


@bp.post(f"{PLACE}/items")
@policy.requires("results.analyse_items")
def analyse_items(competition_id: str) -> Response:
    """Have the items of a marked test analysed."""
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, "results.analyse_items")
        part = flask.request.form.get("part", "")
        if part not in titles(competition):
            raise NotFound
        now = context.now(competition)
        asked = item_analysis.ask(session, actor, now, competition=competition, part=part)
        analysis_id = asked.public_id
    flask.flash(gettext("The analysis is being computed. It will stand on this page in a moment."), "done")
    return to("item_analysis_page", competition_id=competition_id, analysis_id=analysis_id)


@bp.get(f"{PLACE}/items/<public_id:analysis_id>")
@policy.requires("results.see_item_analysis")
def item_analysis_page(competition_id: str, analysis_id: str) -> Response:
    """Show an analysis: figures of the test, of each item and option, and what a person should look at."""
    session, actor = database.reader(), context.actor()
    competition = access.load_competition(session, actor, competition_id, "results.see_item_analysis")
    found = item_analysis.analysis(session, competition.id, analysis_id)
    return page(
        "item_analysis",
        competition,
        analysis=found,
        standing=item_analysis.standing(session, found),
        forms=item_pages.forms(session, actor, found),
        few=item_pages.FEW,
        model_from=item_pages.MODEL_FROM,
        plot=item_pages,
        titles=titles(competition),
    )


@bp.post(f"{PLACE}/items/<public_id:analysis_id>/again")
@policy.requires("results.analyse_items")
def analyse_again(competition_id: str, analysis_id: str) -> Response:
    """Have an analysis that failed tried again at once."""
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, "results.analyse_items")
        found = item_analysis.analysis(session, competition.id, analysis_id)
        item_analysis.repeat(session, actor, context.now(competition), analysis=found)
    return to("item_analysis_page", competition_id=competition_id, analysis_id=analysis_id)
