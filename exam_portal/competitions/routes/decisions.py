# SPDX-License-Identifier: Apache-2.0
"""The register of decisions: what the council, its chair or the authority decided, each on its page."""

from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import queries as record
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions import errors, queries, rules, rulesets, service
from exam_portal.competitions.forms import DecisionForm, decision_values
from exam_portal.competitions.models import Competition, DecisionKind
from exam_portal.competitions.routes.blueprint import PLACE, again, bp, load, refuse, to
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.web import context, database, messages, policy, templating

OF_THE_AUTHORITY = frozenset({DecisionKind.TIE, DecisionKind.POSTPONE})


@bp.get(f"{PLACE}/decisions")
@policy.requires("competitions.read_decisions")
def decisions(competition_id: str) -> str:
    """Show the register, those that were replaced included."""
    session = database.reader()
    competition = load(session, competition_id, "competitions.read_decisions")
    found = queries.decisions(session, competition.id, superseded=True)
    return templating.render(
        "competitions/decisions.html",
        competition=competition,
        decisions=[(DecisionKind(each.kind), each) for each in found],
        replaced_by={each.supersedes_id: each for each in found if each.supersedes_id},
        **_surroundings(competition),
        papers=record.papers_by_id(session, [each.paper_id for each in found]),
        people=accounts.names_of(session, [each.recorded_by for each in found]),
    )


@bp.route(f"{PLACE}/decisions/new", methods=["GET", "POST"])
@policy.requires("competitions.record_decision")
def record_decision(competition_id: str) -> str | Response:
    """Record a decision from its signed paper."""
    competition = load(database.reader(), competition_id, "competitions.record_decision")
    asked = {name: flask.request.args.get(name) for name in ("kind", "vacancy")}
    form = DecisionForm(data={**asked, "page": 1})
    form.offer(competition.vacancies, rules.choices(rulesets.of(competition)))
    return _page(competition_id, form, None)


@bp.route(f"{PLACE}/decisions/<public_id:decision_id>/replacement", methods=["GET", "POST"])
@policy.requires("competitions.record_decision")
def replace_decision(competition_id: str, decision_id: str) -> str | Response:
    """Record the decision that takes the place of a mistaken one, or takes it back."""
    competition = load(database.reader(), competition_id, "competitions.record_decision")
    mistaken = queries.decision(database.reader(), competition, decision_id)
    form = DecisionForm(data={**decision_values(mistaken, competition.vacancies), "page": 1})
    form.offer(competition.vacancies, rules.choices(rulesets.of(competition)), replaces=True)
    return _page(competition_id, form, decision_id)


def _page(competition_id: str, form: DecisionForm, replaces: str | None) -> str | Response:
    """Record what was typed, or show the form (again)."""
    if form.validate_on_submit():
        try:
            _record(competition_id, form, replaces)
        except (NotFound, Forbidden):
            raise
        except errors.UnfitDecision as problem:
            form.refuse_unfit(problem.faults)
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The decision is on record."), "done")
            return to("decisions", competition_id)
    session = database.reader()
    competition = load(session, competition_id, "competitions.record_decision")
    mistaken = queries.decision(session, competition, replaces) if replaces else None
    body = templating.render(
        "competitions/decision.html",
        form=form,
        competition=competition,
        mistaken=mistaken,
        mistaken_kind=DecisionKind(mistaken.kind) if mistaken else None,
        mistaken_paper=session.get_one(audit.SignedPaper, mistaken.paper_id) if mistaken else None,
        **_surroundings(competition),
    )
    return again(body) if flask.request.method == "POST" else body


def _surroundings(competition: Competition) -> dict[str, Any]:
    """Return posts and parts, by which a decision says what it is about."""
    return {
        "posts": {vacancy.id: vacancy for vacancy in competition.vacancies},
        "parts": dict(rules.choices(rulesets.of(competition))),
    }


def _record(competition_id: str, form: DecisionForm, replaces: str | None) -> None:
    kind, decision = DecisionKind(form.kind.data), form.prepared_paper()
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.record_decision")
        now = context.now(competition)
        paper = audit.file_paper(
            session,
            context.actor(),
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.AUTHORITY_DECISION if kind in OF_THE_AUTHORITY else PaperKind.COUNCIL_DECISION,
            title=messages.label(kind),
            paper=decision,
        )
        vacancy = queries.vacancy(session, competition, form.vacancy.data) if form.vacancy.data else None
        service.record_decision(
            session,
            context.actor(),
            now,
            competition,
            kind=kind,
            payload=form.payload(),
            paper=paper,
            page=form.page.data or 1,
            vacancy=vacancy,
            supersedes=queries.decision(session, competition, replaces) if replaces else None,
        )
