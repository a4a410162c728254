# SPDX-License-Identifier: Apache-2.0
"""Unsafe requests come from our own pages: a token in the form, and the browser's word on its origin."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from exam_portal.web import context

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_View = TypeVar("_View", bound=Callable[..., object])
_protect = CSRFProtect()


class CrossSiteError(CSRFError):
    """The browser says that another site made it send this request."""

    description = "cross-site request"


def init_app(app: Flask) -> None:
    """Every unsafe request of the application is checked twice: origin first, then the token."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_METHODS=["POST", "PUT", "PATCH", "DELETE"],
    )
    app.before_request(_check_origin)
    _protect.init_app(app)
    app.before_request(_note_whole_form)


def origin_only(view: _View) -> _View:
    """Mark a JSON view that needs no token: it answers only when the browser vouches for the origin."""
    view.origin_only = True  # type: ignore[attr-defined]
    exempt: _View = _protect.exempt(view)
    return exempt


def _check_origin() -> None:
    if request.method in _SAFE or request.endpoint is None:
        return
    verdict = _verdict()
    needs_proof = getattr(current_app.view_functions[request.endpoint], "origin_only", False)
    if verdict is False or (verdict is None and needs_proof):
        raise CrossSiteError


def _note_whole_form() -> None:
    """To find its token the whole form was read: it arrives now, however early its first line came."""
    if request.method not in _SAFE:
        context.note_arrival()


def _verdict() -> bool | None:
    """Return whether our own page asks; None when the client says nothing (no browser does that)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is not None:
        return _is_ours(origin)
    referrer = request.headers.get("Referer")
    return _is_ours(referrer) if referrer is not None else None


def _is_ours(address: str) -> bool:
    found = urlsplit(address)
    ours = (urlsplit(request.host_url), urlsplit(context.settings().server.base_url))
    return any((found.scheme, found.netloc) == (own.scheme, own.netloc) for own in ours)
