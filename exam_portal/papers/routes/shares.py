# SPDX-License-Identifier: Apache-2.0
"""The keys of a paper in the hands of its officers: dividing them, copying the own share, opening with it."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.competitions.models import Competition
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.papers import access, errors, queries, schedule, service, splitting
from exam_portal.papers.forms import ShareForm, SplitForm
from exam_portal.papers.models import Paper
from exam_portal.papers.routes.blueprint import PAPER, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating


@bp.route(f"{PAPER}/split", methods=["GET", "POST"])
@policy.requires("papers.split")
def split(competition_id: str, paper_id: str) -> str | Response:
    """Choose who holds a share, and how many of them open the paper."""
    place = {"competition_id": competition_id, "paper_id": paper_id}
    session = database.reader()
    competition, paper = _loaded(session, place, "papers.split")
    form = SplitForm()
    officers = _officers(session, competition)
    form.offer(officers)
    if not form.validate_on_submit():
        return _page("papers/split.html", form, paper, competition)
    holders = [entry.id for entry in officers if entry.public_id in (form.holders.data or ())]
    try:
        prepared = splitting.prepare(
            session, paper=paper, holders=holders, threshold=form.threshold.data or 0
        )
        _split(place, prepared)
    except errors.NoHolders as problem:
        refuse(form, problem, field="threshold")
        return _page("papers/split.html", form, paper, competition)
    _forget(place)
    flask.flash(gettext("The keys are divided. Each officer now copies their own share."), "done")
    return to("paper", **place)


def _split(place: dict[str, str], prepared: splitting.Prepared) -> None:
    """The split is stored, or nothing is left of it."""
    try:
        with database.writer() as session:
            competition, paper = _loaded(session, place, "papers.split")
            now = context.now(competition)
            splitting.split(session, context.actor(), now, paper=paper, prepared=prepared)
    except Exception:  # whatever stopped it
        splitting.discard(database.reader(), prepared)
        raise


@bp.route(f"{PAPER}/share", methods=["GET", "POST"])
@policy.requires("papers.release")
def own_share(competition_id: str, paper_id: str) -> str | Response:
    """Show this officer's share until it has been typed back from the officer's copy."""
    place = {"competition_id": competition_id, "paper_id": paper_id}
    session = database.reader()
    competition, paper = _loaded(session, place, "papers.release")
    splitting.own_share(session, context.actor(), paper)  # none left: said before anything is read
    form = ShareForm()
    if form.validate_on_submit():
        try:
            with database.writer() as session:
                competition, paper = _loaded(session, place, "papers.release")
                now, typed = context.now(competition), form.share.data or ""
                splitting.take_share(session, context.actor(), now, paper=paper, typed=typed)
        except errors.ShareDiffers as problem:
            refuse(form, problem, field="share")
        else:
            _forget(place)
            flask.flash(gettext("Your share is on your copy alone. Keep it sealed until the start."), "done")
            return to("paper", **place)
    with database.writer() as session:
        competition, paper = _loaded(session, place, "papers.release")
        now = context.now(competition)
        words = splitting.show_share(session, context.actor(), now, paper=paper).split()
    competition, paper = _loaded(database.reader(), place, "papers.release")
    return _page("papers/share.html", form, paper, competition, shown=words)


@bp.route(f"{PAPER}/open", methods=["GET", "POST"])
@policy.requires("papers.release")
def open_with_share(competition_id: str, paper_id: str) -> str | Response:
    """Give the word to open with the own share; the last one that is needed opens the paper."""
    place = {"competition_id": competition_id, "paper_id": paper_id}
    competition, paper = _loaded(database.reader(), place, "papers.release")
    form = ShareForm()
    if form.validate_on_submit():
        try:
            opened = _opened(place, form.share.data or "")
        except errors.ShareDiffers as problem:
            refuse(form, problem, field="share")
        else:
            told = (
                gettext("The paper is open, and it is what was sealed.")
                if opened
                else gettext("Your word and your share are on record. Other officers now open the paper.")
            )
            flask.flash(told, "done")
            return to("paper", **place)
    competition, paper = _loaded(database.reader(), place, "papers.release")
    return _page("papers/open.html", form, paper, competition)


def _opened(place: dict[str, str], share: str) -> bool:
    with database.writer() as session:
        competition, paper = _loaded(session, place, "papers.release")
        return service.release_key(
            session,
            context.actor(),
            context.now(competition),
            paper=paper,
            opens_at=schedule.opens_at(session, paper),
            share=share,
        )


def _forget(place: dict[str, str]) -> None:
    """What the portal must not be able to read is destroyed, now that the act is stored."""
    session = database.reader()
    _, paper = _loaded(session, place, "papers.see")
    splitting.forget(session, paper, is_open=queries.is_released(session, paper.id))


def _loaded(session: Session, place: dict[str, str], permission: str) -> tuple[Competition, Paper]:
    return access.load_paper(session, context.actor(), place["competition_id"], place["paper_id"], permission)


def _officers(session: Session, competition: Competition) -> list[accounts.AccountEntry]:
    """Return who may open papers of this competition, each once."""
    found = {
        entry.id: entry
        for role in access.OFFICERS
        for entry in accounts.holders(
            session, role, organisation_id=competition.organisation_id, competition_id=competition.id
        )
    }
    return sorted(found.values(), key=lambda entry: names.order(entry.name))


def _page(
    template: str, form: SplitForm | ShareForm, paper: Paper, competition: Competition, **more: object
) -> str | Response:
    body = templating.render(template, form=form, paper=paper, competition=competition, **more)
    return again(body) if flask.request.method == "POST" else body
