# SPDX-License-Identifier: Apache-2.0
"""The own account: language, password, second factor, signed-in browsers."""

from collections.abc import Callable
from typing import Any

import flask
import pyotp
import segno
from flask import url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import passwords, profiles, queries, service, sessions, throttle
from exam_portal.accounts.errors import SignInRefused
from exam_portal.accounts.forms import ChangePasswordForm, ChoosePasswordForm, FiguresForm, LanguageForm
from exam_portal.accounts.models import Account
from exam_portal.accounts.routes.blueprint import bp, hasher, home, page, refuse, rules
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.web import context, database, i18n, limits, policy, redirects, session, templating


@bp.get("/account")
@policy.requires("accounts.own")
def account() -> str:
    """The own account at a glance."""
    reading = database.reader()
    own = _own(reading)
    return templating.render(
        "accounts/account.html",
        account=own,
        profile=profiles.read(reading, own),
        form=LanguageForm(language=own.language),
        sessions=sessions.of_account(reading, own.id, context.now()),
        present_id=_session_id(),
    )


@bp.post("/account/language")
@policy.requires("accounts.own")
def choose_language() -> Response:
    """Choose the language of pages and letters."""
    form = LanguageForm()
    response = redirects.see_other(url_for("accounts.account"))
    if form.validate_on_submit():
        with database.writer() as writing:
            service.choose_language(
                writing, context.actor(), context.now(), account=_own(writing), language=form.language.data
            )
        i18n.remember(response, form.language.data)
    return response


@bp.route("/account/password", methods=["GET", "POST"])
@limits.sign_ins
@policy.requires("accounts.own")
def choose_password() -> Response:
    """Change the password; who came with a printed code chooses the first one."""
    own = _own(database.reader())
    form = ChangePasswordForm() if own.password_hash else ChoosePasswordForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _change_password(own, form)
        except DomainError as problem:
            refuse(form, problem, field="old" if isinstance(problem, SignInRefused) else "password")
            status = problem.status
    body = templating.render(
        "accounts/password.html", form=form, login=profiles.read(database.reader(), own).login
    )
    return page(body, status)


@bp.get("/account/second-factor")
@policy.requires("accounts.own")
def second_factor() -> str:
    """The state of the second factor, and what the telephone has to be told."""
    return _second_factor(FiguresForm())


@bp.post("/account/second-factor/prepare")
@policy.requires("accounts.own")
def prepare_second_factor() -> Response:
    """Make a secret for the telephone."""
    with database.writer() as writing:
        service.prepare_second_factor(writing, context.actor(), context.now(), account=_own(writing))
    return redirects.see_other(url_for("accounts.second_factor"))


@bp.post("/account/second-factor/confirm")
@limits.sign_ins
@policy.requires("accounts.own")
def confirm_second_factor() -> Response:
    """Show by its figures that the telephone knows the secret."""
    return _with_figures(service.confirm_second_factor, gettext("The second factor is set up."))


@bp.post("/account/second-factor/remove")
@limits.sign_ins
@policy.requires("accounts.own")
def remove_second_factor() -> Response:
    """Sign in with the password alone again."""
    return _with_figures(service.remove_second_factor, gettext("The second factor has been removed."))


@bp.post("/account/sessions/end")
@policy.requires("accounts.own")
def end_sessions() -> Response:
    """Sign out every other browser."""
    with database.writer() as writing:
        service.end_sessions(
            writing, context.actor(), context.now(), account=_own(writing), keep_session_id=_session_id()
        )
    flask.flash(gettext("All other browsers have been signed out."), "done")
    return redirects.see_other(url_for("accounts.account"))


def _own(reading: Session) -> Account:
    account_id = context.actor().account_id
    assert account_id is not None
    return queries.account(reading, account_id)


def _session_id() -> int | None:
    identity = session.identity()
    return identity.session_id if identity is not None else None


def _change_password(own: Account, form: Any) -> Response:
    """Check old and new outside the writer; then set the password and start a session under a new token."""
    checked, profile = own.password_hash, profiles.read(database.reader(), own)
    minimum = context.settings().accounts.password_min_length
    now = context.now()
    if checked is not None:
        _count_attempt(own.id)
        if not hasher().verify(checked, form.old.data):
            raise SignInRefused
    passwords.check(form.password.data, minimum=minimum, names=(profile.name, profile.login, profile.phone))
    chosen = hasher().hash(form.password.data)
    response = redirects.see_other(home(own.id) if checked is None else url_for("accounts.account"))
    with database.writer() as writing:
        service.change_password(
            writing,
            context.actor(),
            now,
            account=_own(writing),
            checked_hash=checked,
            password_hash=chosen,
            keep_session_id=None,
        )
        session.start(own.id, response, now)
    flask.flash(gettext("The password has been changed."), "done")
    return response


def _count_attempt(account_id: int) -> None:
    """Whoever finds a signed-in browser must not be able to guess the password there."""
    counted = throttle.second_factor_subject(database.reader(), account_id=account_id, rules=rules())
    with database.writer() as writing:
        service.take_attempt(writing, context.now(), counted=counted, rules=rules())


def _with_figures(verb: Callable[..., None], done: str) -> Response:
    form = FiguresForm()
    if form.validate_on_submit():
        try:
            _count_attempt(_own(database.reader()).id)
            with database.writer() as writing:
                verb(
                    writing, context.actor(), context.now(), account=_own(writing), figures=form.figures.data
                )
            flask.flash(done, "done")
            return redirects.see_other(url_for("accounts.account"))
        except DomainError as problem:
            refuse(form, problem, field="figures")
    return page(_second_factor(form), 422)


def _second_factor(form: FiguresForm) -> str:
    reading = database.reader()
    own = _own(reading)
    secret = service.secret_of(reading, own) if own.totp_confirmed_at is None else None
    return templating.render(
        "accounts/second_factor.html",
        form=form,
        is_set_up=own.totp_confirmed_at is not None,
        secret=secret,
        picture=_picture(secret, profiles.read(reading, own).login) if secret else None,
    )


def _picture(secret: str, login: str) -> str:
    """Return the QR code for the telephone as an address that holds the picture itself."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Exam portal")
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2))
