# SPDX-License-Identifier: Apache-2.0
"""Reads of draws: where each stands, whether its worker still lives, and what came of it."""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.items.models import ItemBank
from exam_portal.papers import draws, errors
from exam_portal.papers.models import DrawOutcome, Paper, PaperDraw, PaperDrawProgress, PaperDrawRun

SILENT_AFTER = timedelta(seconds=60)  # a worker gives a sign of life every few seconds


class DrawStage(enum.Enum):  # stored nowhere
    """Where a draw stands; it follows from its runs."""

    PREPARED = "prepared"
    WAITING = "waiting"
    RUNNING = "running"
    SILENT = "silent"
    STOPPING = "stopping"
    DRAWN = "drawn"
    LACKING = "lacking"
    STOPPED = "stopped"
    LATE = "late"
    DIED = "died"
    CHANGED = "changed"
    REFUSED = "refused"


UNDER_WAY = frozenset({DrawStage.WAITING, DrawStage.RUNNING, DrawStage.SILENT, DrawStage.STOPPING})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawStanding:
    """A draw with everything that decides what can be done with it."""

    draw: PaperDraw
    stage: DrawStage
    runs: Sequence[PaperDrawRun]
    progress: PaperDrawProgress | None
    is_newest: bool

    @property
    def is_under_way(self) -> bool:
        """Whether the page should look again by itself."""
        return self.stage in UNDER_WAY

    @property
    def may_begin(self) -> bool:
        """Whether the witnesses may add their words."""
        return self.stage is DrawStage.PREPARED and self.is_newest

    @property
    def may_repeat(self) -> bool:
        """Whether it may run again as it was."""
        return self.is_newest and bool(self.runs) and draws.is_repeatable(self.runs[-1])

    @property
    def findings(self) -> Mapping[str, Any]:
        """What came of the last run."""
        return (self.runs[-1].findings or {}) if self.runs else {}

    @property
    def missing(self) -> list[errors.Lack]:
        """What the bank lacks."""
        return [errors.Lack(**each) for each in self.findings.get("missing", ())]

    @property
    def without(self) -> list[str]:
        """The rules each of which would have to give way, alone, for there to be forms."""
        return list(self.findings.get("without", ()))

    @property
    def is_silent(self) -> bool:
        """Whether a refusal says nothing more, because it would speak of the other paper."""
        return self.stage is DrawStage.LACKING and "without" not in self.findings

    @property
    def is_least(self) -> bool:
        """Whether no smaller figures of what is missing would do."""
        return bool(self.findings.get("least", True))


def draw(session: Session, competition: Competition, public_id: str) -> PaperDraw:
    """Return a draw of this competition, else NotFound."""
    found = session.scalar(
        select(PaperDraw).where(PaperDraw.public_id == public_id, PaperDraw.competition_id == competition.id)
    )
    if found is None:
        raise NotFound
    return found


def bank(session: Session, of: PaperDraw) -> ItemBank:
    """Return the bank that is drawn from."""
    return session.get_one(ItemBank, of.bank_id)


def standing(session: Session, of: PaperDraw, now: datetime) -> DrawStanding:
    """Return where the draw stands at this instant."""
    runs = draws.runs(session, of)
    progress = None
    if runs:
        found = select(PaperDrawProgress).where(PaperDrawProgress.run_id == runs[-1].id)
        progress = session.scalar(found)
    newest = draws.newest(session, of.competition_id, of.part, of.kind)
    return DrawStanding(
        draw=of,
        stage=_stage(runs, progress, now),
        runs=runs,
        progress=progress,
        is_newest=newest is not None and newest.id == of.id,
    )


def latest(session: Session, competition_id: int) -> Mapping[tuple[str, str], PaperDraw]:
    """Return the newest draw of each part and kind of paper, whatever came of it: one query."""
    found = select(PaperDraw).where(PaperDraw.competition_id == competition_id).order_by(PaperDraw.id)
    return {(each.part, kind): each for each in session.scalars(found) for kind in each.keys}


def drawn(session: Session, paper: Paper) -> tuple[PaperDraw, PaperDrawRun] | None:
    """Return the draw that made the paper, if it was made by one."""
    rows = session.execute(
        select(PaperDraw, PaperDrawRun)
        .join(PaperDrawRun, PaperDrawRun.draw_id == PaperDraw.id)
        .where(PaperDraw.competition_id == paper.competition_id, PaperDraw.part == paper.part)
        .where(PaperDrawRun.outcome == DrawOutcome.DRAWN.value)
    )
    for found, run in rows:
        if (run.findings or {}).get("papers", {}).get(paper.kind) == paper.public_id:
            return found, run
    return None


def _stage(runs: Sequence[PaperDrawRun], progress: PaperDrawProgress | None, now: datetime) -> DrawStage:
    if not runs:
        return DrawStage.PREPARED
    run = runs[-1]
    if run.outcome is not None:
        return DrawStage(run.outcome)
    if now - (run.at if progress is None else progress.seen_at) > SILENT_AFTER:
        return DrawStage.SILENT
    if run.stopped_at is not None:
        return DrawStage.STOPPING
    return DrawStage.WAITING if progress is None else DrawStage.RUNNING


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The forms of a drawn paper side by side: each in figures, and how many items of each cell it holds."""

    draw: PaperDraw
    run: PaperDrawRun
    status: str
    forms: Sequence[Mapping[str, Any]]
    cells: Sequence[tuple[Mapping[str, Any], Sequence[int]]]


def figures(session: Session, paper: Paper) -> Figures | None:
    """Return the figures of the forms of a paper that was drawn before witnesses."""
    found = drawn(session, paper)
    if found is None:
        return None
    draw, run = found
    findings = run.findings or {}
    forms = findings["forms"][paper.kind]
    return Figures(
        draw=draw,
        run=run,
        status=findings["status"][paper.kind],
        forms=forms,
        cells=[
            (cell, [form["cells"][place] for form in forms])
            for place, cell in enumerate(draw.blueprint["cells"])
        ],
    )
