# SPDX-License-Identifier: Apache-2.0
"""Where a person begins, and the menu of every page: what this reader could open, and nothing else."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from exam_portal.core.actors import Actor
from exam_portal.web import chrome, context, hall, policy
from exam_portal.web.hooks import HallPlace

PUBLIC: Sequence[tuple[str, str, str]] = (
    ("competitions.notices", policy.PUBLIC, _l("Notices")),
    ("admin.results", policy.PUBLIC, _l("Results")),
    ("admin.verify", policy.PUBLIC, _l("Verify")),
)
OWN: Sequence[tuple[str, str, str]] = (
    ("admin.own_home", "admin.own_home", _l("My page")),
    ("competitions.notices", policy.PUBLIC, _l("Notices")),
    ("sittings.own_sittings", "sittings.own_list", _l("My sittings")),
    ("admin.results", policy.PUBLIC, _l("Results")),
)
STAFF: Sequence[tuple[str, str, str]] = (
    ("admin.staff_home", "admin.staff_home", _l("My work")),
    ("competitions.index", "competitions.list", _l("Competitions")),
    ("items.index", "items.list", _l("Item banks")),
    ("marking.home", "marking.own", _l("My marking")),
    ("interviews.home", "interviews.own", _l("My panels")),
    ("accounts.organisations", "accounts.see_organisations", _l("Organisations")),
    ("admin.system", "admin.see_system", _l("State of the system")),
)


def home(actor: Actor) -> str:
    """Return where a person begins after signing in."""
    if (here := hall.place()) is not None:
        return "/me/sittings" if actor.is_candidate else f"/staff/sittings/{here.sitting}"
    if actor.is_candidate:
        return "/me"
    return "/staff" if actor.roles else "/"


def links() -> list[chrome.Link]:
    """Return the main menu of the reader."""
    if (here := hall.place()) is not None:
        return _in_hall(here)
    actor = context.actor()
    menu = OWN if actor.is_candidate else STAFF if actor.roles else PUBLIC
    return [
        chrome.Link(text=str(text), href=url_for(endpoint), current=request.endpoint == endpoint)
        for endpoint, permission, text in menu
        if endpoint in current_app.view_functions and policy.may_ever(permission)
    ]


def _in_hall(here: HallPlace) -> list[chrome.Link]:
    """Return the few pages that an installation in a hall has."""
    actor = context.actor()
    if not actor.is_known or actor.is_candidate:
        return []
    pages: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (_l("Sitting"), "sittings.show", {"sitting_id": here.sitting}),
        (_l("Board"), "sittings.board", {"sitting_id": here.sitting}),
        (_l("Examination papers"), "papers.index", {"competition_id": here.competition}),
    )
    return [
        chrome.Link(text=str(text), href=url_for(endpoint, **where), current=request.endpoint == endpoint)
        for text, endpoint, where in pages
    ]
