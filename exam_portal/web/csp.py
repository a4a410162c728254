# SPDX-License-Identifier: Apache-2.0
"""The content security policy: only our own files run, and inline only what carries this response's nonce."""

import secrets

from flask import Flask, Response, g


def init_app(app: Flask) -> None:
    """Every response of the application carries the policy."""
    app.after_request(_set_policy)
    app.jinja_env.globals["csp_nonce"] = nonce


def nonce() -> str:
    """Return the nonce of this response, drawn when a page first asks for it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def _set_policy(response: Response) -> Response:
    own = f"'self' 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'self'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {own}; style-src {own}; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
    )
    return response
