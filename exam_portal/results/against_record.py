# SPDX-License-Identifier: Apache-2.0
"""Marks, ballots, masks, runs and publications say what the record says: a changed row needs a changed log.

The log's own hashes and checkpoints are recomputed elsewhere; here its contents are held against the tables.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import Leaf, Log, SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.interviews import queries as panels
from exam_portal.interviews.models import Hearing, HearingEvent, PanelSession
from exam_portal.marking import pseudonyms
from exam_portal.marking import service as marking
from exam_portal.marking.models import CorrectionProposal, Mark
from exam_portal.results.models import Publication, PublicationApproval, Run, Unmasking
from exam_portal.sittings.models import MaskedScript

MARKS = ("mark", "adjudicate")


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each mark, count, unmasking, run and publication that the record tells otherwise, or misses."""
    yield from _marks(session)
    yield from _corrections(session)
    yield from _counts(session)
    yield from _unmaskings(session)
    yield from _runs(session)
    yield from _publications(session)
    yield from _approvals(session)


def _contents(session: Session, *types: str) -> Iterator[tuple[int | None, str | None, dict[str, Any]]]:
    """Yield the competition, the subject and the content of the acts of these types."""
    rows = session.execute(
        select(Log.competition_id, Leaf.subject, Leaf.content)
        .join(Log, Log.id == Leaf.log_id)
        .where(Leaf.type.in_(types))
        .order_by(Leaf.id)
    )
    yield from rows


def _marks(session: Session) -> Iterator[Difference]:
    """Each first mark of a round was recorded as it stands, and none that was recorded is gone."""
    recorded = {
        (competition, content["code"], content["round"]): content
        for competition, _, content in _contents(session, *MARKS)
    }
    rows = session.execute(
        select(Competition, MaskedScript.mask_code, Mark, SignedPaper)
        .join(MaskedScript, MaskedScript.id == Mark.masked_script_id)
        .join(Competition, Competition.id == MaskedScript.competition_id)
        .outerjoin(SignedPaper, SignedPaper.id == Mark.signed_paper_id)
        .where(Mark.supersedes_id.is_(None))
        .order_by(Mark.id)
    )
    for competition, code, mark, paper in rows:
        told = recorded.pop((competition.id, code, mark.round), {})
        stands = _stands(session, competition, mark, paper)
        if any(told.get(name) != value for name, value in stands.items()):
            yield Difference(where="marking", code="mark", place=mark.public_id)
    for _, code, round_ in recorded:
        yield Difference(where="marking", code="mark gone", place=f"{code}/{round_}")


def _stands(
    session: Session, competition: Competition, mark: Mark, paper: SignedPaper | None
) -> dict[str, Any]:
    """Return what the act of a mark says of it; who gave it at a desk is who acted."""
    found = {
        "value": mark.value,
        "kind": mark.kind,
        "sheet": marking.sheet_of(mark),
        "signer": pseudonyms.of_signer(session, competition.public_id, mark.signer),
        "_at": audit.stamp(mark.at),
        **marking.page_of(mark, paper),
    }
    return found if mark.marker_id is None else found | {"_by": mark.marker_id}


def _corrections(session: Session) -> Iterator[Difference]:
    """Each mark that supersedes another is what two people decided of it, and none is gone."""
    recorded = {content["mark"]: content for content in acts.told(session, "correction")}
    proposals = {row.public_id: row for row in session.scalars(select(CorrectionProposal))}
    for mark in session.scalars(select(Mark).where(Mark.supersedes_id.is_not(None)).order_by(Mark.id)):
        wrong = session.get_one(Mark, mark.supersedes_id)
        told = recorded.pop(mark.public_id, {})
        proposal = proposals.get(told.get("proposal", ""))
        if proposal is None or _decided(mark) != _as_told(wrong, told, proposal):
            yield Difference(where="marking", code="correction", place=mark.public_id)
    for gone in recorded:
        yield Difference(where="marking", code="correction gone", place=gone)


