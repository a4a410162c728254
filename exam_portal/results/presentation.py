# SPDX-License-Identifier: Apache-2.0
"""What the pages of results show: steps to publication, sheets with names and pages, differences in words."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date as calendar_date
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind, Vacancy
from exam_portal.core.db import Session
from exam_portal.registration import queries as registration
from exam_portal.results import content, explanations, queries, sheet
from exam_portal.results.models import Publication, PublicationApproval, Run
from exam_portal.results.people import people
from exam_portal.results.sheet import Sheet
from exam_portal.web.filters import date, mark
from scoring.effect import CandidateEffect, Change

Kind = MilestoneKind
# each step, in words once it has been done and while it still lies ahead
ORDER = (
    (Kind.MARKS_POSTED, _l("Marks posted"), _l("Post the marks")),
    (Kind.REVIEWS_CLOSED, _l("Reviews closed"), _l("Close the reviews")),
    (
        Kind.OPINION_RECORDED,
        _l("Opinion of the Party committee recorded"),
        _l("Record the opinion of the Party committee"),
    ),
    (Kind.RECOGNISED, _l("Result recognised"), _l("Record the decision of recognition")),
    (Kind.PUBLISHED, _l("Result published"), _l("Publish the result")),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VacancyRow:
    """A vacancy as the overview lists it."""

    vacancy: Vacancy
    candidates: int
    run: Run | None

    @property
    def pending(self) -> int:
        """How much is lacking in its last run."""
        return len(self.run.output["pending"]) if self.run is not None else 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step of the order, and what it was recorded from."""

    kind: MilestoneKind
    words: str
    at: datetime | None
    milestone: Milestone | None
    is_next: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """Who has approved, when, and on which paper."""

    name: str
    at: datetime
    paper: str
    paper_number: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changes for one candidate, in words; ``line``: in | out where the line of places is crossed."""

    number: str
    changes: Sequence[tuple[str, str, str]]
    line: str


def vacancy_rows(session: Session, competition: Competition) -> list[VacancyRow]:
    """Return each vacancy with its last run: three queries, whatever their number."""
    last = queries.latest_runs(session, competition.id)
    counts: dict[int, int] = {}
    for person in people(session, competition.id):
        counts[person.vacancy_id] = counts.get(person.vacancy_id, 0) + 1
    return [
        VacancyRow(vacancy=one, candidates=counts.get(one.id, 0), run=last.get(one.id))
        for one in competition.vacancies
    ]


def step_rows(session: Session, competition: Competition) -> list[StepRow]:
    """Return the order in which the rule set lets results become public, and how far it has been walked."""
    wanted = set(competitions.ruleset(competition).publication.order)
    found: dict[str, Milestone] = {}
    for milestone in competitions.milestones_of(session, competition.id):
        found[milestone.kind] = milestone
    rows: list[StepRow] = []
    for kind, done, ahead in ORDER:
        if kind.value not in wanted:
            continue
        milestone_of = found.get(kind.value)
        is_next = milestone_of is None and all(row.at is not None for row in rows)
        rows.append(
            StepRow(
                kind=kind,
                words=str(ahead if milestone_of is None else done),
                at=milestone_of.at if milestone_of else None,
                milestone=milestone_of,
                is_next=is_next,
            )
        )
    return rows


def staff_sheet(session: Session, competition: Competition, vacancy: Vacancy, run: Run) -> Sheet:
    """Return the sheet of a run with every name and every figure's page."""
    names = {
        one.candidate_no: one.name
        for one in registration.candidates(session, competition.id, vacancy_id=vacancy.id)
    }
    return sheet.of_run(
        competition,
        vacancy,
        run.number,
        run.output,
        names=names,
        sources=queries.sources(session, competition, vacancy),
        preference=content.preference_of(run),
        overtaken=queries.overtaken(session, competition, vacancy, run),
    )


