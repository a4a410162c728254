# SPDX-License-Identifier: Apache-2.0
"""The draft before the chair: submitted, approved by log-in or on paper, sent back, announced, prolonged."""

from collections.abc import Callable
from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import queries as record
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.audit.papers import PreparedPaper
from exam_portal.competitions import milestones, queries, rules, rulesets, service
from exam_portal.competitions.forms import AnnounceForm, PaperApprovalForm, ProlongForm, ReturnForm
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.competitions.routes.blueprint import PLACE, again, bp, load, refuse, to
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.web import context, database, messages, policy, templating

PROLONG = "prolong"
FORMS: dict[str, Callable[[], Any]] = {
    "approve_on_paper": PaperApprovalForm,
    "return_draft": ReturnForm,
    "announce": AnnounceForm,
    PROLONG: ProlongForm,
}


@bp.get(f"{PLACE}/approval")
@policy.requires("competitions.see_approval")
def approval(competition_id: str) -> str:
    """Show what lies before the chair, and what can be done with it now."""
    return _page(load(database.reader(), competition_id, "competitions.see_approval"))


@bp.post(f"{PLACE}/submit")
@policy.requires("competitions.submit")
def submit(competition_id: str) -> Response:
    """Submit the draft to the chair."""
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.submit")
        service.submit_for_approval(session, context.actor(), context.now(competition), competition)
    flask.flash(gettext("The draft lies before the chair."), "done")
    return to("approval", competition_id)


@bp.post(f"{PLACE}/approve")
@policy.requires("competitions.approve")
def approve(competition_id: str) -> Response:
    """Approve the competition as its chair."""
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.approve")
        service.approve(session, context.actor(), context.now(competition), competition)
    flask.flash(gettext("You have approved the competition. Its notice can be published."), "done")
    return to("approval", competition_id)


@bp.post(f"{PLACE}/approve-on-paper")
@policy.requires("competitions.record_approval")
def approve_on_paper(competition_id: str) -> Response:
    """Record the chair's signed approval."""
    permission = "competitions.record_approval"

    def act(form: PaperApprovalForm) -> None:
        signed = form.prepared_paper()
        with database.writer() as session:
            competition = load(session, competition_id, permission)
            paper = _file(session, competition, signed, PaperKind.APPROVAL)
            now = context.now(competition)
            service.approve_on_paper(session, context.actor(), now, competition, paper=paper)

    done = gettext("The chair's signed approval is on record. The notice can be published.")
    return _carry_out(competition_id, permission, "approve_on_paper", act, done)


@bp.post(f"{PLACE}/return")
@policy.requires("competitions.approve")
def return_draft(competition_id: str) -> Response:
    """Send the draft back with a reason."""
    permission = "competitions.approve"

    def act(form: ReturnForm) -> None:
        with database.writer() as session:
            competition = load(session, competition_id, permission)
            now, reason = context.now(competition), form.reason.data
            service.return_draft(session, context.actor(), now, competition, reason=reason)

    done = gettext("The draft is back with the organiser.")
    return _carry_out(competition_id, permission, "return_draft", act, done)


@bp.post(f"{PLACE}/announce")
@policy.requires("competitions.announce")
def announce(competition_id: str) -> Response:
    """Publish the notice."""
    permission = "competitions.announce"

    def act(form: AnnounceForm) -> None:
        signed, number = form.prepared_paper(), form.paper_number.data or ""
        with database.writer() as session:
            competition = load(session, competition_id, permission)
            paper = _file(session, competition, signed, PaperKind.NOTICE) if signed else None
            now = context.now(competition)
            service.announce(session, context.actor(), now, competition, number=number, paper=paper)

    done = gettext("The notice is public. Rules, posts and dates are frozen.")
    return _carry_out(competition_id, permission, "announce", act, done)


@bp.post(f"{PLACE}/prolong")
@policy.requires("competitions.announce")
def prolong(competition_id: str) -> Response:
    """Prolong the period for applications on a signed amendment."""
    permission = "competitions.announce"

    def act(form: ProlongForm) -> None:
        signed, closes = form.prepared_paper(), form.apply_closes_at.data
        assert closes is not None
        with database.writer() as session:
            competition = load(session, competition_id, permission)
            paper = _file(session, competition, signed, PaperKind.AMENDMENT)
            now = context.now(competition)
            service.amend_dates(
                session, context.actor(), now, competition, apply_closes_at=closes, paper=paper
            )

    done = gettext("The period for applications has been prolonged; the notice shows it.")
    return _carry_out(competition_id, permission, PROLONG, act, done)


def _carry_out(
    competition_id: str, permission: str, name: str, act: Callable[[Any], None], done: str
) -> Response:
    """Validate the form of this name, do the act, or show the page again with what was typed and why not."""
    load(database.reader(), competition_id, permission)
    form = FORMS[name]()
    if form.validate_on_submit():
        try:
            act(form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(done, "done")
            return to("approval", competition_id)
    competition = load(database.reader(), competition_id, permission)
    return again(_page(competition, **{name: form}))


def _page(competition: Competition, **typed: Any) -> str:
    session = database.reader()
    reached = list(queries.reached(session, competition.id))
    forms = {name: typed.get(name) or make(formdata=None) for name, make in FORMS.items()}  # type: ignore[call-arg]
    past = queries.milestones_of(session, competition.id)
    before_notice = [m for m in past if m.kind in {*milestones.DRAFTING, MilestoneKind.ANNOUNCED}]
    return templating.render(
        "competitions/approval.html",
        competition=competition,
        forms=forms,
        is_draft=milestones.in_draft(reached),
        is_submitted=milestones.state(reached) == MilestoneKind.SUBMITTED,
        is_approved=milestones.is_approved(reached) and (MilestoneKind.ANNOUNCED, "") not in reached,
        is_announced=(MilestoneKind.ANNOUNCED, "") in reached,
        is_closed=(MilestoneKind.REGISTRATION_CLOSED, "") in reached,
        is_creator=context.actor().account_id == competition.created_by,
        missing=service.missing(competition),
        rows=rules.rows(rulesets.of(competition)),
        window_days=(competition.apply_closes_at - competition.apply_opens_at).days,
        window_rule=rulesets.of(competition).calendar.apply_window_days,
        past=[(messages.label(MilestoneKind(m.kind)), m) for m in reversed(before_notice)],
        papers=record.papers_by_id(session, [m.paper_id for m in past if m.paper_id]),
        **({"form": next(iter(typed.values()))} if typed else {}),  # whose problems the layout sums up
    )


def _file(session: Session, competition: Competition, paper: PreparedPaper, kind: PaperKind) -> SignedPaper:
    return audit.file_paper(
        session,
        context.actor(),
        context.now(competition),
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        kind=kind,
        title=messages.label(kind),
        paper=paper,
    )
