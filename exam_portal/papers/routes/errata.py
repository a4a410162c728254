# SPDX-License-Identifier: Apache-2.0
"""Correcting a sealed paper: a notice that one person writes and another approves."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.papers import access, errata, errors, queries
from exam_portal.papers.forms import ErratumForm, WithdrawalForm
from exam_portal.papers.routes.blueprint import PAPER, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating


@bp.route(f"{PAPER}/errata/new", methods=["GET", "POST"])
@policy.requires("papers.correct")
def new_erratum(competition_id: str, paper_id: str) -> str | Response:
    """Write a correction; another person approves it before anybody who sits the paper sees it."""
    session, actor = database.reader(), context.actor()
    competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.correct")
    codes = [form.code for form in queries.standing(session, paper).forms]
    form = ErratumForm(forms=codes)
    form.offer(codes)
    if not form.validate_on_submit():
        body = templating.render("papers/erratum.html", form=form, competition=competition, paper=paper)
        return again(body) if flask.request.method == "POST" else body
    try:
        _propose(competition_id, paper_id, form)
    except errors.NoSuchQuestion as problem:
        refuse(form, problem, field="question")
        body = templating.render("papers/erratum.html", form=form, competition=competition, paper=paper)
        return again(body)
    flask.flash(gettext("The correction waits for a second person."), "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)


def _propose(competition_id: str, paper_id: str, form: ErratumForm) -> None:
    with database.writer() as session:
        actor = context.actor()
        competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.correct")
        errata.propose(
            session,
            actor,
            context.now(competition),
            paper=paper,
            forms=form.forms.data or (),
            words=form.words.data or "",
            reason=form.reason.data or "",
            question=(form.question.data or "").strip(),
        )


@bp.route(f"{PAPER}/errata/<public_id:erratum_id>/withdraw", methods=["GET", "POST"])
@policy.requires("papers.correct")
def withdraw_erratum(competition_id: str, paper_id: str, erratum_id: str) -> str | Response:
    """Write why a correction holds no longer; another person approves that too."""
    session, actor = database.reader(), context.actor()
    competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.correct")
    correction = errata.read(session, errata.erratum(session, paper, erratum_id))
    form = WithdrawalForm()
    if not form.validate_on_submit():
        body = templating.render(
            "papers/withdrawal.html", form=form, competition=competition, paper=paper, correction=correction
        )
        return again(body) if flask.request.method == "POST" else body
    with database.writer() as session:
        actor = context.actor()
        competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.correct")
        found, now = errata.erratum(session, paper, erratum_id), context.now(competition)
        errata.propose_withdrawal(session, actor, now, erratum=found, words=form.words.data or "")
    flask.flash(gettext("The withdrawal waits for a second person."), "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)


@bp.post(f"{PAPER}/errata/<public_id:erratum_id>/drop")
@policy.requires("papers.correct")
def drop_erratum(competition_id: str, paper_id: str, erratum_id: str) -> Response:
    """A correction that waits for a second person is given up; it stays on record."""
    with database.writer() as session:
        actor = context.actor()
        competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.correct")
        found = errata.erratum(session, paper, erratum_id)
        errata.drop(session, actor, context.now(competition), erratum=found)
    flask.flash(gettext("The proposal is given up; it stays on record."), "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)


@bp.post(f"{PAPER}/errata/<public_id:erratum_id>/approve")
@policy.requires("papers.correct")
def approve_erratum(competition_id: str, paper_id: str, erratum_id: str) -> Response:
    """The correction, or its withdrawal, is a new version of the paper; whom it touches is told."""
    with database.writer() as session:
        actor = context.actor()
        competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.correct")
        found = errata.erratum(session, paper, erratum_id)
        errata.approve(session, actor, context.now(competition), erratum=found)
    flask.flash(gettext("The correction is a new version of the paper; candidates see its notice."), "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)
