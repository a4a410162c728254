# SPDX-License-Identifier: Apache-2.0
"""What the lots did not foresee: a candidate who does not come, a hearing or a ballot that is done again."""

from collections.abc import Callable

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.papers import PreparedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, messages, service
from exam_portal.interviews.forms import BreakOffForm, CandidateAbsentForm, OutOfTurnForm, RepeatForm
from exam_portal.interviews.models import Occasion
from exam_portal.interviews.routes.blueprint import HEARING, again, bp, refuse, to
from exam_portal.interviews.routes.counting import row_of
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"


@bp.route(f"{HEARING}/absence", methods=["GET", "POST"])
@policy.requires("interviews.run")
def note_candidate_absent(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Record that the candidate did not come to the hearing."""
    form = CandidateAbsentForm()
    if form.validate_on_submit() and _done(form, lambda: _absent(competition_id, panel_id, hearing_id, form)):
        flask.flash(gettext("It is on record that the candidate did not come."), "done")
        return to("hearing", competition_id=competition_id, panel_id=panel_id, hearing_id=hearing_id)
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    body = templating.render("interviews/candidate_absent.html", form=form, page=page, row=row)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEARING}/broken-off", methods=["GET", "POST"])
@policy.requires("interviews.run")
def break_off_hearing(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Record on a signed minute that the hearing ended without a ballot."""
    form = BreakOffForm()
    if form.validate_on_submit() and _done(
        form, lambda: _break_off(competition_id, panel_id, hearing_id, form)
    ):
        flask.flash(gettext("It is on record that the hearing was broken off."), "done")
        return to("hearing", competition_id=competition_id, panel_id=panel_id, hearing_id=hearing_id)
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    body = templating.render("interviews/break_off.html", form=form, page=page, row=row)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEARING}/out-of-turn", methods=["GET", "POST"])
@policy.requires("interviews.run")
def call_out_of_turn(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Record the decision that a hearing comes before its turn."""
    form = OutOfTurnForm()
    if form.validate_on_submit() and _done(form, lambda: _call(competition_id, panel_id, hearing_id, form)):
        flask.flash(gettext("The change of the order is on record; the hearing may begin."), "done")
        return to("show", competition_id=competition_id, panel_id=panel_id)
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    body = templating.render("interviews/out_of_turn.html", form=form, page=page, row=row)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEARING}/again", methods=["GET", "POST"])
@policy.requires("interviews.run")
def repeat_hearing(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Have the candidate heard, or only the ballot given, again: on the council's signed decision."""
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    form = RepeatForm()
    form.occasion.choices = [
        (key, words)
        for key, words in messages.AGAIN.items()
        if row.counted is not None or key != Occasion.SECOND_BALLOT
    ]
    if form.validate_on_submit() and _done(form, lambda: _repeat(competition_id, panel_id, hearing_id, form)):
        flask.flash(gettext("The hearing has been added."), "done")
        return to("show", competition_id=competition_id, panel_id=panel_id)
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    body = templating.render("interviews/repeat.html", form=form, page=page, row=row)
    return again(body) if flask.request.method == "POST" else body


def _done(form: CandidateAbsentForm | RepeatForm | BreakOffForm, act: Callable[[], None]) -> bool:
    """Whether the act was done; the words of a refusal stand in the form."""
    try:
        act()
    except (NotFound, Forbidden):
        raise
    except DomainError as problem:
        refuse(form, problem)
        return False
    return True


def _absent(competition_id: str, panel_id: str, hearing_id: str, form: CandidateAbsentForm) -> None:
    minute = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        title = "Biên bản thí sinh vắng mặt"
        kind = PaperKind.ATTENDANCE_SHEET
        service.note_candidate_absent(
            session,
            context.actor(),
            context.now(competition),
            hearing=access.hearing_of(session, panel, hearing_id),
            paper=_filed(session, competition, kind, title, minute) if minute else None,
            witnesses=form.witnesses(),
        )


def _break_off(competition_id: str, panel_id: str, hearing_id: str, form: BreakOffForm) -> None:
    minute = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        title = "Biên bản dừng phiên trình bày"
        service.break_off_hearing(
            session,
            context.actor(),
            context.now(competition),
            hearing=access.hearing_of(session, panel, hearing_id),
            paper=_filed(session, competition, PaperKind.COUNCIL_DECISION, title, minute),
        )


def _call(competition_id: str, panel_id: str, hearing_id: str, form: OutOfTurnForm) -> None:
    minute = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        title = "Biên bản thay đổi thứ tự trình bày"
        kind = PaperKind.COUNCIL_DECISION
        service.call_out_of_turn(
            session,
            context.actor(),
            context.now(competition),
            hearing=access.hearing_of(session, panel, hearing_id),
            reason=form.reason.data or "",
            paper=_filed(session, competition, kind, title, minute) if minute else None,
            witnesses=form.witnesses(),
        )


def _repeat(competition_id: str, panel_id: str, hearing_id: str, form: RepeatForm) -> None:
    decision = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        title = "Quyết định bảo vệ lại hoặc bỏ phiếu lại"
        service.repeat_hearing(
            session,
            context.actor(),
            context.now(competition),
            hearing=access.hearing_of(session, panel, hearing_id),
            occasion=Occasion(form.occasion.data),
            paper=_filed(session, competition, PaperKind.COUNCIL_DECISION, title, decision),
        )


def _filed(
    session: Session, competition: Competition, kind: PaperKind, title: str, paper: PreparedPaper
) -> audit.SignedPaper:
    return audit.file_paper(
        session,
        context.actor(),
        context.now(competition),
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        kind=kind,
        title=title,
        paper=paper,
    )
