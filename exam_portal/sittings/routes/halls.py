# SPDX-License-Identifier: Apache-2.0
"""A sitting goes to the laptop of a hall and comes back: the verbs of `exam-portal hall` (docs/hall.md)."""

from typing import Any

import flask
from flask import Response, abort
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, NotFound
from exam_portal.core.parcels import Address, ParcelRefused, Parcels
from exam_portal.core.storage import Blob
from exam_portal.sittings import forms, hall_documents, service, timekeeping
from exam_portal.sittings.hall import checking, coming_back, merging, packing, place, receiving
from exam_portal.sittings.hall.crew import crew_of
from exam_portal.sittings.hall.errors import PackageRefused, SomebodySits
from exam_portal.sittings.models import Sitting
from exam_portal.sittings.routes import bp, frame
from exam_portal.sittings.routes.frame import SITTING, form_page, to
from exam_portal.web import context, database, messages, policy, printing

PARCEL = "application/octet-stream"


@bp.get(f"{SITTING}/hall")
@policy.requires("sittings.view")
def hall(sitting_id: str) -> str | Answer:
    """Show where the sitting is, and what is to be done with it next."""
    return _page(sitting_id, permission="sittings.view")


@bp.post(f"{SITTING}/hall/pack")
@policy.requires("sittings.hall")
def pack(sitting_id: str) -> str | Answer:
    """Pack the sitting for one laptop. The answer is everybody's slip, kept nowhere; the package is kept."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.hall")
    form = forms.HallAddressForm()
    if not form.validate_on_submit():
        return _page(sitting_id, form=form)
    try:
        address = Address.parse(form.line.data or "")
        with database.writer() as writing:
            found, competition = sitting(writing, sitting_id, "sittings.hall")
            service.prepare(writing, context.actor(), context.now(competition), sitting=found)
        found, competition = sitting(database.reader(), sitting_id, "sittings.hall")
        now = context.now(competition)
        crew = crew_of(database.reader(), found)
        packed = packing.prepare(database.reader(), sitting=found, to=address, crew=crew)
        slips = hall_documents.slips(database.reader(), found, now, crew.slips)
        files = database.files()
        file = files.prepare(packed.file, media_type=PARCEL, key_id=files.keys.create())
        with database.writer() as writing:
            found, _ = sitting(writing, sitting_id, "sittings.hall")
            packing.pack(
                writing,
                context.actor(),
                now,
                sitting=found,
                to=address,
                crew=crew,
                packed=packed,
                file=file,
            )
    except ParcelRefused as problem:
        return _page(sitting_id, form=form, refused=PackageRefused(problem.reason))
    except DomainError as problem:
        return _page(sitting_id, form=form, refused=problem)
    answer = printing.response(slips, f"phieu-{competition.code}.pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"phieu-{competition.code}.pdf")
    return answer


@bp.get(f"{SITTING}/hall/package")
@policy.requires("sittings.hall")
def package(sitting_id: str) -> Response:
    """The package for the laptop: sealed, so that nobody else opens it."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.hall")
    last = receiving.last_of(session, found)
    if last is None or last.file_id is None or last.withdrawn_at is not None:
        raise NotFound
    answer = Response(session.files.read(session, session.get_one(Blob, last.file_id)), mimetype=PARCEL)
    name = f"{competition.code}-{last.id}.pack"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.post(f"{SITTING}/hall/results")
@policy.requires("sittings.hall")
def send_results(sitting_id: str) -> str | Answer:
    """Look through what the laptop has sent; nothing of it counts yet."""
    found, _ = sitting(database.reader(), sitting_id, "sittings.hall")
    form = forms.HallResultsForm()
    if not form.validate_on_submit():
        return _page(sitting_id, results=form)
    assert form.package.data is not None
    content = form.package.data.stream.read()
    try:
        checked = checking.check(database.reader(), coming_back.read(database.reader(), content))
        files = database.files()
        file = files.prepare(content, media_type=PARCEL, key_id=files.keys.create())
        with database.writer() as writing:
            found, competition = sitting(writing, sitting_id, "sittings.hall")
            receiving.receive(
                writing, context.actor(), context.now(competition), sitting=found, checked=checked, file=file
            )
    except DomainError as problem:
        return _page(sitting_id, refused=problem)
    flask.flash(gettext("The file holds together. Look at what is in it, then take it."), "done")
    return to("hall", sitting_id=sitting_id)


@bp.post(f"{SITTING}/hall/merge")
@policy.requires("sittings.hall")
def merge(sitting_id: str) -> str | Answer:
    """Take the results that lie here: all of them, or nothing."""
    session = database.reader()
    found, _ = sitting(session, sitting_id, "sittings.hall")
    try:
        content = receiving.received_file(session, found)
        checked = checking.check(session, coming_back.read(session, content))
        _require_quiet()
        with database.writer(unhurried=True) as writing:
            found, competition = sitting(writing, sitting_id, "sittings.hall")
            merging.merge(writing, context.actor(), context.now(competition), checked=checked)
    except DomainError as problem:
        return _page(sitting_id, refused=problem)
    flask.flash(gettext("What happened in the hall is here, as though it had been held here."), "done")
    return to("hall", sitting_id=sitting_id)


@bp.post(f"{SITTING}/hall/withdraw")
@policy.requires("sittings.cancel")
def withdraw(sitting_id: str) -> str | Answer:
    """Take the sitting back without results; what that laptop sends is not taken any more."""
    found, _ = sitting(database.reader(), sitting_id, "sittings.cancel")
    form = forms.HallWithdrawForm()
    if not form.validate_on_submit():
        return _page(sitting_id, withdrawing=form, permission="sittings.cancel")
    with database.writer() as writing:
        found, competition = sitting(writing, sitting_id, "sittings.cancel")
        last = receiving.last_of(writing, found)
        if last is None:
            abort(404)
        now, reason = context.now(competition), form.reason.data or ""
        packing.withdraw(writing, context.actor(), now, hall=last, reason=reason)
    flask.flash(gettext("The sitting is here again. It can be packed anew, or go on on paper."), "done")
    return to("show", sitting_id=sitting_id)


def sitting(session: Session, sitting_id: str, permission: str) -> tuple[Sitting, Competition]:
    """Return the sitting and its competition at home, as far as this person may; a hall packs nothing."""
    found, competition = frame.sitting(session, sitting_id, permission)
    if found.mode != "lan" or place.held_here(session):
        raise NotFound
    return found, competition


def _require_quiet() -> None:
    """Where one writer serves everybody, nobody is writing answers; else SomebodySits."""
    if database.database().kind == "sqlite" and timekeeping.anybody_writes(database.reader()):
        raise SomebodySits


def _page(sitting_id: str, *, permission: str = "sittings.hall", **given: Any) -> str | Answer:
    session = database.reader()
    found, competition = sitting(session, sitting_id, permission)
    last = receiving.last_of(session, found)
    return form_page(
        "hall",
        competition,
        sitting=found,
        hall=last,
        refused=messages.words(given["refused"]) if "refused" in given else None,
        own=Parcels.of(session.keys, session.signer).address.line,
        form=given.get("form") or forms.HallAddressForm(),
        results=given.get("results") or forms.HallResultsForm(),
        withdrawing=given.get("withdrawing") or forms.HallWithdrawForm(),
    )
