# SPDX-License-Identifier: Apache-2.0
"""The blueprint of accounts, with what it gives to the frame of every page."""

from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import browsers, queries
from exam_portal.accounts.passwords import Hasher
from exam_portal.accounts.throttle import Rules
from exam_portal.core.actors import Role
from exam_portal.core.errors import DomainError
from exam_portal.web import chrome, context, database, errors, hooks, messages, policy

HASHER = "exam_portal.accounts.hasher"
bp = Blueprint("accounts", __name__)


@bp.record_once
def _prepare(state: Any) -> None:
    settings = state.app.extensions[context.SETTINGS]
    state.app.jinja_env.filters["browser"] = browsers.name
    state.app.extensions[HASHER] = Hasher(
        max(1, settings.accounts.concurrent_hashes // settings.server.workers)
    )
    chrome.fill(state.app, account=_account, sign_in_href=lambda: url_for("accounts.sign_in"))


def hasher() -> Hasher:
    """Return what hashes passwords in this process."""
    return cast("Hasher", current_app.extensions[HASHER])


def rules() -> Rules:
    """Return how many failed attempts are borne."""
    settings = context.settings().accounts
    return Rules(failures=settings.failures_before_delay, delay=timedelta(minutes=settings.delay_minutes))


def address() -> str:
    """Return the network address of the visitor, as the exact number of proxies tells it."""
    return request.remote_addr or "unknown"


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand in the form that is shown again."""
    errors.come_again(problem)
    words = messages.words(problem)
    form.refuse(". ".join(str(part).rstrip(".") for part in words if str(part)) + ".", field=field)


def home(account_id: int) -> str:
    """Return where a person arrives after signing in; the request itself was still nobody's."""
    filled = hooks.current()
    return str(filled.home(filled.load_actor(database.session(), account_id)))


def page(body: str, status: int = 200) -> Response:
    """Return a page."""
    return Response(body, status=status, mimetype="text/html")


def _account() -> chrome.Account | None:
    actor = context.actor()
    if actor.account_id is None:
        return None
    links = [chrome.Link(text=gettext("My account"), href=url_for("accounts.account"))]
    if policy.may_ever("accounts.see_organisations"):
        links.append(chrome.Link(text=gettext("Organisations"), href=url_for("accounts.organisations")))
    with database.framing() as session:
        name = queries.name_of(session, actor.account_id)
    return chrome.Account(
        name=name or gettext("Account"),
        note=_note(actor.roles, is_candidate=actor.is_candidate),
        links=links,
        sign_out=url_for("accounts.sign_out"),
    )


def _note(roles: frozenset[Role], *, is_candidate: bool) -> str:
    if is_candidate:
        return str(gettext("Candidate"))
    first = next((role for role in Role if role in roles), None)
    return str(messages.label(first)) if first is not None else ""
