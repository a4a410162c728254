# SPDX-License-Identifier: Apache-2.0
"""A candidate asks for a review of the own mark, keeps the receipt, reads the answer."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.appeals import access, documents, queries, service
from exam_portal.appeals.forms import RequestForm
from exam_portal.appeals.routes.blueprint import OWN, bp, form_page, own_reviews, page, refuse, titles, to
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.results import steps
from exam_portal.web import context, database, policy, printing, redirects


@bp.route("/me/results/<public_id:candidate_id>/review/<string(maxlength=64):part>", methods=["GET", "POST"])
@policy.requires("appeals.own")
def request_review(candidate_id: str, part: str) -> Response:
    """Ask for a review of the mark of a part; who has asked is shown what came of it."""
    form = RequestForm()
    form.offer()
    candidate = access.load_own(database.reader(), context.actor(), candidate_id)
    if form.validate_on_submit():
        try:
            made = _request(candidate_id, part, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The review has been asked for. Keep the receipt."), "done")
            return to("own_request", request_id=made)
    session = database.reader()
    candidate = access.load_own(session, context.actor(), candidate_id)
    competition = session.get_one(Competition, candidate.competition_id)
    found = titles(competition, reviewable=True)
    if part not in found:
        raise NotFound
    if flask.request.method == "GET" and (asked := own_reviews(session, candidate.id).get(part)):
        return redirects.see_other(asked)
    deadline = steps.request_deadline(session, competition)
    return form_page(
        "request", competition, form=form, candidate=candidate, title=found[part], deadline=deadline
    )


@bp.get(OWN)
@policy.requires("appeals.own")
def own_request(request_id: str) -> Response:
    """Show the own request and what came of it."""
    session = database.reader()
    candidate, found = access.load_own_request(session, context.actor(), request_id)
    competition = session.get_one(Competition, candidate.competition_id)
    return page(
        "own_request",
        competition,
        candidate=candidate,
        entry=queries.entry(session, found),
        words=queries.words_of(session, found),
        titles=titles(competition),
        finish_days=competitions.ruleset(competition).review.finish_days,
    )


@bp.get(f"{OWN}/receipt.pdf")
@policy.requires("appeals.own")
def receipt(request_id: str) -> Response:
    """Return the receipt of the request."""
    session = database.reader()
    candidate, found = access.load_own_request(session, context.actor(), request_id)
    competition = session.get_one(Competition, candidate.competition_id)
    content = documents.receipt(session, competition, found, context.now(competition))
    return printing.response(content, f"phuc-khao-{competition.code}-{found.receipt_no}.pdf")


def _request(candidate_id: str, part: str, form: RequestForm) -> str:
    with database.writer() as session:
        candidate = access.load_own(session, context.actor(), candidate_id)
        competition = session.get_one(Competition, candidate.competition_id)
        made = service.request_review(
            session,
            context.actor(),
            context.now(competition),
            candidate=candidate,
            part=part,
            reason=service.Reason(form.reason.data),
            words=form.words.data or "",
        )
        return made.public_id
