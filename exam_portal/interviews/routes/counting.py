# SPDX-License-Identifier: Apache-2.0
"""Counting: the box of the portal is opened, or two people key the signed counting sheet."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.interviews import (
    access,
    deviating,
    documents,
    errors,
    outcomes,
    presentation,
    queries,
    service,
)
from exam_portal.interviews.forms import CountForm, SheetForm, SheetsForm, sheet_form
from exam_portal.interviews.presentation import HearingRow, PanelPage
from exam_portal.interviews.record import keeping
from exam_portal.interviews.room import queries as room
from exam_portal.interviews.room.timing import PhaseTime
from exam_portal.interviews.routes.blueprint import HEARING, PANEL, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating


@bp.get(HEARING)
@policy.requires("interviews.view")
def hearing(competition_id: str, panel_id: str, hearing_id: str) -> str:
    """Show a hearing: counts while it runs, its ballots and the consolidated mark once counted."""
    return _shown(competition_id, panel_id, hearing_id, CountForm(formdata=None))


def _shown(competition_id: str, panel_id: str, hearing_id: str, form: CountForm) -> str:
    page, row = row_of(competition_id, panel_id, hearing_id, "interviews.view")
    decision = row.hearing.signed_paper_id if row.hearing.repeats_id is not None else None
    return templating.render(
        "interviews/hearing.html",
        page=page,
        row=row,
        decision=database.reader().get_one(audit.SignedPaper, decision) if decision is not None else None,
        form=form,
        openings=keeping.openings(database.reader(), [row.hearing.id]) if page.keeps_record else (),
        phase_on=_phase_on(page, row),
    )


def _phase_on(page: PanelPage, row: HearingRow) -> PhaseTime | None:
    """Return the phase of the hearing that is on; while one is, nobody has heard all of it."""
    now = context.now(page.competition)
    return room.current(database.reader(), page.panel.id, page.part, row.hearing.id, now)


@bp.post(f"{HEARING}/count")
@policy.requires("interviews.run")
def count(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """Count the ballots that were given in the portal."""
    form = CountForm()
    try:
        _count(competition_id, panel_id, hearing_id, form)
    except errors.BallotsOutstanding as problem:
        refuse(form, problem, field="outstanding")
        return again(_shown(competition_id, panel_id, hearing_id, form))
    flask.flash(gettext("The ballots have been counted."), "done")
    return to("hearing", competition_id=competition_id, panel_id=panel_id, hearing_id=hearing_id)


def _count(competition_id: str, panel_id: str, hearing_id: str, form: CountForm) -> None:
    with database.writer() as session:
        competition, panel = access.load_panel(
            session, context.actor(), competition_id, panel_id, "interviews.run"
        )
        service.count_ballots(
            session,
            context.actor(),
            context.now(competition),
            hearing=access.hearing_of(session, panel, hearing_id),
            outstanding_too=bool(form.outstanding.data),
        )


@bp.route(f"{PANEL}/sheets/new", methods=["GET", "POST"])
@policy.requires("interviews.file_sheets")
def file_sheets(competition_id: str, panel_id: str) -> str | Response:
    """File the scan of signed counting sheets."""
    permission = "interviews.file_sheets"
    competition, panel = access.load_panel(
        database.reader(), context.actor(), competition_id, panel_id, permission
    )
    form = SheetsForm()
    if form.validate_on_submit():
        sheets = form.prepared_paper()
        with database.writer() as session:
            competition, panel = access.load_panel(
                session, context.actor(), competition_id, panel_id, permission
            )
            service.file_sheets(
                session,
                context.actor(),
                context.now(competition),
                panel=panel,
                organisation_id=competition.organisation_id,
                paper=sheets,
            )
        flask.flash(gettext("The scan is on file. The sheets can be keyed from it."), "done")
        return to("show", competition_id=competition_id, panel_id=panel_id)
    page = presentation.panel_page(database.reader(), competition, panel)
    body = templating.render("interviews/sheets.html", form=form, page=page)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{HEARING}/sheet", methods=["GET", "POST"])
@policy.requires("interviews.key")
def key_count(competition_id: str, panel_id: str, hearing_id: str) -> str | Response:
    """Key the counting sheet of a hearing from its page."""
    form = _form(*row_of(competition_id, panel_id, hearing_id, "interviews.key"))
    if form.validate_on_submit():
        try:
            _key(competition_id, panel_id, hearing_id, form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            return to("show", competition_id=competition_id, panel_id=panel_id)
    page, row = row_of(competition_id, panel_id, hearing_id, "interviews.key")
    papers = _papers(page)
    body = templating.render("interviews/key_count.html", form=form, page=page, row=row, papers=papers)
    return again(body) if flask.request.method == "POST" else body


@bp.get(f"{HEARING}/count.pdf")
@policy.requires("interviews.view")
def count_minute(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """Print the counting minute: empty to be filled in by hand, or with the counted ballots."""
    page, row = row_of(competition_id, panel_id, hearing_id, "interviews.view")
    return documents.count_minute(database.reader(), page, row, context.now(page.competition))


@bp.get(f"{HEARING}/deviation.pdf")
@policy.requires("interviews.view")
def deviation_minute(competition_id: str, panel_id: str, hearing_id: str) -> Response:
    """Print the minute of the council's meeting on ballots that deviate."""
    page, row = row_of(competition_id, panel_id, hearing_id, "interviews.view")
    session, now = database.reader(), context.now(page.competition)
    decided = outcomes.decided(session, page.panel).get(row.hearing.id, ())
    found = deviating.of(page.ruleset, page.panel.part, row.counted, decided) if row.counted else None
    if found is None:
        raise NotFound
    return documents.deviation_minute(session, page, row, found, now)


