# SPDX-License-Identifier: Apache-2.0
"""Whose turn it is: candidates are heard in the order of the lots, one at a time."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.interviews import admission, errors, queries
from exam_portal.interviews.models import Hearing, HearingEvent, Occasion, OrderChange, PanelSession

OVER = queries.BALLOT_OVER | queries.UNHEARD | {"ballot_opened"}


def require_boxes_closed(session: Session, panel: PanelSession, hearing: Hearing) -> None:
    """No ballot on another candidate can be given on a screen any more, with this one in mind."""
    happened = queries.events(session, [one.id for one in panel.hearings])
    others = [one for one in panel.hearings if one.id != hearing.id]
    if (found := _open_box(others, happened)) is not None:
        raise errors.BoxOpen(found.order_no)


def require_nobody_heard(session: Session, panel: PanelSession, hearing: Hearing) -> None:
    """No other candidate is being heard at this moment."""
    waiting = _waiting(session, panel)
    happened = queries.events(session, [one.id for one in waiting])
    under_way = [one for one in waiting if "opened" in happened[one.id] and one.id != hearing.id]
    if under_way:
        raise errors.HearingUnderWay(under_way[0].order_no)


def require(session: Session, panel: PanelSession, hearing: Hearing) -> None:
    """Nobody else is being heard, and this hearing is next, or was called out of its turn by a decision."""
    require_nobody_heard(session, panel, hearing)
    require_boxes_closed(session, panel, hearing)
    waiting = _waiting(session, panel)
    called = {hearing.id} if change(session, hearing) is not None else set()
    if hearing.id in {one.id for one in waiting} - _begin(waiting, called):
        raise errors.NotNext(next(one.order_no for one in waiting if one.occasion == Occasion.REGULAR))


def require_later(session: Session, panel: PanelSession, hearing: Hearing) -> None:
    """The hearing stands later in the order, so that only a decision can bring it forward."""
    waiting = _waiting(session, panel)
    if hearing.id not in {one.id for one in waiting} - _begin(waiting, ()):
        raise errors.IsNext


def next_of(
    hearings: Sequence[Hearing],
    happened: Mapping[int, Mapping[str, HearingEvent]],
    called: Collection[int],
    candidates: Collection[int],
) -> frozenset[int]:
    """Return the hearings that may begin now: none while one runs, else the next and those called.

    None either while ballots are given on screens.
    """
    waiting = _open(hearings, happened, candidates)
    if _open_box(hearings, happened) or any("opened" in happened[one.id] for one in waiting):
        return frozenset()
    return frozenset(_begin(waiting, called))


def later_of(
    hearings: Sequence[Hearing],
    happened: Mapping[int, Mapping[str, HearingEvent]],
    candidates: Collection[int],
) -> frozenset[int]:
    """Return the hearings that stand later in the order: only a decision brings one of them forward."""
    waiting = _open(hearings, happened, candidates)
    return frozenset(one.id for one in waiting) - _begin(waiting, ())


def change(session: Session, hearing: Hearing) -> OrderChange | None:
    """Return the decision that called the hearing out of its turn, if there is one."""
    return session.scalar(select(OrderChange).where(OrderChange.hearing_id == hearing.id))


def changes(session: Session, hearing_ids: Collection[int]) -> dict[int, OrderChange]:
    """Return the decisions that called hearings out of their turn: one query."""
    rows = session.scalars(select(OrderChange).where(OrderChange.hearing_id.in_(hearing_ids)))
    return {row.hearing_id: row for row in rows}


def _open_box(
    hearings: Sequence[Hearing], happened: Mapping[int, Mapping[str, HearingEvent]]
) -> Hearing | None:
    """Return the hearing whose ballots are being given on screens; slips on paper lie in the team's hands."""
    for one in hearings:
        kinds = happened[one.id].keys()
        if one.panel.mode != "paper" and "ballot_opened" in kinds and kinds.isdisjoint(queries.BALLOT_OVER):
            return one
    return None


def _waiting(session: Session, panel: PanelSession) -> list[Hearing]:
    happened = queries.events(session, [one.id for one in panel.hearings])
    return _open(panel.hearings, happened, admission.eligible(session, panel))


def _begin(waiting: Sequence[Hearing], called: Collection[int]) -> set[int]:
    """Return which of those waiting need not wait: the next by the lots, and those that a decision put here.

    A supplementary or a repeated hearing stands on a decision of its own, and waits for no lots.
    """
    regular = [one.id for one in waiting if one.occasion == Occasion.REGULAR]
    return {one.id for one in waiting if one.id not in regular[1:] or one.id in called}


def _open(
    hearings: Sequence[Hearing],
    happened: Mapping[int, Mapping[str, HearingEvent]],
    candidates: Collection[int],
) -> list[Hearing]:
    """Return the hearings not yet over of candidates who are still to be heard, in the order of the lots."""
    return [
        one
        for one in hearings
        if one.occasion != Occasion.SECOND_BALLOT
        and one.candidate_id in candidates
        and happened[one.id].keys().isdisjoint(OVER)
    ]
