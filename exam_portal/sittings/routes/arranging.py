# SPDX-License-Identifier: Apache-2.0
"""Before the day: rooms, sittings, seats, and the summons."""

from collections.abc import Collection

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.registration import queries as registration
from exam_portal.sittings import access, admission, errors, forms, queries, service
from exam_portal.sittings.models import Sitting
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import (
    PLACE,
    SEAT,
    SITTING,
    form_page,
    page,
    refuse,
    room_links,
    seated_parts,
    shown_rooms,
    sitting,
    titles,
    to,
)
from exam_portal.sittings.service import arranging, shifts, summons
from exam_portal.web import context, database, policy


@bp.get(f"{PLACE}/sittings")
@policy.requires("sittings.view")
def overview(competition_id: str) -> str | Response:
    """Show rooms and sittings, and what is missing before the candidates can be summoned."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "sittings.view")
    return page(
        "overview",
        competition,
        entries=queries.sittings(session, competition.id),
        rooms=(rooms := queries.rooms(session, competition.id)),
        networks=queries.networks(session, [one.id for one in rooms]),
        parts=seated_parts(competition),
        waiting={
            part.key: len(arranging.expected(session, competition.id, part.key))
            for part in seated_parts(competition)
        },
        reached=competitions.reached(session, competition.id),
        kinds=MilestoneKind,
    )


@bp.route(f"{PLACE}/rooms/new", methods=["GET", "POST"])
@policy.requires("sittings.arrange")
def new_room(competition_id: str) -> str | Response:
    """Add a room."""
    competition = _load(competition_id, "sittings.arrange")
    form = forms.RoomForm()
    if form.validate_on_submit():
        try:
            with database.writer() as session:
                competition = _load(competition_id, "sittings.arrange", session)
                service.add_room(
                    session,
                    context.actor(),
                    context.now(competition),
                    competition=competition,
                    name=form.name.data or "",
                    address=form.location.data or "",
                    capacity=form.capacity.data or 0,
                )
        except errors.NameTaken as problem:
            refuse(form, problem, field="name")
        else:
            flask.flash(gettext("The room has been added."), "done")
            return to("overview", competition_id=competition_id)
    return form_page("room", _load(competition_id, "sittings.arrange"), form=form)


@bp.route(f"{PLACE}/sittings/new", methods=["GET", "POST"])
@policy.requires("sittings.arrange")
def new_sitting(competition_id: str) -> str | Response:
    """Plan a sitting."""
    competition = _load(competition_id, "sittings.arrange")
    form = forms.SittingForm()
    form.offer(seated_parts(competition), titles(competition))
    if form.validate_on_submit():
        assert form.starts_at.data is not None
        try:
            with database.writer() as session:
                competition = _load(competition_id, "sittings.arrange", session)
                made = service.create_sitting(
                    session,
                    context.actor(),
                    context.now(competition),
                    competition=competition,
                    part=form.part.data or "",
                    starts_at=form.starts_at.data,
                    mode=form.mode.data or "",
                    duration_minutes=form.duration.data,
                ).public_id
        except (errors.NoSuchPart, errors.StartInPast) as problem:
            refuse(form, problem, field="starts_at" if isinstance(problem, errors.StartInPast) else "mode")
        else:
            flask.flash(gettext("The sitting has been planned. Now allot the seats."), "done")
            return to("allot", sitting_id=made)
    return form_page("new_sitting", _load(competition_id, "sittings.arrange"), form=form)


@bp.get(SITTING)
@policy.requires("sittings.view")
def show(sitting_id: str) -> str | Response:
    """Show a sitting: its facts, its seats, its documents, and what can be done next."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    rooms = queries.tallies(session, found)
    return page(
        "sitting",
        competition,
        sitting=found,
        state=queries.state(queries.events_of(session, found)),
        rooms=rooms,
        room_links=room_links("show", found, rooms),
        seats=queries.board(session, found, shown_rooms(rooms)),
        turned=any(one.approved_by for one in queries.paper_turns(session, found)),
        waiting=len(arranging.expected(session, competition.id, found.part)),
        other_shift=shifts.other_shift(session, found),
        now=context.now(competition),
    )


