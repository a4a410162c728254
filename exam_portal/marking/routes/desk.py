# SPDX-License-Identifier: Apache-2.0
"""The marker's home and desk."""

from collections.abc import Callable, Sequence
from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import (
    access,
    anchors,
    by_question,
    comments,
    desk_page,
    documents,
    highlights,
    own_work,
    presentation,
    queries,
    service,
)
from exam_portal.marking.access import Assigned
from exam_portal.marking.errors import DraftsDiffer, HighlightsUnreadable
from exam_portal.marking.forms import MarkForm, mark_form, with_draft
from exam_portal.marking.highlights import Highlight
from exam_portal.marking.models import Mark
from exam_portal.marking.routes import phrases
from exam_portal.marking.routes.blueprint import again, bp, now, refuse, to
from exam_portal.marking.training import controls
from exam_portal.marking.training.models import TrainingMark
from exam_portal.marking.training.service import give_control_mark
from exam_portal.sittings import handover
from exam_portal.sittings.handover import MaskedScriptView
from exam_portal.web import context, database, filters, policy, templating

OWN = "/marking/bags/<public_id:bag_id>"
SCRIPT = f"{OWN}/scripts/<public_id:script_id>"


@bp.get("/marking")
@policy.requires("marking.home")
def home() -> str:
    """Show the bags in the reader's hands, and the slips to be signed: the latter without a role, too."""
    account_id = context.actor().account_id
    assert account_id is not None
    session = database.reader()
    mine = [bag for bag in handover.bags(session, context.actor()) if policy.may("marking.learn", bag)]
    return templating.render(
        "marking/home.html",
        trainings=own_work.trainings(session, account_id, mine),
        bags=own_work.own_bags(session, account_id),
        is_marker=policy.may_ever("marking.own"),
        handed_back=own_work.handed_back(session, account_id),
    )


@bp.get(OWN)
@policy.requires("marking.mark")
def bag(bag_id: str) -> str:
    """Show the scripts of the reader's bag, and which of them are marked."""
    session = database.reader()
    found = access.load_assigned(session, context.actor(), bag_id)
    tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
    return templating.render(
        "marking/bag.html",
        assigned=found,
        title=presentation.title_of(handover.brief(session, found.bag.id), found.bag.part),
        tasks=tasks,
        may_sign=own_work.may_sign(session, found.bag, found.round, tasks),
        is_closed=own_work.is_closed(session, found.bag, found.round),
        questions=len(by_question.questions(session, found.bag, tasks)),
    )


@bp.route(SCRIPT, methods=["GET", "POST"])
@policy.requires("marking.mark")
def desk(bag_id: str, script_id: str) -> str | Response:
    """Show a script beside its form; sending it gives the mark."""
    found = access.load_assigned(database.reader(), context.actor(), bag_id)
    script = access.own_script(database.reader(), found, script_id)
    form = mark_form(service.rule_of(database.reader(), found.bag))()
    here = {"bag_id": bag_id, "script_id": script_id}
    if flask.request.form.get("then") in ("draft", "phrase"):
        _keep(bag_id, script_id, form)
        if flask.request.form["then"] == "phrase":
            phrases.keep(bag_id, form["comment"].data or "")
            flask.flash(gettext("The comment is in your list of phrases; the draft has been kept."), "done")
        else:
            flask.flash(gettext("The draft has been kept. It is no mark yet."), "note")
        return to("desk", **here)
    if form.validate_on_submit():
        try:
            _give(bag_id, script_id, form)
        except DraftsDiffer:
            _keep(bag_id, script_id, form)
            return to("desk", **here)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            return _next(bag_id, script_id)
    return _page(found, script, form)


@bp.post(f"{SCRIPT}/draft")
@policy.requires("marking.mark")
def draft(bag_id: str, script_id: str) -> Response:
    """Keep what has been typed so far, without leaving the page; 409 where another page has saved since."""
    found = access.load_assigned(database.reader(), context.actor(), bag_id)
    form = mark_form(service.rule_of(database.reader(), found.bag))()
    version, count = _keep(bag_id, script_id, form)
    answer = flask.jsonify({"version": version, "drafts": count})
    answer.status_code = 200 if count == 1 else 409
    return answer


@bp.post(f"{SCRIPT}/drafts/<int:version>/choice")
@policy.requires("marking.mark")
def choose_draft(bag_id: str, script_id: str, version: int) -> Response:
    """Go on with one of several drafts; the others are set aside."""
    with database.writer() as session:
        found = access.load_assigned(session, context.actor(), bag_id)
        script = access.own_script(session, found, script_id)
        at = now(session, found.bag)
        service.choose_draft(session, context.actor(), at, bag=found.bag, script=script, version=version)
    flask.flash(
        gettext("You go on with this draft. The other one is set aside until you give the mark."), "done"
    )
    return to("desk", bag_id=bag_id, script_id=script_id)


