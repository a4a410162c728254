# SPDX-License-Identifier: Apache-2.0
"""Publications: prepared, read with what they change, approved by two, or discarded."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.results import access, presentation, queries, service
from exam_portal.results.forms import ApprovalForm, DiscardForm, PaperApprovalForm, PublicationForm
from exam_portal.results.routes.blueprint import (
    PLACE,
    PUBLICATION,
    bp,
    form_page,
    page,
    refuse,
    titles,
    to,
)
from exam_portal.web import context, database, policy

SHEET = "Bảng tổng hợp kết quả đã ký"


@bp.route(f"{PLACE}/publications/new/<any(marks, results):kind>", methods=["GET", "POST"])
@policy.requires("results.prepare")
def prepare(competition_id: str, kind: str) -> Response:
    """Prepare a publication of the current runs."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.prepare")
    form = PublicationForm(data={"kind": kind})
    if form.validate_on_submit():
        try:
            prepared = _prepare(competition_id, kind, form.reason.data or "")
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            return to("publication", competition_id=competition_id, publication_id=prepared)
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.prepare")
    former = queries.last_published(session, competition.id, kind)
    return form_page("prepare", competition, form=form, kind=kind, former=former)


@bp.get(PUBLICATION)
@policy.requires("results.see")
def publication(competition_id: str, publication_id: str) -> Response:
    """Show a publication as the public would read it, and what it changes."""
    return _show(competition_id, publication_id, ApprovalForm(formdata=None))


@bp.post(f"{PUBLICATION}/approve")
@policy.requires("results.approve")
def approve(competition_id: str, publication_id: str) -> Response:
    """Approve exactly the content that was shown; the second approval publishes it."""
    form = ApprovalForm()
    if not form.validate_on_submit():
        return _show(competition_id, publication_id, form, status=422)
    with database.writer() as session:
        actor = context.actor()
        competition, found = access.load_publication(
            session, actor, competition_id, publication_id, "results.approve"
        )
        service.approve_publication(
            session,
            actor,
            context.now(competition),
            publication=found,
            content_hash=form.content_hash.data or "",
        )
        is_public = found.published_at is not None
    _tell(is_public=is_public)
    return to("publication", competition_id=competition_id, publication_id=publication_id)


@bp.route(f"{PUBLICATION}/approve-on-paper", methods=["GET", "POST"])
@policy.requires("results.record_approval")
def approve_on_paper(competition_id: str, publication_id: str) -> Response:
    """Record the approval of somebody who has signed the printed sheet."""
    session = database.reader()
    permission = "results.record_approval"
    competition, found = access.load_publication(
        session, context.actor(), competition_id, publication_id, permission
    )
    form = PaperApprovalForm(data={"content_hash": found.content_hash})
    if form.validate_on_submit():
        try:
            is_public = _approve_on_paper(competition_id, publication_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            _tell(is_public=is_public)
            return to("publication", competition_id=competition_id, publication_id=publication_id)
    competition, found = access.load_publication(
        database.reader(), context.actor(), competition_id, publication_id, permission
    )
    return form_page("approve_on_paper", competition, form=form, publication=found)


@bp.route(f"{PUBLICATION}/discard", methods=["GET", "POST"])
@policy.requires("results.prepare")
def discard(competition_id: str, publication_id: str) -> Response:
    """Discard a prepared publication: something has changed since."""
    permission = "results.prepare"
    form = DiscardForm()
    if form.validate_on_submit():
        with database.writer() as session:
            actor = context.actor()
            competition, found = access.load_publication(
                session, actor, competition_id, publication_id, permission
            )
            now = context.now(competition)
            service.discard_publication(session, actor, now, publication=found, reason=form.reason.data or "")
        flask.flash(gettext("The prepared publication has been discarded."), "done")
        return to("overview", competition_id=competition_id)
    competition, found = access.load_publication(
        database.reader(), context.actor(), competition_id, publication_id, permission
    )
    return form_page("discard", competition, form=form, publication=found)


def _prepare(competition_id: str, kind: str, reason: str) -> str:
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, "results.prepare")
        prepared = service.prepare_publication(
            session, actor, context.now(competition), competition=competition, kind=kind, reason=reason
        )
        return prepared.public_id


def _approve_on_paper(competition_id: str, publication_id: str, form: PaperApprovalForm) -> bool:
    sheet = form.prepared_paper()
    with database.writer() as session:
        actor = context.actor()
        competition, found = access.load_publication(
            session, actor, competition_id, publication_id, "results.record_approval"
        )
        now = context.now(competition)
        paper = audit.file_paper(
            session,
            actor,
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.RESULT_SHEET,
            title=SHEET,
            paper=sheet,
        )
        service.approve_publication(
            session, actor, now, publication=found, content_hash=form.content_hash.data or "", paper=paper
        )
        return found.published_at is not None


def _show(competition_id: str, publication_id: str, form: ApprovalForm, *, status: int = 200) -> Response:
    session = database.reader()
    competition, found = access.load_publication(
        session, context.actor(), competition_id, publication_id, "results.see"
    )
    form.content_hash.data = found.content_hash
    given = queries.approvals(session, found.id)
    return page(
        "publication",
        competition,
        status=status,
        publication=found,
        former=queries.former(session, found),
        sheets=presentation.public_sheets(competition, found),
        differences=presentation.differences(session, found, titles(competition)),
        approvers=presentation.approvers(session, given),
        has_approved=context.actor().account_id in {one.by for one in given},
        form=form,
    )


def _tell(*, is_public: bool) -> None:
    if is_public:
        flask.flash(gettext("Approved by two: it is public now."), "done")
    else:
        flask.flash(gettext("Approved. It becomes public with the second approval."), "done")
