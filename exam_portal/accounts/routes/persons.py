# SPDX-License-Identifier: Apache-2.0
"""A person whom an organisation knows, and the erasure of that person by two people on a decision."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import persons, places, queries, service
from exam_portal.accounts.forms import ErasureForm, FindForm
from exam_portal.accounts.models import Account, Organisation
from exam_portal.accounts.persons import Person
from exam_portal.accounts.routes.blueprint import bp, page, refuse
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.web import context, database, messages, policy, redirects, templating

PERMISSION = "accounts.erase"
ORGANISATION = "/staff/organisations/<public_id:organisation_id>/persons"
PERSON = f"{ORGANISATION}/<public_id:account_id>"
ERASURE = f"{PERSON}/erasures/<public_id:erasure_id>"


@bp.route(ORGANISATION, methods=["GET", "POST"])
@policy.requires(PERMISSION)
def find_person(organisation_id: str) -> Response:
    """Find a person by address or account name; nobody is listed here."""
    reading = database.reader()
    place, organisation = _place(reading, organisation_id)
    form = FindForm()
    if form.validate_on_submit():
        found = service.by_login(reading, form.login.data)
        if found is not None and persons.is_known(reading, organisation, found):
            return redirects.see_other(_address(organisation, found))
        form.refuse(gettext("No such person has to do with this organisation alone"), field="login")
    waiting = persons.waiting_erasures(reading, context.actor())
    body = templating.render("accounts/find_person.html", form=form, where=place, waiting=waiting)
    return page(body, 422 if form.is_submitted() else 200)


@bp.get(PERSON)
@policy.requires(PERMISSION)
def person(organisation_id: str, account_id: str) -> str:
    """What is held of a person, and the erasure that waits or was done."""
    return _page(organisation_id, account_id, ErasureForm())


@bp.post(PERSON)
@policy.requires(PERMISSION)
def propose_erasure(organisation_id: str, account_id: str) -> Response:
    """Propose to erase the person, on a signed and scanned decision."""
    reading, form = database.reader(), ErasureForm()
    _person(reading, _place(reading, organisation_id)[1], account_id)
    if form.validate_on_submit():
        try:
            decision = form.prepared_paper()
            with database.writer() as writing:
                _, organisation = _place(writing, organisation_id)
                found = _person(writing, organisation, account_id)
                _propose(writing, organisation, found, decision)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The erasure has been proposed. Somebody else has to approve it."), "done")
            return redirects.see_other(flask.request.path)
    return page(_page(organisation_id, account_id, form), 422)


@bp.post(f"{ERASURE}/approve")
@policy.requires(PERMISSION)
def approve_erasure(organisation_id: str, account_id: str, erasure_id: str) -> Response:
    """Approve what somebody else has proposed: the person is erased."""
    with database.writer() as writing:
        _, organisation = _place(writing, organisation_id)
        found = _person(writing, organisation, account_id)
        erasure = persons.erasure_of(writing, found, erasure_id)
        service.erase_person(writing, context.actor(), context.now(), erasure=erasure)
        address = _address(organisation, found.account)
    flask.flash(gettext("The person has been erased. Nobody can bring the content back."), "done")
    return redirects.see_other(address)


@bp.post(f"{ERASURE}/withdraw")
@policy.requires(PERMISSION)
def withdraw_erasure(organisation_id: str, account_id: str, erasure_id: str) -> Response:
    """Withdraw a proposal; the person stays."""
    with database.writer() as writing:
        _, organisation = _place(writing, organisation_id)
        found = _person(writing, organisation, account_id)
        erasure = persons.erasure_of(writing, found, erasure_id)
        service.withdraw_erasure(writing, context.actor(), context.now(), erasure=erasure)
        address = _address(organisation, found.account)
    flask.flash(gettext("The proposal has been withdrawn."), "done")
    return redirects.see_other(address)


def _place(session: Session, organisation_id: str) -> tuple[places.Place, Organisation]:
    place = places.load(session, PERMISSION, competition_id=None, organisation_id=organisation_id)
    return place, queries.organisation_by_public_id(session, organisation_id)


def _person(session: Session, organisation: Organisation, account_id: str) -> Person:
    return persons.person(session, organisation, queries.account_by_public_id(session, account_id))


def _address(organisation: Organisation, account: Account) -> str:
    return flask.url_for(
        "accounts.person", organisation_id=organisation.public_id, account_id=account.public_id
    )


def _page(organisation_id: str, account_id: str, form: ErasureForm) -> str:
    reading = database.reader()
    place, organisation = _place(reading, organisation_id)
    found = _person(reading, organisation, account_id)
    return templating.render(
        "accounts/person.html",
        where=place,
        person=found,
        hindrance=messages.words(found.hindrance) if found.hindrance else None,
        is_own_proposal=found.erasure is not None
        and context.actor().account_id in {found.erasure.proposed_by, found.account.id},
        form=form,
    )


def _propose(
    writing: Session, organisation: Organisation, found: Person, decision: audit.PreparedPaper
) -> None:
    paper = audit.file_paper(
        writing,
        context.actor(),
        context.now(),
        organisation_id=organisation.id,
        competition_id=None,
        kind=PaperKind.ERASURE,
        title=messages.label(PaperKind.ERASURE),
        confidential=True,
        paper=decision,
    )
    service.propose_erasure(writing, context.actor(), context.now(), account=found.account, paper=paper)
