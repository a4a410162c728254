# SPDX-License-Identifier: Apache-2.0
"""A draw from its committed seed to the paper: begun before witnesses, watched, given up, repeated."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import rules
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.papers import access, draw_queries, draws, errors
from exam_portal.papers.draw_queries import DrawStage
from exam_portal.papers.forms import WitnessForm
from exam_portal.papers.routes.blueprint import PLACE, again, bp, part_of, refuse, to
from exam_portal.web import context, database, filters, policy, templating

ONE = f"{PLACE}/draws/<public_id:draw_id>"
FIELDS = {errors.NoWitness: "witnesses", errors.WordsTooShort: "words"}


@bp.get(ONE)
@policy.requires("papers.see")
def show_draw(competition_id: str, draw_id: str) -> Response:
    """Show a draw: the hash of its seed, how far its run is, what came of it. It looks again by itself."""
    return _page(competition_id, draw_id, WitnessForm())


@bp.post(f"{ONE}/begin")
@policy.requires("papers.draw")
def begin_draw(competition_id: str, draw_id: str) -> Response:
    """The witnesses add their words to the seed, and the worker draws."""
    form = WitnessForm()
    if not form.validate_on_submit():
        return _page(competition_id, draw_id, form)
    try:
        with database.writer() as session:
            actor = context.actor()
            competition, found = access.load_draw(session, actor, competition_id, draw_id, "papers.draw")
            draws.begin(
                session,
                actor,
                context.now(competition),
                draw=found,
                witnesses=form.witnesses.data or "",
                words=form.words.data or "",
            )
    except (NotFound, Forbidden):
        raise
    except DomainError as problem:
        refuse(form, problem, field=FIELDS.get(type(problem)))
        return _page(competition_id, draw_id, form)
    return to("show_draw", competition_id=competition_id, draw_id=draw_id)


@bp.post(f"{ONE}/repeat")
@policy.requires("papers.draw")
def repeat_draw(competition_id: str, draw_id: str) -> Response:
    """The draw runs again from the same seed and the same words."""
    with database.writer() as session:
        actor = context.actor()
        competition, found = access.load_draw(session, actor, competition_id, draw_id, "papers.draw")
        draws.repeat(session, actor, context.now(competition), draw=found)
    return to("show_draw", competition_id=competition_id, draw_id=draw_id)


@bp.post(f"{ONE}/stop")
@policy.requires("papers.draw")
def stop_draw(competition_id: str, draw_id: str) -> Response:
    """The run is given up; nothing of it is kept."""
    with database.writer() as session:
        actor = context.actor()
        competition, found = access.load_draw(session, actor, competition_id, draw_id, "papers.draw")
        now = context.now(competition)
        silent = draw_queries.standing(session, found, now).stage is DrawStage.SILENT
        draws.stop(session, actor, now, draw=found, is_silent=silent)
    flask.flash(gettext("The draw is being given up. Nothing of it is kept."), "done")
    return to("show_draw", competition_id=competition_id, draw_id=draw_id)


def _page(competition_id: str, draw_id: str, form: WitnessForm) -> Response:
    session, actor = database.reader(), context.actor()
    competition, found = access.load_draw(session, actor, competition_id, draw_id, "papers.see")
    standing = draw_queries.standing(session, found, context.now(competition))
    part = part_of(competition, found.part)
    body = templating.render(
        "papers/drawing.html",
        form=form,
        competition=competition,
        standing=standing,
        draw=found,
        bank=draw_queries.bank(session, found),
        stages=DrawStage,
        title=rules.part_title(part, filters.language()),
        people=accounts.names_of(session, [found.by, *(run.by for run in standing.runs)]),
    )
    return again(body, 422 if form.errors else 200)
