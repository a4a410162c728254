# SPDX-License-Identifier: Apache-2.0
"""Declared relations between members of staff and candidates (domain 3.6)."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.admin import conflicts as relations
from exam_portal.admin.forms import ConflictForm, TypedRelationForm
from exam_portal.admin.routes.blueprint import PLACE, bp
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import service
from exam_portal.competitions.errors import AlreadyDeclared
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.db import Session
from exam_portal.registration import queries as registration
from exam_portal.web import context, database, messages, policy, redirects, templating


@bp.route(f"{PLACE}/conflicts", methods=["GET", "POST"])
@policy.requires("admin.see_conflicts")
def conflicts(competition_id: str) -> str | Response:
    """Show the declared relations, and declare the own one."""
    session = database.reader()
    competition = _load(session, competition_id, "admin.see_conflicts")
    form = ConflictForm()
    form.offer(registration.candidates(session, competition.id))
    if form.validate_on_submit():
        try:
            _declare(competition_id, str(form.candidate.data), Relation(form.relation.data))
        except AlreadyDeclared as problem:
            form.refuse(str(messages.words(problem).title), field="candidate")
        else:
            flask.flash(gettext("The relation is on record. You have no part in what concerns it."), "done")
            return redirects.see_other(flask.url_for("admin.conflicts", competition_id=competition_id))
    competition = _load(database.reader(), competition_id, "admin.see_conflicts")
    return _page(competition, form)


@bp.route(f"{PLACE}/conflicts/on-paper", methods=["GET", "POST"])
@policy.requires("admin.type_relation")
def relation_on_paper(competition_id: str) -> str | Response:
    """Type the signed declaration of somebody without an account, with its scan."""
    session = database.reader()
    competition = _load(session, competition_id, "admin.type_relation")
    form = TypedRelationForm()
    form.offer(registration.candidates(session, competition.id))
    if form.validate_on_submit():
        try:
            _type(competition_id, form)
        except AlreadyDeclared as problem:
            form.refuse(str(messages.words(problem).title), field="candidate")
        else:
            flask.flash(gettext("The declaration is on record."), "done")
            return redirects.see_other(flask.url_for("admin.conflicts", competition_id=competition_id))
    competition = _load(database.reader(), competition_id, "admin.type_relation")
    body = templating.render("admin/relation_on_paper.html", competition=competition, form=form)
    return Response(body, status=422 if form.errors else 200, mimetype="text/html")


def _type(competition_id: str, form: TypedRelationForm) -> None:
    signed = form.prepared_paper()
    with database.writer() as session:
        competition = _load(session, competition_id, "admin.type_relation")
        actor, now = context.actor(), context.now(competition)
        paper = audit.file_paper(
            session,
            actor,
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.CONFLICT_DECLARATION,
            title="Bản khai quan hệ với thí sinh",
            paper=signed,
            confidential=True,
        )
        service.declare_on_paper(
            session,
            actor,
            now,
            competition,
            person=form.person.data or "",
            candidate_account_id=relations.candidate_account(
                session, competition.id, str(form.candidate.data)
            ),
            relation=Relation(form.relation.data),
            paper=paper,
        )


def _page(competition: Competition, form: ConflictForm) -> Response:
    may_see_all = policy.may("admin.see_all_conflicts", competition)
    own = context.actor().account_id
    assert own is not None
    rows = relations.declared(
        database.reader(),
        competition.id,
        only=None if may_see_all else own,
        kinds_of=None if policy.may("admin.see_kinds_of_relations", competition) else own,
    )
    body = templating.render(
        "admin/conflicts.html", competition=competition, form=form, rows=rows, may_see_all=may_see_all
    )
    return Response(body, status=422 if form.errors else 200, mimetype="text/html")


def _declare(competition_id: str, candidate_id: str, relation: Relation) -> None:
    with database.writer() as session:
        competition = _load(session, competition_id, "admin.see_conflicts")
        actor = context.actor()
        policy.authorise(actor, "admin.declare_conflict", competition)
        assert actor.account_id is not None
        service.declare_conflict(
            session,
            actor,
            context.now(competition),
            competition,
            account_id=actor.account_id,
            candidate_account_id=relations.candidate_account(session, competition.id, candidate_id),
            relation=relation,
        )


def _load(session: Session, competition_id: str, permission: str) -> Competition:
    found = competitions.competition(session, context.actor(), competition_id)
    policy.authorise(context.actor(), permission, found, view="competitions.view")
    return found
