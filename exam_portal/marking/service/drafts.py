# SPDX-License-Identifier: Apache-2.0
"""Drafts of a marker: one that rests on an older version stands beside the newer until the marker chooses."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, queries
from exam_portal.marking.models import MarkDraft
from exam_portal.marking.service import common
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on one open page of the desk, as it was typed, and on which version it rests."""

    tab: str
    rests_on: int  # version of the draft that the page showed; 0: none
    scores: Mapping[str, str]
    comment: str = ""
    highlights: Sequence[Mapping[str, Any]] = ()

    def says_the_same(self, draft: MarkDraft) -> bool:
        """Whether the draft holds the same figures, comment and passages."""
        mine = (dict(self.scores), self.comment, [dict(one) for one in self.highlights])
        return mine == (draft.scores, draft.comment, draft.highlights)


def save_draft(
    session: Session, actor: Actor, now: datetime, *, bag: BagView, script: MaskedScriptView, sheet: Sheet
) -> MarkDraft:
    """What the marker has typed so far is kept as it was typed; it is no mark and writes no leaf.

    It takes the place of the draft on which it rests, or of the one that the same page saved. Where another
    page has saved since, it stands beside that draft: ``queries.drafts_of`` then returns more than one.
    """
    handover.hold_bag(session, bag.id)
    common.require_may_mark(session, actor, bag, script)
    rows = queries.all_drafts_of(session, script.id, common.account(actor))
    live = [row for row in rows if row.set_aside_at is None]
    row = _to_replace(rows, sheet) or next((one for one in live if sheet.says_the_same(one)), None)
    if row is None:
        row = MarkDraft(marker_id=common.account(actor))
        if script.id > 0:
            row.masked_script_id = script.id
        else:
            row.training_script_id = -script.id
        session.add(row)
    row.tab, row.version = sheet.tab, max((one.version for one in rows), default=0) + 1
    row.scores, row.comment = dict(sheet.scores), sheet.comment
    row.highlights = [dict(one) for one in sheet.highlights]
    row.saved_at, row.set_aside_at = now, None
    session.flush()
    return row


def choose_draft(
    session: Session, actor: Actor, now: datetime, *, bag: BagView, script: MaskedScriptView, version: int
) -> MarkDraft:
    """The marker goes on with this draft; the others are set aside until the mark."""
    handover.hold_bag(session, bag.id)
    common.require_may_mark(session, actor, bag, script)
    rows = queries.all_drafts_of(session, script.id, common.account(actor))
    chosen = next((row for row in rows if row.version == version), None)
    if chosen is None:
        raise NotFound
    for row in rows:
        row.set_aside_at = None if row is chosen else (row.set_aside_at or now)
    session.flush()
    return chosen


def refuse_older(session: Session, actor: Actor, script: MaskedScriptView, sheet: Sheet) -> None:
    """The sheet rests on, or repeats, every draft that is not set aside, or DraftsDiffer is raised."""
    live = queries.drafts_of(session, script.id, common.account(actor))
    if any(not _rests_on(row, sheet) and not sheet.says_the_same(row) for row in live):
        raise errors.DraftsDiffer


def forget_drafts(session: Session, marker_id: int, script_ids: Sequence[int]) -> None:
    """The marker has no draft of these scripts any more."""
    session.execute(delete(MarkDraft).where(queries.draft_of(script_ids), MarkDraft.marker_id == marker_id))


def _to_replace(rows: Sequence[MarkDraft], sheet: Sheet) -> MarkDraft | None:
    """Return the draft that the same page saved, else the one on which the sheet rests."""
    own = [row for row in rows if row.tab == sheet.tab]
    rested = [row for row in rows if row.version == sheet.rests_on and row.set_aside_at is None]
    return next(iter(own or rested), None)


def _rests_on(row: MarkDraft, sheet: Sheet) -> bool:
    return row.version == sheet.rests_on or row.tab == sheet.tab
