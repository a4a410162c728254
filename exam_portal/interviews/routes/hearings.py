# SPDX-License-Identifier: Apache-2.0
"""The day of the panel: absences, hearings opened, slips issued, a hearing added."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, documents, presentation, service
from exam_portal.interviews.forms import AbsenceForm, SupplementaryForm
from exam_portal.interviews.presentation import PanelPage
from exam_portal.interviews.routes.blueprint import HEARING, PANEL, again, bp, refuse, to
from exam_portal.registration.models import Candidate
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"


@bp.route(f"{PANEL}/absences/new", methods=["GET", "POST"])
@policy.requires("interviews.run")
def note_absence(competition_id: str, panel_id: str) -> str | Response:
    """Record that a member missed the day, or one hearing."""
    page = _page(competition_id, panel_id)
    form = AbsenceForm(
        formdata=flask.request.form or None, data={"hearing": flask.request.args.get("hearing")}
    )
    form.member.choices = [(one.public_id, f"{one.position}. {one.name}") for one in page.panel.members]
    form.hearing.choices = [
        (row.hearing.public_id, gettext("Hearing %(number)s only", number=row.hearing.order_no))
        for row in page.hearings
    ]
    if form.validate_on_submit():
        try:
            _note(competition_id, panel_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The absence is on record; the member gets no slip."), "done")
            return to("show", competition_id=competition_id, panel_id=panel_id)
    body = templating.render("interviews/absence.html", form=form, page=_page(competition_id, panel_id))
    return again(body) if flask.request.method == "POST" else body


@bp.post(f"{HEARING}/open")
@policy.requires("interviews.run")
def open_hearing(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """The candidate is being heard."""
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        hearing = access.hearing_of(session, panel, hearing_id)
        service.open_hearing(session, context.actor(), context.now(competition), hearing=hearing)
    flask.flash(gettext("The hearing has begun."), "done")
    return to("hearing", competition_id=competition_id, panel_id=panel_id, hearing_id=hearing_id)


@bp.post(f"{HEARING}/ballot")
@policy.requires("interviews.run")
def open_ballot(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """Slips are issued to everybody who heard all of it."""
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        hearing = access.hearing_of(session, panel, hearing_id)
        event = service.open_ballot(session, context.actor(), context.now(competition), hearing=hearing)
        issued = event.payload["issued"]
    flask.flash(gettext("%(count)s slips have been issued.", count=issued), "done")
    return to("show", competition_id=competition_id, panel_id=panel_id)


@bp.route(f"{PANEL}/hearings/new", methods=["GET", "POST"])
@policy.requires("interviews.run")
def add_hearing(competition_id: str, panel_id: str) -> str | Response:
    """Hear a candidate in addition, on a signed decision."""
    page = _page(competition_id, panel_id)
    heard = {row.candidate.id for row in page.hearings}
    people = [one for one in presentation.admitted(database.reader(), page.panel) if one.id not in heard]
    form = SupplementaryForm()
    form.candidate.choices = [(one.public_id, f"{one.candidate_no} · {one.name}") for one in people]
    if form.validate_on_submit():
        try:
            _add(competition_id, panel_id, {one.public_id: one.id for one in people}, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The hearing has been added."), "done")
            return to("show", competition_id=competition_id, panel_id=panel_id)
    body = templating.render("interviews/supplementary.html", form=form, page=_page(competition_id, panel_id))
    return again(body) if flask.request.method == "POST" else body


@bp.get(f"{HEARING}/slips.pdf")
@policy.requires("interviews.run")
def blank_slips(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """Print the ballot slips of a hearing."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    page = presentation.panel_page(session, competition, panel)
    hearing = access.hearing_of(session, panel, hearing_id)
    return documents.blank_slips(session, page, hearing.id, context.now(competition))


def _page(competition_id: str, panel_id: str) -> PanelPage:
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    return presentation.panel_page(session, competition, panel)


def _note(competition_id: str, panel_id: str, form: AbsenceForm) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        hearing_id = form.hearing.data
        service.note_absence(
            session,
            context.actor(),
            context.now(competition),
            panel=panel,
            member=next(one for one in panel.members if one.public_id == form.member.data),
            hearing=access.hearing_of(session, panel, hearing_id) if hearing_id else None,
            reason=form.reason.data or "",
        )


def _add(competition_id: str, panel_id: str, ids: dict[str, int], form: SupplementaryForm) -> None:
    decision = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        now = context.now(competition)
        paper = audit.file_paper(
            session,
            context.actor(),
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.COUNCIL_DECISION,
            title="Quyết định bảo vệ bổ sung",
            paper=decision,
        )
        candidate = session.get_one(Candidate, ids[form.candidate.data or ""])
        service.add_supplementary_hearing(
            session, context.actor(), now, panel=panel, candidate=candidate, paper=paper
        )
