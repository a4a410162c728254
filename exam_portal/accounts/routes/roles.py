# SPDX-License-Identifier: Apache-2.0
"""Who holds which role in a competition or an organisation: proposing, approving, taking back."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import places, queries, service
from exam_portal.accounts.errors import NameMissing
from exam_portal.accounts.forms import ProposeForm
from exam_portal.accounts.models import Account
from exam_portal.accounts.routes.blueprint import bp, page, refuse
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.audit.papers import PreparedPaper
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.web import context, database, messages, policy, redirects, templating
from exam_portal.web.messages import Words

COMPETITION = "/staff/competitions/<public_id:competition_id>/people"
ORGANISATION = "/staff/organisations/<public_id:organisation_id>/people"


@bp.get(COMPETITION)
@bp.get(ORGANISATION)
@policy.requires("accounts.see_people")
def people(competition_id: str | None = None, organisation_id: str | None = None) -> str:
    """Who holds which role here, and what waits for approval."""
    place = places.load(
        database.reader(),
        "accounts.see_people",
        competition_id=competition_id,
        organisation_id=organisation_id,
    )
    return _page(place, _form(place))


@bp.post(COMPETITION)
@bp.post(ORGANISATION)
@policy.requires("accounts.propose")
def propose(competition_id: str | None = None, organisation_id: str | None = None) -> Response:
    """Propose a role for a person; somebody without an account is invited."""
    place = places.load(
        database.reader(), "accounts.propose", competition_id=competition_id, organisation_id=organisation_id
    )
    form = _form(place)
    if not form.validate_on_submit():
        return page(_page(place, form), 422)
    try:
        exception = form.prepared_paper()
        with database.writer() as writing:
            place = places.load(
                writing, "accounts.propose", competition_id=competition_id, organisation_id=organisation_id
            )
            _propose(writing, place, form, exception)
    except DomainError as problem:
        return _refused(place, form, problem)
    flask.flash(gettext("The role has been proposed. Somebody else has to approve it."), "done")
    return redirects.see_other(place.address("people"))


@bp.post(f"{COMPETITION}/<public_id:grant_id>/approve")
@bp.post(f"{ORGANISATION}/<public_id:grant_id>/approve")
@policy.requires("accounts.approve")
def approve(grant_id: str, competition_id: str | None = None, organisation_id: str | None = None) -> Response:
    """Approve a role that somebody else has proposed."""
    with database.writer() as writing:
        place = places.load(
            writing, "accounts.approve", competition_id=competition_id, organisation_id=organisation_id
        )
        service.approve_grant(
            writing,
            context.actor(),
            context.now(),
            grant=queries.grant_at(writing, place.seat, grant_id),
            seat=place.seat,
            council_may_mark=context.settings().accounts.council_may_mark,
        )
    flask.flash(gettext("The role is in force."), "done")
    return redirects.see_other(place.address("people"))


@bp.post(f"{COMPETITION}/<public_id:grant_id>/revoke")
@bp.post(f"{ORGANISATION}/<public_id:grant_id>/revoke")
@policy.requires("accounts.revoke")
def revoke(grant_id: str, competition_id: str | None = None, organisation_id: str | None = None) -> Response:
    """Take a role back, or withdraw a proposal."""
    with database.writer() as writing:
        place = places.load(
            writing, "accounts.revoke", competition_id=competition_id, organisation_id=organisation_id
        )
        grant = queries.grant_at(writing, place.seat, grant_id)
        service.revoke_grant(writing, context.actor(), context.now(), grant=grant, seat=place.seat)
    flask.flash(gettext("The role has been taken back."), "done")
    return redirects.see_other(place.address("people"))


def _form(place: places.Place) -> ProposeForm:
    form = ProposeForm()
    form.offer(place.seat.roles)
    return form


def _page(place: places.Place, form: ProposeForm, refusal: Words | None = None) -> str:
    rows = queries.grants_at(database.reader(), context.actor(), place.seat)
    return templating.render(
        "accounts/people.html",
        where=place,
        form=form,
        refusal=refusal,
        proposed=[row for row in rows if not row.is_in_force],
        held=[row for row in rows if row.is_in_force],
        scope=policy.Scope(
            organisation_id=place.seat.organisation_id, competition_id=place.seat.competition_id
        ),
    )


def _propose(
    writing: Session, place: places.Place, form: ProposeForm, exception: PreparedPaper | None
) -> None:
    actor, now = context.actor(), context.now()
    service.propose_grant(
        writing,
        actor,
        now,
        account=_person(writing, form),
        role=form.role.data,
        seat=place.seat,
        exception_paper=_filed(writing, place, exception) if exception else None,
        council_may_mark=context.settings().accounts.council_may_mark,
    )


def _person(writing: Session, form: ProposeForm) -> Account:
    known = service.by_login(writing, form.email.data)
    if known is not None:
        return known
    if not form.name.data:
        raise NameMissing
    return service.invite_staff(
        writing,
        context.actor(),
        context.now(),
        name=form.name.data,
        email=form.email.data,
        language="vi",
    )


def _filed(writing: Session, place: places.Place, exception: PreparedPaper) -> SignedPaper:
    """File the signed decision that allows the one excepted pair."""
    return audit.file_paper(
        writing,
        context.actor(),
        context.now(),
        organisation_id=place.seat.organisation_id,
        competition_id=place.seat.competition_id,
        kind=PaperKind.ROLE_EXCEPTION,
        title=gettext("Exception from the separation of duties"),
        paper=exception,
    )


def _refused(place: places.Place, form: ProposeForm, problem: DomainError) -> Response:
    """Show the page again with what was typed, and say which rule stands against it."""
    if isinstance(problem, NotFound | Forbidden):
        raise problem
    if isinstance(problem, NameMissing):
        refuse(form, problem, field="name")
        return page(_page(place, form), problem.status)
    return page(_page(place, form, messages.words(problem)), problem.status)
