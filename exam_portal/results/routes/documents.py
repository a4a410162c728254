# SPDX-License-Identifier: Apache-2.0
"""Documents for the staff: the sheet to be signed, the list after a gate, workbooks, the bundle."""

from werkzeug.wrappers import Response

from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.errors import NotFound
from exam_portal.results import access, documents, presentation, queries
from exam_portal.results.models import Run
from exam_portal.results.routes.blueprint import PLACE, VACANCY, bp
from exam_portal.results.routes.public import XLSX, download
from exam_portal.web import context, database, policy, printing


@bp.get(f"{VACANCY}/<any(sheet, gate):name>.pdf")
@policy.requires("results.see")
def staff_document(competition_id: str, vacancy_id: str, name: str) -> Response:
    """Return the result sheet of the last run, or the notice of who goes on after the gate."""
    competition, vacancy, run = _load(competition_id, vacancy_id)
    now = context.now(competition)
    content = documents.staff_sheet(database.reader(), competition, vacancy, run, now, name=name)
    return printing.response(content, f"{name}-{competition.code}-{vacancy.code}-{run.number}.pdf")


@bp.get(f"{VACANCY}/sheet.xlsx")
@policy.requires("results.see")
def staff_workbook(competition_id: str, vacancy_id: str) -> Response:
    """Return the result sheet of the last run as a workbook."""
    competition, vacancy, run = _load(competition_id, vacancy_id)
    shown = presentation.staff_sheet(database.reader(), competition, vacancy, run)
    content = documents.workbook([shown])
    return download(content, XLSX, f"{competition.code}-{vacancy.code}-{run.number}.xlsx")


@bp.get(f"{PLACE}/bundle.zip")
@policy.requires("results.see")
def bundle(competition_id: str) -> Response:
    """Return the bundle as of the last checkpoint, before and after publication."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.see")
    return download(queries.bundle(session, competition), "application/zip", f"{competition.code}.zip")


def _load(competition_id: str, vacancy_id: str) -> tuple[Competition, Vacancy, Run]:
    session = database.reader()
    competition, vacancy = access.load_vacancy(
        session, context.actor(), competition_id, vacancy_id, "results.see"
    )
    run = queries.run(session, vacancy, None)
    if run is None:
        raise NotFound
    return competition, vacancy, run
