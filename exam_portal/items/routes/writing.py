# SPDX-License-Identifier: Apache-2.0
"""Writing an item in a form: a new one, or a new version of one that the bank holds."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound, StaleState
from exam_portal.items import access, errors, imports, presentation, service
from exam_portal.items.item_forms import FORMS, ItemForm, typed
from exam_portal.items.models import ItemBank
from exam_portal.items.routes.blueprint import BANK, ITEM, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating
from question_bank import placing
from question_bank.item import Item as BankItem


@bp.route(f"{BANK}/items/new/<any(single_choice, essay):kind>", methods=["GET", "POST"])
@policy.requires("items.write")
def new_item(bank_id: str, kind: str) -> str | Response:
    """Write a new item."""
    bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
    form = FORMS[kind]()
    if form.validate_on_submit() and (written := _written(form, {"version": 1}, bank)) is not None:
        item_id = _write(form, bank_id, written)
        if item_id is not None:
            flask.flash(gettext("The item is in the bank as a draft."), "done")
            return to("item", bank_id=bank_id, item_id=item_id)
    bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
    body = templating.render("items/item_form.html", form=form, bank=bank, kind=kind, item=None)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{ITEM}/edit", methods=["GET", "POST"])
@policy.requires("items.write")
def edit_item(bank_id: str, item_id: str) -> str | Response:
    """Write a new version of an item: of the one that was read, as long as that is the last."""
    session = database.reader()
    found = access.load_item(session, context.actor(), bank_id, item_id, "items.write")
    held = presentation.editable(service.content_of(session, found.versions[-1]))
    if held is None:
        raise NotFound
    form, status = FORMS[held["kind"]](data=typed(held)), 422
    form.keep_id(found.external_id)
    if flask.request.method == "GET":
        form.began_from.data = str(found.versions[-1].version)
    if form.validate_on_submit():
        bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
        written = _written(form, held, bank)
        if written is not None and written.content_hash != found.versions[-1].content_hash:
            written = _written(form, {**held, "version": held["version"] + 1}, bank)
        follows = int(form.began_from.data) if (form.began_from.data or "").isdecimal() else 0
        try:
            is_written = written is not None and _write(form, bank_id, written, follows) is not None
        except errors.NewerVersion as problem:
            refuse(form, problem)
            is_written, status = False, problem.status
        if is_written:
            flask.flash(gettext("The new version is in the bank as a draft."), "done")
            return to("item", bank_id=bank_id, item_id=item_id)
    bank = access.load_bank(database.reader(), context.actor(), bank_id, "items.write")
    body = templating.render("items/item_form.html", form=form, bank=bank, kind=held["kind"], item=found)
    return again(body, status) if flask.request.method == "POST" else body


@bp.post(f"{ITEM}/places")
@policy.requires("items.write")
def settle_places(bank_id: str, item_id: str) -> Response:
    """Write a new version in which options that name others keep their places, or nothing is shuffled."""
    ways = {"fix": placing.fixed, "still": placing.unshuffled}
    settled = ways.get(flask.request.form.get("how", ""))
    reader = database.reader()
    found = access.load_item(reader, context.actor(), bank_id, item_id, "items.write")
    bank, last = access.load_bank(reader, context.actor(), bank_id, "items.write"), found.versions[-1]
    held = service.content_of(reader, last, bank)
    if settled is None:
        raise NotFound
    if placing.standing(held) in {"", "settled"}:
        raise StaleState
    made = dataclasses.replace(settled(held), version=held.version + 1)
    written = imports.incoming(database.database().keys, bank.key_id, [made])[0]
    with database.writer() as session:
        bank = access.load_bank(session, context.actor(), bank_id, "items.write")
        service.write_item(
            session,
            context.actor(),
            context.now(),
            bank=bank,
            item=written,
            is_new=False,
            follows=last.version,
        )
    flask.flash(gettext("The new version is in the bank as a draft."), "done")
    return to("item", bank_id=bank_id, item_id=item_id)


def _written(form: ItemForm, held: Mapping[str, Any], bank: ItemBank) -> imports.Incoming | None:
    """Return what was typed as an item ready to be written; every mistake stands above the form otherwise."""
    read = presentation.read({**form.native(held), "positional_checked": True})
    if isinstance(read, BankItem):
        placed = _placed(form, read)
        if placed is None:
            return None
        try:
            imports.refuse_classified([placed], is_connected=context.settings().instance.connected)
        except errors.Classified as problem:
            refuse(form, problem)
            return None
        return imports.incoming(database.database().keys, bank.key_id, [placed])[0]
    for found in read:
        form.refuse(found)
    return None


def _placed(form: ItemForm, item: BankItem) -> BankItem | None:
    """Return the item with its options placed as its author has decided; None where that is still to do."""
    how = flask.request.form.get("places", "")
    if how in {"fix", "still"}:
        return placing.fixed(item) if how == "fix" else placing.unshuffled(item)
    if placing.standing(item) == "open":
        form.naming = placing.naming(item)
        form.refuse(gettext("One of the options names others. Choose below what is to become of the order."))
        return None
    return item if placing.naming(item) else dataclasses.replace(item, positional_checked=False)


def _write(form: ItemForm, bank_id: str, written: imports.Incoming, follows: int | None = None) -> str | None:
    """Return the item that has the new version, or that is new where it follows none."""
    try:
        with database.writer() as session:
            bank = access.load_bank(session, context.actor(), bank_id, "items.write")
            version = service.write_item(
                session,
                context.actor(),
                context.now(),
                bank=bank,
                item=written,
                is_new=follows is None,
                follows=follows,
            )
            return version.item.public_id
    except (NotFound, Forbidden, errors.NewerVersion):
        raise
    except DomainError as problem:
        refuse(form, problem, field="external_id" if isinstance(problem, errors.ItemExists) else None)
        return None
