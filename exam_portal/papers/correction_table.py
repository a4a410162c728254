# SPDX-License-Identifier: Apache-2.0
"""The corrections of a paper as its page lists them."""

import dataclasses
from collections.abc import Sequence

from exam_portal.core.db import Session
from exam_portal.papers import errata, opened
from exam_portal.papers.models import Paper, PaperErratum


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A correction or a withdrawal, with its words where the reader may see them.

    ``held_by``: the forms that hold the question, once the paper is open; None before, and where the notice
    concerns the paper as a whole. ``withdrawn_by``: the version that withdrew it, or 0.
    """

    row: PaperErratum
    read: errata.Correction | None
    held_by: Sequence[str] | None
    withdrawn_by: int
    may_be_withdrawn: bool
    is_waiting: bool


def rows(session: Session, paper: Paper, *, may_read: bool, is_open: bool) -> list[Row]:
    """Return the corrections of a paper, the approved ones in the order of their versions."""
    found = errata.rows(session, paper.id)
    undone = {
        each.withdraws_id: each.version or 0
        for each in found
        if each.withdraws_id is not None and each.dropped_by is None
    }
    read = {each.id: errata.read(session, each) for each in found} if may_read else {}
    return [
        Row(
            row=each,
            read=read.get(each.id),
            held_by=_held_by(session, paper, read[each.id]) if is_open and each.id in read else None,
            withdrawn_by=undone.get(each.id, 0),
            may_be_withdrawn=each.version is not None and each.withdraws_id is None and each.id not in undone,
            is_waiting=each.approved_by is None and each.dropped_by is None,
        )
        for each in found
    ]


def _held_by(session: Session, paper: Paper, correction: errata.Correction) -> list[str] | None:
    if not correction.question:
        return None
    own = [form for form in paper.forms if form.code in correction.row.forms]
    return [
        form.code
        for form in own
        if any(item.id == correction.question for item in opened.opened_form(session, form.id).items)
    ]
