# SPDX-License-Identifier: Apache-2.0
"""Printed documents of marking: slips of rounds 1 to 3 (26), and the minute on marks that differed (27)."""

from collections.abc import Sequence
from datetime import datetime

import flask
from flask_babel import force_locale, gettext
from markupsafe import Markup

from exam_portal.core.db import Session
from exam_portal.core.names import order
from exam_portal.marking import lot_page, presentation, queries
from exam_portal.marking.agreement import presentation as figures
from exam_portal.marking.allocation import ALGORITHM
from exam_portal.marking.models import Lot, Mark, MarkingReport
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MarkingBrief, MaskedScriptView
from exam_portal.web import filters, printing
from exam_portal.web.printed import PrintedDocument, Signature
from scoring.explain import marks_become_one


def blank_slips(session: Session, bag: BagView, round_: int, now: datetime) -> flask.Response:
    """Return one empty slip for each script of the bag."""
    scripts = handover.scripts(session, bag.id)
    return _slips(session, bag, round_, now, [(script, None) for script in scripts])


def own_slips(session: Session, bag: BagView, round_: int, account_id: int, now: datetime) -> flask.Response:
    """Return the slips of the marks that this marker gave at the desk, to be signed."""
    scripts = handover.scripts_at_desk(session, bag, round_)
    own = queries.own_marks(session, [script.id for script in scripts], account_id)
    chosen = [(script, own[script.id]) for script in scripts if script.id in own]
    return _slips(session, bag, round_, now, chosen)


def differences(session: Session, bags: Sequence[BagView], now: datetime) -> flask.Response:
    """Return the minute: every script's marks, their difference, the rule, the third mark, the final one."""
    brief = handover.brief(session, bags[0].id)
    rule = presentation.rule_of(brief, bags[0])
    with force_locale("vi"):
        frame = _frame(
            brief,
            now,
            title=gettext("MINUTE"),
            subject=gettext("On marks that differ, part: %(part)s", part=_title(brief)),
            code=f"DC-{bags[0].part}",
            signatures=[
                Signature(duty=gettext("SECRETARY")),
                Signature(duty=gettext("HEAD OF THE MARKING BOARD")),
            ],
        )
    rows = presentation.marked(session, bags)
    content = printing.document(
        "marking/print/differences.html",
        frame,
        rows=rows,
        apart=sum(row.is_apart for row in rows),
        sentences=marks_become_one(rule.ruleset, rule.part, "vi", is_review=rule.is_review),
        rule=rule,
    )
    return printing.response(content, f"chenh-lech-{bags[0].part}.pdf")


def agreement(session: Session, bag: BagView, report: MarkingReport, now: datetime) -> flask.Response:
    """Return a report on how far markers agree, by code."""
    brief = handover.brief(session, bag.id)
    with force_locale("vi"):
        frame = _frame(
            brief,
            now,
            title=gettext("REPORT"),
            subject=gettext("On the agreement of markers, part: %(part)s", part=_title(brief)),
            code=f"TN-{bag.part}",
            signatures=[Signature(duty=gettext("HEAD OF THE MARKING BOARD"))],
        )
        views = figures.views(presentation.rule_of(brief, bag), report)
    content = printing.document(
        "marking/print/agreement.html", frame, views=views, figures=figures, report=report
    )
    return printing.response(content, f"thong-nhat-cham-{bag.part}.pdf")


def lots(session: Session, bags: Sequence[BagView], drawn: Sequence[Lot], now: datetime) -> flask.Response:
    """Return the minute of the lots by which the bags of a part went to their markers."""
    brief = handover.brief(session, bags[0].id)
    with force_locale("vi"):
        frame = _frame(
            brief,
            now,
            title=gettext("MINUTE"),
            subject=gettext("On giving the bags to markers by lot, part: %(part)s", part=_title(brief)),
            code=f"BT-{bags[0].part}",
            signatures=[Signature(duty=gettext("WITNESSES")), Signature(duty=gettext("SECRETARY"))],
        )
    content = printing.document(
        "marking/print/lot.html",
        frame,
        lots=[lot_page.lot(session, bags, one) for one in drawn],
        taken_back=lot_page.taken_back(session, bags),
        algorithm=ALGORITHM,
        at=now,
        names=sorted((one.name for one in handover.markers(session, bags[0])), key=order),
    )
    return printing.response(content, f"boc-tham-{bags[0].part}.pdf")


def _slips(
    session: Session,
    bag: BagView,
    round_: int,
    now: datetime,
    slips: Sequence[tuple[MaskedScriptView, Mark | None]],
) -> flask.Response:
    brief = handover.brief(session, bag.id)
    with force_locale("vi"):
        frame = _frame(
            brief,
            now,
            title=gettext("MARK SLIP"),
            subject=gettext("Round %(round)s, part: %(part)s", round=round_, part=_title(brief)),
            code=f"PC-{bag.part}-{bag.label}-{round_}",
            signatures=[Signature(duty=gettext("MARKER"))],
        )
    content = printing.document(
        "marking/print/slips.html",
        frame,
        slips=[(script, mark, _slip_code(brief, script, round_)) for script, mark in slips],
        bag=bag,
        rule=presentation.rule_of(brief, bag),
        brief=brief,
    )
    return printing.response(content, f"phieu-cham-{bag.part}-{bag.label}-{round_}.pdf")


def _slip_code(brief: MarkingBrief, script: MaskedScriptView, round_: int) -> Markup:
    """Return what a reader of codes finds on a slip: the competition, the mask code and the round."""
    return printing.qr(f"{brief.competition_code} {script.mask_code} {round_}")


def _title(brief: MarkingBrief) -> str:
    return filters.localised(presentation.title_of(brief, brief.part))


def _frame(
    brief: MarkingBrief,
    now: datetime,
    *,
    title: str,
    subject: str,
    code: str,
    signatures: Sequence[Signature],
) -> PrintedDocument:
    return PrintedDocument(
        parent_body=brief.parent_body.upper(),
        issuing_body=brief.issuing_body.upper(),
        title=title,
        subject=subject,
        place_and_date=f"{brief.place}, {filters.date_in_words(now)}",
        code=f"{brief.competition_code}/{code}",
        generated_at=now,
        signatures=signatures,
        is_rehearsal=brief.is_rehearsal,
    )
