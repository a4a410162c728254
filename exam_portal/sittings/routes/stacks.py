# SPDX-License-Identifier: Apache-2.0
"""Stacks of scanned sheets: brought in by the masking board, read by the server, accepted by people."""

from datetime import datetime

import flask
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import papers as scans
from exam_portal.competitions.models import Competition
from exam_portal.core import scanning
from exam_portal.core.errors import Forbidden, NotFound
from exam_portal.core.storage import Blob
from exam_portal.sittings import access, errors, forms, queries, service
from exam_portal.sittings.models import ScanStack
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import PLACE, form_page, page, refuse, to
from exam_portal.sittings.service import collecting
from exam_portal.web import context, database, policy

STACK = "/staff/scan-stacks/<public_id:stack_id>"
PAGE = "/staff/scanned-pages/<public_id:page_id>"


@bp.route(f"{PLACE}/scan-stacks", methods=["GET", "POST"])
@policy.requires("sittings.mask")
def stacks(competition_id: str) -> str | Response:
    """Show the stacks and the pages still missing; take another stack."""
    form = forms.StackForm()
    if form.validate_on_submit():
        try:
            stack_id = _take(competition_id, form)
        except (scans.UnreadableScan, errors.ScannedAlready, errors.TooLongStack) as problem:
            refuse(form, problem, field="scan")
        else:
            flask.flash(gettext("The stack is here. The server reads its pages now."), "done")
            return to("stack", stack_id=stack_id)
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "sittings.mask")
    entries = queries.stacks(session, competition.id)
    return form_page(
        "stacks",
        competition,
        form=form,
        entries=entries,
        missing=queries.missing_pages(session, competition.id),
        people=accounts.names_of(session, {one.stack.by for one in entries}),
    )


@bp.get(STACK)
@policy.requires("sittings.mask")
def stack(stack_id: str) -> str | Response:
    """Show what was found on each page, and what waits for a person."""
    session = database.reader()
    found = access.load_stack(session, context.actor(), stack_id, "sittings.mask")
    pages = queries.pages_of(session, found)
    return page(
        "stack",
        session.get_one(Competition, found.competition_id),
        stack=found,
        pages=pages,
        ready=sum(one.page.verdict is None and one.shown == "matched" for one in pages),
        headers=sum(one.page.verdict is None and one.shown == "header" for one in pages),
        waiting=sum(one.page.verdict is None for one in pages),
        people=accounts.names_of(session, {one.page.decided_by for one in pages if one.page.decided_by}),
    )


@bp.post(f"{STACK}/matched-pages")
@policy.requires("sittings.mask")
def accept_pages(stack_id: str) -> Response:
    """Accept every page that the server matched."""
    with database.writer() as session:
        found, now = _here(access.load_stack(session, context.actor(), stack_id, "sittings.mask"))
        count = service.accept_pages(session, context.actor(), now, stack=found)
    told = ngettext("%(num)d page lies with its script.", "%(num)d pages lie with their scripts.", count)
    flask.flash(told, "done")
    return to("stack", stack_id=stack_id)


@bp.post(f"{STACK}/end")
@policy.requires("sittings.mask")
def finish_stack(stack_id: str) -> Response:
    """Finish the stack; what the scanner sent is destroyed."""
    with database.writer() as session:
        found, now = _here(access.load_stack(session, context.actor(), stack_id, "sittings.mask"))
        service.finish_stack(session, context.actor(), now, stack=found)
    flask.flash(gettext("The stack is finished."), "done")
    return to("stack", stack_id=stack_id)


@bp.get(f"{PAGE}/picture")
@policy.requires("sittings.mask")
def page_picture(page_id: str) -> Response:
    """Show the whole page as it was scanned, as long as its stack is open."""
    session = database.reader()
    found, its_stack = access.load_page(session, context.actor(), page_id, "sittings.mask")
    if its_stack.finished_at is not None:
        raise NotFound
    blob = session.get_one(Blob, found.blob_id)
    return Response(session.files.read(session, blob), mimetype=blob.media_type)


