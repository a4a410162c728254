# SPDX-License-Identifier: Apache-2.0
"""Everything that was marked for one vacancy, gathered as exam-portal/marks/1: what the ranking reads.

Candidates appear by number, markers under a code of this competition: a bundle names nobody.
"""

import base64
import copy
import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Decision, DecisionKind, Vacancy
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.interviews import queries as interviews
from exam_portal.marking import queries as marking
from exam_portal.marking.queries import MarkEntry
from exam_portal.registration import preference
from exam_portal.results import errors, proceeding, unmasking
from exam_portal.results.people import Person, people
from exam_portal.sittings import queries as sittings
from scoring.marks import read_marks
from scoring.ranking import Ranking, rank
from scoring.reading import UnusableInput
from scoring.reconcile import differ
from scoring.rounding import plain
from scoring.ruleset import RuleSet
from scoring.ruleset.conduct import DEDUCTIONS
from scoring.ruleset.parts import Part
from scoring.standing import FAILED

MARKS_SCHEMA = "exam-portal/marks/1"
AWAY = frozenset({"absent", "refused_late"})
RANKING_DECISIONS = frozenset(
    {
        DecisionKind.PROCEED,
        DecisionKind.TIE,
        DecisionKind.PANEL_KEEP,
        DecisionKind.PANEL_EXCLUDE,
        DecisionKind.CHAIR_MARK,
    }
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What the vacancies of a competition share, read once for all of them."""

    ruleset: RuleSet
    people: Mapping[int, Sequence[Person]]  # by vacancy
    material: Mapping[str, Mapping[int, dict[str, Any]]]  # of tests and scripts, by part
    away: frozenset[int]
    decisions: Sequence[tuple[Decision, str]]  # in force, in their order, each with its document's number
    overtaken: Mapping[tuple[int, str, str], datetime]  # candidate, part, kind of decision -> not before
    preference: Mapping[int, Decimal]  # points above nought, by application
    sanctions: Mapping[str, Mapping[int, str]] = dataclasses.field(default_factory=dict)  # by part: levels
    foreseen_loss: tuple[frozenset[int], datetime] | None = None  # who would fail a gate, and when


def common(session: Session, competition: Competition) -> Common:
    """Return what all vacancies share: the same number of queries, whatever their number."""
    ruleset = competitions.ruleset(competition)
    found: dict[int, list[Person]] = {}
    for person in people(session, competition.id):
        found.setdefault(person.vacancy_id, []).append(person)
    return Common(
        ruleset=ruleset,
        people=found,
        material={
            part.key: _material(session, competition, part) for part in ruleset.parts if part.panel is None
        },
        away=_away(session, competition, ruleset),
        decisions=_decisions(session, competition),
        overtaken=_overtaken(session, competition, ruleset),
        preference=preference.points(session, competition.id),
        sanctions=_sanctions(session, competition, ruleset),
    )


def gather(
    session: Session, competition: Competition, vacancy: Vacancy, shared: Common | None = None
) -> dict[str, Any]:
    """Return marks/1 of the vacancy, candidates by candidate number; only locked and unmasked marks enter."""
    known = shared or common(session, competition)
    found = known.people.get(vacancy.id, ())
    material = {
        part.key: known.material[part.key]
        if part.panel is None
        else interviews.panel_input(session, vacancy.id, part.key)
        for part in known.ruleset.parts
    }
    gathered = {
        "schema": MARKS_SCHEMA,
        "vacancy": {"id": vacancy.code, "places": vacancy.places},
        "candidates": [
            {
                "id": person.candidate_no,
                "status": person.status,
                "parts": {key: marks[person.id] for key, marks in material.items() if person.id in marks},
                **_preference(known, person),
                **_sanctioned(known, person),
            }
            for person in found
        ],
        "decisions": listed(decided(known, vacancy)),
    }
    away = {one.candidate_no for one in found if one.id in known.away and one.status == "present"}
    _note_absence(gathered, known.ruleset, away)
    if old := _outdated(session, competition, vacancy, known, gathered):
        gathered["decisions"] = listed([each for each in decided(known, vacancy) if each not in old])
    return gathered


def outdated_proceeds(
    session: Session, competition: Competition, vacancy: Vacancy
) -> list[tuple[Decision, str]]:
    """Return the decisions to go on that do not count any more, with the numbers of their documents."""
    known = common(session, competition)
    gathered = gather(session, competition, vacancy, known)
    return _outdated(session, competition, vacancy, known, gathered)


def compute(competition: Competition, gathered: Mapping[str, Any]) -> Ranking:
    """Return the ranking of what was gathered, by the rule set of the competition."""
    return _rank(competitions.ruleset(competition), gathered)


def _rank(ruleset: RuleSet, gathered: Mapping[str, Any]) -> Ranking:
    try:
        return rank(ruleset, read_marks(gathered, ruleset))
    except UnusableInput as refused:
        minutes = [decision["minute"] for decision in gathered["decisions"]]
        raise errors.MarksUnusable(refused.problems, minutes) from refused


def _material(session: Session, competition: Competition, part: Part) -> dict[int, dict[str, Any]]:
    if part.kind == "test":
        marked = sittings.test_marks(session, competition.id, part.key)
        corrected = sittings.corrected_tests(session, competition.id, part.key)
        return {
            who: test_material(value, most, corrected.get(who, ())) for who, (value, most) in marked.items()
        }
    return {
        who: {"marks": [_mark(session, competition, purpose, entry) for purpose, entry in entries]}
        for who, entries in written(session, competition.id, part.key).items()
        if entries
    }


def test_material(value: str, most: str, corrections: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the points of a test as exam-portal/marks/1 takes them, with the questions corrected."""
    named = [{"question": each["question"], "kind": each["kind"]} for each in corrections]
    return {"value": value, "max": most, **({"corrections": named} if named else {})}


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
    words = f"{competition.public_id}/{names.reading(signer)}"
    return "M-" + base64.b32encode(session.keys.index(words, "results.marker")).decode("ascii")[:8]


def _away(session: Session, competition: Competition, ruleset: RuleSet) -> frozenset[int]:
    """Return who was found absent from a part that is held in a room, or did not come to a panel."""
    return interviews.absent_candidates(session, competition.id) | frozenset(
        candidate_id
        for part in ruleset.parts
        for candidate_id, status in sittings.attendance(session, competition.id, part.key).items()
        if status in AWAY
    )


def _note_absence(gathered: dict[str, Any], ruleset: RuleSet, away: Collection[str]) -> None:
    """Who stayed away is absent; who had failed before stays failed, and need not have come."""
    if not away:
        return
    failed = {row.standing.candidate.id for row in _rank(ruleset, gathered).rows if row.outcome == "failed"}
    for candidate in gathered["candidates"]:
        if candidate["id"] in away and candidate["id"] not in failed:
            candidate["status"] = "absent"


def _decisions(session: Session, competition: Competition) -> list[tuple[Decision, str]]:
    """Return the decisions in force in the order in which they were taken, with their documents' numbers."""
    found = reversed(competitions.decisions(session, competition.id))
    rows = [row for row in found if row.kind in RANKING_DECISIONS]
    papers = select(SignedPaper.id, SignedPaper.number).where(SignedPaper.id.in_([r.paper_id for r in rows]))
    numbers = dict(session.execute(papers).all()) if rows else {}
    return [(row, numbers[row.paper_id]) for row in rows]


def decided(known: Common, vacancy: Vacancy) -> list[tuple[Decision, str]]:
    """Return the decisions in force about this vacancy and its candidates, with their documents' numbers."""
    numbers = {person.candidate_no: person.id for person in known.people.get(vacancy.id, ())}
    return [
        (row, minute)
        for row, minute in known.decisions
        if _concerns(row, vacancy, numbers) and not _is_overtaken(known, row, numbers)
    ]


def _overtaken(
    session: Session, competition: Competition, ruleset: RuleSet
) -> dict[tuple[int, str, str], datetime]:
    """Return until when a decision on a candidate's part was about figures that do not count any more.

    A repeated hearing takes the place of the ballots that a decision spoke of. A correction may close the
    gap that the chair had settled; as the rule set then makes the mark of the two alone, it is left aside.
    """
    found: dict[tuple[int, str, str], datetime] = {
        (candidate_id, part, kind): at
        for (candidate_id, part), at in interviews.repeated(session, competition.id).items()
        for kind in (DecisionKind.PANEL_KEEP, DecisionKind.PANEL_EXCLUDE)
    }
    for part in ruleset.parts:
        if part.marking is None or part.marking.resolve != "chair_decides":
            continue
        for candidate_id, entries in written(session, competition.id, part.key).items():
            own = [entry for purpose, entry in entries if purpose == unmasking.MARKING]
            corrected = [entry.at for entry in own if entry.is_correction]
            values = [entry.value for entry in own]
            if corrected and not differ(part.marking.discrepancy, values, ruleset.numbers.scale):
                found[candidate_id, part.key, DecisionKind.CHAIR_MARK] = max(corrected)
    return found


def _is_overtaken(known: Common, row: Decision, ids: Mapping[str, int]) -> bool:
    candidate_id = ids.get(row.payload.get("candidate", ""), 0)
    since = known.overtaken.get((candidate_id, row.payload.get("part", ""), row.kind))
    return since is not None and row.recorded_at <= since


def listed(chosen: Sequence[tuple[Decision, str]]) -> list[dict[str, Any]]:
    """Return decisions as exam-portal/marks/1 takes them."""
    return [{"kind": row.kind, "minute": minute, **_payload(row)} for row, minute in chosen]


def _outdated(
    session: Session, competition: Competition, vacancy: Vacancy, known: Common, gathered: Mapping[str, Any]
) -> list[tuple[Decision, str]]:
    """Return the decisions to go on that somebody's loss has overtaken; without any, nothing is read."""
    proceeds = [each for each in decided(known, vacancy) if each[0].kind == DecisionKind.PROCEED]
    if not proceeds:
        return []
    found = known.people.get(vacancy.id, ())
    lost_at = proceeding.last_loss(
        session,
        competition,
        known.ruleset,
        found,
        absent={row["id"] for row in gathered["candidates"] if row["status"] == "absent"},
        failed_by_review=bool(
            _failed(known.ruleset, gathered) - _failed(known.ruleset, _unreviewed(gathered))
        ),
    )
    if known.foreseen_loss is not None and "gate" in known.ruleset.vacancy.recheck_min_after:
        would_fail, at = known.foreseen_loss
        lost_at = max(lost_at or at, at) if would_fail & {one.id for one in found} else lost_at
    return [each for each in proceeds if lost_at is not None and each[0].recorded_at < lost_at]


def _failed(ruleset: RuleSet, gathered: Mapping[str, Any]) -> set[str]:
    """Return the numbers of those who have failed a gate for certain."""
    return {row.standing.candidate.id for row in _rank(ruleset, gathered).rows if row.standing.gate == FAILED}


def _unreviewed(gathered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the input as it was before marks were given again."""
    before: dict[str, Any] = copy.deepcopy(dict(gathered))
    for candidate in before["candidates"]:
        for part in candidate["parts"].values():
            if "marks" in part:
                part["marks"] = [mark for mark in part["marks"] if mark.get("kind") != "remark"]
    return before


def _preference(known: Common, person: Person) -> dict[str, str]:
    """Return the points that vetting found, where the rule set counts them."""
    points = known.preference.get(person.application_id)
    is_counted = known.ruleset.total.preference_points.enabled
    return {"preference_points": plain(points)} if points and is_counted else {}


def _sanctions(session: Session, competition: Competition, ruleset: RuleSet) -> dict[str, dict[int, str]]:
    """Return by part the gravest that was confirmed, of the levels that the rule set says take something."""
    stated = [level for level in DEDUCTIONS if ruleset.sanctions.deduction(level) is not None]
    if not stated:
        return {}
    return {
        part.key: sittings.sanctioned(session, competition.id, part.key, stated) for part in ruleset.parts
    }


def _sanctioned(known: Common, person: Person) -> dict[str, list[dict[str, str]]]:
    rows = [
        {"part": part, "level": levels[person.id]}
        for part, levels in known.sanctions.items()
        if person.id in levels
    ]
    return {"sanctions": rows} if rows else {}


def _payload(row: Decision) -> dict[str, Any]:
    payload = dict(row.payload)
    if "value" in payload:
        payload["value"] = plain(Decimal(payload["value"]))
    return payload


def _concerns(row: Decision, vacancy: Vacancy, known: Collection[str]) -> bool:
    if row.vacancy_id is not None:
        return row.vacancy_id == vacancy.id
    return row.payload.get("candidate") in known
