# SPDX-License-Identifier: Apache-2.0
"""Turning a panel from screens to paper slips, or back, before the first slips are out."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, presentation, service
from exam_portal.interviews.forms import BallotModeForm
from exam_portal.interviews.routes.blueprint import PANEL, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"


@bp.route(f"{PANEL}/ballots", methods=["GET", "POST"])
@policy.requires("interviews.run")
def change_ballot_mode(competition_id: str, panel_id: str) -> str | Response:
    """Change how ballots of the panel are given, with a reason."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    form = BallotModeForm()
    form.offer(panel.mode)
    if form.validate_on_submit():
        try:
            _change(competition_id, panel_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("Ballots are given in another way from now on."), "done")
            return to("show", competition_id=competition_id, panel_id=panel_id)
    page = presentation.panel_page(session, competition, panel)
    body = templating.render("interviews/ballot_mode.html", form=form, page=page)
    return again(body) if flask.request.method == "POST" else body


def _change(competition_id: str, panel_id: str, form: BallotModeForm) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        service.change_ballot_mode(
            session,
            context.actor(),
            context.now(competition),
            panel=panel,
            mode=form.mode.data,
            reason=form.reason.data or "",
        )
