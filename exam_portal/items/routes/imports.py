# SPDX-License-Identifier: Apache-2.0
"""Importing a file of items: examined and reported first, taken in whole, or what is good of it on a word."""

from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import (
    access,
    alike,
    arrivals,
    coming,
    comparing,
    errors,
    examining,
    imports,
    messages,
    service,
    taking,
)
from exam_portal.items.forms import ImportForm
from exam_portal.items.models import ItemImport
from exam_portal.items.routes.blueprint import BANK, again, bp, to
from exam_portal.web import context, database, policy, templating


@bp.route(f"{BANK}/imports/new", methods=["GET", "POST"])
@policy.requires("items.write")
def new_import(bank_id: str) -> str | Response:
    """Choose a file; it is kept sealed, and examined by a job."""
    bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
    form = ImportForm()
    if not form.validate_on_submit():
        kept = arrivals.imports_of(database.reader(), bank.id)
        body = templating.render("items/import_new.html", form=form, bank=bank, kept=kept)
        return again(body) if flask.request.method == "POST" else body
    content, name = form.sent()
    own_key = database.database().keys.create()
    file = database.database().files.prepare(content, media_type=examining.MEDIA_TYPE, key_id=own_key)
    with database.writer() as session:
        bank = access.load_bank(session, context.actor(), bank_id, "items.write")
        made = examining.receive(
            session, context.actor(), context.now(), bank=bank, file_name=name, file=file
        )
        import_id = made.public_id
    return to("show_import", bank_id=bank_id, import_id=import_id)


