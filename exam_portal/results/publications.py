# SPDX-License-Identifier: Apache-2.0
"""Publications: prepared from current runs, approved by two on exactly this content, then numbered facts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import Account
from exam_portal.audit import service as audit
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import milestones, rulesets
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core import outbox
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.core.names import same_signer
from exam_portal.results import content, errors, letters, runs, steps
from exam_portal.results.content import MARKS, RESULTS
from exam_portal.results.models import Publication, PublicationApproval
from scoring.verify.canonical import sha256_of

APPROVALS = 2
REACHES = {MARKS: MilestoneKind.MARKS_POSTED, RESULTS: MilestoneKind.PUBLISHED}


def post_marks(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, reason: str = ""
) -> Publication:
    """The marks as computed now wait for two approvals to be posted; reviews can be asked for after that."""
    return prepare_publication(session, actor, now, competition=competition, kind=MARKS, reason=reason)


def prepare_publication(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    kind: str = RESULTS,
    reason: str = "",
) -> Publication:
    """A numbered publication of the current runs waits for two approvals; nothing is public yet.

    The order of the rule set holds: marks after the masks of every part, results after the recognition.
    """
    session.refresh(competition, with_for_update=True)
    if waiting(session, competition.id) is not None:
        raise errors.PublicationWaiting
    former = last_published(session, competition.id, kind)
    _check_order(session, competition, kind, former)
    if former is not None and not reason.strip():
        raise errors.ReasonMissing
    chosen = (
        runs.complete_runs(session, competition)
        if kind == RESULTS
        else runs.current_runs(session, competition)
    )
    recognition = steps.recognition(session, competition, chosen) if kind == RESULTS else None
    number = _next_number(session, competition.id)
    stated = content.build(
        session,
        competition,
        chosen,
        number=number,
        kind=kind,
        supersedes=former,
        reason=reason.strip() if former is not None else "",
        recognition=recognition,
    )
    if former is not None and content.states_the_same(former.content, stated):
        raise errors.NothingToPublish
    prepared = Publication(
        competition_id=competition.id,
        number=number,
        kind=kind,
        runs=[run.public_id for _, run in chosen],
        content=stated,
        content_hash=sha256_of(stated),
        reason=stated["reason"],
        supersedes_id=former.id if former is not None else None,
        prepared_by=runs.account(actor),
        prepared_at=now,
    )
    session.add(prepared)
    session.flush()
    _record(session, actor, now, prepared, "results.prepared")
    return prepared


def approve_publication(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    publication: Publication,
    content_hash: str,
    paper: SignedPaper | None = None,
) -> Publication:
    """One more approver has given the word on exactly this content; the second one publishes it.

    ``paper``: the approver has signed by hand, and the actor files the scan.
    """
    competition = session.get_one(Competition, publication.competition_id)
    session.refresh(competition, with_for_update=True)
    session.refresh(publication)
    _require_open(publication)
    if content_hash != publication.content_hash or sha256_of(publication.content) != content_hash:
        raise errors.ContentChanged
    given = approvals(session, publication.id)
    if runs.account(actor) in {one.by for one in given}:
        raise errors.AlreadyApproved
    _require_another_person(session, actor, publication, given, paper)
    _require_current(session, competition, publication)
    approval = PublicationApproval(
        publication_id=publication.id,
        content_hash=content_hash,
        signed_paper_id=paper.id if paper is not None else None,
        by=runs.account(actor),
        at=now,
    )
    session.add(approval)
    session.flush()
    facts = {"paper": paper.public_id if paper is not None else None}
    _record(session, actor, now, publication, "results.approved", **facts)
    if len(given) + 1 >= APPROVALS:
        _publish(session, actor, now, competition, publication, [*given, approval])
    return publication


def discard_publication(
    session: Session, actor: Actor, now: datetime, *, publication: Publication, reason: str
) -> Publication:
    """The prepared publication will not be published; its number goes to the next one."""
    competition = session.get_one(Competition, publication.competition_id)
    session.refresh(competition, with_for_update=True)
    session.refresh(publication)
    _require_open(publication)
    if not reason.strip():
        raise errors.ReasonMissing
    publication.discarded_at = now
    session.flush()
    _record(session, actor, now, publication, "results.discarded", reason=sha256_of(reason.strip()))
    return publication


def waiting(session: Session, competition_id: int) -> Publication | None:
    """Return the prepared publication that waits for approvals."""
    return session.scalar(
        select(Publication).where(
            Publication.competition_id == competition_id,
            Publication.published_at.is_(None),
            Publication.discarded_at.is_(None),
        )
    )


def last_published(session: Session, competition_id: int, kind: str) -> Publication | None:
    """Return the publication of this kind that is in force."""
    return session.scalar(
        select(Publication)
        .where(
            Publication.competition_id == competition_id,
            Publication.kind == kind,
            Publication.published_at.is_not(None),
        )
        .order_by(Publication.number.desc())
        .limit(1)
    )


def approvals(session: Session, publication_id: int) -> Sequence[PublicationApproval]:
    """Return the approvals of a publication in their order."""
    return session.scalars(
        select(PublicationApproval)
        .where(PublicationApproval.publication_id == publication_id)
        .order_by(PublicationApproval.id)
    ).all()


def _check_order(session: Session, competition: Competition, kind: str, former: Publication | None) -> None:
    """Raise MilestoneRefused, naming what is missing; marks that are posted may be superseded by others."""
    if kind not in REACHES:
        raise NotFound
    found = list(competitions.reached(session, competition.id))
    if kind == MARKS and former is not None:
        steps.refuse_after_end(found)
        return
    reaches = REACHES[kind]
    occurrence = milestones.next_occurrence(reaches, found)
    milestones.check(reaches, occurrence, found, rulesets.course_of(competition))


def _next_number(session: Session, competition_id: int) -> int:
    highest = session.scalar(
        select(func.max(Publication.number)).where(
            Publication.competition_id == competition_id, Publication.discarded_at.is_(None)
        )
    )
    return (highest or 0) + 1


def _require_open(publication: Publication) -> None:
    if publication.discarded_at is not None:
        raise StaleState
    if publication.published_at is not None:
        raise errors.AlreadyPublished


def _require_another_person(
    session: Session,
    actor: Actor,
    publication: Publication,
    given: Sequence[PublicationApproval],
    paper: SignedPaper | None,
) -> None:
    """Whose word a paper holds is its signer's: neither who approved before, nor who prepares or files."""
    ids = [runs.account(actor), publication.prepared_by, *(one.by for one in given)]
    names = accounts.names_of(session, ids)
    if paper is None and runs.account(actor) == publication.prepared_by:
        raise errors.SignerIsPreparer(names[publication.prepared_by])
    for one in given:
        former = session.get_one(SignedPaper, one.signed_paper_id) if one.signed_paper_id else None
        before = former.signed_by if former is not None else names[one.by]
        now = paper.signed_by if paper is not None else names[runs.account(actor)]
        if (paper is not None or former is not None) and same_signer(before, now):
            raise errors.SignerHasApproved(before)
    if paper is not None:
        for account_id in (runs.account(actor), publication.prepared_by):
            if same_signer(names[account_id], paper.signed_by):
                raise errors.SignerIsPreparer(names[account_id])


