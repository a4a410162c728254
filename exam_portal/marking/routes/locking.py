# SPDX-License-Identifier: Apache-2.0
"""The lock of the marks of a part: one person asks for it, another confirms it, signed in or on paper."""

from datetime import datetime
from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import access, queries, service
from exam_portal.marking.forms import PaperForm
from exam_portal.marking.routes.blueprint import PLACE, again, bp, now, refuse, to
from exam_portal.sittings.handover import BagView
from exam_portal.web import context, database, policy, templating


@bp.post(f"{PLACE}/ask-lock")
@policy.requires("marking.ask_lock")
def ask_lock(competition_id: str) -> Response:
    """Ask another person to lock the marks of a part (fields ``part`` and ``purpose``)."""
    with database.writer() as session:
        _, facts, at = _place(session, competition_id, "marking.ask_lock")
        service.ask_lock(session, context.actor(), at, **facts)
    flask.flash(gettext("Another person now looks at the marks and locks them."), "note")
    return to("board", competition_id=competition_id)


@bp.post(f"{PLACE}/lock")
@policy.requires("marking.lock")
def lock(competition_id: str) -> Response:
    """Lock the marks of a part (fields ``part`` and ``purpose``) for which somebody else has asked."""
    with database.writer() as session:
        _, facts, at = _place(session, competition_id)
        service.lock_marks(session, context.actor(), at, **facts)
    flask.flash(gettext("The marks are locked."), "done")
    return to("board", competition_id=competition_id)


@bp.route(f"{PLACE}/lock/on-paper", methods=["GET", "POST"])
@policy.requires("marking.lock")
def lock_on_paper(competition_id: str) -> str | Response:
    """Lock the marks of a part on a paper that the second person has signed (``?part=…&purpose=…``)."""
    bags, facts, _ = _place(database.reader(), competition_id)
    form = PaperForm()
    if form.validate_on_submit():
        try:
            _lock_on_paper(competition_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="paper_signed_by")
        else:
            flask.flash(gettext("The marks are locked."), "done")
            return to("board", competition_id=competition_id)
    request = queries.lock_request(database.reader(), **facts)
    if request is None:
        raise NotFound
    body = templating.render("marking/lock_on_paper.html", form=form, bag=bags[0])
    return again(body) if flask.request.method == "POST" else body


def _place(
    session: Session, competition_id: str, permission: str = "marking.lock"
) -> tuple[list[BagView], dict[str, Any], datetime]:
    """Return the bags of the part that the request names, the part, and the time there."""
    place = access.load_place(session, context.actor(), competition_id, permission)
    assert place.competition_id is not None
    named = flask.request.values
    part, purpose = named.get("part", ""), named.get("purpose", "marking")
    bags = queries.bags(session, place.competition_id, part, purpose)
    if not bags:
        raise NotFound
    facts = {"competition_id": place.competition_id, "part": part, "purpose": purpose}
    return bags, facts, now(session, bags[0])


def _lock_on_paper(competition_id: str, form: PaperForm) -> None:
    signed = form.prepared_paper()
    with database.writer() as session:
        bags, facts, at = _place(session, competition_id)
        paper = audit.file_paper(
            session,
            context.actor(),
            at,
            organisation_id=bags[0].organisation_id,
            competition_id=bags[0].competition_id,
            kind=audit.PaperKind.ROLE_EXCEPTION,
            title="Biên bản khóa điểm",
            paper=signed,
        )
        service.lock_marks(session, context.actor(), at, **facts, paper=paper)
