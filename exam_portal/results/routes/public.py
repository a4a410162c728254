# SPDX-License-Identifier: Apache-2.0
"""What everybody may read: publications by number, those that were superseded included, and the bundle."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.errors import NotFound
from exam_portal.results import documents, presentation, queries
from exam_portal.results.models import Publication
from exam_portal.results.routes.blueprint import PUBLIC, bp, page, titles
from exam_portal.web import context, database, policy, printing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get(PUBLIC)
@policy.requires(policy.PUBLIC)
def publications(competition_id: str) -> Response:
    """Show what is in force, or that nothing has been published yet."""
    competition = queries.public_competition(database.reader(), competition_id)
    found = queries.published(database.reader(), competition.id)
    if found:
        target = url_for("results.published", competition_id=competition_id, number=found[0].number)
        return redirect(target, 302)
    return page("nothing", competition)


@bp.get(f"{PUBLIC}/<int:number>")
@policy.requires(policy.PUBLIC)
def published(competition_id: str, number: int) -> Response:
    """Show a publication: the ranking, every mark, what it changed, and what superseded it."""
    competition, found = _load(competition_id, number)
    session = database.reader()
    answer = page(
        "published",
        competition,
        organisation=competitions.organisation_of(session, competition),
        publication=found,
        former=queries.former(session, found),
        later=queries.later(session, found),
        others=queries.published(session, competition.id),
        recognition=presentation.recognition(found),
        sheets=presentation.public_sheets(competition, found),
        differences=presentation.differences(session, found, titles(competition)),
        has_bundle=queries.is_public(session, competition),
    )
    return _kept(answer)


@bp.get(f"{PUBLIC}/<int:number>.pdf")
@policy.requires(policy.PUBLIC)
def published_document(competition_id: str, number: int) -> Response:
    """Return the result sheet of a publication in the national layout."""
    competition, found = _load(competition_id, number)
    page_address = url_for("results.published", competition_id=competition_id, number=number)
    address = f"{context.settings().server.base_url}{page_address}"
    content = documents.published_sheet(database.reader(), competition, found, address)
    return printing.response(content, f"ket-qua-{competition.code}-{number}.pdf")


@bp.get(f"{PUBLIC}/<int:number>.xlsx")
@policy.requires(policy.PUBLIC)
def published_workbook(competition_id: str, number: int) -> Response:
    """Return a publication as a workbook."""
    competition, found = _load(competition_id, number)
    content = documents.workbook(presentation.public_sheets(competition, found))
    return download(content, XLSX, f"ket-qua-{competition.code}-{number}.xlsx")


@bp.get("/competitions/<public_id:competition_id>/bundle.zip")
@policy.requires(policy.PUBLIC)
def public_bundle(competition_id: str) -> Response:
    """Return the bundle with which anybody recomputes the result, once it is published."""
    session = database.reader()
    competition = queries.public_competition(session, competition_id)
    if not queries.is_public(session, competition):
        raise NotFound
    return download(queries.bundle(session, competition), "application/zip", f"{competition.code}.zip")


def download(content: bytes, media_type: str, name: str) -> Response:
    """Return a file to keep."""
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name.encode("ascii", "ignore").decode())
    return answer


def _kept(answer: Response) -> Response:
    """Let caches keep what strangers read for a minute: a result page is asked for by many at once."""
    if not context.actor().is_known:
        answer.headers["Cache-Control"] = "public, max-age=60"
        answer.vary.update(("Cookie", "Accept-Language"))
    return answer


def _load(competition_id: str, number: int) -> tuple[Competition, Publication]:
    session = database.reader()
    competition = queries.public_competition(session, competition_id)
    return competition, queries.published_one(session, competition, number)
