# SPDX-License-Identifier: Apache-2.0
"""Printed documents of the panel: the lots (document 30), ballot slips (31), the counting minute (32)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import flask
from flask_babel import force_locale, gettext

from exam_portal.accounts import queries as accounts
from exam_portal.audit.papers import PreparedPaper
from exam_portal.competitions import printing as letterhead
from exam_portal.competitions import rules
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.interviews import queries
from exam_portal.interviews.deviating import Deviation
from exam_portal.interviews.presentation import HearingRow, PanelPage
from exam_portal.interviews.record.service import OpenedRecord, envelope_entries
from exam_portal.web import printing
from exam_portal.web.printed import PrintedDocument, Signature


def lots_minute(session: Session, page: PanelPage, now: datetime) -> flask.Response:
    """Return the minute of the lots: filled in after the draw, with empty lines before it."""
    with force_locale("vi"):
        frame = _frame(
            session,
            page,
            now,
            title=gettext("MINUTE"),
            subject=gettext("On drawing the order of presentation, post: %(post)s", post=page.vacancy.title),
            code=f"BT-{page.vacancy.code}-{page.panel.part}",
            signatures=[
                Signature(duty=gettext("WITNESSES")),
                Signature(duty=gettext("SECRETARY")),
                Signature(duty=gettext("CHAIR")),
            ],
        )
    content = printing.document("interviews/print/lots.html", frame, page=page)
    return printing.response(content, f"boc-tham-{page.vacancy.code}.pdf")


def blank_slips(session: Session, page: PanelPage, hearing_id: int, now: datetime) -> flask.Response:
    """Return the page on which members sign that they heard the whole hearing, then a slip for each."""
    row = next(row for row in page.hearings if row.hearing.id == hearing_id)
    with force_locale("vi"):
        frame = _frame(
            session,
            page,
            now,
            title=gettext("CONFIDENCE SLIP") if page.part.kind == "vote" else gettext("BALLOT SLIP"),
            subject=rules.part_title(page.part, "vi"),
            code=f"PK-{page.vacancy.code}-{row.hearing.order_no}",
            signatures=[],
        )
    slips = queries.slips(session, row.hearing, named=page.rule.ballot == "named")
    holders = queries.holders(session, row.hearing)
    template = "interviews/print/slips.html"
    content = printing.document(template, frame, page=page, row=row, slips=slips, holders=holders)
    return printing.response(content, f"phieu-cham-{page.vacancy.code}-{row.hearing.order_no}.pdf")


def count_minute(session: Session, page: PanelPage, row: HearingRow, now: datetime) -> flask.Response:
    """Return the counting minute of a hearing: to be filled in, or with what was counted."""
    with force_locale("vi"):
        frame = _frame(
            session,
            page,
            now,
            title=gettext("MINUTE"),
            subject=gettext("On counting the ballots, candidate %(no)s", no=row.candidate.candidate_no),
            code=f"KP-{page.vacancy.code}-{row.hearing.order_no}",
            signatures=[
                Signature(duty=gettext("COUNTING TEAM")),
                Signature(duty=gettext("SECRETARY")),
                Signature(duty=gettext("CHAIR")),
            ],
        )
    envelope = envelope_entries(session, row.hearing.id)
    content = printing.document("interviews/print/count.html", frame, page=page, row=row, envelope=envelope)
    return printing.response(content, f"kiem-phieu-{page.vacancy.code}-{row.hearing.order_no}.pdf")


def deviation_minute(
    session: Session, page: PanelPage, row: HearingRow, deviation: Deviation, now: datetime
) -> flask.Response:
    """Return the minute of the council's meeting on deviating ballots: to be filled in and signed."""
    with force_locale("vi"):
        frame = _frame(
            session,
            page,
            now,
            title=gettext("MINUTE"),
            subject=gettext(
                "On the council's meeting about deviating ballots, candidate %(no)s",
                no=row.candidate.candidate_no,
            ),
            code=f"DL-{page.vacancy.code}-{row.hearing.order_no}",
            signatures=[
                Signature(duty=gettext("MEMBERS")),
                Signature(duty=gettext("SECRETARY")),
                Signature(duty=gettext("CHAIR")),
            ],
        )
    template = "interviews/print/deviation.html"
    content = printing.document(template, frame, page=page, row=row, deviation=deviation)
    return printing.response(content, f"do-lech-{page.vacancy.code}-{row.hearing.order_no}.pdf")


def agreement(
    session: Session, competition: Competition, now: datetime, code: str, facts: Mapping[str, Any]
) -> flask.Response:
    """Return the report on what the ballots of panels say about the agreement of their members."""
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("REPORT"),
            subject=gettext("On the agreement of the members of panels"),
            code=f"TNHD-{code}",
            grounds=(),
            signatures=[Signature(duty=gettext("CHAIR"))],
        )
    content = printing.document("interviews/print/agreement.html", frame, **facts)
    return printing.response(content, f"thong-nhat-hoi-dong-{code}.pdf")


def record_minute(
    session: Session,
    page: PanelPage,
    row: HearingRow,
    opened: OpenedRecord,
    now: datetime,
    *,
    decision: PreparedPaper,
    witnesses: Sequence[str],
) -> flask.Response:
    """Return the minute of an opened record: the only place where it says who gave which ballot."""
    names = accounts.names_of(session, opened.holders)
    with force_locale("vi"):
        frame = _frame(
            session,
            page,
            now,
            title=gettext("MINUTE"),
            subject=gettext(
                "On opening the sealed record of the ballots, candidate %(no)s", no=row.candidate.candidate_no
            ),
            code=f"MNP-{page.vacancy.code}-{row.hearing.order_no}",
            signatures=[Signature(duty=gettext("WITNESSES")), Signature(duty=gettext("KEEPERS"))],
        )
    content = printing.document(
        "interviews/print/record.html",
        frame,
        page=page,
        row=row,
        opened=opened,
        decision=decision,
        witnesses=witnesses,
        keepers=[names.get(one, "") for one in opened.holders],
    )
    return printing.response(content, f"mo-niem-phong-{page.vacancy.code}-{row.hearing.order_no}.pdf")


def _frame(
    session: Session,
    page: PanelPage,
    now: datetime,
    *,
    title: str,
    subject: str,
    code: str,
    signatures: list[Signature],
) -> PrintedDocument:
    return letterhead.frame(
        session,
        page.competition,
        now,
        title=title,
        subject=subject,
        code=code,
        grounds=(),
        signatures=signatures,
    )
