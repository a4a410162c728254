# SPDX-License-Identifier: Apache-2.0
"""The board of those who run the marking: progress, assignments, slips to print."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import access, documents, presentation, queries, rounds, service
from exam_portal.marking.forms import AssignmentForm, TakeBackForm
from exam_portal.marking.routes.blueprint import BAG, PLACE, again, bp, now, refuse, to
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from exam_portal.web import context, database, policy, templating

ROUNDS = (1, 2, 3)


@bp.get(PLACE)
@policy.requires("marking.follow")
def board(competition_id: str) -> str:
    """Show how far each part is, counts only to whom none of them tells anything of a single mark."""
    session, actor = database.reader(), context.actor()
    place = access.load_place(session, actor, competition_id, "marking.follow")
    course = access.course(session, actor, place)
    shows_counts = policy.may("marking.see_progress", course)
    return templating.render(
        "marking/board.html",
        where=place,
        course=course,
        shows_counts=shows_counts,
        parts=presentation.parts(session, course.competition_id, with_counts=shows_counts),
    )


@bp.route(f"{BAG}/assignments/new", methods=["GET", "POST"])
@policy.requires("marking.assign")
def assign(competition_id: str, bag_id: str) -> str | Response:
    """Give a bag to a marker for one round."""
    bag = access.load_bag(database.reader(), context.actor(), competition_id, bag_id, "marking.assign")
    form = _assignment_form(bag)
    if form.validate_on_submit():
        try:
            _assign(competition_id, bag_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="marker")
        else:
            flask.flash(gettext("The bag has been given to the marker."), "done")
            return to("board", competition_id=competition_id)
    body = templating.render("marking/assign.html", form=form, bag=bag, competition_id=competition_id)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{BAG}/assignments/<int:round>/take-back", methods=["GET", "POST"])
@policy.requires("marking.assign")
def take_back(competition_id: str, bag_id: str, round: int) -> str | Response:
    """Take a bag back from its marker with a reason, to give it to somebody else."""
    bag = access.load_bag(database.reader(), context.actor(), competition_id, bag_id, "marking.assign")
    if round not in queries.assigned_rounds(database.reader(), bag.id):
        raise NotFound
    form = TakeBackForm()
    if form.validate_on_submit():
        with database.writer() as session:
            bag = access.load_bag(session, context.actor(), competition_id, bag_id, "marking.assign")
            at, why = now(session, bag), form.reason.data or ""
            service.take_back(session, context.actor(), at, bag=bag, round=round, reason=why)
        flask.flash(gettext("The bag has been taken back. It can be given to somebody else."), "done")
        return to("board", competition_id=competition_id)
    body = templating.render("marking/take_back.html", form=form, bag=bag, round=round)
    return again(body) if flask.request.method == "POST" else body


@bp.get(f"{BAG}/slips/<int:round>.pdf")
@policy.requires("marking.assign")
def blank_slips(competition_id: str, bag_id: str, round: int) -> Response:
    """Print one slip for each script of the bag, to be filled in by hand."""
    bag = access.load_bag(database.reader(), context.actor(), competition_id, bag_id, "marking.assign")
    if round not in ROUNDS:
        raise NotFound
    return documents.blank_slips(database.reader(), bag, round, now(database.reader(), bag))


def _assignment_form(bag: BagView) -> AssignmentForm:
    session = database.reader()
    form = AssignmentForm(data={"round": flask.request.args.get("round", type=int)})
    names = {1: gettext("First mark"), 2: gettext("Second mark"), 3: gettext("Third mark")}
    form.round.choices = [(number, names[number]) for number in rounds.of_bag(session, bag)]
    form.marker.choices = [(one.public_id, one.name) for one in handover.markers(session, bag)]
    return form


def _assign(competition_id: str, bag_id: str, form: AssignmentForm) -> None:
    with database.writer() as session:
        bag = access.load_bag(session, context.actor(), competition_id, bag_id, "marking.assign")
        markers = {one.public_id: one.id for one in handover.markers(session, bag)}
        service.assign_bag(
            session,
            context.actor(),
            now(session, bag),
            bag=bag,
            marker_id=markers[form.marker.data],
            round=form.round.data,
            reason=form.reason.data or "",
        )
