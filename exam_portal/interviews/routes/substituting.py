# SPDX-License-Identifier: Apache-2.0
"""A substitute takes the seat of a member who is absent or related to a candidate."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, presentation, service
from exam_portal.interviews.forms import SubstituteForm
from exam_portal.interviews.routes.blueprint import PANEL, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"


@bp.route(f"{PANEL}/members/<public_id:member_id>/substitute", methods=["GET", "POST"])
@policy.requires("interviews.run")
def call_substitute(competition_id: str, panel_id: str, member_id: str) -> str | Response:
    """Record the decision by which a substitute takes the seat of a member."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    member = access.member_of(panel, member_id)
    form = SubstituteForm()
    page = presentation.panel_page(session, competition, panel)
    form.substitute.choices = [(one.public_id, one.name) for one in panel.members if page.is_standing_by(one)]
    if form.validate_on_submit():
        try:
            _call(competition_id, panel_id, member_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The substitute has the seat from here on."), "done")
            return to("show", competition_id=competition_id, panel_id=panel_id)
    page = presentation.panel_page(database.reader(), competition, panel)
    body = templating.render("interviews/substitute.html", form=form, page=page, member=member)
    return again(body) if flask.request.method == "POST" else body


def _call(competition_id: str, panel_id: str, member_id: str, form: SubstituteForm) -> None:
    decision = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        now = context.now(competition)
        paper = audit.file_paper(
            session,
            context.actor(),
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.COUNCIL_DECISION,
            title="Quyết định thay thành viên Hội đồng",
            paper=decision,
        )
        service.call_substitute(
            session,
            context.actor(),
            now,
            member=access.member_of(panel, member_id),
            substitute=access.member_of(panel, form.substitute.data or ""),
            reason=form.reason.data or "",
            paper=paper,
        )
