# SPDX-License-Identifier: Apache-2.0
"""The staff's side of reviews: admit or refuse, mask anew, decide, close."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.appeals import access, documents, queries, service
from exam_portal.appeals.forms import DecisionForm, RefusalForm
from exam_portal.appeals.routes.blueprint import PLACE, REQUEST, bp, form_page, page, refuse, titles, to
from exam_portal.audit import queries as record
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.audit.papers import PreparedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.results import steps
from exam_portal.web import context, database, policy, printing


@bp.get(PLACE)
@policy.requires("appeals.see")
def overview(competition_id: str) -> Response:
    """Show the requests and where they stand."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "appeals.see")
    return page(
        "overview",
        competition,
        entries=queries.requests(session, competition.id),
        deadline=steps.request_deadline(session, competition),
        is_posted=competitions.milestone(session, competition.id, MilestoneKind.MARKS_POSTED) is not None,
        now=context.now(competition),
        waiting=queries.count_waiting(session, competition.id),
        titles=titles(competition),
    )


@bp.get(REQUEST)
@policy.requires("appeals.read")
def show(competition_id: str, request_id: str) -> Response:
    """Show a request; marks before and after only once the review is marked and unmasked."""
    session = database.reader()
    competition, found = access.load_request(
        session, context.actor(), competition_id, request_id, "appeals.read"
    )
    entry = queries.entry(session, found)
    papers = [step.signed_paper_id for step in entry.steps.values() if step.signed_paper_id]
    return page(
        "show",
        competition,
        entry=entry,
        words=queries.words_of(session, found),
        marks=service.marks_before_and_after(session, found)
        if entry.state in ("lifted", "decided")
        else None,
        papers=record.papers_by_id(session, papers),
        titles=titles(competition),
    )


@bp.post(f"{REQUEST}/admit")
@policy.requires("appeals.answer")
def admit(competition_id: str, request_id: str) -> Response:
    """Admit a request: the script will be marked again."""
    with database.writer() as session:
        competition, found = access.load_request(
            session, context.actor(), competition_id, request_id, "appeals.answer"
        )
        service.admit_request(session, context.actor(), context.now(competition), request=found)
    flask.flash(gettext("The request has been admitted."), "done")
    return to("show", competition_id=competition_id, request_id=request_id)


@bp.route(f"{REQUEST}/refusal", methods=["GET", "POST"])
@policy.requires("appeals.answer")
def refuse_request(competition_id: str, request_id: str) -> Response:
    """Refuse a request with the reason."""
    access.load_request(database.reader(), context.actor(), competition_id, request_id, "appeals.answer")
    form = RefusalForm()
    if form.validate_on_submit():
        notice = form.prepared_paper()
        with database.writer() as session:
            competition, found = access.load_request(
                session, context.actor(), competition_id, request_id, "appeals.answer"
            )
            paper = _paper(session, competition, notice, "Thông báo không phúc khảo") if notice else None
            now = context.now(competition)
            reason = form.reason.data or ""
            service.refuse_request(session, context.actor(), now, request=found, reason=reason, paper=paper)
        flask.flash(gettext("The request has been refused."), "done")
        return to("show", competition_id=competition_id, request_id=request_id)
    competition, found = access.load_request(
        database.reader(), context.actor(), competition_id, request_id, "appeals.answer"
    )
    return form_page("refusal", competition, form=form, request_id=request_id, receipt=found.receipt_no)


@bp.post(f"{REQUEST}/mask")
@policy.requires("appeals.mask")
def mask(competition_id: str, request_id: str) -> Response:
    """Mask the script anew for the review board."""
    with database.writer() as session:
        competition, found = access.load_request(
            session, context.actor(), competition_id, request_id, "appeals.mask"
        )
        service.bag_for_review(session, context.actor(), context.now(competition), request=found)
    flask.flash(gettext("The script lies masked before the review board."), "done")
    return to("overview", competition_id=competition_id)


@bp.route(f"{REQUEST}/decision", methods=["GET", "POST"])
@policy.requires("appeals.decide")
def decide(competition_id: str, request_id: str) -> Response:
    """Record the decision of the review on its signed minute."""
    access.load_request(database.reader(), context.actor(), competition_id, request_id, "appeals.decide")
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            _decide(competition_id, request_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The review has been decided. Compute the ranking again."), "done")
            return to("show", competition_id=competition_id, request_id=request_id)
    session = database.reader()
    competition, found = access.load_request(
        session, context.actor(), competition_id, request_id, "appeals.decide"
    )
    entry = queries.entry(session, found)
    marks = service.marks_before_and_after(session, found) if entry.state == "lifted" else None
    return form_page("decision", competition, form=form, entry=entry, marks=marks, titles=titles(competition))


@bp.get(f"{REQUEST}/minute.pdf")
@policy.requires("appeals.read")
def minute(competition_id: str, request_id: str) -> Response:
    """Return the minute of the review, to be signed."""
    session = database.reader()
    competition, found = access.load_request(
        session, context.actor(), competition_id, request_id, "appeals.read"
    )
    content = documents.minute(session, competition, found, context.now(competition))
    return printing.response(content, f"bien-ban-phuc-khao-{competition.code}-{found.receipt_no}.pdf")


@bp.post(f"{PLACE}/close")
@policy.requires("appeals.close")
def close(competition_id: str) -> Response:
    """Close the reviews."""
    with database.writer() as session:
        competition = access.load_competition(session, context.actor(), competition_id, "appeals.close")
        service.close_reviews(session, context.actor(), context.now(competition), competition=competition)
    flask.flash(gettext("The reviews are closed."), "done")
    return to("overview", competition_id=competition_id)


def _decide(competition_id: str, request_id: str, form: DecisionForm) -> None:
    minute = form.prepared_paper()
    with database.writer() as session:
        competition, found = access.load_request(
            session, context.actor(), competition_id, request_id, "appeals.decide"
        )
        paper = _paper(session, competition, minute, "Biên bản xử lý phúc khảo")
        now = context.now(competition)
        words = form.words.data or ""
        service.decide_review(session, context.actor(), now, request=found, paper=paper, words=words)


def _paper(session: Session, competition: Competition, paper: PreparedPaper, title: str) -> SignedPaper:
    return audit.file_paper(
        session,
        context.actor(),
        context.now(competition),
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        kind=PaperKind.REVIEW_PAPER,
        title=title,
        paper=paper,
        confidential=True,
    )
