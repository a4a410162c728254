# SPDX-License-Identifier: Apache-2.0
"""How much one visitor may ask for: counted per network address, or per rehearsal token.

When the counter's store cannot be reached the request passes and the failure is logged: nobody is kept from
an examination by a rate limit.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, request
from flask_limiter import Limiter

from exam_portal.core.settings import Settings
from exam_portal.web import context, hooks

_View = TypeVar("_View", bound=Callable[..., object])


def visitor() -> str:
    """Return whose budget this request draws on."""
    return hooks.current().rate_key() or f"ip:{request.remote_addr or 'unknown'}"


_limiter = Limiter(key_func=visitor, swallow_errors=True, headers_enabled=False, strategy="fixed-window")


def init_app(app: Flask, settings: Settings) -> None:
    """Every route of the application draws on its visitor's budget; static files do not."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.limits.storage,
        RATELIMIT_DEFAULT=f"{settings.limits.requests_per_minute} per minute",
        RATELIMIT_SWALLOW_ERRORS=True,
    )
    _limiter.init_app(app)
    _limiter.request_filter(lambda: request.endpoint == "static")


def sign_ins(view: _View) -> _View:
    """Give a view that checks a secret the small budget of sign-ins, shared by all such views."""
    limited: Any = _limiter.shared_limit(
        lambda: f"{context.settings().limits.sign_ins_per_minute} per minute",
        scope="sign-in",
        methods=["POST"],
    )(view)
    return cast("_View", limited)


def own_budget(view: _View) -> _View:
    """Leave a view uncounted here: it keeps a budget of its own (answers are counted per attempt)."""
    return cast("_View", _limiter.exempt(view))
