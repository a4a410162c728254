# SPDX-License-Identifier: Apache-2.0
"""How far the ballots of each hearing of a panel lie apart, once all are counted.

Only the spread of each hearing is told here, of no candidate and no member; `raters` says what more the
ballots allow.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exam_portal.core.db import Session
from exam_portal.interviews import admission, queries
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.web import plots
from exam_portal.web.plots import Intervals, Spread
from scoring.rounding import mean

MOST_DRAWN = 40  # hearings in the plot; the table has all
OVER = queries.BALLOT_OVER | {"candidate_absent"}
HUNDREDTH = Decimal("0.01")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HearingSpread:
    """The ballots of one hearing, by its place in the order: no candidate, no member."""

    order_no: int
    ballots: int
    mean: Decimal
    low: Decimal
    high: Decimal

    @property
    def spread(self) -> Decimal:
        """How far the highest ballot lies above the lowest."""
        return self.high - self.low


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PanelAgreement:
    """What can be said of a panel's ballots."""

    waiting: int  # hearings that are not counted
    is_named: bool
    hearings: Sequence[HearingSpread]
    ballots: Sequence[Mapping[str, Decimal]]  # of each hearing, by who gave them: M and a place, # and a slip
    plot: Intervals

    @property
    def mean_spread(self) -> Decimal:
        """The mean of the spreads."""
        return _rounded([one.spread for one in self.hearings])


def of_panel(session: Session, panel: PanelSession) -> PanelAgreement:
    """Return how far the counted ballots lie apart; nothing of them while a hearing is not counted.

    The hearing of a candidate who has left or was excluded is waited for by nobody.
    """
    counting = [one for one in panel.hearings if not queries.is_repeated(session, one.id)]
    happened = queries.events(session, [one.id for one in counting])
    may = admission.eligible(session, panel)
    open_ = [one for one in counting if one.candidate_id in may and happened[one.id].keys().isdisjoint(OVER)]
    found = {} if open_ else queries.counted_ballots(session, counting)
    boxes = [(one, _values(found[one.id]["ballots"])) for one in counting if one.id in found]
    return agreement(boxes, waiting=len(open_))


def agreement(boxes: Sequence[tuple[Hearing, Mapping[str, Decimal]]], *, waiting: int) -> PanelAgreement:
    """Return how far ballots lie apart, from the values by voter of each hearing."""
    filled = [(hearing, values) for hearing, values in boxes if len(values) > 1]
    hearings = [_spread(hearing.order_no, list(values.values())) for hearing, values in filled]
    is_named = bool(filled) and all(voter.startswith("M") for _, values in filled for voter in values)
    lines = [
        Spread(label=str(one.order_no), value=Decimal(0), low=one.low - one.mean, high=one.high - one.mean)
        for one in hearings[:MOST_DRAWN]
    ]
    return PanelAgreement(
        waiting=waiting,
        is_named=is_named,
        hearings=hearings,
        ballots=[values for _, values in filled],
        plot=plots.intervals(lines),
    )


def _spread(order_no: int, values: Sequence[Decimal]) -> HearingSpread:
    return HearingSpread(
        order_no=order_no, ballots=len(values), mean=_rounded(values), low=min(values), high=max(values)
    )


def _values(ballots: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    """Return the mark of each ballot by who gave it: M and a place, or else the number of a slip."""
    return {str(one.get("member") or f"#{one['slip']}"): _value(one) for one in ballots}


def _value(ballot: Mapping[str, Any]) -> Decimal:
    if "value" in ballot:
        return Decimal(ballot["value"])
    return sum((Decimal(score) for score in ballot["scores"].values()), Decimal(0))


def _rounded(values: Sequence[Decimal]) -> Decimal:
    found = mean(values)
    return (Decimal(found.numerator) / Decimal(found.denominator)).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
