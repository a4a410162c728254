# SPDX-License-Identifier: Apache-2.0
"""The training of markers: the head sets it, markers go through it."""

from datetime import datetime
from decimal import Decimal

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import access, anchors
from exam_portal.marking.errors import TrainingScriptsMissing
from exam_portal.marking.forms import MarkForm, mark_form
from exam_portal.marking.routes.blueprint import PLACE, again, bp, refuse, to
from exam_portal.marking.standing import Rule
from exam_portal.marking.training import presentation, queries, service
from exam_portal.marking.training.forms import RuleForm, script_form
from exam_portal.sittings.handover import PartView
from exam_portal.web import context, database, policy, templating

HEAD = f"{PLACE}/parts/<string:part>/training"
OWN = "/marking/training/<public_id:competition_id>/<string:part>"


@bp.route(HEAD, methods=["GET", "POST"])
@policy.requires("marking.train")
def training(competition_id: str, part: str) -> str | Response:
    """Show rule, scripts, who is qualified and how control scripts were marked; sending sets the rule."""
    session = database.reader()
    here = access.load_part(session, context.actor(), competition_id, part, "marking.train")
    form = RuleForm(obj=queries.rule(session, here.competition_id, here.key))
    if form.validate_on_submit():
        try:
            _set_rule(competition_id, part, form)
        except TrainingScriptsMissing as problem:
            refuse(form, problem, field="is_required")
        else:
            flask.flash(gettext("The rule of the training is in force."), "done")
            return to("training", competition_id=competition_id, part=part)
    shown = presentation.overview(session, here)
    body = templating.render("marking/training/head.html", here=here, shown=shown, form=form)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEAD}/scripts/new", methods=["GET", "POST"])
@policy.requires("marking.train")
def add_training_script(competition_id: str, part: str) -> str | Response:
    """Add a training or control script with its agreed mark."""
    here = access.load_part(database.reader(), context.actor(), competition_id, part, "marking.train")
    rule = Rule.of(here.ruleset, here.key, is_review=False)
    form = script_form(rule)()
    if form.validate_on_submit():
        try:
            _add(competition_id, part, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The script has been added."), "done")
            return to("training", competition_id=competition_id, part=part)
    body = templating.render("marking/training/new_script.html", here=here, form=form, rule=rule)
    return again(body) if flask.request.method == "POST" else body


@bp.post(f"{HEAD}/scripts/<public_id:script_id>/withdrawal")
@policy.requires("marking.train")
def withdraw_training_script(competition_id: str, part: str, script_id: str) -> Response:
    """Withdraw a script from the training, or from bags that are given out later."""
    with database.writer() as session:
        here = access.load_part(session, context.actor(), competition_id, part, "marking.train")
        script = queries.script(session, here.competition_id, script_id)
        service.withdraw_script(session, context.actor(), _now(here), part=here, script=script)
    flask.flash(gettext("The script has been withdrawn."), "done")
    return to("training", competition_id=competition_id, part=part)


@bp.get(OWN)
@policy.requires("marking.learn")
def own_training(competition_id: str, part: str) -> str:
    """Show the reader's training: which scripts are marked, and whether it is passed."""
    session = database.reader()
    here = access.load_part(session, context.actor(), competition_id, part, "marking.learn")
    shown = presentation.own(session, here, context.actor().account_id or 0)
    return templating.render("marking/training/own.html", here=here, shown=shown)


@bp.route(f"{OWN}/scripts/<public_id:script_id>", methods=["GET", "POST"])
@policy.requires("marking.learn")
def training_desk(competition_id: str, part: str, script_id: str) -> str | Response:
    """Show a training script beside its form; once marked, the agreed mark and the reason.

    ``try`` names the try whose mark was given: with the last one of a try that fails the next has begun.
    """
    session = database.reader()
    here = access.load_part(session, context.actor(), competition_id, part, "marking.learn")
    number = flask.request.args.get("try", type=int)
    shown = presentation.task(session, here, context.actor().account_id or 0, script_id, number)
    rule = Rule.of(here.ruleset, here.key, is_review=False)
    form = mark_form(rule)()
    if form.validate_on_submit():
        try:
            given = _mark(competition_id, part, script_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            place = {"competition_id": competition_id, "part": part, "script_id": script_id}
            return to("training_desk", **place, **{"try": given})
    body = templating.render(
        "marking/training/desk.html", here=here, shown=shown, form=form, rule=rule, anchors=anchors
    )
    return again(body) if flask.request.method == "POST" else body


def _now(here: PartView) -> datetime:
    return context.now(access.clock_of(here))


def _set_rule(competition_id: str, part: str, form: RuleForm) -> None:
    with database.writer() as session:
        here = access.load_part(session, context.actor(), competition_id, part, "marking.train")
        service.set_rule(
            session,
            context.actor(),
            _now(here),
            part=here,
            is_required=bool(form.is_required.data),
            needed=form.needed.data or 1,
            tolerance=form.tolerance.data or Decimal(0),
            tries=form.tries.data or 1,
            control_every=form.control_every.data or 0,
        )


def _add(competition_id: str, part: str, form: MarkForm) -> None:
    with database.writer() as session:
        here = access.load_part(session, context.actor(), competition_id, part, "marking.train")
        service.add_script(
            session,
            context.actor(),
            _now(here),
            part=here,
            purpose=form["purpose"].data,
            question=form["question"].data or "",
            answer=form["answer"].data,
            value=form.value(),
            scores=form.scores(),
            reason=form["reason"].data,
        )


def _mark(competition_id: str, part: str, script_id: str, form: MarkForm) -> int:
    with database.writer() as session:
        here = access.load_part(session, context.actor(), competition_id, part, "marking.learn")
        mark = service.mark_training_script(
            session,
            context.actor(),
            _now(here),
            part=here,
            script=queries.script(session, here.competition_id, script_id),
            value=form.value(),
            scores=form.scores(),
            comment=form["comment"].data or "",
        )
        return mark.try_number
