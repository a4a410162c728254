# SPDX-License-Identifier: Apache-2.0
"""Each review was asked for and decided as the record says."""

from collections.abc import Iterator

from sqlalchemy import literal, select

from exam_portal.appeals.models import ReviewRequest, ReviewStep
from exam_portal.audit import acts
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session
from exam_portal.registration.models import Candidate

STEPS = ("appeals.admitted", "appeals.refused", "appeals.bagged", "appeals.decided")


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each request and each step of a review that the record tells otherwise."""
    asked = (
        select(
            ReviewRequest.public_id.label("_about"),
            ReviewRequest.by.label("_by"),
            ReviewRequest.part,
            ReviewRequest.reason_code.label("reason"),
            ReviewRequest.words,
            ReviewRequest.receipt_no,
            ReviewRequest.requested_at.label("received_at"),
            Candidate.candidate_no.label("candidate"),
            SignedPaper.public_id.label("paper"),
        )
        .join(Candidate, Candidate.id == ReviewRequest.candidate_id)
        .outerjoin(SignedPaper, SignedPaper.id == ReviewRequest.signed_paper_id)
    )
    yield from acts.compare(session, "appeals", "request", ("appeal",), asked, {"words"})
    taken = (
        select(
            ReviewRequest.public_id.label("_about"),
            (literal("appeals.") + ReviewStep.kind).label("_type"),
            ReviewStep.by.label("_by"),
            ReviewStep.at.label("_at"),
            ReviewStep.outcome,
            ReviewStep.old_mark.label("old"),
            ReviewStep.new_mark.label("new"),
            ReviewStep.words,
            SignedPaper.public_id.label("paper"),
        )
        .join(ReviewRequest, ReviewRequest.id == ReviewStep.request_id)
        .outerjoin(SignedPaper, SignedPaper.id == ReviewStep.signed_paper_id)
    )
    yield from acts.compare(session, "appeals", "step", STEPS, taken, {"words"})
