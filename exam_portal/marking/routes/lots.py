# SPDX-License-Identifier: Apache-2.0
"""Bags of a part are given to markers by lot, before witnesses (``?part=…&purpose=…``)."""

from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import access, documents, lot_page, presentation, queries, rounds, service
from exam_portal.marking.forms import LotForm
from exam_portal.marking.routes.blueprint import PLACE, again, bp, now, refuse, to
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from exam_portal.web import context, database, policy, templating

LOT = f"{PLACE}/lot"


@bp.get(LOT)
@policy.requires("marking.assign")
def lot(competition_id: str) -> str:
    """Show what waits for a marker, the secret that was bound, and the lots that were drawn."""
    return _page(competition_id, LotForm())


@bp.post(f"{LOT}/secret")
@policy.requires("marking.assign")
def commit_lot(competition_id: str) -> Response:
    """Bind the secret half of the seed."""
    with database.writer() as session:
        bags, facts = _part(session, competition_id)
        service.commit_lot(session, context.actor(), now(session, bags[0]), **facts)
    return _to_lot(competition_id, facts)


@bp.post(LOT)
@policy.requires("marking.assign")
def draw_lot(competition_id: str) -> str | Response:
    """Draw, by the bound secret and the words of the witnesses."""
    form = LotForm()
    if form.validate_on_submit():
        try:
            facts = _draw(competition_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The lot has given every bag to a marker."), "done")
            return _to_lot(competition_id, facts)
    return again(_page(competition_id, form))


@bp.get(f"{LOT}/minute.pdf")
@policy.requires("marking.assign")
def lot_minute(competition_id: str) -> Response:
    """Print the minute of the lots of a part."""
    session = database.reader()
    bags, facts = _part(session, competition_id)
    drawn = queries.lots(session, **facts)
    if not drawn:
        raise NotFound
    return documents.lots(session, bags, drawn, now(session, bags[0]))


def _part(session: Session, competition_id: str) -> tuple[list[BagView], dict[str, Any]]:
    """Return the bags of the part that the request names, and the part."""
    place = access.load_place(session, context.actor(), competition_id, "marking.assign")
    assert place.competition_id is not None
    named = flask.request.values
    part, purpose = named.get("part", ""), named.get("purpose", "marking")
    bags = queries.bags(session, place.competition_id, part, purpose)
    if not bags:
        raise NotFound
    return bags, {"competition_id": place.competition_id, "part": part, "purpose": purpose}


def _draw(competition_id: str, form: LotForm) -> dict[str, Any]:
    with database.writer() as session:
        bags, facts = _part(session, competition_id)
        bound = queries.open_secret(session, **facts)
        if bound is None:
            raise NotFound
        service.draw_lot(
            session,
            context.actor(),
            now(session, bags[0]),
            bound=bound,
            words=form.words.data or "",
            witnesses=form.witnesses.data or "",
        )
    return facts


def _page(competition_id: str, form: LotForm) -> str:
    session = database.reader()
    bags, facts = _part(session, competition_id)
    return templating.render(
        "marking/lot.html",
        form=form,
        bag=bags[0],
        title=presentation.title_of(handover.brief(session, bags[0].id), bags[0].part),
        waiting=rounds.waiting(session, bags),
        bound=queries.open_secret(session, **facts),
        taken_back=lot_page.taken_back(session, bags),
        lots=[lot_page.lot(session, bags, one) for one in queries.lots(session, **facts)],
    )


def _to_lot(competition_id: str, facts: dict[str, Any]) -> Response:
    return to("lot", competition_id=competition_id, part=facts["part"], purpose=facts["purpose"])
