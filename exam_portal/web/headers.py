# SPDX-License-Identifier: Apache-2.0
"""Response headers that are the same everywhere; caches may keep only files named by their hash."""

import re

from flask import Flask, Response, request

from exam_portal.core.settings import Settings
from exam_portal.web import context

_HASHED = re.compile(r"[.-][0-9A-Za-z_]{8,64}\.[a-z0-9.]+$")
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), "
        "payment=(), usb=(), browsing-topics=()"
    ),
}


def init_app(app: Flask, settings: Settings) -> None:
    """Every response of the application carries the fixed headers and says whether it may be kept."""
    transport = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    fixed = _FIXED | (transport if settings.server.base_url.startswith("https://") else {})

    def set_headers(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        response.headers["Cache-Control"] = _caching(response)
        return response

    app.after_request(set_headers)


def _caching(response: Response) -> str:
    if request.endpoint == "static" and response.status_code in {200, 206, 304}:
        hashed = _HASHED.search(request.path) is not None
        return "public, max-age=31536000, immutable" if hashed else "public, max-age=300"
    if response.cache_control.public and not context.actor().is_known:
        return response.headers["Cache-Control"]  # the view says that strangers may keep it
    return "private, no-store"
