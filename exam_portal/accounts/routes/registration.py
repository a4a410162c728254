# SPDX-License-Identifier: Apache-2.0
"""Opening a candidate's account, confirming an address, choosing a forgotten password anew."""

from collections.abc import Callable

from flask import url_for
from werkzeug.wrappers import Response

from exam_portal.accounts import codes, passwords, profiles, service
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.forms import ChoosePasswordForm, RegisterForm, ResetForm
from exam_portal.accounts.models import Account
from exam_portal.accounts.routes.blueprint import bp, hasher, home, page, refuse
from exam_portal.core.actors import NOBODY
from exam_portal.core.errors import DomainError
from exam_portal.web import context, database, limits, policy, redirects, session, templating

Verb = Callable[..., Account]


@bp.route("/register", methods=["GET", "POST"])
@limits.letters
@policy.requires(policy.PUBLIC)
def register() -> Response:
    """Register as a candidate; the answer is the same whether the address is known or not."""
    form = RegisterForm()
    if not form.validate_on_submit():
        return page(
            templating.render("accounts/register.html", form=form), 422 if form.is_submitted() else 200
        )
    with database.writer() as writing:
        service.register_candidate(
            writing,
            NOBODY,
            context.now(),
            name=form.name.data,
            email=form.email.data,
            language=context.language(),
        )
    return redirects.see_other(url_for("accounts.letter_sent"))


@bp.get("/register/sent")
@policy.requires(policy.PUBLIC)
def letter_sent() -> str:
    """Say that a letter is on its way."""
    return templating.render("accounts/sent.html", is_reset=False)


@bp.route("/confirm/<token:token>", methods=["GET", "POST"])
@limits.sign_ins
@policy.requires(policy.PUBLIC)
def confirm(token: str) -> Response:
    """Confirm the address by choosing a password; signs in."""
    return _choose(token, Purpose.CONFIRM, service.confirm_email)


@bp.route("/reset", methods=["GET", "POST"])
@limits.letters
@policy.requires(policy.PUBLIC)
def reset() -> Response:
    """Ask for a letter with which a new password can be chosen."""
    form = ResetForm()
    if not form.validate_on_submit():
        return page(templating.render("accounts/reset.html", form=form), 422 if form.is_submitted() else 200)
    with database.writer() as writing:
        service.request_reset(writing, NOBODY, context.now(), login=form.login.data)
    return redirects.see_other(url_for("accounts.reset_sent"))


@bp.get("/reset/sent")
@policy.requires(policy.PUBLIC)
def reset_sent() -> str:
    """Say that a letter is on its way, if there is such an account."""
    return templating.render("accounts/sent.html", is_reset=True)


@bp.route("/reset/<token:token>", methods=["GET", "POST"])
@limits.sign_ins
@policy.requires(policy.PUBLIC)
def reset_with_token(token: str) -> Response:
    """Choose a new password; signs in, unless a second factor is set up."""
    return _choose(token, Purpose.RESET, service.reset_password)


def _choose(token: str, purpose: Purpose, verb: Verb) -> Response:
    """Show the form of a link that is still good; on POST use the link up and set the password."""
    now = context.now()
    account = codes.look(database.reader(), now, purpose=purpose, code=token)
    form = ChoosePasswordForm()
    name = profiles.read(database.reader(), account).name
    if form.validate_on_submit():
        try:
            _check(account, form.password.data)
            chosen = hasher().hash(form.password.data)
            with database.writer() as writing:
                account = verb(writing, NOBODY, now, token=token, password_hash=chosen)
                return _arrive(account)
        except DomainError as problem:
            refuse(form, problem, field="password")
    body = templating.render("accounts/choose_password.html", form=form, name=name, purpose=purpose.value)
    return page(body, 422 if form.is_submitted() else 200)


def _check(account: Account, password: str) -> None:
    profile = profiles.read(database.reader(), account)
    minimum = context.settings().accounts.password_min_length
    passwords.check(password, minimum=minimum, names=(profile.name, profile.login, profile.phone))


def _arrive(account: Account) -> Response:
    if account.totp_confirmed_at is not None:
        return redirects.see_other(url_for("accounts.sign_in"))
    response = redirects.see_other(home(account.id))
    session.start(account.id, response, context.now())
    return response
