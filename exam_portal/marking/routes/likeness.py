# SPDX-License-Identifier: Apache-2.0
"""Scripts with passages in common, shown by mask code to whoever heads the marking, to no marker."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.marking import presentation
from exam_portal.marking.agreement import likeness, service
from exam_portal.marking.routes.agreement import bags_named
from exam_portal.marking.routes.blueprint import PLACE, bp, now, to
from exam_portal.sittings import handover
from exam_portal.web import context, database, policy, templating

PERMISSION = "marking.see_hints"


@bp.get(f"{PLACE}/likeness")
@policy.requires(PERMISSION)
def likeness_page(competition_id: str) -> str:
    """Show the newest findings of a part (``?part=written&purpose=marking``), passages side by side."""
    session = database.reader()
    bags = bags_named(session, competition_id, flask.request.args, PERMISSION)
    known = service.reports(session, bags[0], service.LIKENESS)
    done = next((one for one in known if one.computed_at is not None), None)
    running = known[0] if known and known[0].computed_at is None else None
    return templating.render(
        "marking/likeness.html",
        competition_id=competition_id,
        bag=bags[0],
        title=presentation.title_of(handover.brief(session, bags[0].id), bags[0].part),
        report=done,
        running=running,
        standing=service.standing(session, running) if running else None,
        is_new=not known or known[0].basis != service.basis(session, bags, service.LIKENESS),
        findings=likeness.findings(session, bags, done) if done else [],
    )


@bp.post(f"{PLACE}/likeness")
@policy.requires(PERMISSION)
def ask_likeness(competition_id: str) -> Response:
    """Have the scripts of a part compared (fields ``part`` and ``purpose``)."""
    with database.writer() as session:
        bags = bags_named(session, competition_id, flask.request.form, PERMISSION)
        service.ask(session, context.actor(), now(session, bags[0]), bags=bags, kind=service.LIKENESS)
    flask.flash(gettext("The scripts are being compared. What is found will stand on this page."), "done")
    return to("likeness_page", competition_id=competition_id, part=bags[0].part, purpose=bags[0].purpose)