@bp.get(f"{BANK}/imports/<public_id:import_id>")
@policy.requires("items.write")
def show_import(bank_id: str, import_id: str) -> str:
    """Show the report of a file and what taking it in would do."""
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.write")
    kept = arrivals.item_import(session, bank.id, import_id)
    if kept.report is None:
        examination = examining.standing(session, kept)
        return templating.render("items/import_waits.html", bank=bank, kept=kept, standing=examination)
    usable = imports.is_usable(kept.report)
    waiting = taking.standing(session, kept)
    chosen_again = kept.committed_at is None and taking.has_to_be_chosen_again(session, context.actor(), kept)
    is_running = waiting is not None and not waiting.has_failed
    plan = found = None
    if kept.committed_at is None and not is_running and not chosen_again:
        plan, found = _coming(session, kept)
        chosen_again = found is None
    is_overtaken = plan is not None and found is None
    ended_by = errors.ImportOvertaken.__name__ if is_overtaken else kept.stopped_by or ""
    shown, page = _wanted()
    rows = found.of(shown) if found else []
    on_page = rows[(page - 1) * coming.PAGE : page * coming.PAGE]
    likeness = comparing.newest(session, bank.id, kept)
    return templating.render(
        "items/import.html",
        bank=bank,
        kept=kept,
        usable=usable,
        plan=plan if not chosen_again and (usable or imports.has_good_ones(kept.report)) else None,
        coming=found,
        shown=shown,
        rows=coming.worded(found, on_page) if found else [],
        differences=coming.differences(session, bank, found, on_page) if found else {},
        page=page,
        last=max(1, -(-len(rows) // coming.PAGE)),
        href=lambda number: _address(bank_id, import_id, shown, number),
        tab=lambda name: _address(bank_id, import_id, name, 1),
        waiting=waiting,
        stopped=messages.stopped(ended_by) if ended_by else "",
        chosen_again=chosen_again,
        progress=taking.progress(session, kept) if waiting else None,
        likeness=likeness,
        standing=comparing.standing(session, likeness),
        alike=alike.rows(session, likeness),
    )


@bp.get(f"{BANK}/imports/<public_id:import_id>/items/<int:number>")
@policy.requires("items.write")
def import_item(bank_id: str, import_id: str, number: int) -> str:
    """Show one question of a file with its key, and what it changes in the bank; a restricted one, too."""
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.write")
    kept = arrivals.item_import(session, bank.id, import_id)
    if kept.committed_at is not None:
        raise NotFound
    _, found = _coming(session, kept)
    if found is None:
        raise NotFound
    arrival = coming.arrival(session, bank, found, number)
    return templating.render("items/import_item.html", bank=bank, kept=kept, arrival=arrival)


@bp.post(f"{BANK}/imports/<public_id:import_id>/examine")
@policy.requires("items.write")
def examine_import(bank_id: str, import_id: str) -> Response:
    """Have a file examined once more, where that came to no end."""
    with database.writer() as session:
        kept = access.load_import(session, context.actor(), bank_id, import_id, "items.write")
        examining.ask_again(session, context.now(), kept=kept)
    return to("show_import", bank_id=bank_id, import_id=import_id)


@bp.post(f"{BANK}/imports/<public_id:import_id>/compare")
@policy.requires("items.write")
def compare_import(bank_id: str, import_id: str) -> Response:
    """Have the items of a file compared with those of the bank once more, where that came to no end."""
    with database.writer() as session:
        actor = context.actor()
        bank = access.load_bank(session, actor, bank_id, "items.write")
        kept = access.load_import(session, actor, bank_id, import_id, "items.write")
        comparing.ask(session, actor, context.now(), bank=bank, kept=kept)
    return to("show_import", bank_id=bank_id, import_id=import_id)


@bp.post(f"{BANK}/imports/<public_id:import_id>/commit")
@policy.requires("items.write")
def commit_import(bank_id: str, import_id: str) -> Response:
    """Take the items of a file into the bank, all or none: portion by portion, and visible with the last.

    Of a file with mistakes the good items come in only where the form says so. A large file is taken in by a
    job; its page tells how far it is.
    """
    without_refused = flask.request.form.get("without_refused") == "1"
    reader = database.reader()
    bank = access.load_bank(reader, context.actor(), bank_id, "items.write")
    kept = arrivals.item_import(reader, bank.id, import_id)
    if kept.report is not None and kept.report["read"] > taking.AT_ONCE:
        with database.writer() as session:
            kept = access.load_import(session, context.actor(), bank_id, import_id, "items.write")
            taking.ask(session, context.actor(), context.now(), kept=kept, without_refused=without_refused)
        return to("show_import", bank_id=bank_id, import_id=import_id)
    if not imports.is_usable(kept.report, without_refused=without_refused):
        raise errors.ImportUnusable
    items = arrivals.items_of(reader, kept)
    for portion in imports.portions(items):
        with database.writer() as session:
            kept = access.load_import(session, context.actor(), bank_id, import_id, "items.write")
            service.stage_import(
                session,
                context.actor(),
                context.now(),
                kept=kept,
                items=portion,
                without_refused=without_refused,
            )
    with database.writer() as session:
        kept = access.load_import(session, context.actor(), bank_id, import_id, "items.write")
        plan = service.commit_import(
            session,
            context.actor(),
            context.now(),
            kept=kept,
            items=items,
            without_refused=without_refused,
        )
    told = gettext(
        "Taken in: %(new)s new items, %(changed)s new versions; %(unchanged)s were known already.",
        new=len(plan.new),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
    )
    flask.flash(told, "done")
    return to("bank", bank_id=bank_id)


def _coming(session: Session, kept: ItemImport) -> tuple[imports.Plan, coming.Coming | None]:
    """Return what the file does to the bank, and its questions; none where others have overtaken it."""
    items = arrivals.items_of(session, kept)
    plan = imports.plan(items, arrivals.known(session, kept.bank_id), arrivals.former(session, kept.bank_id))
    return plan, None if plan.overtaken else coming.of(session, kept, items, plan)


def _wanted() -> tuple[str, int]:
    """Return which questions of the file are asked for, and which page of them."""
    shown = flask.request.args.get("show", "")
    page = max(1, flask.request.args.get("page", 1, type=int))
    return (shown if shown in coming.FILTERS else ""), page


def _address(bank_id: str, import_id: str, shown: str, page: int) -> str:
    asked: dict[str, Any] = {"show": shown} if shown else {}
    if page > 1:
        asked["page"] = page
    return flask.url_for("items.show_import", bank_id=bank_id, import_id=import_id, _anchor="coming", **asked)
