# SPDX-License-Identifier: Apache-2.0
"""The blueprint of marking, by which clock its acts are dated, and how a form reports a refusal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.marking import access, errors
from exam_portal.marking.forms import SCORE
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from exam_portal.web import context, database, messages, redirects

PLACE = "/staff/competitions/<public_id:competition_id>/marking"
BAG = f"{PLACE}/bags/<public_id:bag_id>"

# which refusal -> the fields it is about, of whichever form is shown
ABOUT: Sequence[tuple[tuple[type[DomainError], ...], tuple[str, ...]]] = (
    ((errors.MarkOffStep, errors.TotalDiffers), ("total", "value")),
    ((errors.SignerHasConflict, errors.SignerIsACode, errors.SignerMarkedBefore), ("signer",)),
    ((errors.SlipUsed, audit.NoSuchPage), ("page",)),
    ((errors.NotASlip,), ("paper",)),
)

bp = Blueprint("marking", __name__)
bp.before_request(database.confine)


def now(session: Session, bag: BagView) -> datetime:
    """Return the instant of this request, on the competition's own clock."""
    return context.now(access.clock(handover.brief(session, bag.id)))


def to(endpoint: str, **values: Any) -> Response:
    """Return the redirect that follows an act."""
    return redirects.see_other(url_for(f"marking.{endpoint}", **values))


def again(body: str) -> Response:
    """Return a form that was refused, with everything that was typed."""
    return Response(body, status=422, mimetype="text/html")


def refuse(form: Any, problem: DomainError, *, field: str | None = None) -> None:
    """The words of the refusal stand at the field they are about (or above the form) that is shown again."""
    told = messages.words(problem)
    parts = [str(part).rstrip(".") for part in told if str(part)]
    about = (field, *_fields(problem))
    form.refuse(". ".join(parts) + ".", field=next((name for name in about if name in form), None))


def _fields(problem: DomainError) -> Sequence[str]:
    """Return the names that the field of a refused figure, signature or page may have."""
    if isinstance(problem, errors.MarkOffStep) and problem.criterion:
        return (f"{SCORE}{problem.criterion}",)
    return next((names for kinds, names in ABOUT if isinstance(problem, kinds)), ())
