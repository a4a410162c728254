# SPDX-License-Identifier: Apache-2.0
"""The corrections of a paper as its candidates read them: on the screen and beside a booklet."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.papers import errata, opened, queries
from exam_portal.papers.models import Paper, PaperErratum, PaperForm
from question_bank import booklets


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An approved correction of an opened form, or the withdrawal of one.

    ``question``: the item that it concerns, whose number is another one for each candidate. ``withdrawn``:
    why a correction holds no longer. A withdrawal says the same as a notice of its own, for who has read it.
    """

    public_id: str
    version: int
    at: datetime
    words: str
    question: str
    withdrawn: str
    is_withdrawal: bool


def of_form(session: Session, form_id: int) -> list[Notice]:
    """Return the approved corrections of a form to whoever sits with it; none before the paper is opened.

    A correction of a question that the form does not hold concerns nobody who sits with it.
    """
    found = session.execute(
        select(PaperErratum, PaperForm.code)
        .join(PaperForm, PaperForm.paper_id == PaperErratum.paper_id)
        .where(PaperForm.id == form_id, PaperErratum.version.is_not(None))
        .order_by(PaperErratum.version)
    ).all()
    own = [erratum for erratum, code in found if code in erratum.forms]
    if not own or not queries.is_released(session, own[0].paper_id):
        return []
    held = {"", *(item.id for item in opened.opened_form(session, form_id).items)}
    return [each for each in _notices(session, own) if each.question in held]


def to_print(session: Session, paper: Paper) -> list[booklets.Correction]:
    """Return what the sheet beside the booklets says: each approved correction, also one that was withdrawn.

    Only for whoever may print the paper.
    """
    approved = errata.approved(session, paper.id)
    forms = {each.public_id: each.forms for each in approved}
    return [
        booklets.Correction(
            forms=frozenset(forms[each.public_id]),
            item=each.question,
            words=each.words,
            withdrawn=each.withdrawn,
        )
        for each in _notices(session, approved)
        if not each.is_withdrawal
    ]


def _notices(session: Session, approved: Sequence[PaperErratum]) -> list[Notice]:
    read = [errata.read(session, each) for each in approved]
    why = {each.row.withdraws_id: each.words for each in read if each.row.withdraws_id is not None}
    return [
        Notice(
            public_id=each.row.public_id,
            version=each.row.version or 0,
            at=each.row.approved_at or each.row.proposed_at,
            words=each.words,
            question=each.question,
            withdrawn=why.get(each.row.id, ""),
            is_withdrawal=each.row.withdraws_id is not None,
        )
        for each in read
    ]
