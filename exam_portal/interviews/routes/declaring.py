# SPDX-License-Identifier: Apache-2.0
"""Relations of members to candidates: declared by the member, or typed from the signed declaration."""

from collections.abc import Sequence

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions import queries as competitions
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, declared, presentation, service
from exam_portal.interviews.declaration_form import (
    DeclarationForm,
    SignedDeclarationForm,
    declaration_form,
    said_before,
)
from exam_portal.interviews.declared import Line
from exam_portal.interviews.models import PanelMember
from exam_portal.interviews.routes.blueprint import PANEL, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"


@bp.route("/panel/<public_id:panel_id>/relations", methods=["GET", "POST"])
@policy.requires("interviews.declare")
def own_relations(panel_id: str) -> str | Response:
    """Say of each candidate how one is related, before any dossier is opened."""
    competition, member = access.load_seat(database.reader(), context.actor(), panel_id)
    lines = declared.asked(database.reader(), member, again=_is_again())
    before = said_before(lines, is_disciplined=_is_disciplined(member))
    form = declaration_form(lines, competitions.ruleset(competition))(data=before)
    if form.validate_on_submit() and lines:
        try:
            _declare_own(panel_id, form, lines)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("Your declaration is on record."), "done")
            return to("own_relations", panel_id=panel_id)
    body = templating.render(
        "interviews/own_relations.html",
        form=form,
        member=member,
        lines=declared.asked(database.reader(), member, again=_is_again()),
        competition=competition,
    )
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{PANEL}/members/<public_id:member_id>/relations", methods=["GET", "POST"])
@policy.requires("interviews.run")
def member_relations(competition_id: str, panel_id: str, member_id: str) -> str | Response:
    """Type a member's signed declaration, with its scan."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    member = access.member_of(panel, member_id)
    lines = declared.asked(session, member, again=_is_again())
    form = declaration_form(lines, competitions.ruleset(competition), SignedDeclarationForm)()
    if form.validate_on_submit() and lines:
        try:
            _declare_for(competition_id, panel_id, member_id, form, lines)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The declaration is on record."), "done")
            return to("show", competition_id=competition_id, panel_id=panel_id)
    page = presentation.panel_page(database.reader(), competition, panel)
    body = templating.render(
        "interviews/member_relations.html", form=form, page=page, member=member, lines=lines
    )
    return again(body) if flask.request.method == "POST" else body


@bp.get(f"{PANEL}/relations")
@policy.requires("interviews.see_relations")
def relations(competition_id: str, panel_id: str) -> str:
    """Show the chair and the oversight which relations were declared, and what is open."""
    session = database.reader()
    competition, panel = access.load_panel(
        session, context.actor(), competition_id, panel_id, "interviews.see_relations"
    )
    return templating.render(
        "interviews/relations.html",
        page=presentation.panel_page(session, competition, panel),
        lines=declared.lines(session, panel),
        disciplined=[one for one in panel.members if one.id in declared.disciplined(session, panel)],
    )


def _is_again() -> bool:
    """Whether somebody who has said all declares again, since something has changed."""
    return flask.request.args.get("again") == "yes"


def _is_disciplined(member: PanelMember) -> bool:
    return member.id in declared.disciplined(database.reader(), member.panel)


def _declare_own(panel_id: str, form: DeclarationForm, lines: Sequence[Line]) -> None:
    with database.writer() as session:
        competition, member = access.load_seat(session, context.actor(), panel_id)
        service.declare_relations(
            session,
            context.actor(),
            context.now(competition),
            member=member,
            answers=form.answers(lines),
            units=form.units.data or "",
            disciplined=form.is_disciplined(),
        )


def _declare_for(
    competition_id: str, panel_id: str, member_id: str, form: DeclarationForm, lines: Sequence[Line]
) -> None:
    assert isinstance(form, SignedDeclarationForm)
    signed = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        service.declare_relations(
            session,
            context.actor(),
            context.now(competition),
            member=access.member_of(panel, member_id),
            answers=form.answers(lines),
            units=form.units.data or "",
            disciplined=form.is_disciplined(),
            paper=audit.file_paper(
                session,
                context.actor(),
                context.now(competition),
                organisation_id=competition.organisation_id,
                competition_id=competition.id,
                kind=PaperKind.CONFLICT_DECLARATION,
                title="Bản khai quan hệ với thí sinh",
                paper=signed,
                confidential=True,
            ),
        )
