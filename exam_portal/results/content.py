# SPDX-License-Identifier: Apache-2.0
"""What a publication states (exam-portal/publication/1): nothing but what its runs computed, for everybody.

Names stand in it only as far as the rule set lets them: of all, of those selected, or of nobody; before the
result is recognised, of nobody unless the rule set names all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.db import Session
from exam_portal.core.names import ERASED
from exam_portal.results.models import Publication, Run
from exam_portal.results.people import people

PUBLICATION_SCHEMA = "exam-portal/publication/1"
MARKS, RESULTS = "marks", "results"
STATED: Mapping[str, Sequence[str]] = {
    MARKS: ("id", "total", "parts"),
    RESULTS: ("id", "outcome", "rank", "total", "tie_rule", "parts"),
}


def build(
    session: Session,
    competition: Competition,
    runs: Sequence[tuple[Vacancy, Run]],
    *,
    number: int,
    kind: str,
    supersedes: Publication | None,
    reason: str,
    recognition: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the whole content; its canonical form is what is approved and hashed."""
    names = _names(session, competition, runs, kind)
    content: dict[str, Any] = {
        "_": PUBLICATION_SCHEMA,
        "number": number,
        "kind": kind,
        "supersedes": supersedes.number if supersedes is not None else None,
        "reason": reason,
        "competition": {
            "code": competition.code,
            "title": {"vi": competition.title, "en": competition.title_en},
        },
        "ruleset": competition.ruleset_hash,
        "vacancies": [_vacancy(vacancy, run, kind, names) for vacancy, run in runs],
    }
    return content | ({"recognition": dict(recognition)} if recognition else {})


def states_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two publications state the same of the same people, whatever their numbers and reasons."""
    return _facts(one) == _facts(other)


def _facts(content: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(one["vacancy"], one["candidates"]) for one in content["vacancies"]]


def _vacancy(vacancy: Vacancy, run: Run, kind: str, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "vacancy": vacancy.code,
        "title": {"vi": vacancy.title, "en": vacancy.title_en},
        "unit": vacancy.unit,
        "places": vacancy.places,
        "run": str(run.number),
        "candidates": [_row(row, kind, names, preference_of(run)) for row in run.output["candidates"]],
    }


def preference_of(run: Run) -> dict[str, str]:
    """Return the preference points that went into a run, by candidate number; of those who have any."""
    given = ((one["id"], one.get("preference_points")) for one in run.input["candidates"])
    return {number: points for number, points in given if points}


def _row(
    row: Mapping[str, Any], kind: str, names: Mapping[str, str], preference: Mapping[str, str]
) -> dict[str, Any]:
    stated = {key: row[key] for key in STATED[kind]}
    for key, known in (("name", names), ("preference_points", preference)):
        if row["id"] in known:
            stated[key] = known[row["id"]]
    return stated


def _names(
    session: Session, competition: Competition, runs: Sequence[tuple[Vacancy, Run]], kind: str
) -> dict[str, str]:
    """Return the names that may stand in the publication, by candidate number."""
    rule = competitions.ruleset(competition).publication.names
    if rule == "codes_only" or (kind == MARKS and rule != "all"):
        return {}
    named = {
        row["id"]
        for _, run in runs
        for row in run.output["candidates"]
        if rule == "all" or row["outcome"] == "selected"
    }
    numbers = {
        one.account_id: one.candidate_no
        for one in people(session, competition.id)
        if one.candidate_no in named
    }
    return {
        numbers[account]: name
        for account, name in accounts.names_of(session, numbers).items()
        if name != ERASED
    }
