# SPDX-License-Identifier: Apache-2.0
"""Two officers seal a drawn paper; two officers open it at the start."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.papers import access, schedule, service
from exam_portal.papers.routes.blueprint import PAPER, bp, to
from exam_portal.web import context, database, policy

SEEN = "form-"


@bp.post(f"{PAPER}/seal")
@policy.requires("papers.seal")
def seal(competition_id: str, paper_id: str) -> Response:
    """Seal exactly the commitments that stood on the officer's page."""
    sent = flask.request.form
    seen = {name.removeprefix(SEEN): sent[name] for name in sent if name.startswith(SEEN)}
    with database.writer() as session:
        competition, paper = access.load_paper(
            session, context.actor(), competition_id, paper_id, "papers.seal"
        )
        ready = schedule.ready_from(competition, schedule.first_start(session, paper))
        now = context.now(competition)
        service.seal(session, context.actor(), now, paper=paper, seen=seen, ready_from=ready)
        complete = service.is_sealed(paper)
    told = (
        gettext("The paper is sealed by two officers.")
        if complete
        else gettext("Your seal is on the paper. Another officer now seals it.")
    )
    flask.flash(told, "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)


@bp.post(f"{PAPER}/release")
@policy.requires("papers.release")
def release(competition_id: str, paper_id: str) -> Response:
    """Give the word to open; the second word of another officer opens the paper."""
    with database.writer() as session:
        competition, paper = access.load_paper(
            session, context.actor(), competition_id, paper_id, "papers.release"
        )
        opened = service.release_key(
            session,
            context.actor(),
            context.now(competition),
            paper=paper,
            opens_at=schedule.opens_at(session, paper),
        )
    told = (
        gettext("The paper is open, and it is what was sealed.")
        if opened
        else gettext("Your word is on record. Another officer now opens the paper.")
    )
    flask.flash(told, "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)
