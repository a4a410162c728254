# SPDX-License-Identifier: Apache-2.0
"""The staff's list of competitions, the overview of one, its signed papers, and a rehearsal's clock."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import queries as record
from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions import queries, rehearsals, rules, rulesets, service, workspace
from exam_portal.competitions.forms import ClockForm
from exam_portal.competitions.models import CompetitionKind, MilestoneKind
from exam_portal.competitions.routes.blueprint import PLACE, again, bp, load, to
from exam_portal.web import context, database, policy, templating


@bp.get("/staff/competitions")
@policy.requires("competitions.list")
def index() -> str:
    """List the competitions of the reader's own places."""
    return templating.render(
        "competitions/list.html", standings=queries.visible(database.reader(), context.actor())
    )


@bp.get(PLACE)
@policy.requires("competitions.view")
def home(competition_id: str) -> str:
    """Show where the competition stands, what it needs next, and what has happened."""
    session = database.reader()
    competition = load(session, competition_id, "competitions.view")
    past = queries.milestones_of(session, competition.id)
    now = context.now(competition)
    return templating.render(
        "competitions/home.html",
        competition=competition,
        state=queries.state(session, competition),
        next=workspace.next_step(session, competition, now),
        missing=service.missing(competition) if queries.is_draft(session, competition) else [],
        is_draft=queries.is_draft(session, competition),
        is_announced=any(found.kind == MilestoneKind.ANNOUNCED for found in past),
        may_close=queries.may_reach(session, competition, MilestoneKind.REGISTRATION_CLOSED)
        and now > competition.apply_closes_at,
        rows=rules.rows(rulesets.of(competition)),
        part_titles=dict(rules.choices(rulesets.of(competition))),
        past=[(MilestoneKind(found.kind), found) for found in reversed(past)],
        people=accounts.names_of(session, [found.actor_id for found in past]),
        papers=record.papers_by_id(session, [found.paper_id for found in past if found.paper_id]),
        clock=ClockForm(formdata=None) if competition.kind == CompetitionKind.REHEARSAL else None,
        token=rehearsals.token(session.keys, competition),
        now=now,
    )


@bp.post(f"{PLACE}/close-registration")
@policy.requires("competitions.close_registration")
def close_registration(competition_id: str) -> Response:
    """Close the register once its period is over."""
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.close_registration")
        service.close_registration(session, context.actor(), context.now(competition), competition)
    flask.flash(gettext("Registration is closed. Vetting can begin."), "done")
    return to("home", competition_id)


@bp.post(f"{PLACE}/clock")
@policy.requires("competitions.shift_clock")
def shift_clock(competition_id: str) -> Response:
    """Let the clock of a rehearsal run ahead."""
    form = ClockForm()
    if not form.validate_on_submit():
        load(database.reader(), competition_id, "competitions.shift_clock")
        return again(templating.render("competitions/clock.html", form=form, competition_id=competition_id))
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.shift_clock")
        assert form.hours.data is not None
        seconds = form.hours.data * 3600
        now = context.now(competition)
        service.shift_clock(session, context.actor(), now, competition, seconds=seconds)
    flask.flash(gettext("The clock of the rehearsal has been moved ahead."), "done")
    return to("home", competition_id)


@bp.get(f"{PLACE}/papers")
@policy.requires("competitions.view")
def papers(competition_id: str) -> str:
    """List the signed papers of the competition that the reader may open."""
    session = database.reader()
    competition = load(session, competition_id, "competitions.view")
    found = record.papers_of(session, context.actor(), competition.id)
    return templating.render(
        "competitions/papers.html",
        competition=competition,
        papers=found,
        kind_of=PaperKind,
        people=accounts.names_of(session, [paper.filed_by for paper in found]),
    )
