# SPDX-License-Identifier: Apache-2.0
"""Opinion and recognition, recorded from their signed papers."""

import flask
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.results import access, service
from exam_portal.results.forms import StepForm
from exam_portal.results.routes.blueprint import PLACE, bp, form_page, refuse, to
from exam_portal.web import context, database, policy

STEPS = {
    "opinion": (PaperKind.OPINION, "Ý kiến của cấp ủy", service.record_opinion),
    "recognition": (PaperKind.RECOGNITION, "Quyết định công nhận kết quả", service.recognise),
}
DONE = {
    "opinion": _l("The opinion is on record by number and date."),
    "recognition": _l("The recognition is on record."),
}


@bp.route(f"{PLACE}/<any(opinion, recognition):step>", methods=["GET", "POST"])
@policy.requires("results.record_step")
def record_step(competition_id: str, step: str) -> Response:
    """Record the opinion of the Party committee, or the decision that recognises the result."""
    competition = access.load_competition(
        database.reader(), context.actor(), competition_id, "results.record_step"
    )
    form = StepForm()
    if form.validate_on_submit():
        try:
            _record(competition_id, step, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(str(DONE[step]), "done")
            return to("overview", competition_id=competition_id)
    competition = access.load_competition(
        database.reader(), context.actor(), competition_id, "results.record_step"
    )
    return form_page("step", competition, form=form, step=step)


def _record(competition_id: str, step: str, form: StepForm) -> None:
    kind, title, verb = STEPS[step]
    signed = form.prepared_paper()
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, "results.record_step")
        now = context.now(competition)
        paper = audit.file_paper(
            session,
            actor,
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=kind,
            title=title,
            paper=signed,
            confidential=kind is PaperKind.OPINION,
        )
        verb(session, actor, now, competition=competition, paper=paper)
