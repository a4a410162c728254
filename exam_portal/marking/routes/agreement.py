# SPDX-License-Identifier: Apache-2.0
"""How far markers agree, for whoever heads the marking: asked for at any time, also as a document."""

from collections.abc import Mapping

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import access, documents, queries
from exam_portal.marking.agreement import presentation, service
from exam_portal.marking.agreement import queries as reports
from exam_portal.marking.routes.blueprint import PLACE, bp, now, to
from exam_portal.sittings.handover import BagView
from exam_portal.web import context, database, policy, templating

PERMISSION = "marking.see_agreement"


@bp.get(f"{PLACE}/agreement")
@policy.requires(PERMISSION)
def agreement(competition_id: str) -> str:
    """Show the newest report of a part (``?part=written&purpose=marking``)."""
    session = database.reader()
    bags = bags_named(session, competition_id, flask.request.args, PERMISSION)
    place = (bags[0].part, bags[0].purpose)
    found = presentation.page(
        session, bags, is_locked=place in queries.locks(session, bags[0].competition_id)
    )
    return templating.render(
        "marking/agreement.html",
        found=found,
        competition_id=competition_id,
        standing=service.standing(session, found.running) if found.running else None,
        figures=presentation,
    )


@bp.post(f"{PLACE}/agreement")
@policy.requires(PERMISSION)
def ask_agreement(competition_id: str) -> Response:
    """Have the marks that are there now compared (fields ``part`` and ``purpose``)."""
    with database.writer() as session:
        bags = bags_named(session, competition_id, flask.request.form, PERMISSION)
        service.ask(session, context.actor(), now(session, bags[0]), bags=bags, kind=service.AGREEMENT)
    words = gettext("The marks are being compared. The figures will stand on this page in a moment.")
    flask.flash(words, "done")
    return to("agreement", competition_id=competition_id, part=bags[0].part, purpose=bags[0].purpose)


@bp.post(f"{PLACE}/agreement/<public_id:report_id>/again")
@policy.requires(PERMISSION)
def agreement_again(competition_id: str, report_id: str) -> Response:
    """Have a report that failed tried again at once."""
    with database.writer() as session:
        place = access.load_place(session, context.actor(), competition_id, PERMISSION)
        found = reports.report(session, place.competition_id or 0, report_id)
        bags = reports.bags_of(session, found)
        service.repeat(session, context.actor(), now(session, bags[0]), report=found)
    page = "agreement" if found.kind == service.AGREEMENT else "likeness_page"
    return to(page, competition_id=competition_id, part=bags[0].part, purpose=bags[0].purpose)


@bp.get(f"{PLACE}/agreement/<public_id:report_id>.pdf")
@policy.requires(PERMISSION)
def agreement_document(competition_id: str, report_id: str) -> Response:
    """Print a report."""
    session = database.reader()
    place = access.load_place(session, context.actor(), competition_id, PERMISSION)
    found = reports.report(session, place.competition_id or 0, report_id)
    if found.computed_at is None or found.kind != service.AGREEMENT:
        raise NotFound
    bags = reports.bags_of(session, found)
    return documents.agreement(session, bags[0], found, now(session, bags[0]))


def bags_named(
    session: Session, competition_id: str, named: Mapping[str, str], permission: str
) -> list[BagView]:
    """Return the bags of the part that the request names, else NotFound."""
    place = access.load_place(session, context.actor(), competition_id, permission)
    assert place.competition_id is not None
    part, purpose = named.get("part", ""), named.get("purpose", "marking")
    bags = queries.bags(session, place.competition_id, part, purpose)
    if not bags:
        raise NotFound
    return bags