def _require_current(session: Session, competition: Competition, publication: Publication) -> None:
    """The runs that it states are still the last ones, and nothing was marked or decided since."""
    chosen = runs.current_runs(session, competition)
    for (vacancy, run), stated in zip(chosen, publication.runs, strict=False):
        if run.public_id != stated:
            raise errors.RunOutdated(vacancy.code)
    if len(chosen) != len(publication.runs):
        raise StaleState
    if publication.kind == RESULTS:
        steps.recognition(session, competition, chosen)


def _publish(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    publication: Publication,
    given: Sequence[PublicationApproval],
) -> None:
    publication.published_at = now
    session.flush()
    payload = {
        "number": publication.number,
        "publication": publication.content_hash,
        "approvals": _approvers(session, given),
    }
    found = competitions.reached(session, competition.id)
    if publication.kind == MARKS and (MilestoneKind.MARKS_POSTED, "") in found:
        _tell(session, actor, now, competition, payload)
    else:
        course.reach(session, actor, now, competition, REACHES[publication.kind], payload=payload)
    outbox.enqueue(session, letters.JOB, {"publication": publication.public_id}, now)


def _tell(
    session: Session, actor: Actor, now: datetime, competition: Competition, payload: Mapping[str, Any]
) -> None:
    """Marks that supersede others are no milestone of their own, and a publication like any other."""
    audit.record(
        session,
        actor,
        now,
        type="publish",
        competition_id=competition.id,
        subject=competition.public_id,
        content=payload,
    )
    audit.checkpoint(session, now, competition_id=competition.id)


def _approvers(session: Session, given: Sequence[PublicationApproval]) -> list[str]:
    ids = [one.by for one in given]
    found = dict(session.execute(select(Account.id, Account.public_id).where(Account.id.in_(ids))).all())
    return [found[one] for one in ids]


def _record(
    session: Session, actor: Actor, now: datetime, publication: Publication, code: str, **facts: object
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=publication.competition_id,
        subject=publication.public_id,
        content={
            "number": publication.number,
            "kind": publication.kind,
            "publication": publication.content_hash,
            **facts,
        },
    )
