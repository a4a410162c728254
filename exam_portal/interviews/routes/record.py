# SPDX-License-Identifier: Apache-2.0
"""The sealed record of secret ballots: its keepers, the own share, opening it; on paper, the envelope."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import access, documents, presentation
from exam_portal.interviews.record import errors, keeping, service
from exam_portal.interviews.record.forms import (
    EnvelopeCorrectionForm,
    EnvelopeForm,
    KeepersForm,
    OpeningForm,
    opening_form,
)
from exam_portal.interviews.routes.blueprint import HEARING, PANEL, again, bp, refuse, to
from exam_portal.interviews.routes.counting import row_of
from exam_portal.papers.forms import ShareForm
from exam_portal.web import context, database, policy, templating

RUN = "interviews.run"
KEEP = "interviews.keep_record"
OPEN = "interviews.open_record"
TITLE = "Quyết định mở hồ sơ phiếu niêm phong"


@bp.get(f"{PANEL}/record")
@policy.requires("interviews.view")
def sealed_record(competition_id: str, panel_id: str) -> str:
    """Show who keeps the record, who has copied a share, and whether a record was opened."""
    session = database.reader()
    competition, panel = access.load_panel(
        session, context.actor(), competition_id, panel_id, "interviews.view"
    )
    key = keeping.key_of(session, panel.id)
    page = presentation.panel_page(session, competition, panel)
    return templating.render(
        "interviews/record/panel.html",
        page=page,
        key=key,
        may_name=keeping.may_be_named(panel, page.rule, key),
        names=accounts.names_of(session, [share.holder for share in key.shares]) if key else {},
        openings=keeping.openings(session, [one.id for one in panel.hearings]),
        me=context.actor().account_id,
    )


@bp.route(f"{PANEL}/record/keepers", methods=["GET", "POST"])
@policy.requires("interviews.run")
def name_keepers(competition_id: str, panel_id: str) -> str | Response:
    """Choose who keeps a share of the record's key, and how many open it."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    voting = {member.account_id for member in panel.members}
    people = [found for found in keeping.officers(session, competition) if found[0].id not in voting]
    form = KeepersForm()
    form.offer(people)
    if form.validate_on_submit():
        holders = [one.id for one, _ in people if one.public_id in (form.holders.data or ())]
        try:
            _entrust(competition_id, panel_id, holders, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The key is divided. Each keeper now copies their own share."), "done")
            return to("sealed_record", competition_id=competition_id, panel_id=panel_id)
    page = presentation.panel_page(database.reader(), competition, panel)
    key = keeping.key_of(database.reader(), panel.id)
    may = keeping.may_be_named(page.panel, page.rule, key)
    body = templating.render("interviews/record/keepers.html", form=form, page=page, key=key, may_name=may)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{PANEL}/record/share", methods=["GET", "POST"])
@policy.requires("interviews.keep_record")
def record_share(competition_id: str, panel_id: str) -> str | Response:
    """Show this keeper's share until it has been typed back from the keeper's copy."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, KEEP)
    service.own_share(session, context.actor(), panel)  # none left: said before anything is written
    form = ShareForm()
    if form.validate_on_submit():
        try:
            _take(competition_id, panel_id, form.share.data or "")
        except errors.RecordShareDiffers as problem:
            refuse(form, problem, field="share")
        else:
            flask.flash(gettext("Your share is on your copy alone. Keep it in a sealed envelope."), "done")
            return to("sealed_record", competition_id=competition_id, panel_id=panel_id)
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, KEEP)
        now = context.now(competition)
        words = service.show_share(session, context.actor(), now, panel=panel).split()
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, KEEP)
    page = presentation.panel_page(session, competition, panel)
    body = templating.render("interviews/record/share.html", form=form, page=page, shown=words)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEARING}/record", methods=["GET", "POST"])
@policy.requires("interviews.open_record")
def open_record(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Open the record of a hearing: on a decision, before two witnesses; the answer is the minute."""
    page, row = row_of(competition_id, panel_id, hearing_id, OPEN)
    session = database.reader()
    key = keeping.key_of(session, page.panel.id)
    is_keeper = key is not None and any(one.holder == context.actor().account_id for one in key.shares)
    is_sealed = keeping.record_of(session, row.hearing.id) is not None
    form = opening_form(key.threshold if key is not None else 0)()
    if is_sealed and form.validate_on_submit():
        try:
            return _opened(competition_id, panel_id, hearing_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            _note_refused(competition_id, panel_id, hearing_id, problem)
            refuse(form, problem)
    page, row = row_of(competition_id, panel_id, hearing_id, OPEN)
    body = templating.render(
        "interviews/record/open.html",
        form=form,
        page=page,
        row=row,
        is_keeper=is_keeper,
        is_sealed=is_sealed,
        needed=key.threshold if key is not None else 0,
    )
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEARING}/envelope", methods=["GET", "POST"])
@policy.requires("interviews.run")
def register_envelope(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Register the sealed envelope with the slips of a hearing."""
    form = EnvelopeForm()
    if form.validate_on_submit():
        try:
            _register(competition_id, panel_id, hearing_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The envelope with the slips is registered."), "done")
            return to("hearing", competition_id=competition_id, panel_id=panel_id, hearing_id=hearing_id)
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    entries = service.envelope_entries(database.reader(), row.hearing.id)
    body = templating.render(
        "interviews/record/envelope.html", form=form, page=page, row=row, entries=entries
    )
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEARING}/envelope/correction", methods=["GET", "POST"])
@policy.requires("interviews.run")
def correct_envelope(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Correct what was mistyped of the envelope, with a reason; both entries stay."""
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    if (now := service.envelope_of(database.reader(), row.hearing.id)) is None:
        raise NotFound
    form = EnvelopeCorrectionForm(data={"number": now.number, "seal_no": now.seal_no, "keeper": now.keeper})
    if form.validate_on_submit():
        try:
            _correct(competition_id, panel_id, hearing_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The entry is corrected; the one before stays beside it."), "done")
            at = {"competition_id": competition_id, "panel_id": panel_id, "hearing_id": hearing_id}
            return to("register_envelope", **at)
    page, row = row_of(competition_id, panel_id, hearing_id, RUN)
    body = templating.render("interviews/record/correct_envelope.html", form=form, page=page, row=row)
    return again(body) if flask.request.method == "POST" else body


def _entrust(competition_id: str, panel_id: str, holders: list[int], form: KeepersForm) -> None:
    """The key is stored in shares, or nothing is left of it."""
    session = database.reader()
    _, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
    prepared = service.prepare(session, panel=panel, holders=holders, threshold=form.threshold.data or 0)
    try:
        with database.writer() as session:
            competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
            now = context.now(competition)
            reason = form.reason.data or ""
            service.entrust(session, context.actor(), now, panel=panel, prepared=prepared, reason=reason)
    except Exception:  # whatever stopped it
        service.discard(database.reader(), prepared)
        raise


def _take(competition_id: str, panel_id: str, typed: str) -> None:
    """The share was copied, and then the portal's own one is destroyed."""
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, KEEP)
        now = context.now(competition)
        service.take_share(session, context.actor(), now, panel=panel, typed=typed)
    session = database.reader()
    _, panel = access.load_panel(session, context.actor(), competition_id, panel_id, KEEP)
    if (key := keeping.key_of(session, panel.id)) is not None:
        keeping.forget(session, key)


def _opened(competition_id: str, panel_id: str, hearing_id: str, form: OpeningForm) -> Response:
    """The minute is made first, and goes out only once the opening is on record; nothing else holds it."""
    page, row = row_of(competition_id, panel_id, hearing_id, OPEN)
    session, actor = database.reader(), context.actor()
    found = service.read_record(session, actor, hearing=row.hearing, typed=form.typed())
    paper = form.prepared_paper()
    minute = documents.record_minute(
        session,
        page,
        row,
        found,
        context.now(page.competition),
        decision=paper,
        witnesses=form.witnesses(),
    )
    with database.writer() as session:
        competition, panel = access.load_panel(session, actor, competition_id, panel_id, OPEN)
        now = context.now(competition)
        filed = audit.file_paper(
            session,
            actor,
            now,
            organisation_id=competition.organisation_id,
            competition_id=competition.id,
            kind=PaperKind(form.decided_by.data),
            title=TITLE,
            paper=paper,
        )
        service.open_record(
            session,
            actor,
            now,
            hearing=access.hearing_of(session, panel, hearing_id),
            typed=form.typed(),
            paper=filed,
            witnesses=form.witnesses(),
        )
    return minute


def _note_refused(competition_id: str, panel_id: str, hearing_id: str, problem: DomainError) -> None:
    """The refused opening has left nothing behind; that it was tried is on record."""
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, OPEN)
        hearing = access.hearing_of(session, panel, hearing_id)
        now = context.now(competition)
        service.note_refused(session, context.actor(), now, hearing=hearing, problem=problem)


def _register(competition_id: str, panel_id: str, hearing_id: str, form: EnvelopeForm) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        service.register_envelope(
            session,
            context.actor(),
            context.now(competition),
            hearing=access.hearing_of(session, panel, hearing_id),
            **form.written(),
        )


def _correct(competition_id: str, panel_id: str, hearing_id: str, form: EnvelopeCorrectionForm) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, RUN)
        service.correct_envelope(
            session,
            context.actor(),
            context.now(competition),
            hearing=access.hearing_of(session, panel, hearing_id),
            **form.written(),
            reason=form.reason.data or "",
        )
