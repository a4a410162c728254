# SPDX-License-Identifier: Apache-2.0
"""Locked marks by code, each opening its page; corrections by two people; the minute of the differences."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import access, documents, presentation, queries, service
from exam_portal.marking.forms import CorrectionForm
from exam_portal.marking.routes.blueprint import BAG, PLACE, again, bp, now, refuse, to
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from exam_portal.web import context, database, policy, templating


@bp.get(f"{PLACE}/marks")
@policy.requires("marking.read_marks")
def marks(competition_id: str) -> str:
    """Show the locked marks of a part (``?part=written&purpose=marking``)."""
    session = database.reader()
    bags = _locked_bags(session, competition_id)
    brief = handover.brief(session, bags[0].id)
    rows = presentation.marked(session, bags)
    proposals = rows[0].proposals if rows else {}
    return templating.render(
        "marking/marks.html",
        competition_id=competition_id,
        bag=bags[0],
        title=presentation.title_of(brief, bags[0].part),
        rows=rows,
        proposals=proposals,
        papers=queries.paper_ids(session, [one.signed_paper_id for one in proposals.values()]),
        people=handover.staff_names(session, {one.by for one in proposals.values()}),
        lock=queries.locks(session, bags[0].competition_id)[bags[0].part, bags[0].purpose],
    )


@bp.get(f"{PLACE}/differences.pdf")
@policy.requires("marking.read_marks")
def differences(competition_id: str) -> Response:
    """Print the minute on marks that differed (``?part=…&purpose=…``)."""
    session = database.reader()
    bags = _locked_bags(session, competition_id)
    return documents.differences(session, bags, now(session, bags[0]))


@bp.route(f"{BAG}/marks/<public_id:mark_id>/corrections/new", methods=["GET", "POST"])
@policy.requires("marking.propose_correction")
def propose_correction(competition_id: str, bag_id: str, mark_id: str) -> str | Response:
    """Propose the right figure for a wrong mark."""
    permission = "marking.propose_correction"
    bag = access.load_bag(database.reader(), context.actor(), competition_id, bag_id, permission)
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            _propose(competition_id, bag_id, mark_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The correction awaits a second person's approval."), "note")
            return _to_marks(competition_id, bag)
    mark = queries.mark(database.reader(), bag, mark_id)
    body = templating.render(
        "marking/correction.html", form=form, bag=bag, mark=mark, competition_id=competition_id
    )
    return again(body) if flask.request.method == "POST" else body


@bp.post(f"{BAG}/corrections/<public_id:proposal_id>/approve")
@policy.requires("marking.approve_correction")
def approve_correction(competition_id: str, bag_id: str, proposal_id: str) -> Response:
    """Let the proposed mark supersede the wrong one."""
    permission = "marking.approve_correction"
    with database.writer() as session:
        bag = access.load_bag(session, context.actor(), competition_id, bag_id, permission)
        proposal = queries.proposal(session, bag, proposal_id)
        service.approve_correction(session, context.actor(), now(session, bag), bag=bag, proposal=proposal)
    flask.flash(gettext("The mark has been corrected."), "done")
    return _to_marks(competition_id, bag)


def _propose(competition_id: str, bag_id: str, mark_id: str, form: CorrectionForm) -> None:
    permission = "marking.propose_correction"
    value, page = form.value.data, form.page.data
    assert value is not None
    assert page is not None
    minute = form.prepared_paper()
    with database.writer() as session:
        bag = access.load_bag(session, context.actor(), competition_id, bag_id, permission)
        service.propose_correction(
            session,
            context.actor(),
            now(session, bag),
            bag=bag,
            mark=queries.mark(session, bag, mark_id),
            value=value,
            reason=form.reason.data or "",
            paper=_filed(session, bag, minute),
            page=page,
        )


def _filed(session: Session, bag: BagView, minute: audit.PreparedPaper) -> audit.SignedPaper:
    return audit.file_paper(
        session,
        context.actor(),
        now(session, bag),
        organisation_id=bag.organisation_id,
        competition_id=bag.competition_id,
        kind=audit.PaperKind.COUNCIL_DECISION,
        title="Biên bản sửa điểm",
        paper=minute,
        confidential=True,
    )


def _locked_bags(session: Session, competition_id: str) -> list[BagView]:
    """Return the bags of the locked part that the address names, else NotFound."""
    place = access.load_place(session, context.actor(), competition_id, "marking.read_marks")
    assert place.competition_id is not None
    part = flask.request.args.get("part", "")
    purpose = flask.request.args.get("purpose", "marking")
    if not queries.is_locked(session, place.competition_id, part, purpose):
        raise NotFound
    return queries.bags(session, place.competition_id, part, purpose)


def _to_marks(competition_id: str, bag: BagView) -> Response:
    return to("marks", competition_id=competition_id, part=bag.part, purpose=bag.purpose)
