# SPDX-License-Identifier: Apache-2.0
"""Whether the portal lives, whether it can serve, and its figures: for supervisors, not for people."""

import shutil

import structlog
from flask import Blueprint, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from werkzeug.wrappers import Response

from exam_portal.web import context, database, hooks, limits, policy

FREE_BYTES = 500_000_000
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_log = structlog.get_logger(__name__)

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@limits.own_budget
@policy.requires(policy.PUBLIC)
def process() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@limits.own_budget
@policy.requires(policy.PUBLIC)
def ready() -> Response:
    """Answer 200 if examinations can be carried out now, 503 with the names of what stands against it."""
    problems = _problems()
    answer = jsonify(status="ready" if not problems else "not ready", problems=problems)
    answer.status_code = 503 if problems else 200
    return answer


@bp.get("/metrics")
@limits.own_budget
@policy.requires(policy.PUBLIC)
def metrics() -> Response:
    """Return the figures; to this machine only."""
    if request.remote_addr not in _LOOPBACK or request.headers.get("X-Forwarded-For"):
        abort(404)
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)


def _problems() -> list[str]:
    found = [] if _free_bytes() > FREE_BYTES else ["disk"]
    try:
        session = database.reader()
        session.execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 - whatever it is, the answer is the same: not ready
        _log.error("not_ready", check="database", exc_info=True)
        return [*found, "database"]
    now = context.now()
    return found + [check.name for check in hooks.current().readiness if check.ask(session, now)]


def _free_bytes() -> int:
    directory = context.settings().instance.directory
    return shutil.disk_usage(directory if directory.exists() else ".").free
