# SPDX-License-Identifier: Apache-2.0
"""The counter's pages: take in a paper dossier, print its receipt, or the receipt of a refusal."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Role
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.registration import access, documents, errors, presentation, queries, service
from exam_portal.registration.forms import DossierForm, PaperWithdrawalForm
from exam_portal.registration.models import Application, RefusedDossier
from exam_portal.registration.routes.blueprint import PLACE, again, bp, load
from exam_portal.web import context, database, messages, policy, printing, redirects, templating


@bp.route(f"{PLACE}/dossiers/new", methods=["GET", "POST"])
@policy.requires("registration.enter_dossier")
def enter(competition_id: str) -> str | Response:
    """Enter a paper dossier: the stamp is the time, however late it is keyed in."""
    competition = load(database.reader(), competition_id, "registration.enter_dossier")
    form = DossierForm()
    form.fit(competitions.ruleset(competition))
    form.offer(
        [(vacancy.public_id, f"{vacancy.code} – {vacancy.title}") for vacancy in competition.vacancies],
        queries.counter_people(database.reader(), competition),
    )
    if not form.validate_on_submit():
        return _page(competition_id, form, refused=form.is_submitted())
    stamped_at = form.stamped_at.data
    assert stamped_at is not None
    try:
        with database.writer() as session:
            competition = load(session, competition_id, "registration.enter_dossier")
            entered = service.enter_dossier(
                session,
                context.actor(),
                context.now(competition),
                competition=competition,
                vacancy=access.vacancy_of(session, competition, form.vacancy.data),
                account_id=access.counter_account(session, competition, form.person.data),
                content=form.content(),
                stamped_at=stamped_at,
            )
            target = _receipt_address(entered)
    except (NotFound, Forbidden):
        raise
    except errors.FormIncomplete as problem:
        form.ask_for(problem.missing)
        return _page(competition_id, form, refused=True)
    except DomainError as problem:
        form.refuse(" ".join(str(part) for part in messages.words(problem) if str(part)))
        return _page(competition_id, form, refused=True)
    return redirects.see_other(target)


def _receipt_address(entered: Application | RefusedDossier) -> str:
    if isinstance(entered, RefusedDossier):
        flask.flash(
            gettext("The stamp lies after the deadline: the dossier is refused. Print the receipt."), "stop"
        )
        return flask.url_for("registration.refusal", public_id=entered.public_id)
    flask.flash(gettext("The dossier has been taken in. Print the receipt."), "done")
    return flask.url_for("registration.entered", public_id=entered.public_id)


def _page(competition_id: str, form: DossierForm, *, refused: bool) -> str | Response:
    competition = load(database.reader(), competition_id, "registration.enter_dossier")
    counters = accounts.organisations_of(database.reader(), context.actor(), [Role.COUNTER])
    body = templating.render(
        "registration/dossier_entry.html",
        competition=competition,
        form=form,
        counter=next(iter(counters), None),
    )
    return again(body) if refused else body


@bp.get("/staff/dossiers/<public_id:public_id>")
@policy.requires("registration.enter_dossier")
def entered(public_id: str) -> str:
    """Show what the counter has taken in."""
    session = database.reader()
    application = access.load_application(session, context.actor(), public_id, "registration.enter_dossier")
    page = presentation.application_page(session, application)
    return templating.render(
        "registration/entered.html",
        page=page,
        competition=page.competition,
        workspace=workspace.of(session, page.competition),
    )


@bp.route("/staff/dossiers/<public_id:public_id>/withdrawal", methods=["GET", "POST"])
@policy.requires("registration.enter_dossier")
def enter_withdrawal(public_id: str) -> str | Response:
    """Enter a written withdrawal: the stamp is the time, the signed paper is filed."""
    form = PaperWithdrawalForm()
    if form.validate_on_submit():
        try:
            competition_id = _withdraw(public_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            form.refuse(" ".join(str(part) for part in messages.words(problem) if str(part)))
        else:
            flask.flash(gettext("The withdrawal is on record. Look at how the post stands."), "done")
            return redirects.see_other(
                flask.url_for("registration.applications", competition_id=competition_id)
            )
    session = database.reader()
    application = access.load_application(session, context.actor(), public_id, "registration.enter_dossier")
    page = presentation.application_page(session, application)
    body = templating.render(
        "registration/paper_withdrawal.html",
        form=form,
        page=page,
        competition=page.competition,
        workspace=workspace.of(session, page.competition),
    )
    return again(body) if form.is_submitted() else body


def _withdraw(public_id: str, form: PaperWithdrawalForm) -> str:
    letter, stamped_at = form.prepared_paper(), form.stamped_at.data
    assert stamped_at is not None
    with database.writer() as session:
        application = access.load_application(
            session, context.actor(), public_id, "registration.enter_dossier"
        )
        competition = session.get_one(Competition, application.competition_id)
        now = context.now(competition)
        paper = audit.file_paper(
            session,
            context.actor(),
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.WITHDRAWAL,
            title=f"Đơn xin rút hồ sơ {application.receipt_no}",
            paper=letter,
        )
        service.withdraw(
            session,
            context.actor(),
            now,
            application,
            reason=form.reason.data or "",
            paper=paper,
            stamped_at=stamped_at,
        )
        return competition.public_id


@bp.get("/staff/dossiers/<public_id:public_id>/receipt.pdf")
@policy.requires("registration.enter_dossier")
def counter_receipt(public_id: str) -> Response:
    """The receipt of a dossier, as the counter prints it."""
    session = database.reader()
    application = access.load_application(session, context.actor(), public_id, "registration.enter_dossier")
    return printing.response(documents.receipt(session, application, context.now()), "bien-nhan.pdf")


@bp.get("/staff/refused-dossiers/<public_id:public_id>")
@policy.requires("registration.enter_dossier")
def refusal(public_id: str) -> str:
    """Show a refused dossier with the way to print its receipt."""
    session = database.reader()
    refused = access.load_refusal(session, context.actor(), public_id, "registration.enter_dossier")
    page = presentation.refusal_page(session, refused)
    return templating.render(
        "registration/refusal.html",
        page=page,
        competition=page.competition,
        workspace=workspace.of(session, page.competition),
    )


@bp.get("/staff/refused-dossiers/<public_id:public_id>/receipt.pdf")
@policy.requires("registration.enter_dossier")
def refusal_receipt(public_id: str) -> Response:
    """The receipt of a refused dossier: when it was stamped, what the deadline was."""
    session = database.reader()
    refused = access.load_refusal(session, context.actor(), public_id, "registration.enter_dossier")
    return printing.response(documents.refusal_receipt(session, refused, context.now()), "tu-choi.pdf")
