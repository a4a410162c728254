# SPDX-License-Identifier: Apache-2.0
"""The questions of a panel: filed, approved by another person, drawn by each candidate before witnesses."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, errors, presentation
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.room import documents, drawing, service
from exam_portal.interviews.room.forms import DrawForm, QuestionsForm, RenewalForm
from exam_portal.interviews.room.models import QuestionSet
from exam_portal.interviews.routes.blueprint import HEARING, PANEL, again, bp, refuse, to
from exam_portal.interviews.routes.counting import row_of
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"
SEE = "interviews.see_questions"
FILE = "interviews.file_questions"
TITLE = "Biên bản bốc thăm câu hỏi"


@bp.get(f"{PANEL}/questions")
@policy.requires("interviews.see_questions")
def questions(competition_id: str, panel_id: str) -> str:
    """Show the set that holds and what was drawn; its words to who may still approve it."""
    approves = _is_asked(competition_id, panel_id)
    noted = _note_reading(competition_id, panel_id) if approves else None
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, SEE)
    last = drawing.last_set(session, panel.id)
    is_that = last is not None and last.id == noted  # not one that was filed in between
    held = drawing.opened(session, last) if last is not None else None
    return templating.render(
        "interviews/room/questions.html",
        page=presentation.panel_page(session, competition, panel),
        last=last,
        approval=drawing.approval(session, last) if last is not None else None,
        held=held,
        unread=drawing.unread(session, panel.id, held) if held is not None else (),
        approves=approves and (noted is None or is_that),
        reads=is_that,
        draws=drawing.draws(session, panel.id),
        may_file=not drawing.draws(session, panel.id) or drawing.needs_more(session, panel),
        renews=drawing.needs_seed(session, panel),
        earlier=[(one, drawing.opened(session, one)) for one in drawing.earlier_sets(session, panel.id)],
        revealed=drawing.may_reveal(session, panel),
    )


@bp.route(f"{PANEL}/questions/new", methods=["GET", "POST"])
@policy.requires("interviews.file_questions")
def file_questions(competition_id: str, panel_id: str) -> str | Response:
    """File the questions of the panel under seal."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, FILE)
    page = presentation.panel_page(session, competition, panel)
    drawn = drawing.base(session, panel.id)
    scale = {"each": drawn.set.each, "once": drawn.set.once} if drawn else {"each": 1, "once": True}
    renews = drawing.needs_seed(session, panel)
    form = RenewalForm(data=scale) if renews else QuestionsForm(data=scale)
    if form.validate_on_submit():
        try:
            _file(competition_id, panel_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The questions lie under seal and wait for approval."), "done")
            return to("questions", competition_id=competition_id, panel_id=panel_id)
    facts = {"page": page, "adds": bool(drawn), "renews": renews}
    body = templating.render("interviews/room/file_questions.html", form=form, **facts)
    return again(body) if flask.request.method == "POST" else body


@bp.post(f"{PANEL}/questions/<public_id:set_id>/approve")
@policy.requires("interviews.approve_questions")
def approve_questions(competition_id: str, panel_id: str, set_id: str) -> Response:
    """Approve the questions that somebody else has filed."""
    permission = "interviews.approve_questions"
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, permission)
        now = context.now(competition)
        service.approve_questions(session, context.actor(), now, panel=panel, set_id=set_id)
    flask.flash(gettext("The questions are approved. Nobody reads them before they are drawn."), "done")
    return to("questions", competition_id=competition_id, panel_id=panel_id)


@bp.route(f"{HEARING}/questions", methods=["GET", "POST"])
@policy.requires("interviews.run")
def draw_questions(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Let the candidate draw, or enter the draw on paper; afterwards, show what was drawn."""
    form = DrawForm()
    if form.validate_on_submit():
        try:
            _draw(competition_id, panel_id, hearing_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The candidate has drawn."), "done")
            return to(
                "draw_questions", competition_id=competition_id, panel_id=panel_id, hearing_id=hearing_id
            )
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    session = database.reader()
    draw = drawing.draws(session, page.panel.id).get(row.hearing.id)
    drawn = drawing.drawn_questions(session, row.hearing.id)
    last = drawing.last_set(session, page.panel.id)
    is_ready = last is not None and drawing.approval(session, last) is not None
    body = templating.render(
        "interviews/room/draw.html", form=form, page=page, row=row, draw=draw, drawn=drawn, is_ready=is_ready
    )
    return again(body) if flask.request.method == "POST" else body


@bp.get(f"{HEARING}/questions.pdf")
@policy.requires("interviews.run")
def questions_slip(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """Print the questions that a candidate drew."""
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    return documents.questions_slip(database.reader(), page, row, context.now(page.competition))


def _is_asked(competition_id: str, panel_id: str) -> bool:
    """Whether a set of somebody else waits for an approval that the reader may give."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, SEE)
    return _waiting(session, panel) is not None and policy.may("interviews.approve_questions", competition)


def _waiting(session: Session, panel: PanelSession) -> QuestionSet | None:
    """Return the set that waits for approval, where somebody else than the reader has filed it."""
    last = drawing.last_set(session, panel.id)
    if last is None or last.by == context.actor().account_id or drawing.approval(session, last) is not None:
        return None
    return last


def _note_reading(competition_id: str, panel_id: str) -> int | None:
    """Return the set whose words the reader may read, which is on record from now on; None: of no set."""
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, SEE)
        found = _waiting(session, panel)
        if found is None:
            return None
        try:
            now = context.now(competition)
            service.note_reading(session, context.actor(), now, panel=panel, found=found)
        except errors.QuestionsKeptBack:
            return None
        return found.id


def _file(competition_id: str, panel_id: str, form: QuestionsForm) -> None:
    made = form.made()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, FILE)
        service.file_questions(session, context.actor(), context.now(competition), panel=panel, made=made)


def _draw(competition_id: str, panel_id: str, hearing_id: str, form: DrawForm) -> None:
    minute = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        who, now = context.actor(), context.now(competition)
        paper = None
        if minute is not None:
            paper = audit.file_paper(
                session,
                who,
                now,
                organisation_id=competition.organisation_id,
                competition_id=competition.id,
                kind=PaperKind.LOTS_MINUTE,
                title=TITLE,
                paper=minute,
            )
        service.draw_questions(
            session,
            who,
            now,
            hearing=access.hearing_of(session, panel, hearing_id),
            witnesses=form.witnesses.data or "",
            numbers=form.chosen(),
            paper=paper,
        )
