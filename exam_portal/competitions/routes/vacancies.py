# SPDX-License-Identifier: Apache-2.0
"""Posts and criteria of a draft."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.competitions import errors, queries, service
from exam_portal.competitions.forms import CriterionForm, VacancyForm, criterion_values
from exam_portal.competitions.models import Competition, Criterion, Vacancy
from exam_portal.competitions.routes.blueprint import PLACE, again, bp, load, refuse, to
from exam_portal.core.errors import DomainError
from exam_portal.web import context, database, policy, templating

POST = f"{PLACE}/vacancies/<public_id:vacancy_id>"
CRITERION = f"{POST}/criteria/<public_id:criterion_id>"


@bp.get(f"{PLACE}/vacancies")
@policy.requires("competitions.view")
def vacancies(competition_id: str) -> str:
    """Show the posts with their criteria."""
    competition = load(database.reader(), competition_id, "competitions.view")
    return templating.render(
        "competitions/vacancies.html",
        competition=competition,
        is_draft=queries.is_draft(database.reader(), competition),
    )


@bp.route(f"{PLACE}/vacancies/new", methods=["GET", "POST"])
@policy.requires("competitions.edit")
def add_vacancy(competition_id: str) -> str | Response:
    """Add a post."""
    competition = load(database.reader(), competition_id, "competitions.edit")
    form = VacancyForm()
    if not form.validate_on_submit():
        return _vacancy_page(form, competition, None)
    try:
        with database.writer() as session:
            competition = load(session, competition_id, "competitions.edit")
            now = context.now(competition)
            added = service.add_vacancy(session, context.actor(), now, competition, **form.facts())
            vacancy_id = added.public_id
    except (errors.CodeTaken, errors.NotADraft) as problem:
        return _refused(form, problem, competition_id, None)
    flask.flash(gettext("The post has been added. Now say what it asks of candidates."), "done")
    return to("add_criterion", competition_id, vacancy_id=vacancy_id)


@bp.route(POST, methods=["GET", "POST"])
@policy.requires("competitions.edit")
def vacancy(competition_id: str, vacancy_id: str) -> str | Response:
    """Edit a post."""
    competition = load(database.reader(), competition_id, "competitions.edit")
    found = queries.vacancy(database.reader(), competition, vacancy_id)
    form = VacancyForm(obj=found)
    if not form.validate_on_submit():
        return _vacancy_page(form, competition, found)
    try:
        with database.writer() as session:
            competition = load(session, competition_id, "competitions.edit")
            found = queries.vacancy(session, competition, vacancy_id)
            now = context.now(competition)
            service.edit_vacancy(session, context.actor(), now, found, **form.facts())
    except (errors.CodeTaken, errors.NotADraft) as problem:
        return _refused(form, problem, competition_id, vacancy_id)
    flask.flash(gettext("The post has been saved."), "done")
    return to("vacancies", competition_id)


@bp.post(f"{POST}/remove")
@policy.requires("competitions.edit")
def remove_vacancy(competition_id: str, vacancy_id: str) -> Response:
    """Remove a post with its criteria."""
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.edit")
        found = queries.vacancy(session, competition, vacancy_id)
        service.remove_vacancy(session, context.actor(), context.now(competition), found)
    flask.flash(gettext("The post has been removed."), "done")
    return to("vacancies", competition_id)


@bp.route(f"{POST}/criteria/new", methods=["GET", "POST"])
@policy.requires("competitions.edit")
def add_criterion(competition_id: str, vacancy_id: str) -> str | Response:
    """Add a criterion to a post."""
    competition = load(database.reader(), competition_id, "competitions.edit")
    found = queries.vacancy(database.reader(), competition, vacancy_id)
    form = CriterionForm()
    form.offer()
    if not form.validate_on_submit():
        return _criterion_page(form, competition, found, None)
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.edit")
        found = queries.vacancy(session, competition, vacancy_id)
        service.add_criterion(session, context.actor(), context.now(competition), found, **form.facts())
    flask.flash(gettext("The criterion has been added."), "done")
    if flask.request.form.get("next") == "another":
        return to("add_criterion", competition_id, vacancy_id=vacancy_id)
    return to("vacancies", competition_id)


@bp.route(CRITERION, methods=["GET", "POST"])
@policy.requires("competitions.edit")
def criterion(competition_id: str, vacancy_id: str, criterion_id: str) -> str | Response:
    """Edit a criterion."""
    session = database.reader()
    competition = load(session, competition_id, "competitions.edit")
    post = queries.vacancy(session, competition, vacancy_id)
    found = queries.criterion(session, post, criterion_id)
    form = CriterionForm(obj=found, data=criterion_values(found.kind, found.params))
    form.offer()
    if not form.validate_on_submit():
        return _criterion_page(form, competition, post, found)
    with database.writer() as writing:
        competition = load(writing, competition_id, "competitions.edit")
        found = queries.criterion(writing, queries.vacancy(writing, competition, vacancy_id), criterion_id)
        service.edit_criterion(writing, context.actor(), context.now(competition), found, **form.facts())
    flask.flash(gettext("The criterion has been saved."), "done")
    return to("vacancies", competition_id)


@bp.post(f"{CRITERION}/remove")
@policy.requires("competitions.edit")
def remove_criterion(competition_id: str, vacancy_id: str, criterion_id: str) -> Response:
    """Remove a criterion."""
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.edit")
        found = queries.criterion(session, queries.vacancy(session, competition, vacancy_id), criterion_id)
        service.remove_criterion(session, context.actor(), context.now(competition), found)
    flask.flash(gettext("The criterion has been removed."), "done")
    return to("vacancies", competition_id)


def _vacancy_page(form: VacancyForm, competition: Competition, found: Vacancy | None) -> str | Response:
    body = templating.render("competitions/vacancy.html", form=form, competition=competition, vacancy=found)
    return again(body) if flask.request.method == "POST" else body


def _criterion_page(
    form: CriterionForm, competition: Competition, post: Vacancy, found: Criterion | None
) -> str | Response:
    body = templating.render(
        "competitions/criterion.html", form=form, competition=competition, vacancy=post, criterion=found
    )
    return again(body) if flask.request.method == "POST" else body


def _refused(
    form: VacancyForm, problem: DomainError, competition_id: str, vacancy_id: str | None
) -> str | Response:
    refuse(form, problem, field="code" if isinstance(problem, errors.CodeTaken) else None)
    competition = load(database.reader(), competition_id, "competitions.edit")
    found = queries.vacancy(database.reader(), competition, vacancy_id) if vacancy_id else None
    return _vacancy_page(form, competition, found)
