# SPDX-License-Identifier: Apache-2.0
"""Signed slips: the scan is filed, then two people key each slip from its page."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import access, presentation, service, slip_list, slip_queries
from exam_portal.marking.forms import SlipForm, SlipScanForm, mark_form
from exam_portal.marking.routes.blueprint import BAG, PLACE, again, bp, now, refuse, to
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from exam_portal.web import context, database, policy, templating

SLIP = f"{BAG}/scripts/<public_id:script_id>/slips/<int(min=1, max=3):round>"


@bp.get(f"{PLACE}/slips")
@policy.requires("marking.key")
def slips(competition_id: str) -> str:
    """List the slips as this typist sees them."""
    session = database.reader()
    place = access.load_place(session, context.actor(), competition_id, "marking.key")
    account_id = context.actor().account_id
    assert place.competition_id is not None
    assert account_id is not None
    return templating.render(
        "marking/slips.html",
        where=place,
        rows=slip_list.slips(session, place.competition_id, account_id),
        papers=slip_queries.slip_papers(session, place.competition_id),
    )


@bp.route(f"{PLACE}/slips/new", methods=["GET", "POST"])
@policy.requires("marking.file_slips")
def file_slips(competition_id: str) -> str | Response:
    """File the scan of signed slips."""
    place = access.load_place(database.reader(), context.actor(), competition_id, "marking.file_slips")
    form = SlipScanForm()
    if form.validate_on_submit():
        try:
            _file(competition_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="paper_scan")
        else:
            flask.flash(gettext("The scan is on file. The slips can be keyed from it."), "done")
            may_key = policy.may("marking.key", place)
            return to("slips" if may_key else "board", competition_id=competition_id)
    body = templating.render("marking/file_slips.html", form=form, where=place)
    return again(body) if flask.request.method == "POST" else body


@bp.route(SLIP, methods=["GET", "POST"])
@policy.requires("marking.key")
def key_slip(competition_id: str, bag_id: str, script_id: str, round: int) -> str | Response:
    """Key one slip from its page."""
    bag = access.load_bag(database.reader(), context.actor(), competition_id, bag_id, "marking.key")
    form = _form(bag)
    if form.validate_on_submit():
        try:
            _key(competition_id, bag_id, script_id, round, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            return to("slips", competition_id=competition_id)
    session = database.reader()
    bag = access.load_bag(session, context.actor(), competition_id, bag_id, "marking.key")
    script = access.script(session, bag, script_id)
    brief = handover.brief(session, bag.id)
    body = templating.render(
        "marking/key_slip.html",
        form=form,
        bag=bag,
        script=script,
        round=round,
        brief=brief,
        title=presentation.title_of(brief, bag.part),
        papers=slip_queries.slip_papers(session, bag.competition_id),
        state=slip_list.state_of(session, bag, script, round, context.actor().account_id or 0),
    )
    return again(body) if flask.request.method == "POST" else body


def _form(bag: BagView) -> SlipForm:
    session, asked = database.reader(), flask.request.args
    papers = slip_queries.slip_papers(session, bag.competition_id)
    likely = slip_queries.likely_paper(session, papers, context.actor().account_id or 0)
    paper = asked.get("paper") or (likely.public_id if likely else None)
    made = mark_form(service.rule_of(session, bag), SlipForm)(
        data={"paper": paper, "page": asked.get("page", type=int)}
    )
    assert isinstance(made, SlipForm)
    made.offer(papers)
    return made


def _key(competition_id: str, bag_id: str, script_id: str, round: int, form: SlipForm) -> None:
    page = form.page.data
    assert page is not None
    with database.writer() as session:
        bag = access.load_bag(session, context.actor(), competition_id, bag_id, "marking.key")
        script = access.script(session, bag, script_id)
        paper = audit.paper_of(session, public_id=form.paper.data, competition_id=bag.competition_id)
        mark = service.key_slip(
            session,
            context.actor(),
            now(session, bag),
            bag=bag,
            script=script,
            round=round,
            value=form.value(),
            scores=form.scores(),
            signer=form.signer.data,
            paper=paper,
            page=page,
        )
        differs = mark is None and slip_queries.keyings_differ(session, script.id, round)
    _tell(script.mask_code, is_mark=mark is not None, differs=differs)


def _tell(code: str, *, is_mark: bool, differs: bool) -> None:
    if is_mark:
        flask.flash(gettext("Both keyings of %(code)s agree. The mark stands.", code=code), "done")
    elif differs:
        words = gettext("The two keyings of %(code)s differ: read the slip again.", code=code)
        flask.flash(words, "attention")
    else:
        flask.flash(gettext("%(code)s has been keyed once; a second person keys it too.", code=code), "note")


def _file(competition_id: str, form: SlipScanForm) -> None:
    slips = form.prepared_paper()
    with database.writer() as session:
        place = access.load_place(session, context.actor(), competition_id, "marking.file_slips")
        assert place.competition_id is not None
        bags = handover.bags_of(session, place.competition_id)
        at = now(session, bags[0]) if bags else context.now()
        service.file_slips(
            session,
            context.actor(),
            at,
            organisation_id=place.organisation_id,
            competition_id=place.competition_id,
            paper=slips,
        )
