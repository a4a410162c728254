# SPDX-License-Identifier: Apache-2.0
"""Reads of results: runs, publications, what each figure came from, and the bundle."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from exam_portal.accounts import queries as accounts
from exam_portal.audit import queries as record
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, MilestoneKind, Vacancy
from exam_portal.core import names
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import queries as interviews
from exam_portal.marking import queries as marking
from exam_portal.registration.models import Candidate
from exam_portal.results import bundle as bundles
from exam_portal.results import marks_input, publications, runs, unmasking
from exam_portal.results.models import Publication, PublicationApproval, Run
from exam_portal.results.people import people
from exam_portal.sittings import handover
from scoring import effect
from scoring.rounding import plain

latest_run = runs.latest_run
latest_runs = runs.latest_runs
waiting_publication = publications.waiting
last_published = publications.last_published
approvals = publications.approvals
WITNESSES = (Role.SECRETARY, Role.CHAIR, Role.AUTHORITY, Role.OVERSIGHT, Role.ORGANISER, Role.COUNCIL)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A figure as it was given, and the signed page that it stands on (empty: given in the portal)."""

    kind: str  # mark | remark | ballots
    round: int
    value: str
    paper: str
    page: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MaskState:
    """How far a part is on its way from masked marks to candidates."""

    part: str
    purpose: str
    scripts: int
    is_locked: bool
    is_lifted: bool


def marks_input_of(session: Session, vacancy: Vacancy) -> dict[str, Any]:
    """Return everything that was marked for a vacancy as exam-portal/marks/1."""
    return marks_input.gather(session, vacancy.competition, vacancy)


def runs_of(session: Session, vacancy_id: int) -> Sequence[Run]:
    """Return the runs of a vacancy, the newest first."""
    return session.scalars(select(Run).where(Run.vacancy_id == vacancy_id).order_by(Run.number.desc())).all()


def run(session: Session, vacancy: Vacancy, number: int | None) -> Run | None:
    """Return a run of the vacancy by number, the last one when none is given; NotFound for an unknown one."""
    if number is None:
        return latest_run(session, vacancy.id)
    found = session.scalar(select(Run).where(Run.vacancy_id == vacancy.id, Run.number == number))
    if found is None:
        raise NotFound
    return found


def published(session: Session, competition_id: int) -> Sequence[Publication]:
    """Return what has been published, the newest first."""
    return session.scalars(
        select(Publication)
        .where(Publication.competition_id == competition_id, Publication.published_at.is_not(None))
        .order_by(Publication.number.desc())
    ).all()


def history(session: Session, competition_id: int) -> Sequence[Publication]:
    """Return every publication that was ever prepared, the newest first."""
    return session.scalars(
        select(Publication)
        .where(Publication.competition_id == competition_id)
        .order_by(Publication.id.desc())
    ).all()


