# SPDX-License-Identifier: Apache-2.0
"""Lifting the masks: by the masking board, before a witness, on a signed minute."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.results import access, documents, queries, service
from exam_portal.results.forms import UnmaskForm
from exam_portal.results.routes.blueprint import PLACE, bp, form_page, page, refuse, titles, to
from exam_portal.web import context, database, policy, printing

MASKS = "<string(maxlength=64):part>/<string(maxlength=40):purpose>"
MINUTE = "Biên bản ghép phách"


@bp.get(f"{PLACE}/masks")
@policy.requires("results.unmask")
def masks(competition_id: str) -> Response:
    """Show which masks can be lifted."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.unmask")
    return page("masks", competition, states=queries.masks(session, competition), titles=titles(competition))


@bp.route(f"{PLACE}/masks/{MASKS}/unmask", methods=["GET", "POST"])
@policy.requires("results.unmask")
def unmask(competition_id: str, part: str, purpose: str) -> Response:
    """Lift the masks of a part."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.unmask")
    form = UnmaskForm()
    form.offer(queries.witnesses(session, competition, context.actor()))
    if form.validate_on_submit():
        try:
            _unmask(competition_id, part, purpose, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The masks have been lifted."), "done")
            return to("masks", competition_id=competition_id)
    competition = access.load_competition(
        database.reader(), context.actor(), competition_id, "results.unmask"
    )
    return form_page("unmask", competition, form=form, part=part, purpose=purpose, titles=titles(competition))


@bp.get(f"{PLACE}/masks/{MASKS}/minute.pdf")
@policy.requires("results.unmask")
def unmasking_minute(competition_id: str, part: str, purpose: str) -> Response:
    """Return the minute of the lifting, to be signed by both."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.unmask")
    states = [
        one for one in queries.masks(session, competition) if (one.part, one.purpose) == (part, purpose)
    ]
    if not states:
        raise NotFound
    content = documents.unmasking_minute(session, competition, states[0], context.now(competition))
    return printing.response(content, f"ghep-phach-{competition.code}-{part}.pdf")


def _unmask(competition_id: str, part: str, purpose: str, form: UnmaskForm) -> None:
    minute = form.prepared_paper()
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, "results.unmask")
        now = context.now(competition)
        witness = accounts.account_by_public_id(session, form.witness.data or "")
        paper = audit.file_paper(
            session,
            actor,
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.OTHER,
            title=MINUTE,
            paper=minute,
            confidential=True,
        )
        service.unmask(
            session,
            actor,
            now,
            competition=competition,
            part=part,
            purpose=purpose,
            witnessed_by=witness.id,
            paper=paper,
        )
