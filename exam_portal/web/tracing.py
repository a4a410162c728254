# SPDX-License-Identifier: Apache-2.0
"""Every request has an id, which its log lines, answer and error page carry; nothing personal is logged."""

import secrets
import time

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Histogram

_log = structlog.get_logger(__name__)
_SECONDS = Histogram(
    "portal_request_seconds",
    "Time from arrival to answer, by route and status.",
    ("endpoint", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


def init_app(app: Flask) -> None:
    """Requests of the application are numbered, timed and logged without addresses' arguments."""
    app.before_request(_begin)
    app.after_request(_finish)


def request_id() -> str:
    """Return the id of the running request."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def _begin() -> None:
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id())


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    endpoint = request.endpoint or "none"
    _SECONDS.labels(endpoint, str(response.status_code)).observe(seconds)
    if endpoint != "static":
        _log.info(
            "request",
            method=request.method,
            endpoint=endpoint,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
    return response
