# SPDX-License-Identifier: Apache-2.0
"""How much one visitor may ask for: counted per person, per network, or per rehearsal.

A rehearsal has a budget of its own, for its people share one address. What fails to sign in is counted there
as strictly as anywhere else.

When the counter's store cannot be reached the request passes and the failure is logged: nobody is kept from
an examination by a rate limit.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, request
from flask_limiter import Limiter

from exam_portal.core import networks
from exam_portal.core.settings import Settings
from exam_portal.web import context, hooks, session

_View = TypeVar("_View", bound=Callable[..., object])


def visitor() -> str:
    """Return whose budget this request draws on: a rehearsal's, a person's, else an address's."""
    token = hooks.current().rate_key()
    if token is not None:
        return f"rehearsal:{token}"
    identity = session.identity()
    return f"account:{identity.account_id}" if identity else _network()


def address() -> str:
    """Return the budget of an address, for what is tried before anybody has signed in."""
    token = hooks.current().rate_key()
    return f"rehearsal:{token}" if token is not None else _network()


def _network() -> str:
    return f"network:{networks.of(request.remote_addr or '')}"


def is_hall() -> bool:
    """Whether the request comes from a hall, where hundreds of people share an address."""
    return hooks.current().is_hall(request.remote_addr or "")


def _per_minute(ordinary: int) -> str:
    is_rehearsal = hooks.current().rate_key() is not None
    return f"{context.settings().rehearsal.requests_per_minute if is_rehearsal else ordinary} per minute"


def _pages_per_minute() -> str:
    limits = context.settings().limits
    is_shared = session.identity() is None and is_hall()
    return _per_minute(limits.hall_requests_per_minute if is_shared else limits.requests_per_minute)


def _sign_ins_per_minute() -> str:
    limits = context.settings().limits
    return f"{limits.hall_requests_per_minute if is_hall() else limits.sign_ins_per_minute} per minute"


_limiter = Limiter(
    key_func=visitor,
    default_limits=[_pages_per_minute],
    swallow_errors=True,
    headers_enabled=False,
    strategy="fixed-window",
)


def init_app(app: Flask, settings: Settings) -> None:
    """Every route of the application draws on its visitor's budget; static files do not."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.limits.storage,
        RATELIMIT_SWALLOW_ERRORS=True,
    )
    _limiter.init_app(app)
    _limiter.request_filter(lambda: request.endpoint == "static")


def sign_ins(view: _View) -> _View:
    """Give a view that checks a secret the small budget of sign-ins, shared by all such views.

    Only what fails is counted, and not what the machine had no time for. In a hall, whose candidates share an
    address, one who fails on purpose must not keep the others out: there each name is guarded by itself.
    """
    limited: Any = _limiter.shared_limit(
        _sign_ins_per_minute,
        scope="sign-in",
        key_func=address,
        methods=["POST"],
        override_defaults=False,
        deduct_when=lambda response: 400 <= response.status_code < 500,
    )(view)
    return cast("_View", limited)


def letters(view: _View) -> _View:
    """Give a view that has a letter sent the same small budget, used by every request."""
    limited: Any = _limiter.shared_limit(
        lambda: _per_minute(context.settings().limits.sign_ins_per_minute),
        scope="letters",
        key_func=address,
        methods=["POST"],
        override_defaults=False,
    )(view)
    return cast("_View", limited)


def own_budget(view: _View) -> _View:
    """Leave a view uncounted here: it keeps a budget of its own (answers are counted per attempt)."""
    return cast("_View", _limiter.exempt(view))
