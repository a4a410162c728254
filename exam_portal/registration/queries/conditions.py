# SPDX-License-Identifier: Apache-2.0
"""What an application has to be for the reads of the others: conditions, not rows."""

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import aliased

from exam_portal.registration.models import Application, Candidate, Exclusion, VettingConclusion, Withdrawal


def counts() -> ColumnElement[bool]:
    """Submitted and not withdrawn."""
    return and_(
        Application.submitted_at.is_not(None), ~exists().where(Withdrawal.application_id == Application.id)
    )


def is_eligible() -> ColumnElement[bool]:
    """Counts, and the standing conclusion is that it is eligible."""
    later = aliased(VettingConclusion)
    return and_(
        counts(),
        exists().where(
            VettingConclusion.application_id == Application.id,
            VettingConclusion.outcome == "eligible",
            ~exists().where(later.supersedes_id == VettingConclusion.id),
        ),
    )


def is_excluded() -> ColumnElement[bool]:
    """Its candidate withdrew or was disqualified after the list was approved."""
    return exists().where(Exclusion.candidate_id == Candidate.id, Candidate.application_id == Application.id)


def standing_conclusions() -> Select[VettingConclusion]:
    """Return the query for the conclusions that no later one supersedes."""
    later = aliased(VettingConclusion)
    return select(VettingConclusion).where(~exists().where(later.supersedes_id == VettingConclusion.id))
