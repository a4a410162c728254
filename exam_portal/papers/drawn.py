# SPDX-License-Identifier: Apache-2.0
"""Which papers were drawn from a bank, for whoever looks after its items."""

from collections.abc import Sequence

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.items import drawn
from exam_portal.papers import queries
from exam_portal.papers.models import Paper, PaperStage


def of_bank(session: Session, bank_id: int) -> Sequence[drawn.DrawnPaper]:
    """Return the papers drawn from the bank, the newest first, with where each stands."""
    rows = session.execute(
        select(Paper, Competition)
        .join(Competition, Competition.id == Paper.competition_id)
        .where(Paper.bank_id == bank_id)
        .order_by(Paper.id.desc())
    ).all()
    standings = queries.standings(session, [paper for paper, _competition in rows])
    return [
        _drawn(paper, competition, standing.stage)
        for (paper, competition), standing in zip(rows, standings, strict=True)
    ]


def fill_hooks() -> None:
    """Banks ask here from now on."""
    drawn.fill(of_bank)


def _drawn(paper: Paper, competition: Competition, stage: PaperStage) -> drawn.DrawnPaper:
    return drawn.DrawnPaper(
        public_id=paper.public_id,
        competition=competition.public_id,
        title=competition.title,
        kind=paper.kind,
        stage=stage,
        is_opened=stage is PaperStage.OPENED,
    )