def _decided(mark: Mark) -> tuple[Any, ...]:
    return (
        *(mark.supersedes_id, mark.masked_script_id, mark.round, mark.kind, mark.signer, mark.marker_id),
        *(mark.value, mark.scores, mark.reason, mark.signed_paper_id, mark.page),
        *(mark.approved_by, audit.stamp(mark.at)),
    )


def _as_told(wrong: Mark, told: Mapping[str, Any], proposal: CorrectionProposal) -> tuple[Any, ...]:
    """Return the correction that the record, the proposal and the wrong mark tell of."""
    is_of_it = told.get("supersedes") == wrong.public_id and proposal.mark_id == wrong.id
    return (
        *(
            wrong.id if is_of_it else None,
            wrong.masked_script_id,
            wrong.round,
            wrong.kind,
            wrong.signer,
            None,
        ),
        *(told.get("value"), {}, proposal.reason, proposal.signed_paper_id, proposal.page),
        *(told.get("_by"), told.get("_at")),
    )


def _counts(session: Session) -> Iterator[Difference]:
    """Each hearing's ballots are those that were counted (records before this was noted name no hash)."""
    recorded = {
        content["hearing"]: content
        for kind in sorted(panels.BALLOT_OVER)
        for _, _, content in _contents(session, f"interviews.{kind}")
    }
    rows = session.execute(
        select(Hearing, HearingEvent)
        .join(HearingEvent, HearingEvent.hearing_id == Hearing.id)
        .join(PanelSession, PanelSession.id == Hearing.panel_id)
        .where(HearingEvent.kind.in_(panels.BALLOT_OVER))
        .order_by(Hearing.id)
    )
    for hearing, event in rows.all():
        said = recorded.pop(hearing.public_id, {})
        is_same = all(said.get(name) == value for name, value in event.payload.items())
        if not is_same or said.get("ballots") not in {None, panels.hash_of_ballots(session, hearing.id)}:
            yield Difference(where="interviews", code="ballots", place=hearing.public_id)
    for gone in recorded:
        yield Difference(where="interviews", code="count gone", place=gone)


def _unmaskings(session: Session) -> Iterator[Difference]:
    rows = select(
        Competition.public_id.label("_about"),
        Unmasking.by.label("_by"),
        Unmasking.at.label("_at"),
        Unmasking.part,
        Unmasking.purpose,
        Unmasking.mapping,
        Unmasking.scripts,
        Unmasking.witnessed_by.label("witness"),
    ).join(Competition, Competition.id == Unmasking.competition_id)
    return acts.compare(session, "results", "unmasking", ("unblind",), rows, {"mapping"})


def _runs(session: Session) -> Iterator[Difference]:
    recorded = {subject: content for _, subject, content in _contents(session, "result")}
    for run in session.scalars(select(Run).order_by(Run.id)):
        said = recorded.pop(run.public_id, {})
        stated = (said.get("ruleset"), said.get("input"), said.get("output"))
        if stated != (run.ruleset_hash, run.input_hash, run.output_hash):
            yield Difference(where="results", code="run unrecorded", place=run.public_id)
    for gone in recorded:
        yield Difference(where="results", code="run gone", place=str(gone))


def _publications(session: Session) -> Iterator[Difference]:
    recorded = {
        subject: content["publication"] for _, subject, content in _contents(session, "results.prepared")
    }
    for publication in session.scalars(select(Publication).order_by(Publication.id)):
        if recorded.pop(publication.public_id, None) != publication.content_hash:
            yield Difference(where="results", code="publication unrecorded", place=publication.public_id)
    for gone in recorded:
        yield Difference(where="results", code="publication gone", place=str(gone))


def _approvals(session: Session) -> Iterator[Difference]:
    rows = (
        select(
            Publication.public_id.label("_about"),
            PublicationApproval.by.label("_by"),
            PublicationApproval.at.label("_at"),
            PublicationApproval.content_hash.label("publication"),
            SignedPaper.public_id.label("paper"),
        )
        .join(Publication, Publication.id == PublicationApproval.publication_id)
        .outerjoin(SignedPaper, SignedPaper.id == PublicationApproval.signed_paper_id)
    )
    return acts.compare(session, "results", "approval", ("results.approved",), rows)
