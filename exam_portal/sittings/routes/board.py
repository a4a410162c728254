# SPDX-License-Identifier: Apache-2.0
"""The invigilator's board: who is there, how the clock runs, and every act on it. It also works as a page."""

import hashlib
import json

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound, StaleState
from exam_portal.sittings import access, errors, forms, queries, service, timekeeping
from exam_portal.sittings.attempts import access as attempt_access
from exam_portal.sittings.attempts import late
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, AttendanceStatus, GrantKind, Sitting
from exam_portal.sittings.presentation import board_state, board_words, by_room, seat_state
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import (
    SEAT,
    SITTING,
    chosen_place,
    form_page,
    page,
    refuse,
    rooms_of,
    seat_choices,
    shown_rooms,
    sitting,
    to,
)
from exam_portal.sittings.service import attendance, collecting, locking, turning
from exam_portal.web import context, database, policy


@bp.get(f"{SITTING}/board")
@policy.requires("sittings.view")
def board(sitting_id: str) -> str | Response:
    """Show the board."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    now, grants = context.now(competition), queries.grants(session, found)
    turns = queries.paper_turns(session, found)
    named = {seat_id for seat_id in [*(g.seat_id for g in grants), *(t.seat_id for t in turns)] if seat_id}
    rooms = queries.room_states(session, found, now)
    shown = shown_rooms([one.tally for one in rooms])
    entries, networks = queries.board(session, found, shown), queries.networks(session, shown)
    return page(
        "board",
        competition,
        sitting=found,
        rooms=rooms,
        seats=by_room(entries),
        live={one.id: seat_state(one, networks, now) for one in entries},
        words=board_words(),
        proposals=len(queries.open_proposals(session, found, now, _silent_seconds())),
        asked=flask.request.args.get("room"),
        state=queries.state(queries.events_of(session, found)),
        is_lost=turning.is_lost(session, found.id),
        grants=grants,
        turns=turns,
        given=queries.seats(session, named),
        late=attendance.plan_of(session, found, found.starts_at).late,
        calls=len(queries.calls(session, found, only_open=True)),
        late_answers=late.waiting(session, [found.id]).get(found.id, 0),
        turned=timekeeping.turned_during(session, found.starts_at),
        now=now,
    )


@bp.get(f"{SITTING}/board.json")
@policy.requires("sittings.view")
def board_json(sitting_id: str) -> Response:
    """Return the changing part of the board; unchanged since last time: 304 and no body."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    asked = flask.request.args.get("room")
    state = board_state(session, found, context.now(competition), asked, _silent_seconds())
    body = json.dumps(state, ensure_ascii=False, sort_keys=True)
    lasting = json.dumps({**state, "now": ""}, sort_keys=True)
    answer = Response(body, mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hashlib.sha256(lasting.encode()).hexdigest()[:32])
    return answer.make_conditional(flask.request)


