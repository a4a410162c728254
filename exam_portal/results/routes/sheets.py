# SPDX-License-Identifier: Apache-2.0
"""The overview of results, the result sheet of each vacancy, and computing."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.results import access, errors, presentation, queries, service, steps
from exam_portal.results.forms import RunForm
from exam_portal.results.routes.blueprint import PLACE, VACANCY, bp, page, refuse, titles, to
from exam_portal.web import context, database, policy


@bp.get(PLACE)
@policy.requires("results.see")
def overview(competition_id: str) -> Response:
    """Show where each vacancy stands, and the steps to publication."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.see")
    return page(
        "overview",
        competition,
        rows=presentation.vacancy_rows(session, competition),
        masks=queries.masks(session, competition),
        steps=presentation.step_rows(session, competition),
        publications=queries.history(session, competition.id),
        waiting=queries.waiting_publication(session, competition.id),
        deadline=steps.request_deadline(session, competition),
        titles=titles(competition),
        has_appeals="appeals.overview" in flask.current_app.view_functions,
    )


@bp.get(VACANCY)
@policy.requires("results.see")
def sheet(competition_id: str, vacancy_id: str) -> Response:
    """Show the result sheet of a vacancy: the last run, or the one asked for."""
    return _sheet(competition_id, vacancy_id, RunForm(formdata=None))


@bp.post(f"{VACANCY}/compute")
@policy.requires("results.compute")
def compute(competition_id: str, vacancy_id: str) -> Response:
    """Compute the ranking of a vacancy from everything that is marked now."""
    form = RunForm()
    if not form.validate_on_submit():
        return _sheet(competition_id, vacancy_id, form, status=422)
    try:
        _compute(competition_id, vacancy_id, form.reason.data or "")
    except (NotFound, Forbidden):
        raise
    except DomainError as problem:
        refuse(form, problem)
        return _sheet(competition_id, vacancy_id, form, status=409)
    flask.flash(gettext("The ranking has been computed."), "done")
    return to("sheet", competition_id=competition_id, vacancy_id=vacancy_id)


@bp.post(f"{PLACE}/compute")
@policy.requires("results.compute")
def compute_all(competition_id: str) -> Response:
    """Compute every vacancy in which something has changed, each in a moment of its own."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.compute")
    vacancies = [
        row.vacancy.public_id for row in presentation.vacancy_rows(session, competition) if row.candidates
    ]
    computed = 0
    for vacancy_id in vacancies:
        try:
            _compute(competition_id, vacancy_id, "")
        except errors.NothingChanged:
            continue
        computed += 1
    flask.flash(gettext("Rankings computed: %(count)s.", count=computed), "done")
    return to("overview", competition_id=competition_id)


def _compute(competition_id: str, vacancy_id: str, reason: str) -> None:
    """The ranking is computed before the writer is taken, and again where something came in between."""
    reader, permission = database.reader(), "results.compute"
    place = access.load_vacancy(reader, context.actor(), competition_id, vacancy_id, permission)
    computed = service.compute(reader, *place)
    with database.writer() as session:
        actor = context.actor()
        competition, vacancy = access.load_vacancy(session, actor, competition_id, vacancy_id, permission)
        service.compute_run(
            session,
            actor,
            context.now(competition),
            competition=competition,
            vacancy=vacancy,
            reason=reason,
            computed=computed,
        )


def _sheet(competition_id: str, vacancy_id: str, form: RunForm, *, status: int = 200) -> Response:
    session = database.reader()
    competition, vacancy = access.load_vacancy(
        session, context.actor(), competition_id, vacancy_id, "results.see"
    )
    number = flask.request.args.get("run", type=int)
    run = queries.run(session, vacancy, number)
    former = queries.run(session, vacancy, run.number - 1) if run is not None and run.number > 1 else None
    return page(
        "sheet",
        competition,
        status=status,
        vacancy=vacancy,
        run=run,
        former=former,
        runs=queries.runs_of(session, vacancy.id),
        sheet=presentation.staff_sheet(session, competition, vacancy, run) if run is not None else None,
        changes=presentation.run_differences(former, run, titles(competition)) if run and former else [],
        form=form,
    )
