# SPDX-License-Identifier: Apache-2.0
"""Before the day, open to everybody: whether a computer is fit for the examination, and a practice on it."""

from typing import Any

from flask import Response, jsonify, url_for

from exam_portal.core.settings import Sittings
from exam_portal.sittings import practice, readiness
from exam_portal.sittings.attempts import presentation
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.routes import bp
from exam_portal.web import context, policy, templating


@bp.get("/sit/check")
@policy.requires(policy.PUBLIC)
def check_computer() -> str:
    """Show what of this computer is in order and what to do about the rest."""
    return templating.render(
        "sittings/check.html",
        checks=readiness.CHECKS,
        sentence=readiness.SENTENCE,
        page=readiness.page(url_for("sittings.server_time")),
    )


@bp.get("/sit/check/time")
@policy.requires(policy.PUBLIC)
def server_time() -> Response:
    """Say what the server's clock shows."""
    answer = jsonify(now=instant(context.now()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/sit/practice")
@policy.requires(policy.PUBLIC)
def practise() -> str:
    """Show a harmless paper in the player; the page asks nothing more of the server."""
    return templating.render(
        "sittings/practice.html",
        page=_practice_page(context.language(), context.settings().sittings),
        minutes=practice.MINUTES,
        is_rehearsal=False,
    )


@bp.get("/sit/practice/finished")
@policy.requires(policy.PUBLIC)
def practised() -> str:
    """Say that the practice is over and that nothing of it was kept."""
    return templating.render("sittings/practised.html")


def _practice_page(language: str, settings: Sittings) -> dict[str, Any]:
    """Return what the player's script is given here, where a desk in the window answers it."""
    return {
        "attempt": practice.FORM,
        "lease": practice.FORM,
        "events": "events",
        "state": "state",
        "paper": "paper",
        "submission": "submission",
        "form": None,
        "items": [presentation.worded(item) for item in practice.views(language)],
        "minutes": practice.MINUTES,
        "finished": url_for("sittings.practised"),
        "snapshot_every": settings.snapshot_every,
        "save_events": settings.save_events,
        "save_bytes": settings.save_bytes,
        "words": presentation.words(),
    }
