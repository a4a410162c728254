# SPDX-License-Identifier: Apache-2.0
"""The candidate's own result: marks as published, how each came about, and what can be done about them."""

import flask
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.errors import NotFound
from exam_portal.results import access, presentation, queries, steps
from exam_portal.results.routes.blueprint import bp, page
from exam_portal.web import context, database, hooks, policy, templating


@bp.get("/me/results")
@policy.requires("results.own_list")
def own_list() -> str:
    """Show where own results stand."""
    account_id = context.actor().account_id or 0
    found = queries.own_candidacies(database.reader(), account_id)
    return templating.render("results/own_list.html", found=found)


@bp.get("/me/results/<public_id:candidate_id>")
@policy.requires("results.own")
def own(candidate_id: str) -> Response:
    """Show the own result as it was published, with how it came about."""
    session = database.reader()
    candidate = access.load_own(session, context.actor(), candidate_id)
    competition = session.get_one(Competition, candidate.competition_id)
    vacancy = session.get_one(Vacancy, candidate.vacancy_id)
    found = queries.published(session, competition.id)
    if not found:
        raise NotFound
    return page(
        "own",
        competition,
        organisation=competitions.organisation_of(session, competition),
        candidate=candidate,
        vacancy=vacancy,
        publication=found[0],
        line=presentation.own_line(session, competition, vacancy, found, candidate.candidate_no),
        columns=presentation.columns_of(competition),
        deadline=steps.request_deadline(session, competition),
        reviews=hooks.current().own_reviews(session, candidate.id),
        can_ask="appeals.request_review" in flask.current_app.view_functions,
        reviewable=[part.key for part in competitions.ruleset(competition).parts if part.reviewable],
        now=context.now(competition),
    )
