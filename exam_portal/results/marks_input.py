# SPDX-License-Identifier: Apache-2.0
"""Everything that was marked for one vacancy, gathered as exam-portal/marks/1: what the ranking reads.

Candidates appear by number, markers under a code of this competition: a bundle names nobody.
"""

import base64
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
from exam_portal.results import errors, unmasking
from exam_portal.results.people import Person, people
from exam_portal.sittings import queries as sittings
from scoring.marks import read_marks
from scoring.ranking import Ranking, rank
from scoring.reading import UnusableInput
from scoring.rounding import plain
from scoring.ruleset import RuleSet
from scoring.ruleset.parts import Part

MARKS_SCHEMA = "exam-portal/marks/1"
AWAY = frozenset({"absent", "refused_late"})
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
    found = people(session, competition.id, vacancy_id=vacancy.id)
    material = {part.key: _material(session, competition, vacancy, part) for part in ruleset.parts}
    gathered = {
        "schema": MARKS_SCHEMA,
        "vacancy": {"id": vacancy.code, "places": vacancy.places},
        "candidates": [
            {
                "id": person.candidate_no,
                "status": person.status,
                "parts": {key: marks[person.id] for key, marks in material.items() if person.id in marks},
            }
            for person in found
        ],
        "decisions": _decisions(session, competition, vacancy, found),
    }
    _note_absence(gathered, ruleset, _away(session, competition, ruleset, found))
    return gathered


def compute(competition: Competition, gathered: Mapping[str, Any]) -> Ranking:
    """Return the ranking of what was gathered, by the rule set of the competition."""
    return _rank(competitions.ruleset(competition), gathered)


def _rank(ruleset: RuleSet, gathered: Mapping[str, Any]) -> Ranking:
    try:
        return rank(ruleset, read_marks(gathered, ruleset))
    except UnusableInput as refused:
        raise errors.MarksUnusable(tuple(f"{p.path}: {p.message}" for p in refused.problems)) from refused


def _material(
    session: Session, competition: Competition, vacancy: Vacancy, part: Part
) -> Mapping[int, dict[str, Any]]:
    if part.kind == "test":
        marked = sittings.test_marks(session, competition.id, part.key)
        return {who: {"value": value, "max": most} for who, (value, most) in marked.items()}
    if part.panel is not None:
        return interviews.panel_input(session, vacancy.id, part.key)
    marks = written(session, competition.id, part.key)
    return {
        who: {"marks": [_mark(session, competition, purpose, entry) for purpose, entry in entries]}
        for who, entries in marks.items()
        if entries
    }


def written(session: Session, competition_id: int, part: str) -> dict[int, list[tuple[str, MarkEntry]]]:
    """Return the marks of unmasked scripts by candidate, each with its purpose: the marking, then reviews."""
    found: dict[int, list[tuple[str, MarkEntry]]] = {}
    for purpose in unmasking.unmasked_purposes(session, competition_id, part):
        hidden = unmasking.opened(session, competition_id, part, purpose)
        for masked_id, entries in marking.marks(session, competition_id, part, purpose).items():
            found.setdefault(hidden[masked_id], []).extend((purpose, entry) for entry in entries)
    return found


def _mark(session: Session, competition: Competition, purpose: str, entry: MarkEntry) -> dict[str, Any]:
    return {
        "marker": marker_code(session, competition, entry.signer),
        "round": entry.round,
        "value": plain(entry.value),
        **({"kind": "remark"} if purpose != unmasking.MARKING else {}),
    }


def marker_code(session: Session, competition: Competition, signer: str) -> str:
    """Return the code under which a marker stands in every run of this competition, and nowhere else."""
    words = f"{competition.public_id}/{' '.join(signer.split()).casefold()}"
    return "M-" + base64.b32encode(session.keys.index(words, "results.marker")).decode("ascii")[:8]


def _away(
    session: Session, competition: Competition, ruleset: RuleSet, found: Sequence[Person]
) -> dict[str, str]:
    """Return who present was found absent from a part held in a room: candidate number -> status."""
    numbers = {person.id: person.candidate_no for person in found if person.status == "present"}
    return {
        numbers[candidate_id]: status
        for part in ruleset.parts
        for candidate_id, status in sittings.attendance(session, competition.id, part.key).items()
        if candidate_id in numbers and status in AWAY
    }


def _note_absence(gathered: dict[str, Any], ruleset: RuleSet, away: Mapping[str, str]) -> None:
    """Who stayed away is absent; who had failed before stays failed, and need not have come."""
    if not away:
        return
    failed = {row.standing.candidate.id for row in _rank(ruleset, gathered).rows if row.outcome == "failed"}
    for candidate in gathered["candidates"]:
        if candidate["id"] in away and candidate["id"] not in failed:
            candidate["status"] = "absent"


def _decisions(
    session: Session, competition: Competition, vacancy: Vacancy, found: Sequence[Person]
) -> list[dict[str, Any]]:
    """Return the decisions in force in the order in which they were taken."""
    known = {person.candidate_no for person in found}
    rows = [
        row
        for row in reversed(competitions.decisions(session, competition.id))
        if row.kind in RANKING_DECISIONS and _concerns(row, vacancy, known)
    ]
    papers = select(SignedPaper.id, SignedPaper.number).where(SignedPaper.id.in_([r.paper_id for r in rows]))
    numbers = dict(session.execute(papers).all()) if rows else {}
    return [{"kind": row.kind, "minute": numbers[row.paper_id], **_payload(row)} for row in rows]


def _payload(row: Decision) -> dict[str, Any]:
    payload = dict(row.payload)
    if "value" in payload:
        payload["value"] = plain(Decimal(payload["value"]))
    return payload


def _concerns(row: Decision, vacancy: Vacancy, known: set[str]) -> bool:
    if row.vacancy_id is not None:
        return row.vacancy_id == vacancy.id
    return row.payload.get("candidate") in known