def public_sheets(competition: Competition, publication: Publication) -> list[Sheet]:
    """Return the sheets that a publication states."""
    return [sheet.of_publication(competition, each) for each in publication.content["vacancies"]]


def approvers(session: Session, given: Sequence[PublicationApproval]) -> list[Approver]:
    """Return who has approved, by name."""
    names = accounts.names_of(session, [one.by for one in given])
    papers = queries.approver_papers(session, given)
    return [
        Approver(
            name=papers[one.signed_paper_id].signed_by if one.signed_paper_id else names.get(one.by, ""),
            at=one.at,
            paper=papers[one.signed_paper_id].public_id if one.signed_paper_id else "",
            paper_number=papers[one.signed_paper_id].number if one.signed_paper_id else "",
        )
        for one in given
    ]


def differences(
    session: Session, publication: Publication, titles: Mapping[str, str]
) -> list[tuple[str, list[Difference]]]:
    """Return by vacancy's title what a publication changes against the one that it supersedes."""
    before = queries.former(session, publication)
    if before is None:
        return []
    found = queries.effects(before.content, publication.content)
    return [
        (f"{vacancy['vacancy']} – {vacancy['title']['vi']}", [_difference(one, titles) for one in changes])
        for vacancy, changes in found
    ]


def run_differences(before: Run, after: Run, titles: Mapping[str, str]) -> list[Difference]:
    """Return what a run changes against the one before it."""
    return changes_of(queries.run_effects(before, after), titles)


def changes_of(effects: Sequence[CandidateEffect], titles: Mapping[str, str]) -> list[Difference]:
    """Return what changes for each candidate, in words."""
    return [_difference(one, titles) for one in effects]


def _difference(one: CandidateEffect, titles: Mapping[str, str]) -> Difference:
    marks = dict(one.marks)
    rows: list[tuple[str, str, str]] = [
        (title, mark(marks[part].before), mark(marks[part].after))
        for part, title in titles.items()
        if part in marks
    ]
    rows += _row(gettext("Total"), one.total, mark)
    rows += _row(gettext("Rank"), one.rank, _plain)
    rows += _row(gettext("Outcome"), one.outcome, _outcome)
    return Difference(number=one.candidate, changes=rows, line=one.line or "")


def _row(name: str, change: Change | None, words: Any) -> list[tuple[str, str, str]]:
    return [] if change is None else [(name, words(change.before), words(change.after))]


def _plain(value: object) -> str:
    return "–" if value is None else str(value)


def _outcome(value: str | None) -> str:
    return str(explanations.OUTCOMES[value][0]) if value else "–"


def columns_of(competition: Competition) -> list[sheet.Column]:
    """Return the parts of the competition as columns."""
    return sheet.columns(competitions.ruleset(competition))


def own_line(
    session: Session,
    competition: Competition,
    vacancy: Vacancy,
    published: Sequence[Publication],
    number: str,
) -> sheet.Line | None:
    """Return a candidate's line as last published, with the steps of exactly the run that it states.

    The newest publication that states the candidate counts; outcome and rank only as far as it states them.
    """
    for publication in published:
        stated = queries.candidate_row(publication, number)
        run = queries.run_of_publication(session, publication, vacancy.id)
        if stated is None or run is None:
            continue
        computed = next(row for row in run.output["candidates"] if row["id"] == number)
        row = {**stated[1], "explanation": computed["explanation"]}
        shown = sheet.of_publication(competition, {**stated[0], "candidates": [row]})
        return shown.lines[0]
    return None


def titles_of(competition: Competition) -> dict[str, str]:
    """Return the words for each part of the competition."""
    return {column.key: column.title for column in columns_of(competition)}


def day(instant: datetime) -> str:
    """Return the local calendar day of an instant."""
    return date(instant)


def recognition(publication: Publication) -> tuple[str, calendar_date] | None:
    """Return number and day of the decision that recognised what a publication states."""
    stated = publication.content.get("recognition")
    return (stated["number"], calendar_date.fromisoformat(stated["date"])) if stated else None
