# SPDX-License-Identifier: Apache-2.0
"""Printing a paper: two board members allow it before the start; booklets and key sheet as files."""

import io
import zipfile
from collections.abc import Mapping

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import Organisation
from exam_portal.competitions import rules
from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.papers import access, booklet_files, copies, errata, errors, notices, queries, schedule
from exam_portal.papers.forms import PrintForm
from exam_portal.papers.models import Paper, PaperStage
from exam_portal.papers.routes.blueprint import PAPER, again, bp, part_of, refuse, to
from exam_portal.web import context, database, filters, policy, printing, templating
from question_bank import booklets

CODES = 4


@bp.route(f"{PAPER}/print", methods=["GET", "POST"])
@policy.requires("papers.print")
def print_paper(competition_id: str, paper_id: str) -> str | Response:
    """Give the booklets of all codes in one archive, or the key sheet of them all; each is a leaf."""
    form = PrintForm(codes=CODES, kind="pdf")
    if not form.validate_on_submit():
        body = _page(form, competition_id, paper_id)
        return again(body) if flask.request.method == "POST" else body
    what = next((name for name in ("key", "corrections") if name in flask.request.form), "booklets")
    try:
        files = _files(competition_id, paper_id, form, what)
    except DomainError as problem:
        database.release_reader()
        refuse(form, problem)
        return again(_page(form, competition_id, paper_id), problem.status)
    with database.writer() as session:
        competition, paper = access.load_paper(
            session, context.actor(), competition_id, paper_id, "papers.print"
        )
        _require(session, paper, what)
        copies.record_printing(
            session, context.actor(), context.now(competition), paper=paper, what=what, files=files
        )
    return _sent(files)


@bp.post(f"{PAPER}/print/allow")
@policy.requires("papers.allow_print")
def allow_print(competition_id: str, paper_id: str) -> Response:
    """Give the word that the paper is printed before its start; the second member's word makes it so."""
    with database.writer() as session:
        competition, paper = access.load_paper(
            session, context.actor(), competition_id, paper_id, "papers.allow_print"
        )
        complete = copies.allow(
            session,
            context.actor(),
            context.now(competition),
            paper=paper,
            mode=part_of(competition, paper.part).mode,
            opens_at=schedule.first_start(session, paper),
        )
    told = (
        gettext("Two members have given their word: they print the paper now, in isolation.")
        if complete
        else gettext("Your word is on record. Another member of the setting board gives the second.")
    )
    flask.flash(told, "done")
    return to("print_paper", competition_id=competition_id, paper_id=paper_id)


def _page(form: PrintForm, competition_id: str, paper_id: str) -> str:
    session, actor = database.reader(), context.actor()
    competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.print")
    part = part_of(competition, paper.part)
    words = queries.print_words(session, paper.id)
    return templating.render(
        "papers/print.html",
        form=form,
        competition=competition,
        paper=paper,
        standing=queries.standing(session, paper),
        stages=PaperStage,
        title=rules.part_title(part, filters.language()),
        is_on_paper=part.mode == "paper",
        words=words,
        may_print_early=actor.account_id in queries.print_words(session, paper.id, complete=True),
        corrected=any(each.version for each in errata.rows(session, paper.id)),
        printers=", ".join(accounts.names_of(session, words).values()),
        starts_at=schedule.first_start(session, paper),
        ended_at=schedule.last_end(session, paper),
        now=context.now(competition),
    )


def _require(session: Session, paper: Paper, what: str) -> None:
    copies.require_printable(session, context.actor(), paper)
    if what == "key":
        copies.require_key_told(session, paper, schedule.last_end(session, paper))


def _files(competition_id: str, paper_id: str, form: PrintForm, what: str) -> Mapping[str, bytes]:
    """Return the files, made while nobody holds the writer or a connection."""
    session, actor = database.reader(), context.actor()
    competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.print")
    _require(session, paper, what)
    name = f"{competition.code}-{paper.part}"
    heading = _heading(session, competition, paper)
    forms = copies.forms_to_print(session, actor, paper, form.codes.data or CODES)
    sheets = booklets.correction_sheets(forms, notices.to_print(session, paper), heading)
    if what == "corrections" and not sheets:
        raise errors.NothingCorrected
    database.release_reader()
    printed = booklets.of(forms, heading)
    kind: booklet_files.FileKind = "docx" if form.kind.data == "docx" else "pdf"
    files = {}
    with printing.place():
        if what == "key":
            return {f"{name}-dap-an.{kind}": booklet_files.key_sheet(printed.key_sheet, kind)}
        if what == "booklets":
            files = {f"{name}-de-{file}": made for file, made in booklet_files.booklets(printed, kind)}
        if sheets:
            files[f"{name}-dinh-chinh.pdf"] = booklet_files.correction_sheets(sheets)
    return files


def _heading(session: Session, competition: Competition, paper: Paper) -> booklets.Heading:
    organisation = session.get_one(Organisation, competition.organisation_id)
    return booklets.Heading(
        parent_body=(organisation.governing_name or "").upper(),
        body=organisation.name.upper(),
        examination=filters.localised(competition.title),
        is_reserve=paper.kind == "reserve",
        is_rehearsal=competition.kind == CompetitionKind.REHEARSAL,
    )


def _sent(files: Mapping[str, bytes]) -> Response:
    """Return one file as it is, several in an archive."""
    if len(files) == 1:
        ((name, content),) = files.items()
    else:
        name, content = next(iter(files)).rpartition("-")[0] + ".zip", _archive(files)
    answer = flask.Response(content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=printing.plain(name))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _archive(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(printing.plain(name)), content)
    return written.getvalue()