def published_one(session: Session, competition: Competition, number: int) -> Publication:
    """Return a published publication by its number; NotFound for one that the public has not seen."""
    found = session.scalar(
        select(Publication).where(
            Publication.competition_id == competition.id,
            Publication.number == number,
            Publication.published_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def publication(session: Session, competition: Competition, public_id: str) -> Publication:
    """Return a publication of this competition, prepared or published, else NotFound."""
    found = session.scalar(
        select(Publication).where(
            Publication.public_id == public_id, Publication.competition_id == competition.id
        )
    )
    if found is None:
        raise NotFound
    return found


def former(session: Session, publication: Publication) -> Publication | None:
    """Return the publication that this one supersedes."""
    if publication.supersedes_id is None:
        return None
    return session.get_one(Publication, publication.supersedes_id)


def later(session: Session, publication: Publication) -> Publication | None:
    """Return the published publication that supersedes this one."""
    return session.scalar(
        select(Publication).where(
            Publication.supersedes_id == publication.id, Publication.published_at.is_not(None)
        )
    )


def public_competition(session: Session, public_id: str) -> Competition:
    """Return an announced competition, for anybody who knows its address."""
    return competitions.notice(session, public_id)


def effects(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[Mapping[str, Any], Sequence[effect.CandidateEffect]]]:
    """Return by vacancy what a publication changes against the one before it."""
    old = {one["vacancy"]: one for one in before["vacancies"]}
    nothing: dict[str, Any] = {"candidates": []}
    found = [(one, effect.effect(old.get(one["vacancy"], nothing), one)) for one in after["vacancies"]]
    return [(vacancy, changes) for vacancy, changes in found if changes]


def run_effects(before: Run, after: Run) -> Sequence[effect.CandidateEffect]:
    """Return what a run changes against another one of the same vacancy."""
    return effect.effect(before.output, after.output)


def sources(
    session: Session, competition: Competition, vacancy: Vacancy
) -> dict[tuple[str, str], list[Source]]:
    """Return by candidate number and part what was given, each figure with its page."""
    found: dict[tuple[str, str], list[Source]] = {}
    numbers = {one.id: one.candidate_no for one in people(session, competition.id, vacancy_id=vacancy.id)}
    for part in competitions.ruleset(competition).parts:
        if part.panel is not None:
            given = _ballots(session, vacancy, part.key)
        elif part.marking is not None:
            given = _marks(session, competition, part.key)
        else:
            continue
        found |= {(numbers[who], part.key): rows for who, rows in given.items() if who in numbers}
    return found


def overtaken(session: Session, competition: Competition, vacancy: Vacancy, run: Run) -> list[str]:
    """Return the documents' numbers of decisions to go on that a loss has overtaken, where one is lacking."""
    if all(lack["code"] != "min_candidates" for lack in run.output["pending"]):
        return []
    return [number for _, number in marks_input.outdated_proceeds(session, competition, vacancy)]


def _marks(session: Session, competition: Competition, part: str) -> dict[int, list[Source]]:
    return {
        who: [
            Source(
                kind="mark" if purpose == unmasking.MARKING else "remark",
                round=entry.round,
                value=plain(entry.value),
                paper=entry.paper_public_id or "",
                page=entry.page,
            )
            for purpose, entry in entries
        ]
        for who, entries in marks_input.written(session, competition.id, part).items()
    }


def _ballots(session: Session, vacancy: Vacancy, part: str) -> dict[int, list[Source]]:
    pages = interviews.ballot_pages(session, vacancy.id, part)
    return {
        who: [Source(kind="ballots", round=0, value="", paper=one.paper_public_id, page=one.page)]
        for who, one in pages.items()
    }


def masks(session: Session, competition: Competition) -> list[MaskState]:
    """Return what there is to lift: each part and review whose scripts were masked."""
    locks = marking.locks(session, competition.id)
    lifted = unmasking.lifted_of(session, competition.id)
    counts: dict[tuple[str, str], int] = {}
    for bag in handover.bags_of(session, competition.id):
        counts[bag.part, bag.purpose] = counts.get((bag.part, bag.purpose), 0) + bag.count
    return [
        MaskState(
            part=part,
            purpose=purpose,
            scripts=count,
            is_locked=(part, purpose) in locks,
            is_lifted=(part, purpose) in lifted,
        )
        for (part, purpose), count in counts.items()
    ]


def candidate_row(
    publication: Publication, candidate_no: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """Return the vacancy and the row in which a publication states a candidate."""
    for vacancy in publication.content["vacancies"]:
        for row in vacancy["candidates"]:
            if row["id"] == candidate_no:
                return vacancy, row
    return None


def run_of_publication(session: Session, publication: Publication, vacancy_id: int) -> Run | None:
    """Return the run that a publication states of a vacancy."""
    return session.scalar(
        select(Run).where(Run.public_id.in_(publication.runs), Run.vacancy_id == vacancy_id)
    )


def own_candidacies(session: Session, account_id: int) -> Sequence[tuple[Candidate, Competition, Vacancy]]:
    """Return where a person is a candidate and something has been published, the newest first."""
    has_published = select(Publication.competition_id).where(Publication.published_at.is_not(None))
    rows = session.execute(
        select(Candidate, Competition, Vacancy)
        .join(Competition, Competition.id == Candidate.competition_id)
        .join(Vacancy, Vacancy.id == Candidate.vacancy_id)
        .where(Candidate.account_id == account_id, Competition.id.in_(has_published))
        .order_by(Candidate.id.desc())
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def approver_papers(session: Session, given: Sequence[PublicationApproval]) -> Mapping[int, SignedPaper]:
    """Return the papers on which approvers signed by hand."""
    return record.papers_by_id(session, [one.signed_paper_id for one in given if one.signed_paper_id])


def witnesses(session: Session, competition: Competition, actor: Actor) -> list[accounts.AccountEntry]:
    """Return who may witness an unmasking: people of other boards than the masking board, by name."""
    found: dict[int, accounts.AccountEntry] = {}
    keepers: set[int] = {actor.account_id or 0}
    for role in (*WITNESSES, Role.MASKING_BOARD):
        for one in accounts.holders(
            session, role, organisation_id=competition.organisation_id, competition_id=competition.id
        ):
            if role is Role.MASKING_BOARD:
                keepers.add(one.id)
            found[one.id] = one
    return sorted(
        (one for one in found.values() if one.id not in keepers), key=lambda one: names.order(one.name)
    )


def is_public(session: Session, competition: Competition) -> bool:
    """Whether the result of the competition has been published: its bundle is then everybody's."""
    return (MilestoneKind.PUBLISHED, "1") in competitions.reached(session, competition.id)


def bundle(session: Session, competition: Competition) -> bytes:
    """Return the bundle of the competition as of its last checkpoint."""
    return bundles.packed(session, competition)
