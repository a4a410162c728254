# SPDX-License-Identifier: Apache-2.0
"""The applicant's pages: apply, fill, attach, submit, receipt, withdraw."""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Redirect

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.registration import access, documents, presentation, queries, service
from exam_portal.registration.forms import ApplicationForm, AttachmentForm, WithdrawalForm
from exam_portal.registration.models import Application
from exam_portal.registration.routes.blueprint import again, bp
from exam_portal.web import context, database, policy, printing, templating
from exam_portal.web.forms import uploads
from scoring.ruleset import RuleSet


@bp.post("/vacancies/<public_id:public_id>/applications")
@policy.requires("registration.apply")
def start(public_id: str) -> Redirect:
    """A draft exists for the vacancy."""
    with database.writer() as session:
        vacancy = access.load_vacancy(session, context.actor(), public_id, "registration.apply")
        competition = vacancy.competition
        application = service.start_application(
            session, context.actor(), context.now(competition), competition=competition, vacancy=vacancy
        )
        target = url_for("registration.application", public_id=application.public_id)
    return redirect(target, 303)


@bp.route("/me/applications/<public_id:public_id>", methods=["GET", "POST"])
@policy.requires("registration.own")
def application(public_id: str) -> str | Redirect | Response:
    """The application: a form while it is a draft, its standing afterwards."""
    found = access.load_application(database.reader(), context.actor(), public_id, "registration.own")
    if found.submitted_at is not None:
        return templating.render(
            "registration/standing.html", page=presentation.standing_page(database.reader(), found)
        )
    form = ApplicationForm(data=ApplicationForm.values(queries.form_of(database.reader(), found)))
    form.fit(_rules(found))
    if not form.validate_on_submit():
        page = _draft_page(found, form)
        return again(page) if form.is_submitted() else page
    with database.writer() as session:
        found = access.load_application(session, context.actor(), public_id, "registration.own")
        now = context.now(session.get_one(Competition, found.competition_id))
        service.save_draft(session, context.actor(), now, found, form.content())
    flash(gettext("The draft has been saved."), "done")
    review = request.form.get("then") == "review"
    return redirect(
        url_for(f"registration.{'review' if review else 'application'}", public_id=public_id), 303
    )


def _rules(found: Application) -> RuleSet:
    """Return the rule set of the application's competition."""
    return competitions.ruleset(database.reader().get_one(Competition, found.competition_id))


def _draft_page(found: Application, form: ApplicationForm) -> str:
    return templating.render(
        "registration/application.html",
        page=presentation.draft_page(database.reader(), found),
        form=form,
        upload=AttachmentForm(formdata=None),
    )


@bp.post("/me/applications/<public_id:public_id>/documents")
@policy.requires("registration.own")
def attach(public_id: str) -> str | Redirect | Response:
    """The document lies in the dossier."""
    found = access.load_application(database.reader(), context.actor(), public_id, "registration.own")
    upload = AttachmentForm()
    if not upload.validate_on_submit():
        form = ApplicationForm(
            formdata=None, data=ApplicationForm.values(queries.form_of(database.reader(), found))
        )
        form.fit(_rules(found))
        return again(
            templating.render(
                "registration/application.html",
                page=presentation.draft_page(database.reader(), found),
                form=form,
                upload=upload,
            )
        )
    brought = upload.file.data
    assert brought is not None
    document = service.prepare_attachment(database.reader(), found, brought.stream.read())
    with database.writer() as session:
        found = access.load_application(session, context.actor(), public_id, "registration.own")
        now = context.now(session.get_one(Competition, found.competition_id))
        service.attach(
            session,
            context.actor(),
            now,
            found,
            kind=upload.kind.data,
            file_name=uploads.name_of(brought),
            file=document,
        )
    flash(gettext("The document has been added."), "done")
    return redirect(url_for("registration.application", public_id=public_id) + "#documents", 303)


@bp.post("/me/documents/<public_id:public_id>/remove")
@policy.requires("registration.own")
def remove_attachment(public_id: str) -> Redirect:
    """The document no longer belongs to the draft."""
    with database.writer() as session:
        attachment = access.load_attachment(session, context.actor(), public_id, "registration.own")
        found = attachment.application
        now = context.now(session.get_one(Competition, found.competition_id))
        service.remove_attachment(session, context.actor(), now, found, attachment)
        target = url_for("registration.application", public_id=found.public_id) + "#documents"
    return redirect(target, 303)


@bp.get("/me/documents/<public_id:public_id>")
@policy.requires("registration.own")
def own_document(public_id: str) -> Response:
    """The applicant's own document."""
    attachment = access.load_attachment(database.reader(), context.actor(), public_id, "registration.own")
    return presentation.file_response(presentation.opened(database.reader(), attachment))


@bp.route("/me/applications/<public_id:public_id>/review", methods=["GET", "POST"])
@policy.requires("registration.own")
def review(public_id: str) -> str | Redirect | Response:
    """What will be submitted, and the act of submitting it."""
    if request.method == "GET":
        found = access.load_application(database.reader(), context.actor(), public_id, "registration.own")
        return templating.render(
            "registration/review.html", page=presentation.draft_page(database.reader(), found)
        )
    with database.writer() as session:
        found = access.load_application(session, context.actor(), public_id, "registration.own")
        competition = session.get_one(Competition, found.competition_id)
        service.submit(
            session, context.actor(), context.now(competition), application=found, competition=competition
        )
    flash(gettext("The application has been submitted. Keep the receipt."), "done")
    return redirect(url_for("registration.application", public_id=public_id), 303)


@bp.get("/me/applications/<public_id:public_id>/receipt.pdf")
@policy.requires("registration.own")
def receipt(public_id: str) -> Response:
    """The receipt of the dossier as a document."""
    found = access.load_application(database.reader(), context.actor(), public_id, "registration.own")
    return printing.response(documents.receipt(database.reader(), found, context.now()), "bien-nhan.pdf")


@bp.route("/me/applications/<public_id:public_id>/withdrawal", methods=["GET", "POST"])
@policy.requires("registration.own")
def withdraw(public_id: str) -> str | Redirect | Response:
    """The applicant withdraws, giving a reason."""
    found = access.load_application(database.reader(), context.actor(), public_id, "registration.own")
    form = WithdrawalForm()
    if not form.validate_on_submit():
        page = presentation.standing_page(database.reader(), found)
        return templating.render("registration/withdrawal.html", form=form, page=page)
    with database.writer() as session:
        found = access.load_application(session, context.actor(), public_id, "registration.own")
        now = context.now(session.get_one(Competition, found.competition_id))
        service.withdraw(session, context.actor(), now, found, reason=form.reason.data)
    flash(gettext("The application has been withdrawn."), "done")
    return redirect(url_for("registration.application", public_id=public_id), 303)
