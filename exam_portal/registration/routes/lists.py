# SPDX-License-Identifier: Apache-2.0
"""Lists: applications and how vacancies stand, the approval of candidates, and who left."""

import dataclasses
from collections.abc import Callable

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import MilestoneKind
from exam_portal.registration import access, documents, queries, service
from exam_portal.registration.forms import ApprovalForm, ExclusionForm
from exam_portal.registration.routes.blueprint import PLACE, again, bp, load
from exam_portal.web import context, database, policy, printing, redirects, templating

PAGE = 50


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Which page of a list is shown, of how many, and where the others are."""

    current: int
    last: int
    href: Callable[[int], str]

    @property
    def offset(self) -> int:
        """How many rows stand before the page."""
        return (self.current - 1) * PAGE


@bp.get(f"{PLACE}/applications")
@policy.requires("registration.list")
def applications(competition_id: str) -> str:
    """Show the submitted applications by receipt, with what each waits for."""
    return _applications(competition_id, ApprovalForm(formdata=None))


@bp.post(f"{PLACE}/applications/list")
@policy.requires("registration.approve_list")
def approve_list(competition_id: str) -> str | Response:
    """Approve the list of candidates: the chair by log-in, the secretary with the signed decision."""
    load(database.reader(), competition_id, "registration.approve_list")
    form = ApprovalForm()
    if not form.validate_on_submit():
        return again(_applications(competition_id, form))
    signed, paper = form.prepared_paper(), None
    with database.writer() as session:
        competition = load(session, competition_id, "registration.approve_list")
        if signed is not None:
            paper = audit.file_paper(
                session,
                context.actor(),
                context.now(competition),
                organisation_id=competition.organisation_id,
                competition_id=competition.id,
                kind=PaperKind.CANDIDATE_LIST,
                title=gettext("List of candidates"),
                paper=signed,
            )
        service.approve_list(session, context.actor(), context.now(competition), competition, paper=paper)
    flask.flash(gettext("The list has been approved; candidates have their numbers."), "done")
    return redirects.see_other(flask.url_for("registration.candidates", competition_id=competition_id))


@bp.get(f"{PLACE}/candidates")
@policy.requires("registration.list")
def candidates(competition_id: str) -> str:
    """Show the candidates by number."""
    session = database.reader()
    competition = load(session, competition_id, "registration.list")
    total = queries.count_candidates(session, competition.id)
    pages = _pages("registration.candidates", competition_id, total)
    return templating.render(
        "registration/candidates.html",
        competition=competition,
        people=queries.candidates(session, competition.id, offset=pages.offset, limit=PAGE),
        total=total,
        pages=pages,
        posts={vacancy.id: vacancy for vacancy in competition.vacancies},
        standings=queries.standings(session, competition),
    )


@bp.route(f"{PLACE}/candidates/exclusions/new", methods=["GET", "POST"])
@policy.requires("registration.exclude")
def exclude(competition_id: str) -> str | Response:
    """Record that a candidate withdrew or was disqualified, on its signed paper."""
    competition = load(database.reader(), competition_id, "registration.exclude")
    form = ExclusionForm()
    form.candidate.choices = [
        (one.public_id, f"{one.candidate_no} – {one.name}")
        for one in queries.named_candidates(database.reader(), competition.id)
        if one.status == "present"
    ]
    if not form.validate_on_submit():
        competition = load(database.reader(), competition_id, "registration.exclude")
        body = templating.render("registration/exclusion.html", competition=competition, form=form)
        return again(body) if form.is_submitted() else body
    signed = form.prepared_paper()
    with database.writer() as session:
        competition = load(session, competition_id, "registration.exclude")
        now = context.now(competition)
        candidate = access.load_candidate(
            session, context.actor(), form.candidate.data, "registration.exclude"
        )
        paper = audit.file_paper(
            session,
            context.actor(),
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind.WITHDRAWAL,
            title=gettext("Candidate %(number)s leaves", number=candidate.candidate_no),
            paper=signed,
        )
        service.exclude_candidate(
            session,
            context.actor(),
            now,
            candidate,
            status=form.status.data,
            reason=form.exclusion_reason.data,
            paper=paper,
        )
    flask.flash(gettext("It is on record that the candidate has left."), "done")
    return redirects.see_other(flask.url_for("registration.candidates", competition_id=competition_id))


@bp.get(f"{PLACE}/candidates.pdf")
@policy.requires("registration.list")
def candidate_list(competition_id: str) -> Response:
    """The list of eligible and ineligible applicants as a document."""
    competition = load(database.reader(), competition_id, "registration.list")
    content = documents.candidate_list(database.reader(), competition, context.now(competition))
    return printing.response(content, f"{competition.code}-danh-sach.pdf")


def _applications(competition_id: str, form: ApprovalForm) -> str:
    session = database.reader()
    competition = load(session, competition_id, "registration.list")
    total = queries.count_applications(session, competition.id)
    pages = _pages("registration.applications", competition_id, total)
    return templating.render(
        "registration/applications.html",
        competition=competition,
        entries=queries.applications(session, competition.id, offset=pages.offset, limit=PAGE),
        refused=queries.refused_dossiers(session, competition.id),
        total=total,
        pages=pages,
        standings=queries.standings(session, competition),
        reached={kind for kind, _ in competitions.reached(session, competition.id)},
        undecided=queries.undecided_count(session, competition.id),
        is_over=context.now(competition) > competition.apply_closes_at,
        form=form,
        kinds=MilestoneKind,
    )


def _pages(endpoint: str, competition_id: str, total: int) -> Pages:
    return Pages(
        current=max(flask.request.args.get("page", 1, type=int), 1),
        last=max(1, -(-total // PAGE)),
        href=lambda page: flask.url_for(endpoint, competition_id=competition_id, page=page),
    )
