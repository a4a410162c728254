# SPDX-License-Identifier: Apache-2.0
"""Seating a panel, naming its members, drawing the order of the hearings."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.audit.papers import PreparedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Role
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, documents, errors, presentation, service
from exam_portal.interviews.forms import LotsForm, MemberForm, PanelForm, VotingMemberForm
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.routes.blueprint import PANEL, PLACE, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"


@bp.get(PLACE)
@policy.requires("interviews.view")
def index(competition_id: str) -> str:
    """Show each post with its panel, or that it waits for one."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "interviews.view")
    return templating.render(
        "interviews/index.html",
        competition=competition,
        places=presentation.places(session, competition),
    )


@bp.route(f"{PLACE}/new/<public_id:vacancy_id>", methods=["GET", "POST"])
@policy.requires("interviews.run")
def seat(competition_id: str, vacancy_id: str) -> str | Response:
    """Seat the panel of a post for a part (``?part=programme``)."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, RUN)
    vacancy = competitions.vacancy(session, competition, vacancy_id)
    part = flask.request.args.get("part", "")
    parts = {one.key: one for one in competitions.ruleset(competition).parts if one.panel is not None}
    if part not in parts:
        raise NotFound
    form = PanelForm(data={"mode": parts[part].mode})
    if form.validate_on_submit():
        try:
            panel_id = _seat(competition_id, vacancy_id, part, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            return to("show", competition_id=competition_id, panel_id=panel_id)
    body = templating.render(
        "interviews/seat.html", form=form, competition=competition, vacancy=vacancy, part=parts[part]
    )
    return again(body) if flask.request.method == "POST" else body


@bp.get(PANEL)
@policy.requires("interviews.view")
def show(competition_id: str, panel_id: str) -> str:
    """Show a panel: members, order, hearings; figures only after the count."""
    session = database.reader()
    competition, panel = access.load_panel(
        session, context.actor(), competition_id, panel_id, "interviews.view"
    )
    return templating.render(
        "interviews/panel.html", page=presentation.panel_page(session, competition, panel)
    )


@bp.route(f"{PANEL}/members/new", methods=["GET", "POST"])
@policy.requires("interviews.run")
def add_member(competition_id: str, panel_id: str) -> str | Response:
    """Add a member to the panel."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    form = _member_form(session, competition, panel)
    if form.validate_on_submit():
        try:
            _add_member(competition_id, panel_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The member has been added."), "done")
            more = flask.request.form.get("next") == "another"
            return to("add_member" if more else "show", competition_id=competition_id, panel_id=panel_id)
    competition, panel = access.load_panel(database.reader(), context.actor(), competition_id, panel_id, RUN)
    page = presentation.panel_page(database.reader(), competition, panel)
    body = templating.render("interviews/member.html", form=form, page=page)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{PANEL}/lots", methods=["GET", "POST"])
@policy.requires("interviews.run")
def lots(competition_id: str, panel_id: str) -> str | Response:
    """Draw the order of the hearings here, or enter it from the draw on paper."""
    form = _lots_form(competition_id, panel_id)
    if form.validate_on_submit():
        try:
            _draw(competition_id, panel_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The order of the hearings is fixed."), "done")
            return to("show", competition_id=competition_id, panel_id=panel_id)
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    page = presentation.panel_page(session, competition, panel)
    body = templating.render("interviews/lots.html", form=form, page=page)
    return again(body) if flask.request.method == "POST" else body


@bp.get(f"{PANEL}/lots.pdf")
@policy.requires("interviews.view")
def lots_minute(competition_id: str, panel_id: str) -> Response:
    """Print the minute of the lots."""
    session = database.reader()
    competition, panel = access.load_panel(
        session, context.actor(), competition_id, panel_id, "interviews.view"
    )
    page = presentation.panel_page(session, competition, panel)
    return documents.lots_minute(session, page, context.now(competition))


def _seat(competition_id: str, vacancy_id: str, part: str, form: PanelForm) -> str:
    assert form.starts_at.data is not None
    with database.writer() as session:
        competition = access.load_competition(session, context.actor(), competition_id, RUN)
        panel = service.seat_panel(
            session,
            context.actor(),
            context.now(competition),
            competition=competition,
            vacancy=competitions.vacancy(session, competition, vacancy_id),
            part=part,
            mode=form.mode.data,
            place=form.place.data or "",
            starts_at=form.starts_at.data,
        )
        return panel.public_id


def _council(session: Session, competition: Competition) -> dict[str, accounts.AccountEntry]:
    place = {"organisation_id": competition.organisation_id, "competition_id": competition.id}
    roles = (Role.CHAIR, Role.COUNCIL, Role.SECRETARY)
    return {one.public_id: one for role in roles for one in accounts.holders(session, role, **place)}


def _member_form(session: Session, competition: Competition, panel: PanelSession) -> MemberForm:
    form = MemberForm() if panel.mode == "paper" else VotingMemberForm()
    seated = {one.account_id for one in panel.members}
    people = [one for one in _council(session, competition).values() if one.id not in seated]
    form.account.choices = [(one.public_id, one.name) for one in people]
    return form


def _add_member(competition_id: str, panel_id: str, form: MemberForm) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        chosen = _council(session, competition).get(form.account.data or "")
        service.add_member(
            session,
            context.actor(),
            context.now(competition),
            panel=panel,
            name=form.name.data or (chosen.name if chosen else ""),
            duty=form.duty.data or "",
            account_id=chosen.id if chosen else None,
            is_substitute=bool(form.is_substitute.data) or presentation.is_full(competition, panel),
        )


def _lots_form(competition_id: str, panel_id: str) -> LotsForm:
    session = database.reader()
    _, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    people = presentation.admitted(session, panel)
    form = LotsForm(data={"candidates": [one.public_id for one in people]})
    form.candidates.choices = [(one.public_id, f"{one.candidate_no} · {one.name}") for one in people]
    return form


def _draw(competition_id: str, panel_id: str, form: LotsForm) -> None:
    minute = form.prepared_paper()
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        people = presentation.admitted(session, panel)
        by_public_id = {one.public_id: one.id for one in people}
        service.draw_lots(
            session,
            context.actor(),
            context.now(competition),
            panel=panel,
            witnesses=form.witnesses.data or "",
            words=form.words.data or "",
            candidate_ids=[by_public_id[one] for one in form.candidates.data or []],
            order=_order(form, {one.candidate_no: one.id for one in people}),
            paper=_minute(session, competition, panel, minute) if minute else None,
        )


def _order(form: LotsForm, by_number: dict[str, int]) -> list[int] | None:
    if not form.numbers():
        return None
    if not set(form.numbers()) <= set(by_number):
        raise errors.LotsIncomplete
    return [by_number[number] for number in form.numbers()]


def _minute(
    session: Session, competition: Competition, panel: PanelSession, paper: PreparedPaper
) -> SignedPaper:
    return audit.file_paper(
        session,
        context.actor(),
        context.now(competition),
        organisation_id=competition.organisation_id,
        competition_id=panel.competition_id,
        kind=PaperKind.LOTS_MINUTE,
        title="Biên bản bốc thăm thứ tự",
        paper=paper,
    )
