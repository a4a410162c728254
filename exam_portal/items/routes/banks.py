# SPDX-License-Identifier: Apache-2.0
"""The banks of the reader's places, the list of one bank's items, and reviews of many at once."""

from collections.abc import Mapping

import flask
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from exam_portal.accounts.models import Organisation
from exam_portal.competitions import calendar
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items import access, format_words, imports, instruments, queries, service, taking_out
from exam_portal.items.forms import BankForm, SearchForm
from exam_portal.items.models import ItemStage
from exam_portal.items.routes.blueprint import BANK, BANKS, again, bp, to
from exam_portal.web import context, database, policy, templating

ASKED = ("words", "topic", "level", "stage", "source", "places")
BULK = {ItemStage.REVIEWED: ItemStage.DRAFT, ItemStage.APPROVED: ItemStage.REVIEWED}  # and whence


@bp.get(BANKS)
@policy.requires("items.list")
def index() -> str:
    """List the banks of the reader's places."""
    session = database.reader()
    ids = access.organisation_ids(session, context.actor())
    return templating.render(
        "items/banks.html", banks=queries.banks(session, sorted(ids)), organisations=_organisations(session)
    )


@bp.route(f"{BANKS}/new", methods=["GET", "POST"])
@policy.requires("items.open_bank")
def new_bank() -> str | Response:
    """Open a bank for an organisation."""
    organisations = _organisations(database.reader())
    form = BankForm()
    form.offer(list(organisations.values()))
    if not form.validate_on_submit():
        _authorise(database.reader(), next(iter(organisations), None))
        body = templating.render("items/bank_new.html", form=form)
        return again(body) if flask.request.method == "POST" else body
    chosen = next(each for each in organisations.values() if each.public_id == form.organisation.data)
    with database.writer() as session:
        _authorise(session, chosen.id)
        bank = service.open_bank(
            session, context.actor(), context.now(), organisation_id=chosen.id, title=form.title.data
        )
        bank_id = bank.public_id
    flask.flash(gettext("The bank has been opened. Import a file or write the first item."), "done")
    return to("bank", bank_id=bank_id)


@bp.get(BANK)
@policy.requires("items.see")
def bank(bank_id: str) -> str:
    """Show the items of a bank that a search finds, page by page."""
    session = database.reader()
    found = access.load_bank(session, context.actor(), bank_id, "items.see")
    form, wanted = _search(session, found.id)
    page = max(1, flask.request.args.get("page", 1, type=int))
    rows, total = queries.search(session, found.id, wanted, page=page)
    asked = {name: value for name, value in form.data.items() if value}
    return templating.render(
        "items/bank.html",
        bank=found,
        search=form,
        asked=asked,
        rows=rows,
        total=total,
        page=page,
        last=max(1, -(-total // queries.PAGE)),
        counts=queries.counts(session, found.id),
        ending=instruments.ending(session, found.id, calendar.local_day(context.now())),
        href=lambda number: flask.url_for("items.bank", bank_id=bank_id, page=number, **asked),
        stages=ItemStage,
        kinds_of_files=[(name, format_words.FILES[name]) for name in taking_out.OFFERED],
    )


@bp.post(f"{BANK}/review")
@policy.requires("items.review")
def review_many(bank_id: str) -> Response:
    """Review or approve the items that are ticked, or all that the search finds, and this person may move."""
    stage = _bulk_stage(flask.request.form.get("word", ""))
    reader = database.reader()
    chosen = frozenset(flask.request.form.getlist("item")[: queries.PAGE])
    is_all, count = flask.request.form.get("scope") == "all", 0
    if not is_all and not chosen:
        access.load_bank(reader, context.actor(), bank_id, "items.review")
        flask.flash(gettext("Tick at least one item, or choose all that the search finds."), "attention")
        return to("bank", bank_id=bank_id)
    asked = {name: flask.request.form.get(name, "") for name in ASKED}
    asked["stage"] = asked["stage"] or BULK[stage].value
    wanted = filter_of(asked) if is_all else queries.Filter(ids=chosen)
    found = access.load_bank(reader, context.actor(), bank_id, "items.review")
    movable = service.movable(reader, context.actor(), bank=found, wanted=wanted, stage=stage)
    for portion in imports.portions([head.id for head in movable]):
        with database.writer() as session:
            actor = context.actor()
            found = access.load_bank(session, actor, bank_id, "items.review")
            count += service.review_all(
                session, actor, context.now(), bank=found, wanted=wanted, stage=stage, among=portion
            )
    if count:
        words = ngettext("%(num)d item has been moved on.", "%(num)d items have been moved on.", count)
        flask.flash(words, "done")
    if count and not is_all and count < len(chosen):
        left = len(chosen) - count
        words = ngettext(
            "%(num)d ticked item stays: it is your own, stands at another stage, or needs a reason.",
            "%(num)d ticked items stay: they are your own, stand at another stage, or need a reason.",
            left,
        )
        flask.flash(words, "attention")
    if not count:
        flask.flash(
            gettext("There was no item for you to move on: nobody reviews one of their own."), "attention"
        )
    return to("bank", bank_id=bank_id)


def _search(session: Session, bank_id: int) -> tuple[SearchForm, queries.Filter]:
    form = SearchForm(flask.request.args, meta={"csrf": False})
    form.offer(queries.topics(session, bank_id))
    sound = form.validate()
    return form, filter_of({name: value or "" for name, value in form.data.items()} if sound else {})


def filter_of(given: Mapping[str, str]) -> queries.Filter:
    """Return what the fields of a search ask for."""
    soon, over = instruments.bounds(calendar.local_day(context.now()))
    ends = {"soon": soon, "over": over}.get(given.get("source", ""))
    return queries.Filter(
        words=given.get("words", ""),
        topic=given.get("topic", ""),
        level=given.get("level", ""),
        stage=given.get("stage", ""),
        places=given.get("places", ""),
        source_ends=ends,
    )


def _bulk_stage(name: str) -> ItemStage:
    if name not in {stage.value for stage in BULK}:
        raise NotFound
    return ItemStage(name)


def _organisations(session: Session) -> dict[int, Organisation]:
    return {each.id: each for each in access.organisations(session, context.actor())}


def _authorise(session: Session, organisation_id: int | None) -> None:
    if organisation_id is None:
        raise NotFound
    place = access.place(session, context.actor(), organisation_id)
    policy.authorise(context.actor(), "items.open_bank", place)
