# SPDX-License-Identifier: Apache-2.0
"""Preparing a draw: what the paper is to be, asked for by counts, and the seed committed to."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.competitions import rules, rulesets
from exam_portal.competitions.models import Competition
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.items import access as item_access
from exam_portal.items import queries as items
from exam_portal.items import supply
from exam_portal.items.models import ItemBank, ItemStage
from exam_portal.papers import access, draw_words, draws, errors, named, preparing, resting, schedule
from exam_portal.papers.draw_form import DrawForm, draw_form
from exam_portal.papers.models import Paper
from exam_portal.papers.routes.blueprint import PLACE, again, bp, part_of, refuse, to
from exam_portal.web import context, database, filters, policy, templating
from scoring.ruleset import Part

DRAW = f"{PLACE}/draw/<string(maxlength=64):part>/<any(official, reserve):kind>/<public_id:bank_id>"


@bp.route(DRAW, methods=["GET", "POST"])
@policy.requires("papers.draw")
def draw(competition_id: str, part: str, kind: str, bank_id: str) -> str | Response:
    """Say what the paper is to be; the pool and the seed of its draw are then on record."""
    session = database.reader()
    bank = item_access.load_bank(session, context.actor(), bank_id, "items.see")
    competition = access.load_competition(session, context.actor(), competition_id, "papers.draw")
    found = part_of(competition, part)
    form = _form(found, kind, bank)
    if form.validate_on_submit():
        try:
            draw_id = _prepared(form, competition_id, found, kind, bank_id)
        except (NotFound, Forbidden):
            raise
        except errors.BankLacks as problem:
            for lack in problem.missing:
                form.refuse(draw_words.lack(lack))
            if problem.resting:
                form.refuse(draw_words.resting(problem.resting))
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The seed is on record by its hash. Now draw before the witnesses."), "done")
            return to("show_draw", competition_id=competition_id, draw_id=draw_id)
    competition = access.load_competition(database.reader(), context.actor(), competition_id, "papers.draw")
    body = templating.render(
        "papers/draw.html",
        form=form,
        competition=competition,
        title=rules.part_title(found, filters.language()),
        kind=kind,
        bank=bank,
        undecided=supply.undecided(database.reader(), bank),
    )
    return again(body) if flask.request.method == "POST" else body


def _form(part: Part, kind: str, bank: ItemBank) -> DrawForm:
    session, written = database.reader(), part.kind == "written"
    essays = (
        items.every(session, bank.id, stage=ItemStage.APPROVED, kinds=preparing.WRITTEN_KINDS)
        if written
        else ()
    )
    made = draw_form(preparing.supply(session, bank, written=written), essays)
    form = made(minutes=part.duration_minutes or 60, forms=1, shuffle_items=not written)
    if kind == "reserve":
        del form.with_reserve
    return form


def _prepared(form: DrawForm, competition_id: str, part: Part, kind: str, bank_id: str) -> str:
    """The draw is prepared over what the bank holds now; return its public id."""
    reader, actor = database.reader(), context.actor()
    competition = access.load_competition(reader, actor, competition_id, "papers.draw")
    asked = form.asked(title=_title(competition, part), scale=rulesets.of(competition).numbers.scale)
    now = context.now(competition)
    bank = item_access.load_bank(reader, actor, bank_id, "items.see")
    pool = preparing.pool(reader, bank, now.astimezone(filters.LOCAL).date(), written=part.kind == "written")
    asked = resting.with_bank(reader, bank, asked, pool)
    preparing.require_known(pool, asked)
    named.require_possible(pool, asked, kind=kind)
    preparing.require_enough(pool, asked, kind=kind)
    committed = draws.commit(reader.keys, asked, kind)
    database.release_reader()
    with database.writer() as session:
        competition = access.load_competition(session, context.actor(), competition_id, "papers.draw")
        starts_at = schedule.first_start(
            session, Paper(id=0, competition_id=competition.id, part=part.key, kind=kind)
        )
        prepared = draws.prepare(
            session,
            context.actor(),
            now,
            competition=competition,
            part=part.key,
            kind=kind,
            bank=item_access.load_bank(session, context.actor(), bank_id, "items.see"),
            asked=asked,
            committed=committed,
            pool=pool,
            ready_from=schedule.ready_from(competition, starts_at),
        )
        return prepared.public_id


def _title(competition: Competition, part: Part) -> str:
    return f"{rules.part_title(part, 'vi')} – {competition.title}"
