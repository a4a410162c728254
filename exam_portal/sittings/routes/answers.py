# SPDX-License-Identifier: Apache-2.0
"""What the player speaks with: JSON from the device in charge, proved by its token alone.

The device's own header and the browser's word on the origin stand in for a form token (docs/answer-path.md).
"""

import json
from datetime import datetime
from typing import cast

from flask import Flask, Response, current_app, g, request, url_for
from flask.blueprints import BlueprintSetupState

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.sittings import service
from exam_portal.sittings.attempts import machines, opened, presentation, queries, replaying, wire
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.attempts.answer_path import AnswerPath, now
from exam_portal.sittings.attempts.errors import (
    DeviceMoved,
    NotRunning,
    TokenRefused,
    TooLarge,
)
from exam_portal.sittings.attempts.presence import Sighting
from exam_portal.sittings.attempts.queries import AttemptPlace
from exam_portal.sittings.attempts.tokens import SittingToken
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.door import CHARGED, EXTENSION, WEIGHED, Door
from exam_portal.sittings.routes.proofs import machine
from exam_portal.sittings.safe_browser import is_proved
from exam_portal.web import context, csrf, database, limits, policy
from exam_portal.web import session as web_session

HEADER = "X-Sitting"
COOKIE = "sitting-"


@bp.record_once
def stand_at_the_door(state: BlueprintSetupState) -> None:
    """Saves that succeed take the short way."""
    app = cast("Flask", state.app)
    app.wsgi_app = Door(app, app.wsgi_app, COOKIE)  # type: ignore[method-assign, assignment]


def path() -> AnswerPath:
    """Return what this process keeps for the answer path."""
    if EXTENSION not in current_app.extensions:
        current_app.extensions.setdefault(
            EXTENSION, AnswerPath(database.database(), context.settings().sittings)
        )
    return cast("AnswerPath", current_app.extensions[EXTENSION])


def cookie_name(attempt_id: str) -> str:
    """Return the name of the cookie that holds the token of this attempt."""
    return f"{COOKIE}{attempt_id[:10]}"


@bp.post("/sit/attempts/<public_id:attempt_id>/events")
@policy.requires("sittings.answer")
@csrf.origin_only
@limits.own_budget
def save_events(attempt_id: str) -> Response:
    """The events are stored; only then are they acknowledged."""
    token = _proved(attempt_id)
    body = _body()
    return _json(path().save(token, body, g.arrived_at, is_weighed=WEIGHED in request.environ))


@bp.get("/sit/attempts/<public_id:attempt_id>/state")
@policy.requires("sittings.answer")
@limits.own_budget
def state(attempt_id: str) -> Response:
    """Where the attempt stands and how much time is left."""
    token = _proved(attempt_id)
    web_session.identity()  # a person who writes is not idle: the sign-in lasts as long as the sitting
    session = database.reader()
    place, at = _place(session, token), now(token, g.arrived_at)
    found = queries.state_of(session, place, at)
    found["is_writer"] = found.pop("lease") == token.lease
    if found["is_writer"]:
        path().presence.saw(token.attempt_id, _sighting(session, place, at))
    return _json(found)


def _sighting(session: Session, place: AttemptPlace, at: datetime) -> Sighting:
    seen = machine(place.attempt.public_id)
    keys = machines.keys_of(session, place.sitting.id)
    browser = "" if keys == ([], []) else "proved" if is_proved(*keys, seen.proofs) else "other"
    return Sighting(at, seen.address, browser)


@bp.get("/sit/attempts/<public_id:attempt_id>/paper")
@policy.requires("sittings.answer")
@limits.own_budget
def paper(attempt_id: str) -> Response:
    """The paper as this candidate sees it, and the answers in the journal; not before the start."""
    token = _proved(attempt_id)
    session = database.reader()
    place = _place(session, token)
    at = now(token, g.arrived_at)
    if not queries.may_read(place.attempt, at):
        raise NotRunning(place.attempt.state)
    if place.attempt.lease != token.lease:
        raise DeviceMoved
    form = opened.form_of(session, place.attempt.form_id)
    answers = replaying.answers_of(session, place.attempt)
    order = opened.permutation_of(session, form, place.attempt)
    return _json(presentation.paper(form, order, answers, queries.state_of(session, place, at)))


@bp.post("/sit/attempts/<public_id:attempt_id>/submission")
@policy.requires("sittings.answer")
@csrf.origin_only
@limits.own_budget
def hand_in(attempt_id: str) -> Response:
    """What has not been saved yet is saved, then the attempt is sealed and its receipt signed."""
    token = _proved(attempt_id)
    body = _body()
    if body:
        path().save(token, body, g.arrived_at)
    is_by_time = request.args.get("by") == "time"
    database.release_reader()
    submission = path().hand_in(token, g.arrived_at, is_by_time=is_by_time)
    target = url_for("sittings.receipt", attempt_id=attempt_id)
    return _json({"receipt": submission.receipt, "location": target})


@bp.post("/sit/attempts/<public_id:attempt_id>/call")
@policy.requires("sittings.answer")
@csrf.origin_only
@limits.own_budget
def call_invigilator(attempt_id: str) -> Response:
    """The seat shows on the board as calling, until somebody has come."""
    token = _proved(attempt_id)
    with database.writer() as session:
        policy.prove("sittings.answer")
        place = _place(session, token)
        if place.attempt.lease != token.lease:
            raise DeviceMoved
        candidate = Actor(account_id=place.account_id, is_candidate=True)
        at = now(token, g.arrived_at)
        call = service.call_invigilator(session, candidate, at, seat=place.seat)
        return _json({"called_at": instant(call.at)})


@bp.post("/sit/attempts/<public_id:attempt_id>/other-form")
@policy.requires("sittings.answer")
@csrf.origin_only
@limits.own_budget
def report_form(attempt_id: str) -> Response:
    """The seat calls, and the register says that its computer refused a form not committed to."""
    token = _proved(attempt_id)
    found = wire.read_form_report(_body())
    with database.writer() as session:
        policy.prove("sittings.answer")
        place = _place(session, token)
        if place.attempt.lease != token.lease:
            raise DeviceMoved
        candidate = Actor(account_id=place.account_id, is_candidate=True)
        at = now(token, g.arrived_at)
        words = presentation.other_form(found)
        service.report_other_form(session, candidate, at, seat=place.seat, description=words)
        service.call_invigilator(session, candidate, at, seat=place.seat)
    return _json({})


def _proved(attempt_id: str) -> SittingToken:
    if request.method == "POST" and HEADER not in request.headers:
        raise TokenRefused
    token = path().token(
        request.cookies.get(cookie_name(attempt_id)),
        attempt_id,
        g.arrived_at,
        is_charged=CHARGED in request.environ,
    )
    policy.prove("sittings.answer")
    return token


def _place(session: Session, token: SittingToken) -> AttemptPlace:
    place = queries.place_of(session, token.attempt)
    if place is None:
        raise TokenRefused
    return place


def _body() -> bytes:
    """Return the body; the request counts as arrived when all of it has, not with its first line."""
    if (request.content_length or 0) > path().settings.save_bytes:
        raise TooLarge
    body = request.get_data(cache=False)
    context.note_arrival()
    return body


def _json(content: object) -> Response:
    answer = Response(json.dumps(content, ensure_ascii=False), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
