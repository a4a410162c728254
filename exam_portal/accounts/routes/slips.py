# SPDX-License-Identifier: Apache-2.0
"""The counter: accounts for people without an e-mail address, and the slip with their one-time code."""

from datetime import timedelta

from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import codes, documents, places, profiles, queries, service
from exam_portal.accounts.errors import CodeRefused
from exam_portal.accounts.forms import CounterForm, RenewForm
from exam_portal.accounts.models import Account
from exam_portal.accounts.routes.blueprint import bp, page, refuse
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.web import context, database, policy, templating

BASE = "/staff/organisations/<public_id:organisation_id>/counter"
PERMISSION = "accounts.counter"


@bp.get(BASE)
@policy.requires(PERMISSION)
def counter(organisation_id: str) -> str:
    """Open an account for the person at the counter, or print a lost code anew."""
    place = _place(database.reader(), organisation_id)
    return templating.render("accounts/counter.html", where=place, form=CounterForm(), renewal=RenewForm())


@bp.post(BASE)
@policy.requires(PERMISSION)
def issue_code(organisation_id: str) -> Response:
    """Open the account and show the slip once: the code is kept nowhere."""
    place = _place(database.reader(), organisation_id)
    form = CounterForm()
    if not form.validate_on_submit():
        body = templating.render(
            "accounts/counter.html", where=place, form=form, renewal=RenewForm(formdata=None)
        )
        return page(body, 422)
    with database.writer() as writing:
        _place(writing, organisation_id)
        account, code = service.issue_counter_code(
            writing,
            context.actor(),
            context.now(),
            organisation=queries.organisation_by_public_id(writing, organisation_id),
            name=form.name.data,
            phone=form.phone.data or "",
            language=form.language.data,
        )
    return _slip(organisation_id, account, code)


@bp.post(f"{BASE}/renew")
@policy.requires(PERMISSION)
def renew_code(organisation_id: str) -> Response:
    """Print a new code for an account that this counter opened; the lost one is void."""
    place = _place(database.reader(), organisation_id)
    form = RenewForm()
    if form.validate_on_submit():
        try:
            with database.writer() as writing:
                _place(writing, organisation_id)
                account, code = _renew(writing, organisation_id, form.login.data)
            return _slip(organisation_id, account, code)
        except DomainError as problem:
            refuse(form, problem, field="login")
    blank = CounterForm(formdata=None)
    return page(templating.render("accounts/counter.html", where=place, form=blank, renewal=form), 422)


def _place(session: Session, organisation_id: str) -> places.Place:
    return places.load(session, PERMISSION, competition_id=None, organisation_id=organisation_id)


def _renew(writing: Session, organisation_id: str, login: str) -> tuple[Account, str]:
    account = service.by_login(writing, login)
    if account is None:
        raise CodeRefused
    organisation = queries.organisation_by_public_id(writing, organisation_id)
    code = service.renew_counter_code(
        writing, context.actor(), context.now(), organisation=organisation, account=account
    )
    return account, code


def _slip(organisation_id: str, account: Account, code: str) -> Response:
    reading = database.reader()
    slip = documents.slip(
        queries.organisation_by_public_id(reading, organisation_id),
        profiles.read(reading, account),
        code=code,
        address=context.settings().server.base_url,
        now=context.now(),
        until=context.now() + timedelta(days=codes.COUNTER_DAYS),
        language=context.language(),
        title=gettext("One-time code"),
    )
    return page(templating.render("accounts/slip.html", document=slip.document, slip=slip))
