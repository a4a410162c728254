# SPDX-License-Identifier: Apache-2.0
"""Scripts in sealed bags: handed over by the invigilators, received and counted by the masking board."""

from collections.abc import Sequence
from typing import Any

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Forbidden, NotFound, StaleState
from exam_portal.sittings import forms, queries, service
from exam_portal.sittings.models import ScriptBag, Sitting
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import SITTING, form_page, refuse, sitting, to
from exam_portal.sittings.service import bags, collecting
from exam_portal.web import context, database, policy

SPARE = 2  # rows beside one for each room
MOST_ROWS = 60


@bp.route(f"{SITTING}/hand-over", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def hand_over(sitting_id: str) -> str | Response:
    """Declare the scripts to the masking board, bag by bag; what does not add up is refused."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.invigilate")
    proposed = _proposed(session, found)
    form = forms.hand_over_form(min(len(proposed) + SPARE, MOST_ROWS))(data={"bags": proposed})
    if form.validate_on_submit():
        try:
            with database.writer() as writing:
                found, competition = sitting(writing, sitting_id, "sittings.invigilate")
                now = context.now(competition)
                service.hand_over(writing, context.actor(), now, sitting=found, bags=form.packed())
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The scripts are declared. The masking board counts them now."), "done")
            return to("scripts", sitting_id=sitting_id)
    found, competition = sitting(database.reader(), sitting_id, "sittings.invigilate")
    standing = collecting.standing(database.reader(), found)
    return form_page("hand_over", competition, form=form, sitting=found, standing=standing)


@bp.route(f"{SITTING}/receipt", methods=["GET", "POST"])
@policy.requires("sittings.mask")
def receive(sitting_id: str) -> str | Response:
    """Record what the board found at each bag; what differs from the declaration needs an explanation."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.mask")
    packed = bags.of_sitting(session, found)
    form = forms.receipt_form(len(packed))()
    if form.validate_on_submit():
        try:
            competition_id = _receive(sitting_id, form, packed)
        except (NotFound, Forbidden, StaleState):
            raise
        except DomainError as problem:
            refuse(form, problem)
        else:
            flask.flash(gettext("The scripts are in the hands of the masking board."), "done")
            return to("masking", competition_id=competition_id)
    found, competition = sitting(database.reader(), sitting_id, "sittings.mask")
    labels = [bag.label for bag in bags.of_sitting(database.reader(), found)]
    return form_page("receive", competition, form=form, sitting=found, labels=labels)


def _proposed(session: Session, found: Sitting) -> list[dict[str, Any]]:
    """Return a bag for each room in which scripts were counted, its seal still to be written."""
    sheets = collecting.standing(session, found).sheets
    rooms: dict[str, list[int]] = {}
    for seat in queries.board(session, found):
        if seat.id in sheets:
            rooms.setdefault(seat.room, []).append(sheets[seat.id])
    return [{"label": room, "scripts": len(counts), "sheets": sum(counts)} for room, counts in rooms.items()]


def _receive(sitting_id: str, form: forms.ReceiptForm, packed: Sequence[ScriptBag]) -> str:
    minutes, paper = form.prepared_paper(), None
    counted = form.counted([bag.id for bag in packed])
    with database.writer() as session:
        found, competition = sitting(session, sitting_id, "sittings.mask")
        now = context.now(competition)
        if minutes is not None:
            paper = audit.file_paper(
                session,
                context.actor(),
                now,
                organisation_id=competition.organisation_id,
                competition_id=competition.id,
                kind=PaperKind.SCRIPT_HANDOVER,
                title=gettext("Minutes of handing over scripts"),
                paper=minutes,
            )
        service.receive(session, context.actor(), now, sitting=found, bags=counted, paper=paper)
        return competition.public_id
