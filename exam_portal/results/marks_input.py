# SPDX-License-Identifier: Apache-2.0
"""Everything that was marked for one vacancy, gathered as exam-portal/marks/1: what the ranking reads."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Decision, DecisionKind, Vacancy
from exam_portal.core.db import Session
from exam_portal.interviews import queries as interviews
from exam_portal.marking import queries as marking
from exam_portal.marking.queries import MarkEntry
from exam_portal.registration import queries as registration
from exam_portal.results import unmasking
from exam_portal.sittings import queries as sittings
from scoring.rounding import plain
from scoring.ruleset import RuleSet
from scoring.ruleset.parts import Part

MARKS_SCHEMA = "exam-portal/marks/1"
RANKING_DECISIONS = frozenset(
    {
        DecisionKind.PROCEED,
        DecisionKind.TIE,
        DecisionKind.PANEL_KEEP,
        DecisionKind.PANEL_EXCLUDE,
        DecisionKind.PANEL_REMARK,
        DecisionKind.CHAIR_MARK,
    }
)


def gather(session: Session, competition: Competition, vacancy: Vacancy) -> dict[str, Any]:
    """Return marks/1 of the vacancy, candidates by candidate number; only locked and unmasked marks enter."""
    ruleset = competitions.ruleset(competition)
    people = registration.candidates(session, competition.id, vacancy_id=vacancy.id)
    numbers = {person.id: person.candidate_no for person in people}
    material = {part.key: _material(session, competition, vacancy, part) for part in ruleset.parts}
    absent = _absent(session, competition, ruleset, numbers)
    return {
        "schema": MARKS_SCHEMA,
        "vacancy": {"id": vacancy.code, "places": vacancy.places},
        "candidates": [
            {
                "id": person.candidate_no,
                "status": "absent" if person.status == "present" and person.id in absent else person.status,
                "parts": {key: found[person.id] for key, found in material.items() if person.id in found},
            }
            for person in people
        ],
        "decisions": _decisions(session, competition, vacancy, numbers),
    }


def _material(
    session: Session, competition: Competition, vacancy: Vacancy, part: Part
) -> Mapping[int, dict[str, Any]]:
    if part.kind == "test":
        marked = sittings.test_marks(session, competition.id, part.key)
        return {who: {"value": value, "max": most} for who, (value, most) in marked.items()}
    if part.panel is not None:
        return interviews.panel_input(session, vacancy.id, part.key)
    return written(session, competition, part.key)


def written(session: Session, competition: Competition, part: str) -> dict[int, dict[str, Any]]:
    """Return the marks of unmasked scripts by candidate: the marking first, then each unmasked review."""
    found: dict[int, list[dict[str, Any]]] = {}
    for purpose in unmasking.unmasked_purposes(session, competition.id, part):
        hidden = unmasking.opened(session, competition.id, part, purpose)
        for masked_id, entries in marking.marks(session, competition.id, part, purpose).items():
            found.setdefault(hidden[masked_id], []).extend(_marks(entries))
    return {candidate_id: {"marks": marks} for candidate_id, marks in found.items()}


def _marks(entries: Sequence[MarkEntry]) -> list[dict[str, Any]]:
    return [
        {
            "marker": entry.signer,
            "round": entry.round,
            "value": plain(Decimal(entry.value)),
            **({"kind": "remark"} if entry.kind == "remark" else {}),
        }
        for entry in entries
    ]


def _absent(
    session: Session, competition: Competition, ruleset: RuleSet, numbers: Mapping[int, str]
) -> set[int]:
    """Return who was recorded absent from a part that is held in a room."""
    found: set[int] = set()
    for part in ruleset.parts:
        for candidate_id, status in sittings.attendance(session, competition.id, part.key).items():
            if candidate_id in numbers and status in ("absent", "refused_late"):
                found.add(candidate_id)
    return found


def _decisions(
    session: Session, competition: Competition, vacancy: Vacancy, numbers: Mapping[int, str]
) -> list[dict[str, Any]]:
    known = set(numbers.values())
    rows = [
        row
        for row in competitions.decisions(session, competition.id)
        if row.kind in RANKING_DECISIONS and _concerns(row, vacancy, known)
    ]
    minutes = dict(
        session.execute(
            select(SignedPaper.id, SignedPaper.number).where(SignedPaper.id.in_([r.paper_id for r in rows]))
        )
        .tuples()
        .all()
    )
    return [{"kind": row.kind, "minute": minutes[row.paper_id], **row.payload} for row in rows]


def _concerns(row: Decision, vacancy: Vacancy, known: set[str]) -> bool:
    if row.vacancy_id is not None:
        return row.vacancy_id == vacancy.id
    return row.payload.get("candidate") in known
