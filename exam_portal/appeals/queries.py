# SPDX-License-Identifier: Apache-2.0
"""Reads of reviews: requests with where they stand. Old marks stay hidden until the review is marked."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from exam_portal.accounts import queries as accounts
from exam_portal.appeals.models import ReviewRequest, ReviewStep
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.keystore import KeyErased
from exam_portal.marking import queries as marking
from exam_portal.registration.models import Candidate
from exam_portal.results import unmasking
from exam_portal.sittings.models import Script

CONTEXT = "appeals.words"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RequestEntry:
    """A request as lists show one.

    ``state``: requested | refused | admitted | bagged | marked | lifted | decided.
    """

    id: int
    public_id: str
    receipt_no: str
    candidate_no: str
    candidate_public_id: str
    name: str
    part: str
    reason_code: str
    requested_at: datetime
    state: str
    steps: Mapping[str, ReviewStep]

    @property
    def purpose(self) -> str:
        """Under which its script is masked anew."""
        return purpose_of(self.public_id)


def purpose_of(public_id: str) -> str:
    """Return the purpose of the masks of a review."""
    return f"review:{public_id}"


def requests(session: Session, competition_id: int) -> list[RequestEntry]:
    """Return the requests of a competition by receipt: six queries, whatever their number."""
    return _entries(session, competition_id, ReviewRequest.competition_id == competition_id)


def own_requests(session: Session, candidate_ids: Collection[int]) -> Sequence[ReviewRequest]:
    """Return what these candidates have asked for, the first request first: one query."""
    return session.scalars(
        select(ReviewRequest).where(ReviewRequest.candidate_id.in_(candidate_ids)).order_by(ReviewRequest.id)
    ).all()


def entry(session: Session, request: ReviewRequest) -> RequestEntry:
    """Return one request with where it stands."""
    return _entries(session, request.competition_id, ReviewRequest.id == request.id)[0]


def request(session: Session, competition: Competition, public_id: str) -> ReviewRequest:
    """Return a request of this competition, else NotFound."""
    found = session.scalar(
        select(ReviewRequest).where(
            ReviewRequest.public_id == public_id, ReviewRequest.competition_id == competition.id
        )
    )
    if found is None:
        raise NotFound
    return found


def steps(session: Session, request_id: int) -> dict[str, ReviewStep]:
    """Return what has happened to a request, by kind."""
    rows = session.scalars(select(ReviewStep).where(ReviewStep.request_id == request_id))
    return {row.kind: row for row in rows}


def count_waiting(session: Session, competition_id: int) -> int:
    """Return how many requests are neither refused nor decided."""
    ended = exists().where(
        ReviewStep.request_id == ReviewRequest.id, ReviewStep.kind.in_(("refused", "decided"))
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(ReviewRequest)
            .where(ReviewRequest.competition_id == competition_id, ~ended)
        )
        or 0
    )


def script_of(session: Session, request: ReviewRequest) -> Script | None:
    """Return the script that is to be marked again."""
    return session.scalar(
        select(Script).where(Script.candidate_id == request.candidate_id, Script.part == request.part)
    )


def words_of(session: Session, request: ReviewRequest) -> str:
    """Return what the candidate wrote, opened with the candidate's key; or that it was erased."""
    candidate = session.get_one(Candidate, request.candidate_id)
    account = accounts.account(session, candidate.account_id)
    try:
        return session.keys.open(account.key_id, request.words, CONTEXT).decode()
    except KeyErased:
        return names.ERASED


def vacancy_of(session: Session, request: ReviewRequest) -> Vacancy:
    """Return the vacancy for which the candidate competes."""
    candidate = session.get_one(Candidate, request.candidate_id)
    return session.get_one(Vacancy, candidate.vacancy_id)


def mark_of(output: Mapping[str, Any], candidate_no: str, part: str) -> str | None:
    """Return a candidate's mark of a part in a ranking."""
    row = next(one for one in output["candidates"] if one["id"] == candidate_no)
    mark: str | None = row["parts"][part]["mark"]
    return mark


def _entries(session: Session, competition_id: int, wanted: Any) -> list[RequestEntry]:
    rows = session.execute(
        select(ReviewRequest, Candidate)
        .join(Candidate, Candidate.id == ReviewRequest.candidate_id)
        .where(wanted)
        .order_by(ReviewRequest.id)
    ).all()
    found: dict[int, dict[str, ReviewStep]] = {row[0].id: {} for row in rows}
    for step in session.scalars(select(ReviewStep).where(ReviewStep.request_id.in_(found))):
        found[step.request_id][step.kind] = step
    locked = set(marking.locks(session, competition_id))
    lifted = set(unmasking.lifted_of(session, competition_id))
    people = accounts.names_of(session, {row[1].account_id for row in rows})
    return [
        RequestEntry(
            id=row.id,
            public_id=row.public_id,
            receipt_no=row.receipt_no,
            candidate_no=candidate.candidate_no,
            candidate_public_id=candidate.public_id,
            name=people.get(candidate.account_id, ""),
            part=row.part,
            reason_code=row.reason_code,
            requested_at=row.requested_at,
            state=_state(row, found[row.id], locked, lifted),
            steps=found[row.id],
        )
        for row, candidate in rows
    ]


def _state(
    row: ReviewRequest,
    happened: Mapping[str, ReviewStep],
    locked: set[tuple[str, str]],
    lifted: set[tuple[str, str]],
) -> str:
    place = (row.part, purpose_of(row.public_id))
    for name in ("decided", "refused"):
        if name in happened:
            return name
    if place in lifted:
        return "lifted"
    if place in locked:
        return "marked"
    order: Sequence[str] = ("bagged", "admitted")
    return next((name for name in order if name in happened), "requested")
