# SPDX-License-Identifier: Apache-2.0
"""Going on on paper: proposed by one person, approved by another, with the minute for both to sign."""

import flask
from flask import Response
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from exam_portal.sittings import access, documents, forms, service
from exam_portal.sittings.models import Sitting
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import (
    SITTING,
    chosen_place,
    form_page,
    rooms_of,
    seat_choices,
    sitting,
    to,
)
from exam_portal.web import context, database, policy, printing

TURN = "/staff/paper-turns/<public_id:turn_id>"


@bp.route(f"{SITTING}/paper-turns/new", methods=["GET", "POST"])
@policy.requires("sittings.invigilate")
def new_paper_turn(sitting_id: str) -> str | Answer:
    """Propose that a candidate, a room or all go on with the reserve paper on paper."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.invigilate")
    form = forms.PaperTurnForm()
    form.offer_places(rooms_of(session, found), seat_choices(session, found))
    if not form.validate_on_submit():
        return form_page("paper_turn", competition, form=form, sitting=found)
    with database.writer() as writing:
        found, competition = sitting(writing, sitting_id, "sittings.invigilate")
        service.propose_paper(
            writing,
            context.actor(),
            context.now(competition),
            sitting=found,
            reason=form.reason.data or "",
            **chosen_place(writing, found, form),
        )
    flask.flash(gettext("A second person has to approve it; until then everybody works on."), "done")
    return to("board", sitting_id=sitting_id)


@bp.post(f"{TURN}/approve")
@policy.requires("sittings.second")
def approve_paper_turn(turn_id: str) -> Answer:
    """Approve it as the second person: the attempts there are closed and kept."""
    with database.writer() as session:
        turn = access.load_turn(session, context.actor(), turn_id, "sittings.second")
        found = session.get_one(Sitting, turn.sitting_id)
        now = context.now(access.competition_of(session, found))
        count = service.approve_paper(session, context.actor(), now, turn=turn)
        sitting_id = found.public_id
    told = gettext("%(count)s candidates go on on paper. Print the minute and sign it.", count=count)
    flask.flash(told, "done")
    return to("board", sitting_id=sitting_id)


@bp.get(f"{TURN}/minute.pdf")
@policy.requires("sittings.view")
def paper_turn_minute(turn_id: str) -> Response:
    """The minute, to be signed by both."""
    session = database.reader()
    turn = access.load_turn(session, context.actor(), turn_id, "sittings.view")
    competition = access.competition_of(session, session.get_one(Sitting, turn.sitting_id))
    content = documents.paper_turn_minute(session, turn, context.now(competition))
    return printing.response(content, f"bien-ban-chuyen-giay-{competition.code}-{turn.id}.pdf")
