# SPDX-License-Identifier: Apache-2.0
"""The papers of a competition, how each is held, and where one stands."""

from collections.abc import Sequence

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import queries as record
from exam_portal.competitions import rules
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.items import access as item_access
from exam_portal.items import queries as items
from exam_portal.items.models import ItemBank
from exam_portal.papers import access, correction_table, draw_queries, queries, revealing, schedule, service
from exam_portal.papers.forms import ContentForm
from exam_portal.papers.models import EnvelopeEventKind, Paper, PaperContent, PaperStage
from exam_portal.papers.routes.blueprint import KINDS, PAPER, PLACE, again, bp, part_of, parts, to
from exam_portal.web import context, database, filters, policy, templating


@bp.get(PLACE)
@policy.requires("papers.see")
def index(competition_id: str) -> str:
    """Show the official and the reserve paper of each part with where it stands."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "papers.see")
    found = {(each.paper.part, each.paper.kind): each for each in queries.papers(session, competition.id)}
    draws = draw_queries.latest(session, competition.id)
    rows = [
        (part, kind, found.get((part.key, kind)), draws.get((part.key, kind)))
        for part in parts(competition)
        for kind in KINDS
    ]
    titles = {part.key: rules.part_title(part, filters.language()) for part in parts(competition)}
    return templating.render("papers/index.html", competition=competition, rows=rows, titles=titles)


@bp.route(f"{PLACE}/new/<string(maxlength=64):part>/<any(official, reserve):kind>", methods=["GET", "POST"])
@policy.requires("papers.name")
def new_paper(competition_id: str, part: str, kind: str) -> str | Response:
    """Settle whether the paper of a part is held outside the portal or drawn in it."""
    competition = access.load_competition(database.reader(), context.actor(), competition_id, "papers.name")
    found = part_of(competition, part)
    form = ContentForm(content="outside" if found.mode == "paper" else "inside")
    form.offer(_banks(), may_draw=policy.may("papers.draw", competition))
    if not form.validate_on_submit():
        title = rules.part_title(found, filters.language())
        body = templating.render(
            "papers/new.html", form=form, competition=competition, title=title, kind=kind
        )
        return again(body) if flask.request.method == "POST" else body
    if form.content.data == PaperContent.INSIDE:
        return to("draw", competition_id=competition_id, part=part, kind=kind, bank_id=form.bank.data)
    with database.writer() as session:
        competition = access.load_competition(session, context.actor(), competition_id, "papers.name")
        paper = service.name_paper(
            session,
            context.actor(),
            context.now(competition),
            competition=competition,
            part=part,
            kind=kind,
            content=PaperContent.OUTSIDE,
        )
        paper_id = paper.public_id
    flask.flash(gettext("The paper is held outside the portal. Register its envelopes here."), "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)


@bp.get(PAPER)
@policy.requires("papers.see")
def paper(competition_id: str, paper_id: str) -> str:
    """Show where a paper stands: its commitments, seals, words to open, and envelopes."""
    session = database.reader()
    competition, found = access.load_paper(session, context.actor(), competition_id, paper_id, "papers.see")
    standing = queries.standing(session, found)
    entries = queries.envelopes(session, found.id)
    starts_at = schedule.first_start(session, found)
    corrections = _corrections(session, competition, standing)
    is_open = standing.stage is PaperStage.OPENED
    words = revealing.words(session, found.id) if is_open else []
    return templating.render(
        "papers/paper.html",
        competition=competition,
        standing=standing,
        paper=found,
        title=rules.part_title(part_of(competition, found.part), filters.language()),
        envelopes=entries,
        corrections=corrections,
        unreached=_unreached(session, found, corrections),
        figures=draw_queries.figures(session, found),
        stages=PaperStage,
        kind_of=EnvelopeEventKind,
        starts_at=starts_at,
        opens_at=schedule.opens_at(session, found) if standing.stage is PaperStage.SEALED else None,
        reveal=words,
        revealed=next((word for word in words if word.revealed), None),
        to_come=schedule.to_come(session, found) if is_open else (),
        ready_from=schedule.ready_from(competition, starts_at),
        now=context.now(competition),
        people=accounts.names_of(
            session, [*_people(standing, entries), *_correctors(corrections), *(word.by for word in words)]
        ),
        scans=record.papers_by_id(session, _scans(entries)),
    )


def _banks() -> list[ItemBank]:
    session = database.reader()
    ids = item_access.organisation_ids(session, context.actor())
    return [bank for bank, _ in items.banks(session, sorted(ids))]


def _people(standing: queries.Standing, entries: list[queries.EnvelopeEntry]) -> list[int]:
    words = [word.by for word in (*standing.seals, *standing.releases)]
    envelopes = [entry.envelope.by for entry in entries]
    events = [event.by for entry in entries for event in entry.events]
    holders = [share.holder for share in standing.shares]
    return [standing.paper.created_by, *holders, *words, *envelopes, *events]


def _scans(entries: list[queries.EnvelopeEntry]) -> list[int]:
    own = [entry.envelope.signed_paper_id for entry in entries]
    later = [event.signed_paper_id for entry in entries for event in entry.events]
    return [found for found in (*own, *later) if found is not None]


def _corrections(
    session: Session, competition: Competition, standing: queries.Standing
) -> list[correction_table.Row]:
    """Return the corrections, with words where this reader may see them: all may once the paper is open."""
    is_open = standing.stage is PaperStage.OPENED
    may_read = is_open or policy.may("papers.correct", competition)
    return correction_table.rows(session, standing.paper, may_read=may_read, is_open=is_open)


def _unreached(session: Session, paper: Paper, found: Sequence[correction_table.Row]) -> list[str]:
    """Return the closed halls that were packed before a correction was approved: nothing reaches them."""
    approved = [each.row.approved_at for each in found if each.row.approved_at is not None]
    if not approved:
        return []
    return [name for name, since in schedule.away(session, paper) if since < max(approved)]


def _correctors(found: Sequence[correction_table.Row]) -> list[int]:
    people = [one for each in found for one in (each.row.proposed_by, each.row.approved_by)]
    return [one for one in people if one is not None]
