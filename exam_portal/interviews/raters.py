# SPDX-License-Identifier: Apache-2.0
"""What the ballots of panels say about the agreement of their members: per panel, and over all panels.

Of secret ballots only what needs no names: nobody can tell which ballots of two candidates come from one
member. Below `NEEDED` hearings nothing is computed, and a sentence says why; above, a child process computes
it anew from the counted ballots (`scoring.statistics.councils`). Nothing of it is kept, and no mark changes.
"""

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core import computing, names
from exam_portal.core.db import Session
from exam_portal.interviews import agreement, presentation
from exam_portal.interviews.agreement import PanelAgreement
from exam_portal.interviews.models import PanelSession
from exam_portal.web import plots
from exam_portal.web.plots import Intervals, Point, Spread

MODULE: Final = "scoring.statistics.councils"
NEEDED = 21  # hearings: `scoring.statistics.councils` says whose number it is
OF_A_MEMBER = 30  # hearings of one member, as of a marker
FLAGGED = Decimal(3)  # standard errors
MOST_DRAWN = 30  # members in a plot; the table has all


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What was found of one panel, or of all panels together (`key` empty)."""

    key: str
    is_named: bool
    hearings: int
    unnamed: Mapping[str, Any] | None
    crossed: Mapping[str, Any] | None
    members: Sequence[Mapping[str, Any]]
    curve: Sequence[Point]
    spread: Intervals

    @property
    def is_told(self) -> bool:
        """Whether there are enough hearings to say anything."""
        return self.unnamed is not None

    @property
    def shown(self) -> Sequence[Mapping[str, Any]]:
        """The members of whom there are enough hearings."""
        return [one for one in self.members if one["deviation"]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PanelFigures:
    """One panel whose ballots bear marks, and what they say."""

    panel: PanelSession
    vacancy: Vacancy
    found: PanelAgreement
    view: View


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AllFigures:
    """The panels of a competition, and all of them together."""

    panels: Sequence[PanelFigures]
    waiting: int  # panels with a hearing that is not counted
    together: View


def of_panel(competition: Competition, panel: PanelSession, found: PanelAgreement) -> View:
    """Return what the ballots of one panel say."""
    return _views([_document(panel.public_id, found.is_named, found.ballots, _step(competition))])[0]


def of_competition(session: Session, competition: Competition) -> AllFigures:
    """Return what is told of each panel that gives marks, and of the panels that are counted together."""
    seated = [
        (one.panel, one.vacancy)
        for one in presentation.places(session, competition)
        if one.panel is not None and one.part.kind != "vote"
    ]
    spreads = [agreement.of_panel(session, panel) for panel, _ in seated]
    done = [
        (panel, vacancy, found)
        for (panel, vacancy), found in zip(seated, spreads, strict=True)
        if found.ballots
    ]
    step = _step(competition)
    documents = [_document(panel.public_id, found.is_named, found.ballots, step) for panel, _, found in done]
    is_named = bool(done) and all(found.is_named for _, _, found in done)
    views = _views([*documents, _document("", is_named, _joined(done, is_named=is_named), step)])
    return AllFigures(
        panels=[
            PanelFigures(panel=panel, vacancy=vacancy, found=found, view=view)
            for (panel, vacancy, found), view in zip(done, views[:-1], strict=True)
        ],
        waiting=sum(found.waiting > 0 for found in spreads),
        together=views[-1],
    )


def _joined(
    done: Sequence[tuple[PanelSession, Vacancy, PanelAgreement]], *, is_named: bool
) -> list[Mapping[str, Decimal]]:
    """Return the ballots of all panels; whoever sits on several is called by the first seat on each."""
    if not is_named:
        return [values for _, _, found in done for values in found.ballots]
    called: dict[object, str] = {}
    joined: list[Mapping[str, Decimal]] = []
    for panel, vacancy, found in done:
        seats = {}
        for member in panel.members:
            person = member.account_id or (names.reading(member.name), names.normalised(member.duty))
            seats[f"M{member.position}"] = called.setdefault(person, f"{vacancy.code} M{member.position}")
        joined += [{seats[voter]: mark for voter, mark in values.items()} for values in found.ballots]
    return joined


def _step(competition: Competition) -> Decimal:
    return competitions.ruleset(competition).numbers.step


def _document(
    key: str, is_named: bool, ballots: Sequence[Mapping[str, Decimal]], step: Decimal
) -> dict[str, Any]:
    hearings = [{voter: str(mark) for voter, mark in values.items()} for values in ballots]
    return {"key": key, "is_named": is_named, "step": str(step), "hearings": hearings}


def _views(documents: Sequence[Mapping[str, Any]]) -> list[View]:
    enough = [one for one in documents if len(one["hearings"]) >= NEEDED]
    told = _computed(json.dumps({"views": enough})) if enough else {}
    return [_view(one, told.get(one["key"], {})) for one in documents]


@functools.lru_cache(maxsize=64)
def _computed(document: str) -> Mapping[str, Any]:
    """Return what the child says, by key of the view: the same ballots say the same."""
    return {one["key"]: one for one in computing.computed(json.loads(document), MODULE)["views"]}


def _view(document: Mapping[str, Any], told: Mapping[str, Any]) -> View:
    unnamed, members = told.get("unnamed"), told.get("members", ())
    coefficients = unnamed["coefficients"] if unnamed else ()
    shown = [one for one in members if one["deviation"]][:MOST_DRAWN]
    return View(
        key=document["key"],
        is_named=document["is_named"],
        hearings=len(document["hearings"]),
        unnamed=unnamed,
        crossed=told.get("crossed"),
        members=[{**one, "is_flagged": _is_flagged(one)} for one in members],
        curve=plots.curve([(str(number), Decimal(one)) for number, one in enumerate(coefficients, start=1)]),
        spread=plots.intervals([_spread(one) for one in shown]),
    )


def _spread(member: Mapping[str, Any]) -> Spread:
    own = member["deviation"]
    return Spread(
        label=member["member"],
        value=Decimal(own["mean"]),
        low=Decimal(own["low"]),
        high=Decimal(own["high"]),
        is_flagged=_is_flagged(member),
    )


def _is_flagged(member: Mapping[str, Any]) -> bool:
    own = member["deviation"]
    return own is not None and abs(Decimal(own["z"])) > FLAGGED