@bp.get(f"{SCRIPT}/pages/<int:page>")
@policy.requires("marking.mark")
def page(bag_id: str, script_id: str, page: int) -> Response:
    """Show one scanned page of the script."""
    session = database.reader()
    found = access.load_assigned(session, context.actor(), bag_id)
    script = access.own_script(session, found, script_id)
    pages = controls.content(session, script).pages
    if not 1 <= page <= len(pages):
        raise NotFound
    media_type, content = pages[page - 1]
    return Response(content, mimetype=media_type)


@bp.get(f"{OWN}/slips.pdf")
@policy.requires("marking.print_own_slips")
def own_slips(bag_id: str) -> Response:
    """Print the marks that the reader gave, to be signed, once the whole bag is marked, or its part locked.

    Earlier, what is missing among the slips would tell which of the marked scripts are control scripts.
    """
    session = database.reader()
    found = access.load_assigned(session, context.actor(), bag_id, "marking.print_own_slips")
    tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
    if not own_work.may_sign(session, found.bag, found.round, tasks):
        raise NotFound
    at = now(session, found.bag)
    return documents.own_slips(session, found.bag, found.round, found.marker_id, at)


@bp.get(f"{OWN}/handed-back-slips.pdf")
@policy.requires("marking.print_own_slips")
def handed_back_slips(bag_id: str) -> Response:
    """Print the marks that the reader had given when the rest of the bag was taken back, to be signed."""
    session = database.reader()
    found = access.load_handed_back(session, context.actor(), bag_id)
    at = now(session, found.bag)
    return documents.own_slips(session, found.bag, found.round, found.marker_id, at)


def _keep(bag_id: str, script_id: str, form: MarkForm) -> tuple[int, int]:
    """Keep the draft; return its version, and among how many the marker has to choose."""
    with database.writer() as session:
        found = access.load_assigned(session, context.actor(), bag_id)
        script = access.own_script(session, found, script_id)
        at = now(session, found.bag)
        kept = service.save_draft(
            session, context.actor(), at, bag=found.bag, script=script, sheet=form.sheet()
        )
        return kept.version, len(queries.drafts_of(session, script.id, found.marker_id))


def _give(bag_id: str, script_id: str, form: MarkForm) -> None:
    with database.writer() as session:
        found = access.load_assigned(session, context.actor(), bag_id)
        script = access.own_script(session, found, script_id)
        given: dict[str, Any] = {
            "bag": found.bag,
            "script": script,
            "value": form.value(),
            "scores": form.scores(),
            "comment": form["comment"].data or "",
            "sheet": form.sheet(),
        }
        is_control = isinstance(script, controls.ControlScript)
        verb: Callable[..., Mark | TrainingMark] = give_control_mark if is_control else service.give_mark
        mark = verb(session, context.actor(), now(session, found.bag), **given)
        code, value = script.mask_code, filters.mark(mark.value)
    flask.flash(gettext("Script %(code)s has the mark %(value)s.", code=code, value=value), "done")


def _next(bag_id: str, script_id: str) -> Response:
    """Return to the next script without a mark, else to the bag."""
    session = database.reader()
    found = access.load_assigned(session, context.actor(), bag_id)
    script = access.own_script(session, found, script_id)
    tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
    following = desk_page.next_open(tasks, script.id)
    if following is None:
        return to("bag", bag_id=bag_id)
    return to("desk", bag_id=bag_id, script_id=following.script.public_id)


def _page(found: Assigned, script: MaskedScriptView, form: MarkForm) -> str | Response:
    session = database.reader()
    tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
    progress = desk_page.place(tasks, script.id)
    if progress is None:
        raise NotFound
    own = next(task.mark for task in tasks if task.script.id == script.id)
    drafts = queries.all_drafts_of(session, script.id, found.marker_id)
    live = [row for row in drafts if row.set_aside_at is None]
    if flask.request.method == "GET":
        with_draft(form, live[0] if len(live) == 1 else None)
    brief, content = handover.brief(session, found.bag.id), controls.content(session, script)
    shown = desk_page.answers(content, highlights.of(own.highlights) if own else _passages(form))
    body = templating.render(
        "marking/desk.html",
        assigned=found,
        script=script,
        progress=progress,
        own=own,
        brief=brief,
        title=presentation.title_of(brief, found.bag.part),
        rule=presentation.rule_of(brief, found.bag),
        anchors=anchors,
        content=content,
        answers=shown,
        passages=desk_page.passages(shown),
        form=form,
        drafts=live,
        set_aside=[row for row in drafts if row.set_aside_at is not None],
        phrases=comments.phrases(session, found.competition_id, found.marker_id),
    )
    return again(body) if flask.request.method == "POST" else body


def _passages(form: MarkForm) -> Sequence[Highlight]:
    try:
        return highlights.read(form["highlights"].data or "")
    except HighlightsUnreadable:
        return ()
