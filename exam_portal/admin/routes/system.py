# SPDX-License-Identifier: Apache-2.0
"""The state of the installation, for those who look after it; and what programs ask every site for."""

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.admin import system as state
from exam_portal.admin.routes.blueprint import bp
from exam_portal.core.actors import Role
from exam_portal.web import context, database, hooks, policy, templating

CONTACT_DAYS = 180


@bp.get("/staff/system")
@policy.requires("admin.see_system")
def system() -> str:
    """Show outbox, record and readiness, and the organisations with those who run them."""
    session, now = database.reader(), context.now()
    problems = [check.name for check in hooks.current().readiness if check.ask(session, now)]
    return templating.render(
        "admin/system.html",
        state=state.of(session, context.settings(), now),
        problems=problems,
        organisations=accounts.organisations_of(session, context.actor(), [Role.ADMINISTRATOR]),
    )


@bp.get("/.well-known/security.txt")
@policy.requires(policy.PUBLIC)
def security() -> Response:
    """Say where a weakness is reported (RFC 9116)."""
    base = context.settings().server.base_url
    expires = (context.now() + timedelta(days=CONTACT_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
    sender = context.settings().mail.sender
    lines = [
        f"Contact: mailto:{sender}",
        f"Expires: {expires}",
        "Preferred-Languages: vi, en",
        f"Canonical: {base}{request.path}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; charset=utf-8")
