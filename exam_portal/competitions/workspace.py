# SPDX-License-Identifier: Apache-2.0
"""What surrounds every staff page of a competition: its steps, its rooms, and what it needs next."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from flask import current_app, g, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.competitions import queries
from exam_portal.competitions.milestones import in_draft, is_approved
from exam_portal.competitions.models import Competition, CompetitionKind, MilestoneKind
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.web import chrome, context, database, filters, policy

Kind = MilestoneKind


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One entry of the room list: shown where its page exists and the reader may enter."""

    endpoint: str
    text: str
    permission: str
    group: str = ""
    order: int = 100


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What the competition needs now, and the page for it where the reader may open it."""

    title: str
    text: str
    href: str = ""
    act: str = ""
    is_done_here: bool = False  # the reader can do it, or open the room in which it is done


PREPARE, RUN, RECORD = _l("Preparation"), _l("Course"), _l("Papers and record")
STEPS: Sequence[tuple[str, Kind]] = (
    (_l("Plan and notice"), Kind.ANNOUNCED),
    (_l("Registration"), Kind.REGISTRATION_CLOSED),
    (_l("Vetting"), Kind.LIST_APPROVED),
    (_l("Summons"), Kind.SUMMONED),
    (_l("Examination and marking"), Kind.MARKS_POSTED),
    (_l("Review"), Kind.REVIEWS_CLOSED),
    (_l("Recognition"), Kind.RECOGNISED),
    (_l("Publication"), Kind.PUBLISHED),
)
_rooms: list[Room] = []


def add_room(endpoint: str, text: str, permission: str, *, group: str = RUN, order: int = 100) -> None:
    """The competition's room list leads to this page, whose address takes ``competition_id``.

    Called by the routes of any slice when they are imported; ``order`` places the entry within the whole.
    """
    room = Room(endpoint=endpoint, text=text, permission=permission, group=group, order=order)
    if room.endpoint not in {known.endpoint for known in _rooms}:
        _rooms.append(room)


def rooms(competition: Competition) -> list[chrome.Link]:
    """Return the rooms of the competition that the reader may enter; the page lies in one of them at most."""
    found = {
        url_for(room.endpoint, competition_id=competition.public_id): room
        for room in sorted(_rooms, key=lambda room: room.order)
        if room.endpoint in current_app.view_functions and policy.may(room.permission, competition)
    }
    inside = max((address for address, room in found.items() if _is_in(room, address)), key=len, default="")
    return [
        chrome.Link(text=str(room.text), href=address, current=address == inside, group=str(room.group))
        for address, room in found.items()
    ]


def _is_in(room: Room, address: str) -> bool:
    """Whether the page is the room's own or lies below it; the home of the competition has nothing below."""
    is_below = room.endpoint != "competitions.home" and request.path.startswith(f"{address}/")
    return request.path == address or is_below


def phases(session: Session, competition: Competition) -> list[chrome.Phase]:
    """Return the steps of a competition: those done with their day, the one it stands in, those ahead."""
    reached = queries.reached(session, competition.id)
    annulled = any(kind is Kind.ANNULLED for kind, _ in reached)
    found: list[chrome.Phase] = []
    for text, kind in STEPS:
        done = next((at for (found_kind, _), at in reached.items() if found_kind is kind), None)
        if done is not None:
            found.append(chrome.Phase(text=str(text), state="done", note=filters.date(done)))
        elif annulled:
            found.append(chrome.Phase(text=str(text), state="stopped"))
        else:
            is_current = all(phase.state == "done" for phase in found)
            found.append(chrome.Phase(text=str(text), state="current" if is_current else "ahead"))
    return found


def of(session: Session, competition: Competition) -> chrome.Workspace:
    """Return the frame of the competition's staff pages."""
    organisation = queries.organisation_of(session, competition)
    return chrome.Workspace(
        code=competition.code,
        title=_in_language(competition.title, competition.title_en),
        organisation=_in_language(organisation.name, organisation.name_en),
        href=url_for("competitions.home", competition_id=competition.public_id),
        rooms=rooms(competition),
        phases=phases(session, competition),
        is_rehearsal=competition.kind == CompetitionKind.REHEARSAL,
    )


def current() -> chrome.Workspace | None:
    """Return the frame of the competition that this request's address names, if the reader is its staff."""
    public_id = (request.view_args or {}).get("competition_id")
    if not public_id or not context.actor().grants:
        return None
    if "workspace" not in g:
        with database.framing() as session:
            try:
                found = queries.competition(session, context.actor(), str(public_id))
            except NotFound:
                g.workspace = None
            else:
                g.workspace = of(session, found)
    workspace: chrome.Workspace | None = g.workspace
    return workspace


