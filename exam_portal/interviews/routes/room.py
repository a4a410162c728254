# SPDX-License-Identifier: Apache-2.0
"""The times of a hearing: planned before the first one, kept by the secretary, shown to the room."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, ballots, presentation
from exam_portal.interviews.room import documents, messages, queries, service
from exam_portal.interviews.room import presentation as room
from exam_portal.interviews.room.forms import PhaseForm, PlanForm
from exam_portal.interviews.room.timing import PhaseKey
from exam_portal.interviews.routes.blueprint import HEARING, PANEL, again, bp, refuse, to
from exam_portal.interviews.routes.counting import row_of
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"
SEEN = "interviews.see_clock"


@bp.record_once
def _prepare(state: flask.blueprints.BlueprintSetupState) -> None:
    """Templates can name a phase and its state, and write a length of time."""
    state.app.jinja_env.globals.update(
        phase_titles=messages.PHASES, phase_states=messages.PHASE_STATES, duration=room.duration
    )


@bp.route(f"{PANEL}/plan", methods=["GET", "POST"])
@policy.requires("interviews.run")
def plan(competition_id: str, panel_id: str) -> str | Response:
    """Plan the minutes of each phase, before the first hearing."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    page = presentation.panel_page(session, competition, panel)
    planned = queries.plan(session, panel.id, page.part)
    form = PlanForm(data={key.value: planned.minutes(key) for key in PhaseKey})
    if form.validate_on_submit():
        try:
            _plan(competition_id, panel_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The plan holds for every hearing of this panel."), "done")
            return to("show", competition_id=competition_id, panel_id=panel_id)
    fixed = queries.has_begun(session, panel.id)
    body = templating.render("interviews/room/plan.html", form=form, page=page, fixed=fixed)
    return again(body) if flask.request.method == "POST" else body


@bp.get(f"{HEARING}/times")
@policy.requires("interviews.view")
def times(competition_id: str, panel_id: str, hearing_id: str) -> str:
    """Show the phases of a hearing with their times."""
    return _times(competition_id, panel_id, hearing_id, PhaseForm(formdata=None))


@bp.post(f"{HEARING}/times/<string:phase>/<string:act>")
@policy.requires("interviews.run")
def keep_time(competition_id: str, panel_id: str, hearing_id: str, phase: str, act: str) -> Response:
    """Start, pause, resume or end a phase."""
    form = PhaseForm()
    if act not in {"start", "pause", "resume", "end"} or phase not in set(PhaseKey):
        raise NotFound
    if form.validate():
        try:
            _keep(competition_id, panel_id, hearing_id, PhaseKey(phase), act, form.reason.data or "")
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            return to("times", competition_id=competition_id, panel_id=panel_id, hearing_id=hearing_id)
    return again(_times(competition_id, panel_id, hearing_id, form))


@bp.get(f"{HEARING}/times.pdf")
@policy.requires("interviews.view")
def times_minute(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """Print the minute of a hearing with its times."""
    page, row = row_of(competition_id, panel_id, hearing_id, "interviews.view")
    now = context.now(page.competition)
    return documents.times_minute(database.reader(), page, row, now)


@bp.get(f"{PANEL}/clock")
@policy.requires("interviews.see_clock")
def clock(competition_id: str, panel_id: str) -> str:
    """Show the big clock of the room: order number and phase, and nobody's name."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, SEEN)
    return templating.render("interviews/room/clock.html", competition=competition, panel=panel)


@bp.get(f"{PANEL}/clock/state")
@policy.requires("interviews.see_clock")
def clock_state(competition_id: str, panel_id: str) -> Response:
    """Say what the clock shows at this moment."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, SEEN)
    part = ballots.part_of(competitions.ruleset(competition), panel.part)
    answer = flask.jsonify(on=room.clock_state(session, panel, part, context.now(competition)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _times(competition_id: str, panel_id: str, hearing_id: str, form: PhaseForm) -> str:
    page, row = row_of(competition_id, panel_id, hearing_id, "interviews.view")
    now = context.now(page.competition)
    shown = room.session_times(database.reader(), page.panel, page.part, row.hearing, now)
    return templating.render("interviews/room/times.html", page=page, row=row, times=shown, form=form)


def _plan(competition_id: str, panel_id: str, form: PlanForm) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        service.plan_room(session, context.actor(), context.now(competition), panel=panel, plan=form.plan())


def _keep(
    competition_id: str, panel_id: str, hearing_id: str, phase: PhaseKey, act: str, reason: str
) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        hearing = access.hearing_of(session, panel, hearing_id)
        who, now = context.actor(), context.now(competition)
        if act == "start":
            service.start_phase(session, who, now, hearing=hearing, phase=phase)
        elif act == "pause":
            service.pause_phase(session, who, now, hearing=hearing, phase=phase, reason=reason)
        elif act == "resume":
            service.resume_phase(session, who, now, hearing=hearing, phase=phase, reason=reason)
        else:
            service.end_phase(session, who, now, hearing=hearing, phase=phase)