@bp.route(f"{SEAT}/attendance", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def check_in(seat_id: str) -> str | Response:
    """Record what was found at a seat."""
    session = database.reader()
    seat = access.load_seat(session, context.actor(), seat_id, "sittings.invigilate")
    last = attendance.last_finding(session, seat)
    form = forms.FindingForm(data={"seen": str(last.id if last else 0)})
    form.offer()
    if form.validate_on_submit():
        try:
            with database.writer() as writing:
                sitting_id = _check_in(writing, seat_id, form)
        except (NotFound, Forbidden, StaleState):
            raise
        except DomainError as problem:
            refuse(form, problem, field="arrived_at" if isinstance(problem, errors.TooLate) else None)
        else:
            return to("board", sitting_id=sitting_id, room=seat.room.public_id, _anchor=f"seat-{seat_id}")
    seat = access.load_seat(database.reader(), context.actor(), seat_id, "sittings.invigilate")
    competition = access.competition_of(database.reader(), seat.sitting)
    entry = queries.seat(database.reader(), seat.id)
    return form_page("finding", competition, form=form, sitting=seat.sitting, seat=entry)


@bp.post(f"{SITTING}/rooms/<public_id:room_id>/check-in")
@policy.requires("sittings.invigilate")
def check_in_room(sitting_id: str, room_id: str) -> Response:
    """Everybody in the room about whom nothing is recorded is present, identity checked."""
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        room = access.room(session, competition, room_id)
        now = context.now(competition)
        count = service.check_in_room(session, context.actor(), now, sitting=found, room=room)
    flask.flash(gettext("%(count)s candidates are checked in.", count=count), "done")
    return to("board", sitting_id=sitting_id, room=room_id)


@bp.post(f"{SITTING}/start")
@policy.requires("sittings.invigilate")
def start(sitting_id: str) -> Response:
    """Start the clock in a room or in all."""
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        room = locking.room_of(session, found, flask.request.form.get("room"))
        service.start(session, context.actor(), context.now(competition), sitting=found, room=room)
    flask.flash(gettext("The sitting has started."), "done")
    return to("board", sitting_id=sitting_id, room=flask.request.form.get("room"))


@bp.route(f"{SITTING}/pause", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def pause(sitting_id: str) -> str | Response:
    """Stop the clock in a room or in all."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.invigilate")
    form = forms.PauseForm()
    form.offer(rooms_of(session, found))
    if not form.validate_on_submit():
        return form_page("pause", competition, form=form, sitting=found)
    with database.writer() as writing:
        found, competition = sitting(writing, sitting_id, "sittings.invigilate")
        service.pause(
            writing,
            context.actor(),
            context.now(competition),
            sitting=found,
            reason=form.reason.data or "",
            room=locking.room_of(writing, found, form.room.data),
        )
    flask.flash(gettext("The clock stands still."), "attention")
    return to("board", sitting_id=sitting_id)


@bp.post(f"{SITTING}/resume")
@policy.requires("sittings.invigilate")
def resume(sitting_id: str) -> Response:
    """Let the clock run again."""
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        room = locking.room_of(session, found, flask.request.form.get("room"))
        service.resume(session, context.actor(), context.now(competition), sitting=found, room=room)
    flask.flash(gettext("The clock runs again."), "done")
    return to("board", sitting_id=sitting_id, room=flask.request.form.get("room"))


REASON = 500


@bp.post(f"{SITTING}/end")
@policy.requires("sittings.invigilate")
def end(sitting_id: str) -> Response:
    """End the sitting in a room or in all; on computers what is open is sealed, and tests are marked."""
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        room = locking.room_of(session, found, flask.request.form.get("room"))
        reason = flask.request.form.get("reason", "")[:REASON]
        now = context.now(competition)
        service.end(session, context.actor(), now, sitting=found, room=room, reason=reason)
        is_over = collecting.is_over(session, found, list(queries.events_of(session, found)))
        seals = is_over and found.mode != "paper"
    if seals:  # the last room, or all of them: whichever came last
        _seal_and_mark(sitting_id)
    flask.flash(gettext("The sitting has ended."), "done")
    return to("board", sitting_id=sitting_id, room=flask.request.form.get("room"))


@bp.route(f"{SITTING}/time-grants/new", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def give_time(sitting_id: str) -> str | Response:
    """Give time to one candidate, a room or all."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.invigilate")
    form = forms.GrantForm(data={"seat": flask.request.args.get("seat")})
    form.offer_places(rooms_of(session, found), seat_choices(session, found))
    if not form.validate_on_submit():
        return form_page("grant", competition, form=form, sitting=found)
    with database.writer() as writing:
        found, competition = sitting(writing, sitting_id, "sittings.invigilate")
        service.grant_time(
            writing,
            context.actor(),
            context.now(competition),
            sitting=found,
            kind=GrantKind(form.kind.data),
            seconds=60 * (form.minutes.data or 0),
            reason=form.reason.data or "",
            **chosen_place(writing, found, form),
        )
    flask.flash(gettext("The time has been entered."), "done")
    return to("board", sitting_id=sitting_id)


@bp.post("/staff/time-grants/<public_id:grant_id>/approve")
@policy.requires("sittings.second")
def approve_credit(grant_id: str) -> Response:
    """Approve a credited outage as the second person."""
    with database.writer() as session:
        grant = access.load_grant(session, context.actor(), grant_id, "sittings.second")
        found = session.get_one(Sitting, grant.sitting_id)
        competition = access.competition_of(session, found)
        service.approve_credit(session, context.actor(), context.now(competition), grant=grant)
        sitting_id = found.public_id
    flask.flash(gettext("The credit counts from now on."), "done")
    return to("board", sitting_id=sitting_id)


@bp.post("/staff/attempts/<public_id:attempt_id>/device")
@policy.requires("sittings.move_attempt")
def release_device(attempt_id: str) -> str | Response:
    """Show, once, the code with which another computer takes the attempt."""
    with database.writer() as session:
        place = attempt_access.attempt_for(session, context.actor(), attempt_id, "sittings.move_attempt")
        now = context.now(place)
        code = attempts.move_attempt(session, context.actor(), now, attempt=place.attempt)
    place = attempt_access.attempt_for(
        database.reader(), context.actor(), attempt_id, "sittings.move_attempt"
    )
    return page("device_code", place.competition, sitting=place.sitting, number=place.candidate_no, code=code)


def _silent_seconds() -> int:
    return context.settings().sittings.silent_seconds


def _check_in(session: Session, seat_id: str, form: forms.FindingForm) -> str:
    seat = access.load_seat(session, context.actor(), seat_id, "sittings.invigilate")
    status = AttendanceStatus(form.finding.data)
    service.check_in(
        session,
        context.actor(),
        context.now(access.competition_of(session, seat.sitting)),
        seat=seat,
        status=status,
        identity_checked=status is AttendanceStatus.PRESENT,
        arrived_at=form.arrived_at.data,
        note=form.note.data or "",
        seen=int(form.seen.data) if (form.seen.data or "").isdigit() else None,
    )
    return str(seat.sitting.public_id)


def _seal_and_mark(sitting_id: str) -> None:
    """What was open is sealed, each attempt read before; a test is marked if nothing can come."""
    found, _ = sitting(database.reader(), sitting_id, "sittings.invigilate")
    for attempt_id in attempts.running(database.reader(), found.id):
        replayed = attempts.replay(database.reader(), database.reader().get_one(Attempt, attempt_id))
        with database.writer() as session:
            _, competition = sitting(session, sitting_id, "sittings.invigilate")
            now, attempt = context.now(competition), session.get_one(Attempt, attempt_id)
            attempts.seal_attempt(session, context.actor(), now, attempt=attempt, replayed=replayed)
    found, competition = sitting(database.reader(), sitting_id, "sittings.invigilate")
    if competitions.ruleset(competition).part(found.part).kind != "test":
        return
    now = context.now(competition)
    if not late.is_final(database.reader(), found, now):
        return  # sittings.jobs.mark_tests does it once no late answer can come, and all are ruled on
    computed = attempts.compute_marks(database.reader(), found)
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.invigilate")
        now = context.now(competition)
        attempts.mark_tests(session, context.actor(), now, sitting=found, computed=computed)
