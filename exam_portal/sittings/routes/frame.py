# SPDX-License-Identifier: Apache-2.0
"""What the staff pages of the sittings have in common: where they stand, and how they answer."""

import dataclasses
from collections.abc import Sequence
from typing import Any, TypedDict

import flask
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rules, workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.sittings import access, admission, forms, messages, presentation, queries
from exam_portal.sittings.models import LateVerdict, Room, Seat, Sitting
from exam_portal.sittings.routes import bp
from exam_portal.sittings.service import locking
from exam_portal.web import chrome, context, database, filters, redirects, templating
from exam_portal.web import messages as web_messages
from scoring.ruleset import Part

PLACE = "/staff/competitions/<public_id:competition_id>"
SITTING = "/staff/sittings/<public_id:sitting_id>"
SEAT = "/staff/seats/<public_id:seat_id>"
MASKING_PAGES = frozenset({"receive", "scan", "stacks", "stack", "place_page"})


class Chosen(TypedDict):
    """Whom an act concerns, as its form says."""

    room: Room | None
    seat: Seat | None


workspace.add_room("sittings.overview", _l("Sittings"), "sittings.view", order=400)
workspace.add_room("sittings.masking", _l("Scripts and masks"), "sittings.mask", order=500)


@bp.record_once
def _prepare(state: Any) -> None:
    """Templates can word and colour states of sittings, attempts and seats."""
    state.app.jinja_env.globals.update(
        sitting_states=messages.STATES,
        sitting_modes=rules.MODES,
        attempt_states=messages.ATTEMPTS,
        findings=messages.FINDINGS,
        left_states=messages.LEFT,
        seat_marks=messages.MARKS,
        clock_words=presentation.clock_words,
        verdicts=LateVerdict,
        page_findings=messages.PAGES,
        stack_problems=messages.STACK_PROBLEMS,
        tally_words=presentation.tally_words,
    )


def page(name: str, competition: Competition, *, status: int = 200, **values: Any) -> str | Response:
    """Return a staff page inside the frame of its competition."""
    body = templating.render(
        f"sittings/{name}.html",
        competition=competition,
        workspace=_workspace(name, competition),
        titles=titles(competition),
        **values,
    )
    return body if status == 200 else Response(body, status=status, mimetype="text/html")


def _workspace(name: str, competition: Competition) -> chrome.Workspace:
    """Return the frame, with the room that a page at an address of its own belongs to."""
    found = workspace.of(database.reader(), competition)
    if any(room.current for room in found.rooms):
        return found
    home = flask.url_for(
        "sittings.masking" if name in MASKING_PAGES else "sittings.overview",
        competition_id=competition.public_id,
    )
    rooms = [dataclasses.replace(room, current=room.href == home) for room in found.rooms]
    return dataclasses.replace(found, rooms=rooms)


def form_page(name: str, competition: Competition, **values: Any) -> str | Response:
    """Return the page of a form: as it opens, or (422) with what was typed and why it was refused."""
    return page(name, competition, status=422 if flask.request.method == "POST" else 200, **values)


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand at the field (or above the form) that is shown again."""
    told = web_messages.words(problem)
    parts = [str(part).rstrip(".") for part in told if str(part)]
    form.refuse(". ".join(parts) + ".", field=field)


def to(endpoint: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(flask.url_for(f"sittings.{endpoint}", **values))


def titles(competition: Competition) -> dict[str, str]:
    """Return the words for each part of the competition."""
    language = filters.language()
    return {part.key: rules.part_title(part, language) for part in competitions.ruleset(competition).parts}


def seated_parts(competition: Competition) -> list[Part]:
    """Return the parts that candidates sit in rooms."""
    return [part for part in competitions.ruleset(competition).parts if part.kind in admission.SEATED_KINDS]


def sitting(session: Session, public_id: str, permission: str) -> tuple[Sitting, Competition]:
    """Return the sitting and its competition if the reader may do this there."""
    found = access.load_sitting(session, context.actor(), public_id, permission)
    return found, access.competition_of(session, found)


def rooms_of(session: Session, found: Sitting) -> Sequence[Room]:
    """Return the rooms in which somebody sits."""
    return queries.rooms_of(session, found)


def shown_rooms(rooms: Sequence[queries.RoomTally]) -> frozenset[int]:
    """Return the rooms whose seats this page shows: the one in the address, where not all."""
    return presentation.shown_rooms(rooms, flask.request.args.get("room"))


def room_links(endpoint: str, found: Sitting, rooms: Sequence[queries.RoomTally]) -> list[chrome.Link]:
    """Return a link to the page of each room; none where one page shows all."""
    shown = shown_rooms(rooms)
    if len(shown) == len(rooms):
        return []
    return [
        chrome.Link(
            text=one.room.name,
            href=flask.url_for(f"sittings.{endpoint}", sitting_id=found.public_id, room=one.room.public_id),
            current=one.room.id in shown,
            count=one.seats,
        )
        for one in rooms
    ]


def chosen_place(session: Session, found: Sitting, form: forms.SeatOrRoomForm) -> Chosen:
    """Return the seat or the room that was chosen, as the verbs take it."""
    seat = form.seat.data
    return {
        "room": locking.room_of(session, found, form.room.data),
        "seat": access.load_seat(session, context.actor(), seat, "sittings.invigilate") if seat else None,
    }


def seat_choices(session: Session, found: Sitting) -> list[tuple[str, str]]:
    """Return the candidates of a sitting as choices: number, name, room and seat."""
    return [
        (seat.public_id, f"{seat.candidate_no} – {seat.name} ({seat.room}, {seat.label})")
        for seat in queries.board(session, found)
    ]
