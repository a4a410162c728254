# SPDX-License-Identifier: Apache-2.0
"""The member's own pages: the panels one sits on, and the ballot that is given once."""

import dataclasses
import secrets
from collections.abc import Sequence

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, ballots, next_step, presentation, queries, service
from exam_portal.interviews.forms import BallotForm, ballot_form
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.presentation import HearingRow
from exam_portal.interviews.room import drawing
from exam_portal.interviews.routes.blueprint import again, bp, refuse, to
from exam_portal.web import context, database, policy, templating
from scoring.ruleset.parts import Part


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnPanel:
    """A panel as its member sees it."""

    panel: PanelSession
    competition: Competition
    vacancy: Vacancy
    part: Part
    hearings: Sequence[HearingRow]
    voted: set[int]
    entitled: set[int]  # hearings for which the reader has a slip


@bp.get("/panel")
@policy.requires("interviews.own")
def home() -> str:
    """Show the panels on which the reader sits, with the ballots that are open."""
    session = database.reader()
    account_id = context.actor().account_id
    assert account_id is not None
    found = queries.panels_of_member(session, account_id)
    panels = [_own(session, one, account_id) for one in found]
    silent = {one.id: next_step.to_declare(session, one, account_id) for one in found}
    return templating.render(
        "interviews/home.html", panels=panels, silent=silent, owner=_owner(session, account_id)
    )


@bp.get("/panel/ballot-worker.js")
@policy.requires(policy.PUBLIC)
def ballot_worker() -> Response:
    """Give the script that keeps an open ballot readable while the network is gone; it knows nobody."""
    with flask.current_app.open_resource("static/js/ballot-worker.js") as script:
        return Response(script.read(), mimetype="text/javascript")


@bp.post("/panel/hearings/<public_id:hearing_id>/seal")
@policy.requires("interviews.vote")
def seal_ballot(hearing_id: str) -> Response:
    """Put the own ballot into the box from a device that may send it again; answered with the receipt."""
    found = access.load_ballotage(database.reader(), context.actor(), hearing_id)
    form = ballot_form(ballots.part_of(competitions.ruleset(found.competition), found.hearing.panel.part))()
    if not form.validate():
        title = gettext("The ballot is not complete")
        answer = flask.jsonify(error="interviews.BallotUnreadable", title=title, body=_problems(form))
        answer.status_code = 422
        return answer
    return flask.jsonify(receipt=_cast(hearing_id, form))


@bp.route("/panel/hearings/<public_id:hearing_id>", methods=["GET", "POST"])
@policy.requires("interviews.vote")
def vote(hearing_id: str) -> str | Response:
    """Give the own ballot, once; nobody can say later which it was."""
    found = access.load_ballotage(database.reader(), context.actor(), hearing_id)
    part = ballots.part_of(competitions.ruleset(found.competition), found.hearing.panel.part)
    form = ballot_form(part)(data={"submission": secrets.token_hex(16)})
    if form.validate_on_submit():
        try:
            _cast(hearing_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("Your ballot is in the box."), "done")
            return to("home")
    session = database.reader()
    found = access.load_ballotage(session, context.actor(), hearing_id)
    account_id = context.actor().account_id
    assert account_id is not None
    own = _own(session, found.hearing.panel, account_id)
    body = templating.render(
        "interviews/vote.html",
        form=form,
        own=own,
        row=next(row for row in own.hearings if row.hearing.id == found.hearing.id),
        part=part,
        ruleset=competitions.ruleset(found.competition),
        owner=_owner(session, account_id),
        drawn=drawing.drawn_questions(session, found.hearing.id),
    )
    return again(body) if flask.request.method == "POST" else body


def _owner(session: Session, account_id: int) -> str:
    """Return by what a shared tablet tells one member's drafts from another's; it names nobody."""
    return session.keys.index(str(account_id), "interviews/drafts").hex()[:32]


def _problems(form: BallotForm) -> str:
    return " ".join(
        f"{field.label.text}: {', '.join(map(str, field.errors))}." for field in form if field.errors
    )


def _cast(hearing_id: str, form: BallotForm) -> str:
    with database.writer() as session:
        found = access.load_ballotage(session, context.actor(), hearing_id)
        return service.cast_ballot(
            session,
            context.actor(),
            context.now(found.competition),
            hearing=found.hearing,
            value=form.value(),
            scores=form.scores(),
            has_heard=form.has_heard(),
            submission=form["submission"].data or "",
        )


def _own(session: Session, panel: PanelSession, account_id: int) -> OwnPanel:
    competition = session.get_one(Competition, panel.competition_id)
    rules = competitions.ruleset(competition)
    rows = presentation.hearing_rows(session, rules, panel)
    voters = queries.voters(session, panel, panel.hearings)
    return OwnPanel(
        panel=panel,
        competition=competition,
        vacancy=session.get_one(Vacancy, panel.vacancy_id),
        part=ballots.part_of(rules, panel.part),
        hearings=rows,
        voted=queries.has_voted(session, [row.hearing.id for row in rows], account_id),
        entitled={
            hearing_id
            for hearing_id, members in voters.items()
            if any(one.account_id == account_id for one in members)
        },
    )
