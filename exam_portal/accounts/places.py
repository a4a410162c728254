# SPDX-License-Identifier: Apache-2.0
"""The place that an address names: an organisation, or one of its competitions."""

import dataclasses
from typing import Any

from flask import url_for

from exam_portal.accounts import access, queries
from exam_portal.accounts.service import Seat
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.web import context, hooks, policy


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where roles are held, with its name and the addresses of its pages."""

    seat: Seat
    title: str
    code: str = ""

    def address(self, view: str, **more: str) -> str:
        """Return the address of a page about this place."""
        key = "organisation_id" if self.seat.competition_id is None else "competition_id"
        values: dict[str, Any] = {key: self.seat.public_id, **more}
        return url_for(f"accounts.{view}", **values)


def load(
    session: Session, permission: str, *, competition_id: str | None, organisation_id: str | None
) -> Place:
    """Return the place if the actor may do this there; NotFound hides what he may not even see."""
    place = (
        _competition(session, competition_id) if competition_id else _organisation(session, organisation_id)
    )
    policy.authorise(context.actor(), permission, access.place(place.seat), view="accounts.see_people")
    return place


def _competition(session: Session, public_id: str) -> Place:
    found = hooks.current().competition(session, public_id)
    if found is None:
        raise NotFound
    seat = Seat(
        organisation_id=found.organisation_id, competition_id=found.competition_id, public_id=found.public_id
    )
    return Place(seat=seat, title=found.title, code=found.code)


def _organisation(session: Session, public_id: str | None) -> Place:
    found = queries.organisation_by_public_id(session, public_id or "")
    title = found.name if context.language() == "vi" else found.name_en
    return Place(seat=Seat(organisation_id=found.id, public_id=found.public_id), title=title)
