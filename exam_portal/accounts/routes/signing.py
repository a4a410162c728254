# SPDX-License-Identifier: Apache-2.0
"""Signing in with a password, a printed code, a second factor; signing out."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import flask
from flask import request, url_for
from werkzeug.wrappers import Response

from exam_portal.accounts import queries, service, throttle
from exam_portal.accounts.errors import SignInRefused, TooBusy
from exam_portal.accounts.forms import CodeForm, FiguresForm, SignInForm
from exam_portal.accounts.models import Account, AccountKind
from exam_portal.accounts.routes.blueprint import address, bp, hasher, home, page, refuse, rules
from exam_portal.core.actors import NOBODY
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.web import context, database, i18n, limits, policy, redirects, session, templating

PENDING = "second_factor"
PENDING_LASTS = timedelta(minutes=5)


@bp.route("/sign-in", methods=["GET", "POST"])
@limits.sign_ins
@policy.requires(policy.PUBLIC)
def sign_in() -> Response:
    """Sign in with name and password."""
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            return _sign_in(form.login.data, form.password.data, form.next.data)
        except DomainError as problem:
            refuse(form, problem)
            return page(templating.render("accounts/sign_in.html", form=form), problem.status)
    return page(templating.render("accounts/sign_in.html", form=form), 422 if form.is_submitted() else 200)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@limits.sign_ins
@policy.requires(policy.PUBLIC)
def sign_in_with_code() -> Response:
    """Sign in with a code printed at the counter."""
    form = CodeForm()
    if not form.validate_on_submit():
        return page(templating.render("accounts/code.html", form=form), 422 if form.is_submitted() else 200)
    now = context.now()
    counted = throttle.code_subjects(
        database.reader(), address=address(), rules=rules(), is_hall=limits.is_hall()
    )
    try:
        with database.writer() as writing:
            service.take_attempt(writing, now, counted=counted, rules=rules())
        with database.writer() as writing:
            account = service.sign_in_with_code(writing, NOBODY, now, code=form.code.data, counted=counted)
            return _admit(account, url_for("accounts.choose_password"), now)
    except DomainError as problem:
        refuse(form, problem, field="code")
        return page(templating.render("accounts/code.html", form=form), problem.status)


@bp.route("/sign-in/figures", methods=["GET", "POST"])
@limits.sign_ins
@policy.requires(policy.PUBLIC)
def sign_in_figures() -> Response:
    """Complete signing in with the telephone's figures."""
    account = _pending_account(database.reader(), context.now())
    if account is None:
        return redirects.see_other(url_for("accounts.sign_in"))
    form = FiguresForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            return _complete(account.id, form.figures.data, form.next.data)
        except DomainError as problem:
            refuse(form, problem, field="figures")
            return page(templating.render("accounts/figures.html", form=form), problem.status)
    return page(templating.render("accounts/figures.html", form=form), 422 if form.is_submitted() else 200)


@bp.post("/sign-out")
@policy.requires("accounts.own")
def sign_out() -> Response:
    """Sign out."""
    response = redirects.see_other("/")
    identity = session.identity()
    assert identity is not None
    with database.writer() as writing:
        service.sign_out(writing, context.actor(), context.now(), session_id=identity.session_id)
        session.forget(response)
    return response


def _sign_in(login: str, password: str, next_path: str) -> Response:
    """Count the attempt, check the password outside the writer, then admit or ask for the second factor."""
    now = context.now()
    counted = throttle.subjects(
        database.reader(),
        login=service.canonical(login),
        address=address(),
        rules=rules(),
        is_hall=limits.is_hall(),
    )
    with database.writer() as writing:
        service.take_attempt(writing, now, counted=counted, rules=rules())
    account = service.by_login(database.reader(), login)
    usable = account is not None and account.confirmed_at is not None and account.disabled_at is None
    stored = account.password_hash if account is not None and usable else None
    database.release_reader()
    if not _verified(stored, password, counted) or account is None or stored is None:
        raise SignInRefused
    if account.totp_confirmed_at is not None:
        return _ask_for_figures(account, stored, next_path, now)
    with database.writer() as writing:
        account = service.sign_in(
            writing, NOBODY, now, account_id=account.id, password_hash=stored, counted=counted
        )
        return _admit(account, next_path, now)


def _verified(stored: str | None, password: str, counted: Mapping[bytes, int]) -> bool:
    """Whether the password is the stored one; what the machine had no time to check is not counted."""
    try:
        return hasher().verify(stored, password)
    except TooBusy:
        with database.writer() as writing:
            throttle.give_back(writing, counted)
        raise


def _ask_for_figures(account: Account, stored: str, next_path: str, now: datetime) -> Response:
    flask.session[PENDING] = {"account": account.public_id, "mark": _mark(stored), "at": now.isoformat()}
    return redirects.see_other(
        url_for("accounts.sign_in_figures", next=redirects.safe_path(next_path, "") or None)
    )


def _complete(account_id: int, figures: str, next_path: str) -> Response:
    now = context.now()
    counted = throttle.second_factor_subject(database.reader(), account_id=account_id, rules=rules())
    with database.writer() as writing:
        service.take_attempt(writing, now, counted=counted, rules=rules())
    with database.writer() as writing:
        account = _pending_account(writing, now)
        if account is None or account.password_hash is None:
            raise SignInRefused
        service.verify_second_factor(writing, now, account=account, figures=figures)
        service.sign_in(
            writing,
            NOBODY,
            now,
            account_id=account.id,
            password_hash=account.password_hash,
            counted=counted,
            method="password+figures",
        )
        return _admit(account, next_path, now)


def _admit(account: Account, next_path: str, now: datetime) -> Response:
    """Start a session under a new token and send the person on; inside the writer."""
    flask.session.clear()
    response = redirects.see_other(_destination(account, next_path))
    session.start(account.id, response, now)
    if "lang" not in request.cookies:
        i18n.remember(response, account.language)
    return response


def _destination(account: Account, next_path: str) -> str:
    """Return where the person goes next: to set up the second factor where one is required and missing."""
    required = context.settings().accounts.second_factor == "required_for_staff"
    if required and account.kind == AccountKind.STAFF and account.totp_confirmed_at is None:
        return url_for("accounts.second_factor")
    return redirects.safe_path(next_path, "") or home(account.id)


def _pending_account(reading: Session, now: datetime) -> Account | None:
    """Return who has shown the password within the last minutes and has not changed it since."""
    pending: dict[str, Any] = flask.session.get(PENDING, {})
    if not pending or now - datetime.fromisoformat(pending["at"]) > PENDING_LASTS:
        return None
    account = queries.account_by_public_id(reading, pending["account"])
    return account if account.password_hash and _mark(account.password_hash) == pending["mark"] else None


def _mark(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:32]
