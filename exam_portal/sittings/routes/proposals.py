# SPDX-License-Identifier: Apache-2.0
"""What the server noticed: an invigilator makes an incident of it, or dismisses it with a reason."""

from datetime import datetime

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.sittings import forms, presentation, queries, service
from exam_portal.sittings.models import IncidentCategory, Sitting
from exam_portal.sittings.queries import OpenProposal
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import SITTING, form_page, page, sitting, to
from exam_portal.web import context, database, policy


@bp.get(f"{SITTING}/proposals")
@policy.requires("sittings.view")
def proposals(sitting_id: str) -> str | Response:
    """Show what waits for a word, and what was made of the rest."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    now = context.now(competition)
    waiting = queries.open_proposals(session, found, now, _silent_seconds())
    ruled = queries.rulings(session, found)
    named = {one.found.seat_id for one in waiting} | {one.seat_id for one in ruled}
    seats = queries.seats(session, {one for one in named if one is not None})
    rooms = {room.id: room for room in queries.rooms_of(session, found)}
    return page(
        "proposals",
        competition,
        sitting=found,
        waiting=[(one, presentation.evidence(one.found, now)) for one in waiting],
        ruled=ruled,
        seats=seats,
        rooms=rooms,
        people=accounts.names_of(session, {one.by for one in ruled}),
    )


@bp.route(f"{SITTING}/proposals/<token:key>", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def rule_proposal(sitting_id: str, key: str) -> str | Response:
    """Make an incident of it, or dismiss it."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.invigilate")
    now = context.now(competition)
    proposal = _named(session, found, key, now)
    evidence = presentation.evidence(proposal.found, now)
    form = forms.ProposalForm(data={"category": IncidentCategory.TECHNICAL.value, "words": evidence})
    form.offer()
    if not form.validate_on_submit():
        seats = queries.seats(session, {proposal.found.seat_id} if proposal.found.seat_id else set())
        return form_page(
            "rule_proposal",
            competition,
            form=form,
            sitting=found,
            proposal=proposal.found,
            evidence=evidence,
            seat=seats.get(proposal.found.seat_id or 0),
            rooms={room.id: room for room in queries.rooms_of(session, found)},
        )
    with database.writer() as writing:
        found, competition = sitting(writing, sitting_id, "sittings.invigilate")
        _rule(writing, found, proposal, form, context.now(competition))
    is_accepted = form.is_accepted()
    told = gettext("The incident is in the register.") if is_accepted else gettext("It is dismissed.")
    flask.flash(told, "done")
    return to("proposals", sitting_id=sitting_id)


def _rule(
    session: Session, found: Sitting, proposal: OpenProposal, form: forms.ProposalForm, now: datetime
) -> None:
    actor, words = context.actor(), form.words.data or ""
    if not form.is_accepted():
        service.dismiss_proposal(session, actor, now, sitting=found, proposal=proposal, reason=words)
        return
    service.accept_proposal(
        session,
        actor,
        now,
        sitting=found,
        proposal=proposal,
        category=IncidentCategory(form.category.data or IncidentCategory.TECHNICAL),
        description=words,
        credit_seconds=60 * (form.credit.data or 0),
    )


def _named(session: Session, found: Sitting, key: str, now: datetime) -> OpenProposal:
    waiting = queries.open_proposals(session, found, now, _silent_seconds())
    named = next((one for one in waiting if one.key == key), None)
    if named is None:
        raise NotFound
    return named


def _silent_seconds() -> int:
    return context.settings().sittings.silent_seconds