@bp.route(f"{SITTING}/seats", methods=["GET", "POST"])
@policy.requires("sittings.arrange")
def allot(sitting_id: str) -> str | Response:
    """Allot seats to those who wait for one."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.arrange")
    form, waiting = _seats_form(session, found, competition)
    if form.validate_on_submit():
        try:
            with database.writer() as writing:
                found, competition = sitting(writing, sitting_id, "sittings.arrange")
                count = service.allot_seats(
                    writing,
                    context.actor(),
                    context.now(competition),
                    sitting=found,
                    rooms=[access.room(writing, competition, one) for one in form.rooms.data or ()],
                    candidate_ids={waiting[one] for one in form.candidates.data or ()},
                )
        except (errors.NotEnoughSeats, errors.NobodyToSeat) as problem:
            refuse(form, problem, field="rooms")
        else:
            flask.flash(gettext("%(count)s seats have been allotted.", count=count), "done")
            return to("show", sitting_id=sitting_id)
    found, competition = sitting(database.reader(), sitting_id, "sittings.arrange")
    return form_page("seats", competition, form=form, sitting=found)


@bp.route(f"{SEAT}/place", methods=["GET", "POST"])
@policy.requires("sittings.arrange")
def move_seat(seat_id: str) -> str | Response:
    """Give a candidate another seat."""
    session = database.reader()
    seat = access.load_seat(session, context.actor(), seat_id, "sittings.arrange")
    form = forms.MoveSeatForm(data={"room": seat.room.public_id, "label": seat.label})
    form.room.choices = [
        (room.public_id, room.name) for room in queries.rooms(session, seat.sitting.competition_id)
    ]
    if form.validate_on_submit():
        with database.writer() as writing:
            seat = access.load_seat(writing, context.actor(), seat_id, "sittings.arrange")
            competition = access.competition_of(writing, seat.sitting)
            room = access.room(writing, competition, form.room.data or "")
            service.move_seat(
                writing,
                context.actor(),
                context.now(competition),
                seat=seat,
                room=room,
                label=form.label.data or "",
            )
            sitting_id = seat.sitting.public_id
        return to("show", sitting_id=sitting_id, room=room.public_id)
    competition = access.competition_of(session, seat.sitting)
    return form_page("move_seat", competition, form=form, seat=seat, sitting=seat.sitting)


@bp.route(f"{SITTING}/time", methods=["GET", "POST"])
@policy.requires("sittings.arrange")
def reschedule(sitting_id: str) -> str | Response:
    """Plan the sitting for another time."""
    found, competition = sitting(database.reader(), sitting_id, "sittings.arrange")
    form = forms.TimeForm(data={"starts_at": found.starts_at})
    if form.validate_on_submit():
        assert form.starts_at.data is not None
        try:
            with database.writer() as session:
                found, competition = sitting(session, sitting_id, "sittings.arrange")
                service.reschedule(
                    session,
                    context.actor(),
                    context.now(competition),
                    sitting=found,
                    starts_at=form.starts_at.data,
                )
        except errors.StartInPast as problem:
            refuse(form, problem, field="starts_at")
        else:
            flask.flash(
                gettext(
                    "The sitting has a new time. Candidates are told by e-mail; print the other summonses."
                ),
                "attention",
            )
            return to("show", sitting_id=sitting_id)
    found, competition = sitting(database.reader(), sitting_id, "sittings.arrange")
    return form_page("time", competition, form=form, sitting=found)


@bp.post(f"{SITTING}/prepare")
@policy.requires("sittings.arrange")
def prepare(sitting_id: str) -> Response:
    """Prepare an attempt for each seat."""
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.arrange")
        count = service.prepare(
            session,
            context.actor(),
            context.now(competition),
            sitting=found,
            kept_apart="kept_apart" in flask.request.form,
        )
    flask.flash(gettext("%(count)s attempts have been prepared.", count=count), "done")
    return to("show", sitting_id=sitting_id)


@bp.post(f"{SITTING}/reserve-paper")
@policy.requires("sittings.arrange")
def use_reserve_paper(sitting_id: str) -> Response:
    """Take the reserve paper."""
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.arrange")
        service.use_reserve_paper(session, context.actor(), context.now(competition), sitting=found)
    flask.flash(gettext("The sitting will be held with the reserve paper."), "attention")
    return to("show", sitting_id=sitting_id)


@bp.route(f"{SITTING}/cancel", methods=["GET", "POST"])
@policy.requires("sittings.cancel")
def cancel(sitting_id: str) -> str | Response:
    """Cancel a sitting."""
    found, competition = sitting(database.reader(), sitting_id, "sittings.cancel")
    form = forms.CancelForm()
    if not form.validate_on_submit():
        return form_page("cancel", competition, form=form, sitting=found)
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.cancel")
        now, reason = context.now(competition), form.reason.data or ""
        service.cancel(session, context.actor(), now, sitting=found, reason=reason)
    flask.flash(gettext("The sitting is cancelled. Its candidates can be seated anew."), "attention")
    return to("overview", competition_id=competition.public_id)


@bp.route(f"{PLACE}/summons", methods=["GET", "POST"])
@policy.requires("sittings.summon")
def summon(competition_id: str) -> str | Response:
    """Summon the candidates; a short notice needs a reason."""
    form = forms.SummonForm()
    if form.validate_on_submit():
        try:
            with database.writer() as session:
                competition = _load(competition_id, "sittings.summon", session)
                now, reason = context.now(competition), form.reason.data or ""
                service.summon(session, context.actor(), now, competition=competition, reason=reason)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="reason" if isinstance(problem, errors.SummonsTooShort) else None)
        else:
            flask.flash(
                gettext(
                    "The candidates are summoned by e-mail. Print the summonses of those who have no address."
                ),
                "done",
            )
            return to("overview", competition_id=competition_id)
    competition = _load(competition_id, "sittings.summon")
    session, now = database.reader(), context.now(competition)
    return form_page(
        "summon",
        competition,
        form=form,
        notice=summons.notice_of(session, competition, now),
        entries=queries.sittings(session, competition.id),
        standings=registration.standings(session, competition),
    )


def _load(competition_id: str, permission: str, session: Session | None = None) -> Competition:
    return access.load_competition(session or database.reader(), context.actor(), competition_id, permission)


def _seats_form(
    session: Session, found: Sitting, competition: Competition
) -> tuple[forms.SeatsForm, dict[str, int]]:
    """Return the form with everybody ticked who is expected, and the candidates by the ids it uses.

    Who failed a gate before the part is in the list, not ticked: a decision may still seat them.
    """
    ids = set(arranging.unseated(session, competition.id, found.part))
    failed = admission.failed(session, competition.id, found.part, ids)
    waiting = [one for one in registration.candidates(session, competition.id) if one.id in ids]
    rooms = queries.rooms(session, competition.id)
    form = forms.SeatsForm(
        data={
            "rooms": [room.public_id for room in rooms],
            "candidates": [one.public_id for one in waiting if one.id not in failed],
        }
    )
    form.offer(rooms, [(one.public_id, _choice(one, failed)) for one in waiting])
    return form, {one.public_id: one.id for one in waiting}


def _choice(one: registration.CandidateEntry, failed: Collection[int]) -> str:
    words = f"{one.candidate_no} – {one.name}"
    return gettext("%(candidate)s (did not pass)", candidate=words) if one.id in failed else words
