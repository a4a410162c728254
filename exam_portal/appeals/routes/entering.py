# SPDX-License-Identifier: Apache-2.0
"""A request on paper, entered by the counter: its stamp is its time."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.appeals import access, service
from exam_portal.appeals.forms import PaperRequestForm
from exam_portal.appeals.routes.blueprint import PLACE, bp, form_page, refuse, titles, to
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.registration import queries as registration
from exam_portal.web import context, database, policy

TITLE = "Đơn phúc khảo"


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@policy.requires("appeals.enter")
def enter(competition_id: str) -> Response:
    """Enter a request that was handed in on paper."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "appeals.enter")
    form = PaperRequestForm()
    form.offer(_people(session, competition), titles(competition, reviewable=True).items())
    if form.validate_on_submit():
        try:
            _enter(competition_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The request has been entered."), "done")
            return to("overview", competition_id=competition_id)
    competition = access.load_competition(database.reader(), context.actor(), competition_id, "appeals.enter")
    return form_page("enter", competition, form=form)


def _people(session: Session, competition: Competition) -> list[tuple[str, str]]:
    return [
        (one.public_id, f"{one.candidate_no} – {one.name}")
        for one in registration.candidates(session, competition.id)
    ]


def _enter(competition_id: str, form: PaperRequestForm) -> None:
    request = form.prepared_paper()
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, "appeals.enter")
        now = context.now(competition)
        candidate = access.candidate_of(session, competition, form.candidate.data or "")
        paper = audit.file_paper(
            session,
            actor,
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.REVIEW_PAPER,
            title=TITLE,
            paper=request,
            confidential=True,
        )
        assert form.received_at.data is not None
        service.request_review(
            session,
            actor,
            now,
            candidate=candidate,
            part=form.part.data or "",
            reason=service.Reason(form.reason.data),
            words=form.words.data or "",
            received_at=min(form.received_at.data, now),
            paper=paper,
        )
