# SPDX-License-Identifier: Apache-2.0
"""The blueprint of item banks, and how its pages report a refusal."""

from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError
from exam_portal.items import messages as words
from exam_portal.items import presentation
from exam_portal.web import messages, redirects

BANKS = "/staff/banks"
BANK = f"{BANKS}/<public_id:bank_id>"
ITEM = f"{BANK}/items/<public_id:item_id>"

bp = Blueprint("items", __name__)


@bp.record_once
def _prepare(state: Any) -> None:
    """Templates can word levels, kinds and stages of items."""
    state.app.jinja_env.globals.update(
        item_stem=presentation.flat,
        item_level=words.level,
        item_kind=words.kind,
        item_problem=words.problem,
        item_tag=words.tag,
        item_flags=words.flags,
    )


def to(endpoint: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(url_for(f"items.{endpoint}", **values))


def again(body: str, status: int = 422) -> Response:
    """Return a form that was refused, with everything that was typed."""
    return Response(body, status=status, mimetype="text/html")


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand at the field (or above the form) that is shown again."""
    told = [str(part).rstrip(".") for part in messages.words(problem) if str(part)]
    form.refuse(". ".join(told) + ".", field=field)
