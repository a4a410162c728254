# SPDX-License-Identifier: Apache-2.0
"""The vetting board's pages: one dossier, criterion by criterion, and its conclusion."""

from datetime import datetime

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.competitions import workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.registration import access, presentation, queries, service
from exam_portal.registration.forms import ConclusionForm, FindingForm, PreferenceForm
from exam_portal.registration.models import Application
from exam_portal.registration.routes.blueprint import again, bp
from exam_portal.web import context, database, messages, policy, redirects, templating

DOSSIER = "/staff/applications/<public_id:public_id>"


@bp.get(DOSSIER)
@policy.requires("registration.view_dossier")
def dossier(public_id: str) -> str:
    """Show one dossier; that it was opened is on record."""
    with database.writer() as session:
        application = access.load_application(
            session, context.actor(), public_id, "registration.view_dossier"
        )
        service.note_view(session, context.actor(), _now(session, application), application)
    return _page(public_id)


@bp.post(f"{DOSSIER}/findings/<public_id:criterion_id>")
@policy.requires("registration.vet")
def find(public_id: str, criterion_id: str) -> str | Response:
    """Record the board's word on one criterion."""
    session = database.reader()
    application = access.load_application(session, context.actor(), public_id, "registration.vet")
    form = FindingForm.of(presentation.document_lines(session, application), sent_for=criterion_id)
    if not form.validate_on_submit():
        return again(_page(public_id, finding=form, criterion_id=criterion_id))
    with database.writer() as session:
        application = access.load_application(session, context.actor(), public_id, "registration.vet")
        service.record_finding(
            session,
            context.actor(),
            _now(session, application),
            application=application,
            criterion=access.load_criterion(session, application, criterion_id),
            decision=form.decision.data,
            reason=form.reason.data or "",
            attachment_id=int(form.attachment.data) if form.attachment.data else None,
        )
    return redirects.see_other(flask.url_for("registration.dossier", public_id=public_id) + "#criteria")


@bp.post(f"{DOSSIER}/findings")
@policy.requires("registration.vet")
def find_all(public_id: str) -> Response:
    """Confirm every criterion that the form shows to be met and that has no finding yet."""
    with database.writer() as session:
        application = access.load_application(session, context.actor(), public_id, "registration.vet")
        count = service.confirm_readings(
            session, context.actor(), _now(session, application), application=application
        )
    flask.flash(gettext("%(count)s criteria have been confirmed as met.", count=count), "done")
    return redirects.see_other(flask.url_for("registration.dossier", public_id=public_id) + "#criteria")


@bp.post(f"{DOSSIER}/preference")
@policy.requires("registration.vet")
def decide_preference(public_id: str) -> str | Response:
    """Record how many preference points the application is given, and why."""
    session = database.reader()
    application = access.load_application(session, context.actor(), public_id, "registration.vet")
    page = presentation.application_page(session, application)
    form = PreferenceForm.of(page.documents, page.preference, sent=True)
    if not form.validate_on_submit():
        return again(_page(public_id, preference=form))
    points = form.points.data
    assert points is not None
    with database.writer() as session:
        application = access.load_application(session, context.actor(), public_id, "registration.vet")
        service.decide_preference(
            session,
            context.actor(),
            _now(session, application),
            application=application,
            points=points,
            reason=form.preference_reason.data or "",
            attachment_id=int(form.preference_attachment.data) if form.preference_attachment.data else None,
        )
    return redirects.see_other(flask.url_for("registration.dossier", public_id=public_id) + "#preference")


@bp.post(f"{DOSSIER}/conclusion")
@policy.requires("registration.vet")
def conclude(public_id: str) -> str | Response:
    """Conclude: eligible or not, as the findings say."""
    access.load_application(database.reader(), context.actor(), public_id, "registration.vet")
    form = ConclusionForm()
    if form.validate_on_submit():
        try:
            with database.writer() as session:
                application = access.load_application(session, context.actor(), public_id, "registration.vet")
                service.conclude(
                    session,
                    context.actor(),
                    _now(session, application),
                    application=application,
                    outcome=form.outcome.data,
                    reason=form.conclusion_reason.data or "",
                )
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            form.refuse(str(messages.words(problem).body), field="outcome")
        else:
            flask.flash(gettext("The conclusion is on record."), "done")
            return redirects.see_other(flask.url_for("registration.dossier", public_id=public_id))
    return again(_page(public_id, conclusion=form))


@bp.get("/staff/documents/<public_id:public_id>")
@policy.requires("registration.view_dossier")
def staff_document(public_id: str) -> Response:
    """A document of a dossier, for the board."""
    session = database.reader()
    attachment = access.load_attachment(session, context.actor(), public_id, "registration.view_dossier")
    return presentation.file_response(presentation.opened(session, attachment))


def _page(
    public_id: str,
    finding: FindingForm | None = None,
    criterion_id: str = "",
    conclusion: ConclusionForm | None = None,
    preference: PreferenceForm | None = None,
) -> str:
    session = database.reader()
    application = access.load_application(session, context.actor(), public_id, "registration.view_dossier")
    competition = session.get_one(Competition, application.competition_id)
    page = presentation.application_page(session, application)
    return templating.render(
        "registration/dossier.html",
        competition=competition,
        workspace=workspace.of(session, competition),
        page=page,
        lines=presentation.criterion_lines(session, application, context.now(competition)),
        blank_finding=FindingForm.of(page.documents),
        refused_finding=finding,
        refused_at=criterion_id,
        conclusion=conclusion or ConclusionForm(formdata=None),
        preference=preference or PreferenceForm.of(page.documents, page.preference),
        may_vet=policy.may("registration.vet", access.scope(session, competition.id))
        and queries.vetting_is_open(session, competition.id),
    )


def _now(session: Session, application: Application) -> datetime:
    return context.now(session.get_one(Competition, application.competition_id))