@bp.route(PAGE, methods=["GET", "POST"])
@policy.requires("sittings.mask")
def place_page(page_id: str) -> str | Response:
    """Say which page of which script it is."""
    form = forms.PlacePageForm()
    form.offer()
    if form.validate_on_submit():
        try:
            return _place(page_id, form)
        except (NotFound, Forbidden):
            raise
        except errors.NoSuchSheet as problem:
            refuse(form, problem, field="sheet_code")
        except (errors.TooManyPages, errors.PageThereAlready) as problem:
            refuse(form, problem, field="number")
    return _page_of(page_id, form=form, aside=forms.SetAsideForm(formdata=None))


@bp.post(f"{PAGE}/set-aside")
@policy.requires("sittings.mask")
def set_page_aside(page_id: str) -> str | Response:
    """Set the page aside with a reason."""
    aside = forms.SetAsideForm()
    if not aside.validate_on_submit():
        form = forms.PlacePageForm(formdata=None)
        form.offer()
        return _page_of(page_id, form=form, aside=aside)
    with database.writer() as session:
        found, its_stack = access.load_page(session, context.actor(), page_id, "sittings.mask")
        _, now = _here(its_stack)
        service.set_aside(session, context.actor(), now, page=found, reason=aside.reason.data or "")
        stack_id = its_stack.public_id
    return to("stack", stack_id=stack_id)


def _page_of(page_id: str, *, form: forms.PlacePageForm, aside: forms.SetAsideForm) -> str | Response:
    session = database.reader()
    found, its_stack = access.load_page(session, context.actor(), page_id, "sittings.mask")
    entry = next(one for one in queries.pages_of(session, its_stack) if one.page.id == found.id)
    competition = session.get_one(Competition, its_stack.competition_id)
    return form_page("place_page", competition, form=form, aside=aside, stack=its_stack, entry=entry)


def _here(found: ScanStack) -> tuple[ScanStack, datetime]:
    """Return the stack with the instant on its competition's clock."""
    competition = database.reader().get_one(Competition, found.competition_id)
    return found, context.now(competition)


def _take(competition_id: str, form: forms.StackForm) -> str:
    """The file is sealed on disk, under a key of its own, before the writer is taken."""
    assert form.scan.data is not None
    brought = form.scan.data.read()
    examined = scans.examine(brought)
    most = context.settings().scans.pages
    if examined.pages > most:
        raise errors.TooLongStack(examined.pages, most)
    access.load_competition(database.reader(), context.actor(), competition_id, "sittings.mask")
    files = database.files()
    prepared = files.prepare(brought, media_type=examined.media_type, key_id=files.keys.create())
    with database.writer() as session:
        competition = access.load_competition(session, context.actor(), competition_id, "sittings.mask")
        now = context.now(competition)
        added = service.add_stack(session, context.actor(), now, competition=competition, scan=prepared)
        return added.public_id


def _place(page_id: str, form: forms.PlacePageForm) -> Response:
    """The copy for the marker is made and sealed before the writer is taken, under the person's key."""
    code, number = form.sheet_code.data or "", form.number.data or 0
    session = database.reader()
    found, its_stack = access.load_page(session, context.actor(), page_id, "sittings.mask")
    if its_stack.finished_at is not None:
        raise NotFound
    key_id = collecting.key_of_script(
        session, collecting.script_by_sheet(session, its_stack.competition_id, code)
    )
    blob = session.get_one(Blob, found.blob_id)
    turn, has_strip = int(form.turn.data or 0), form.strip.data == "hide"
    copy = scanning.copy_by_hand(session.files.read(session, blob), turn=turn, has_strip=has_strip)
    prepared = database.files().prepare(copy, media_type=blob.media_type, key_id=key_id)
    with database.writer() as writing:
        found, its_stack = access.load_page(writing, context.actor(), page_id, "sittings.mask")
        _, now = _here(its_stack)
        service.place_page(
            writing, context.actor(), now, page=found, sheet_code=code, number=number, copy=prepared
        )
        stack_id = its_stack.public_id
    flask.flash(gettext("The page lies with its script."), "done")
    return to("stack", stack_id=stack_id)
