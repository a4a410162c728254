# SPDX-License-Identifier: Apache-2.0
"""What the council has decided about ballots that deviate, as the arithmetic takes it."""

from collections.abc import Sequence

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.decisions import OF_A_PANEL
from exam_portal.competitions.models import Decision
from exam_portal.core.db import Session
from exam_portal.interviews.models import PanelSession
from exam_portal.registration.models import Candidate
from scoring.marks import Decision as PureDecision


def decided(session: Session, panel: PanelSession) -> dict[int, list[PureDecision]]:
    """Return by hearing what the council has decided about its deviating ballots: three queries.

    A decision is about the ballots that counted when it was taken: of a repeated hearing, the later ones.
    """
    rows = [row for row in competitions.decisions(session, panel.competition_id) if row.kind in OF_A_PANEL]
    if not rows:
        return {}
    minutes = _minutes(session, rows)
    numbers = _candidate_numbers(session, panel)
    found: dict[int, list[PureDecision]] = {}
    for row in reversed(rows):
        about = [
            one
            for one in panel.hearings
            if numbers[one.candidate_id] == row.payload.get("candidate")
            and (one.repeats_id is None or one.drawn_at < row.recorded_at)
        ]
        if about and row.payload.get("part") == panel.part:
            found.setdefault(about[-1].id, []).append(_decision(row, minutes[row.paper_id]))
    return found


def _decision(row: Decision, minute: str) -> PureDecision:
    return PureDecision(path="", kind=row.kind, minute=minute, ballot=row.payload.get("ballot"))


def _minutes(session: Session, rows: Sequence[Decision]) -> dict[int, str]:
    papers = select(audit.SignedPaper.id, audit.SignedPaper.number)
    return dict(session.execute(papers.where(audit.SignedPaper.id.in_([r.paper_id for r in rows]))).all())


def _candidate_numbers(session: Session, panel: PanelSession) -> dict[int, str]:
    ids = [one.candidate_id for one in panel.hearings]
    rows = session.execute(select(Candidate.id, Candidate.candidate_no).where(Candidate.id.in_(ids)))
    return dict(rows.all())
