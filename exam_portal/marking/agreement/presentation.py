# SPDX-License-Identifier: Apache-2.0
"""A report on agreement as page and document show it: sentences' figures, rows, and places in the plots."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exam_portal.core.db import Session
from exam_portal.marking import presentation
from exam_portal.marking.agreement import queries, service
from exam_portal.marking.models import MarkingReport
from exam_portal.marking.standing import Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from exam_portal.web import filters, plots
from exam_portal.web.plots import Bar, Intervals, Point, Spread

MOST_DRAWN = 30  # markers in a plot; the table has all


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What was found of the part as a whole (`key` empty) or of one of its questions."""

    key: str
    title: str
    maximum: Decimal
    pairs: int
    needed: int
    figures: Mapping[str, Any] | None
    method: str | None
    groups: int
    unconnected: Sequence[Sequence[str]]  # markers who can be compared with each other, where not all can
    markers: Sequence[Mapping[str, Any]]
    controls: Sequence[Mapping[str, Any]]
    apart: Sequence[Mapping[str, Any]]
    apart_more: int
    plan: Mapping[str, Any] | None
    bars: Sequence[Bar]
    spread: Intervals
    curve: Sequence[Point]

    @property
    def shown(self) -> Sequence[Mapping[str, Any]]:
        """The markers of whom there are enough scripts."""
        return [one for one in self.markers if one["shown"]]

    @property
    def flagged(self) -> Sequence[Mapping[str, Any]]:
        """The markers whom somebody should look at."""
        return [one for one in self.markers if one["flags"]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The newest report of a part, and what has come since."""

    bag: BagView
    title: Mapping[str, str]
    is_locked: bool
    report: MarkingReport | None  # the newest that was computed
    running: MarkingReport | None  # asked for later, and not there yet
    since: int  # marks that came after the newest report, those of control scripts too
    views: Sequence[View]


def page(session: Session, bags: Sequence[BagView], *, is_locked: bool) -> Page:
    """Return the page of a part."""
    known = service.reports(session, bags[0], service.AGREEMENT)
    newest = known[0] if known else None
    done = next((one for one in known if one.computed_at is not None), None)
    brief = handover.brief(session, bags[0].id)
    return Page(
        bag=bags[0],
        title=presentation.title_of(brief, bags[0].part),
        is_locked=is_locked,
        report=done,
        running=newest if newest is not None and newest.computed_at is None else None,
        since=queries.marks_since(session, bags, newest),
        views=views(presentation.rule_of(brief, bags[0]), done) if done else [],
    )


def views(rule: Rule, report: MarkingReport) -> list[View]:
    """Return what a report says of the part and of each question."""
    titles = {row.key: {"vi": row.title.vi, "en": row.title.en} for row in rule.part.rubric}
    content = report.content or {}
    return [
        _view(found, content["needed"], filters.localised(titles.get(found["key"], "")))
        for found in content.get("views", ())
    ]


def percent(share: str) -> str:
    """Return a share as a percentage without decimals."""
    return str((Decimal(share) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


share = plots.share
rounded = plots.rounded


def _view(found: Mapping[str, Any], needed: int, title: str) -> View:
    figures, plan = found["figures"], found["plan"]
    shown = [one for one in found["markers"] if one["shown"]]
    drawn = sorted(shown, key=lambda one: -abs(Decimal(one["deviation"]["z"])))[:MOST_DRAWN]
    return View(
        key=found["key"],
        title=title,
        maximum=Decimal(found["max"]),
        pairs=found["pairs"],
        needed=needed,
        figures=figures,
        method=found["method"],
        groups=found["groups"],
        unconnected=found.get("unconnected", ()),
        markers=found["markers"],
        controls=found["controls"],
        apart=found["apart"],
        apart_more=found["apart_more"],
        plan=plan,
        bars=plots.bars([(_bin(one), one["pairs"]) for one in figures["bins"]]) if figures else (),
        spread=plots.intervals([_spread(one) for one in sorted(drawn, key=lambda one: str(one["marker"]))]),
        curve=plots.curve(_coefficients(plan["coefficients"])) if plan else (),
    )


def _bin(found: Mapping[str, Any]) -> str:
    low = filters.mark(Decimal(found["low"]).normalize())
    return low if found["high"] is not None else f"≥ {low}"


def _spread(found: Mapping[str, Any]) -> Spread:
    own = found["deviation"]
    return Spread(
        label=found["marker"],
        value=Decimal(own["mean"]),
        low=Decimal(own["low"]),
        high=Decimal(own["high"]),
        is_flagged=bool(found["flags"]),
    )


def _coefficients(found: Sequence[str]) -> list[tuple[str, Decimal]]:
    return [(str(number), Decimal(value)) for number, value in enumerate(found, start=1)]
