# SPDX-License-Identifier: Apache-2.0
"""Printed documents of the room: the minute of a hearing with its times, the questions as drawn."""

from datetime import datetime

import flask
from flask_babel import force_locale, gettext

from exam_portal.competitions import printing as letterhead
from exam_portal.core.db import Session
from exam_portal.interviews.presentation import HearingRow, PanelPage
from exam_portal.interviews.room import drawing, presentation
from exam_portal.web import printing
from exam_portal.web.printed import Signature


def times_minute(session: Session, page: PanelPage, row: HearingRow, now: datetime) -> flask.Response:
    """Return the minute of a hearing: each phase with its times, pauses and overrun; lines by hand before."""
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            page.competition,
            now,
            title=gettext("MINUTE"),
            subject=gettext("On the hearing of candidate %(no)s", no=row.candidate.candidate_no),
            code=f"PTB-{page.vacancy.code}-{row.hearing.order_no}",
            grounds=(),
            signatures=[Signature(duty=gettext("SECRETARY")), Signature(duty=gettext("CHAIR"))],
        )
    times = presentation.session_times(session, page.panel, page.part, row.hearing, now)
    content = printing.document("interviews/print/times.html", frame, page=page, row=row, times=times)
    return printing.response(content, f"bien-ban-phien-{page.vacancy.code}-{row.hearing.order_no}.pdf")


def questions_slip(session: Session, page: PanelPage, row: HearingRow, now: datetime) -> flask.Response:
    """Return the questions that the candidate drew, to be handed over and signed; empty before the draw."""
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            page.competition,
            now,
            title=gettext("QUESTIONS DRAWN"),
            subject=gettext("Candidate %(no)s", no=row.candidate.candidate_no),
            code=f"CH-{page.vacancy.code}-{row.hearing.order_no}",
            grounds=(),
            signatures=[
                Signature(duty=gettext("CANDIDATE")),
                Signature(duty=gettext("WITNESSES")),
                Signature(duty=gettext("SECRETARY")),
            ],
        )
    draw = drawing.draws(session, page.panel.id).get(row.hearing.id)
    content = printing.document(
        "interviews/print/questions.html",
        frame,
        page=page,
        row=row,
        draw=draw,
        drawn=drawing.drawn_questions(session, row.hearing.id),
    )
    return printing.response(content, f"cau-hoi-{page.vacancy.code}-{row.hearing.order_no}.pdf")
