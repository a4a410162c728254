# SPDX-License-Identifier: Apache-2.0
"""Whether a decision fits candidates and marks: the ranking is tried with it before it goes on record."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from exam_portal.competitions import decisions
from exam_portal.competitions.errors import Fault
from exam_portal.competitions.models import Competition, Decision, Vacancy
from exam_portal.core.db import Session
from exam_portal.results import marks_input
from exam_portal.results.marks_input import RANKING_DECISIONS
from exam_portal.results.people import Person
from scoring.marks import read_marks
from scoring.ranking import rank
from scoring.reading import UnusableInput
from scoring.ruleset import RuleSet

FIELD = re.compile(r"\.(\w+).*")  # of the path of a mistake in one decision


def register() -> None:
    """No decision goes on record from now on that no ranking could be made with."""
    decisions.checked_by(faults)


def faults(session: Session, decision: Decision, minute: str, supersedes: Decision | None) -> Sequence[Fault]:
    """Return which fields of a decision about to be recorded do not fit, each with what would be right."""
    competition = session.get_one(Competition, decision.competition_id)
    known = marks_input.common(session, competition)
    people = [
        person
        for vacancy_id, found in known.people.items()
        if decision.vacancy_id in {None, vacancy_id}
        for person in found
    ]
    if unknown := _unknown(decision, people):
        return [unknown]
    if decision.kind not in RANKING_DECISIONS:
        return []
    named = [one.vacancy_id for one in people if one.candidate_no == decision.payload.get("candidate")]
    vacancy = session.get_one(Vacancy, decision.vacancy_id or named[0])
    gathered = marks_input.gather(session, competition, vacancy, dataclasses.replace(known, decisions=()))
    others = [each for each in marks_input.decided(known, vacancy) if each[0] is not supersedes]
    gathered["decisions"] = marks_input.listed(others)
    return list(_tried(known.ruleset, gathered, marks_input.listed([(decision, minute)])[0]))


def _unknown(decision: Decision, people: Sequence[Person]) -> Fault | None:
    numbers = tuple(person.candidate_no for person in people)
    if not set(decision.payload.get("order", ())) <= set(numbers):
        return Fault("order", "candidate", numbers)
    if "candidate" in decision.payload and decision.payload["candidate"] not in numbers:
        return Fault("candidate", "candidate", numbers)
    return None


def _tried(ruleset: RuleSet, gathered: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what the ranking of the vacancy objects to in exactly this decision."""
    objections, output = _ranked(ruleset, gathered, entry)
    for field in objections:
        if field == "ballot":
            yield Fault("ballot", "ballot", _ballots(gathered, entry))
        elif field == "candidate" or (field == "" and "candidate" in entry):
            yield Fault("candidate", "uncalled", _called(ruleset, gathered, entry))
        else:
            yield Fault("kind", "kind")
    for lack in output["pending"] if output else ():
        if lack["code"] == "tie_decision_required" and set(entry.get("order", ())) & set(lack["candidates"]):
            yield Fault("order", "order", tuple(lack["candidates"]))


def _ranked(
    ruleset: RuleSet, gathered: Mapping[str, Any], entry: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any] | None]:
    """Return to which fields of one decision more the ranking objects, or the ranking with it.

    Where another decision is at fault already, this one is tried by itself.
    """
    decided = [*gathered["decisions"], entry]
    try:
        return [], rank(ruleset, read_marks({**gathered, "decisions": decided}, ruleset)).to_json()
    except UnusableInput as refused:
        own = f"decisions[{len(decided) - 1}]"
        places = [path.removeprefix(own) for path, _ in refused.pairs if path.startswith(own)]
        if not places and gathered["decisions"]:
            return _ranked(ruleset, {**gathered, "decisions": []}, entry)
        return list(dict.fromkeys(FIELD.sub(r"\1", place) for place in places)), None


def _called(ruleset: RuleSet, gathered: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the numbers of those about whom this can be decided."""
    numbers = [candidate["id"] for candidate in gathered["candidates"]]
    trials = ((number, _ranked(ruleset, gathered, {**entry, "candidate": number})) for number in numbers)
    return tuple(number for number, (objections, _) in trials if not set(objections) - {"ballot"})


def _ballots(gathered: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the numbers of the candidate's ballots of which one can be left out; none: too few are left."""
    given = next(one for one in gathered["candidates"] if one["id"] == entry["candidate"])
    box = given["parts"][entry["part"]]["ballots"]
    numbers = tuple(str(ballot.get("slip") or ballot["member"]) for ballot in box)
    return () if entry["ballot"] in numbers else numbers