def next_step(session: Session, competition: Competition, now: datetime) -> Next | None:
    """Return what the competition needs to go on, and whether the reader is the one who can do it."""
    reached = list(queries.reached(session, competition.id))
    kinds = {kind for kind, _ in reached}
    if kinds & {Kind.ANNULLED, Kind.ARCHIVED}:
        return None
    if Kind.ANNOUNCED not in kinds:
        return _before_notice(competition, reached)
    if Kind.REGISTRATION_CLOSED not in kinds:
        return _registration(competition, now)
    return _later(competition, kinds)


def _before_notice(competition: Competition, reached: Sequence[tuple[Kind, str]]) -> Next:
    href = url_for("competitions.approval", competition_id=competition.public_id)
    if in_draft(reached):
        return Next(
            title=gettext("Complete the draft and submit it to the chair"),
            text=gettext("Posts, criteria, dates and the text of the notice can be changed until then."),
            href=href,
            act=gettext("Check and submit"),
            is_done_here=policy.may("competitions.submit", competition),
        )
    if is_approved(reached):
        return Next(
            title=gettext("Publish the notice"),
            text=gettext("The chair has approved. With the notice, rules, posts and dates are frozen."),
            href=href,
            act=gettext("Publish the notice"),
            is_done_here=policy.may("competitions.announce", competition),
        )
    may = policy.may("competitions.approve", competition) or policy.may(
        "competitions.record_approval", competition
    )
    return Next(
        title=gettext("The chair decides"),
        text=gettext(
            "The chair approves after signing in, or on paper: then the signed decision is recorded."
        ),
        href=href,
        act=gettext("Open the approval"),
        is_done_here=may,
    )


def _registration(competition: Competition, now: datetime) -> Next:
    if now <= competition.apply_closes_at:
        is_open = now >= competition.apply_opens_at
        return Next(
            title=gettext("Registration is open") if is_open else gettext("Registration has not begun"),
            text=gettext(
                "Applications are accepted from %(opens)s to %(closes)s.",
                opens=filters.instant(competition.apply_opens_at),
                closes=filters.instant(competition.apply_closes_at),
            ),
        )
    return Next(
        title=gettext("Close the registration"),
        text=gettext("The period is over. Enter paper dossiers that were stamped in time, then close it."),
        href=url_for("competitions.home", competition_id=competition.public_id) + "#close",
        act=gettext("Close the registration"),
        is_done_here=policy.may("competitions.close_registration", competition),
    )


def _later(competition: Competition, kinds: set[Kind]) -> Next | None:
    """Return the next step of the course, with the room in which it is done where the reader may enter it."""
    for kind, title, text, endpoint in _LATER:
        if kind not in kinds:
            entered = next((room for room in _rooms if room.endpoint == endpoint), None)
            if entered is None or not policy.may(entered.permission, competition):
                return Next(title=str(title), text=str(text))
            return Next(
                title=str(title),
                text=str(text),
                href=url_for(endpoint, competition_id=competition.public_id),
                act=gettext("Go to: %(room)s", room=str(entered.text)),
                is_done_here=True,
            )
    return None


_LATER: Sequence[tuple[Kind, str, str, str]] = (
    (
        Kind.LIST_APPROVED,
        _l("Dossiers are being checked"),
        _l("The vetting board reads each criterion and concludes; the chair then approves the list."),
        "registration.applications",
    ),
    (
        Kind.SUMMONED,
        _l("Prepare rooms and papers, and summon the candidates"),
        _l("Rooms, seats and candidate numbers first; then the summonses go out."),
        "sittings.overview",
    ),
    (
        Kind.MARKS_POSTED,
        _l("Hold the parts and mark them"),
        _l("Each part is held, masked, marked, locked and unmasked; then the marks are posted."),
        "sittings.overview",
    ),
    (
        Kind.REVIEWS_CLOSED,
        _l("Requests for review are open"),
        _l("Candidates may ask for a review of marking within the days that the rules give."),
        "appeals.overview",
    ),
    (
        Kind.OPINION_RECORDED,
        _l("Record the opinion of the Party committee"),
        _l("Only its number and date are recorded, with the scan."),
        "results.overview",
    ),
    (
        Kind.RECOGNISED,
        _l("Record the decision that recognises the result"),
        _l("The appointing authority signs it; the scan is recorded."),
        "results.overview",
    ),
    (
        Kind.PUBLISHED,
        _l("Publish the result"),
        _l("Two people approve exactly the content that is published."),
        "results.overview",
    ),
)


def _in_language(vietnamese: str, english: str) -> str:
    return english if english and filters.language() == "en" else vietnamese
