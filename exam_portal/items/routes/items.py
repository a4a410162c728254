# SPDX-License-Identifier: Apache-2.0
"""One item: its versions, its key, what was said about it; writing a new version, and reviewing one."""

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.items import access, errors, history, imports, presentation, queries, service
from exam_portal.items.forms import FORMS, ItemForm, ReviewForm, typed
from exam_portal.items.models import Item, ItemBank, ItemStage
from exam_portal.items.routes.blueprint import BANK, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating
from question_bank.item import Item as BankItem

ITEM = f"{BANK}/items/<public_id:item_id>"


@bp.get(ITEM)
@policy.requires("items.see")
def item(bank_id: str, item_id: str) -> str:
    """Show an item with its key, its versions and every word on them."""
    access.load_bank(database.reader(), context.actor(), bank_id, "items.see")
    return _item_page(bank_id, item_id, ReviewForm())


@bp.post(f"{ITEM}/review")
@policy.requires("items.review")
def review(bank_id: str, item_id: str) -> str | Response:
    """Say a word on the last version of an item."""
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            with database.writer() as session:
                found = access.load_item(session, context.actor(), bank_id, item_id, "items.review")
                service.review(
                    session,
                    context.actor(),
                    context.now(),
                    version=found.versions[-1],
                    stage=ItemStage(form.stage.data),
                    comment=form.comment.data or "",
                )
        except errors.CommentMissing as problem:
            refuse(form, problem, field="comment")
        except (errors.OwnItem, errors.NotReviewed, errors.SameReviewer) as problem:
            refuse(form, problem, field="stage")
        else:
            flask.flash(gettext("Your word is on record."), "done")
            return to("item", bank_id=bank_id, item_id=item_id)
    access.load_bank(database.reader(), context.actor(), bank_id, "items.review")
    return again(_item_page(bank_id, item_id, form))


@bp.route(f"{BANK}/items/new/<any(single_choice, essay):kind>", methods=["GET", "POST"])
@policy.requires("items.write")
def new_item(bank_id: str, kind: str) -> str | Response:
    """Write a new item."""
    bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
    form = FORMS[kind]()
    if form.validate_on_submit() and (written := _written(form, {"version": 1}, bank)) is not None:
        item_id = _write(form, bank_id, written, is_new=True)
        if item_id is not None:
            flask.flash(gettext("The item is in the bank as a draft."), "done")
            return to("item", bank_id=bank_id, item_id=item_id)
    bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
    body = templating.render("items/item_form.html", form=form, bank=bank, kind=kind, item=None)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{ITEM}/edit", methods=["GET", "POST"])
@policy.requires("items.write")
def edit_item(bank_id: str, item_id: str) -> str | Response:
    """Write a new version of an item."""
    session = database.reader()
    found = access.load_item(session, context.actor(), bank_id, item_id, "items.write")
    held = presentation.editable(service.content_of(session, found.versions[-1]))
    if held is None:
        raise NotFound
    form = FORMS[held["kind"]](data=typed(held))
    form.external_id.data = found.external_id
    if form.validate_on_submit():
        form.external_id.data = found.external_id
        bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
        written = _written(form, held, bank)
        if written is not None and written.content_hash != found.versions[-1].content_hash:
            written = _written(form, {**held, "version": held["version"] + 1}, bank)
        if written is not None and _write(form, bank_id, written, is_new=False) is not None:
            flask.flash(gettext("The new version is in the bank as a draft."), "done")
            return to("item", bank_id=bank_id, item_id=item_id)
    bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
    body = templating.render("items/item_form.html", form=form, bank=bank, kind=held["kind"], item=found)
    return again(body) if flask.request.method == "POST" else body


def _written(form: ItemForm, held: Mapping[str, Any], bank: ItemBank) -> imports.Incoming | None:
    """Return what was typed as an item ready to be written; every mistake stands above the form otherwise."""
    read = presentation.read(form.native(held))
    if isinstance(read, BankItem):
        try:
            imports.refuse_classified([read], is_connected=context.settings().instance.connected)
        except errors.Classified as problem:
            refuse(form, problem)
            return None
        return imports.incoming(database.database().keys, bank.key_id, [read])[0]
    for found in read:
        form.refuse(found)
    return None


def _write(form: ItemForm, bank_id: str, written: imports.Incoming, *, is_new: bool) -> str | None:
    try:
        with database.writer() as session:
            bank = access.load_bank(session, context.actor(), bank_id, "items.write")
            version = service.write_item(
                session, context.actor(), context.now(), bank=bank, item=written, is_new=is_new
            )
            return version.item.public_id
    except (NotFound, Forbidden):
        raise
    except DomainError as problem:
        refuse(form, problem, field="external_id" if isinstance(problem, errors.ItemExists) else None)
        return None


def _item_page(bank_id: str, item_id: str, form: ReviewForm) -> str:
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.see")
    found: Item = queries.item(session, bank.id, item_id)
    reviews = queries.reviews_of(session, [version.id for version in found.versions])
    last = found.versions[-1]
    may_say = service.open_stages(session, context.actor(), last)
    form.offer(may_say)
    authors = [version.author_id for version in found.versions]
    return templating.render(
        "items/item.html",
        bank=bank,
        item=found,
        last=last,
        content=presentation.content(service.content_of(session, last)),
        standing=queries.stages(session, [last.id]).get(last.id),
        reviews=[(ItemStage(review.stage), review) for review in reviews],
        versions={version.id: version.version for version in found.versions},
        people=accounts.names_of(session, [*authors, *(review.by for review in reviews)]),
        statistics=history.of_item(session, found.id),
        form=form,
        may_say=may_say,
        is_own=last.author_id == context.actor().account_id,
        stages=ItemStage,
        now=context.now(),
    )