def row_of(
    competition_id: str, panel_id: str, hearing_id: str, permission: str
) -> tuple[PanelPage, HearingRow]:
    """Return a hearing with the page of its panel if the reader may do this there, else NotFound."""
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, permission)
    found = access.hearing_of(session, panel, hearing_id)
    page = presentation.panel_page(session, competition, panel)
    return page, next(row for row in page.hearings if row.hearing.id == found.id)


def _papers(page: PanelPage) -> list[audit.SignedPaper]:
    return audit.papers_of_kind(
        database.reader(), competition_id=page.competition.id, kind=PaperKind.COUNT_SHEET
    )


def _form(page: PanelPage, row: HearingRow) -> SheetForm:
    slips = queries.slips(database.reader(), row.hearing, named=page.rule.ballot == "named")
    form = sheet_form(page.part, len(slips))(
        data={"issued": len(slips), "slips": [{"slip": slip} for slip in slips]}
    )
    form.offer(_papers(page))
    return form


def _key(competition_id: str, panel_id: str, hearing_id: str, form: SheetForm) -> None:
    page_no = form.page.data
    assert page_no is not None
    with database.writer() as session:
        competition, panel = access.load_panel(
            session, context.actor(), competition_id, panel_id, "interviews.key"
        )
        found = access.hearing_of(session, panel, hearing_id)
        counted = service.key_count(
            session,
            context.actor(),
            context.now(competition),
            hearing=found,
            sheet=form.sheet(),
            paper=audit.paper_of(session, public_id=form.paper.data or "", competition_id=competition.id),
            page=page_no,
        )
        differs = counted is None and queries.keyings_differ(session, found.id)
    _tell(is_counted=counted is not None, differs=differs)


def _tell(*, is_counted: bool, differs: bool) -> None:
    if is_counted:
        flask.flash(gettext("Both keyings agree. The ballots are counted."), "done")
    elif differs:
        flask.flash(gettext("The two keyings of the sheet differ: read the sheet again."), "attention")
    else:
        flask.flash(gettext("The sheet has been keyed once; a second person keys it too."), "note")
