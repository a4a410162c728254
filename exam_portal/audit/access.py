# SPDX-License-Identifier: Apache-2.0
"""Who may read a signed paper."""

from collections.abc import Mapping

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.core.actors import Actor, Role
from exam_portal.web.policy import any_of
from exam_portal.web.policy.rules import Check

OPEN_TO = frozenset(
    {
        Role.ORGANISER,
        Role.CHAIR,
        Role.SECRETARY,
        Role.COUNCIL,
        Role.AUTHORITY,
        Role.OVERSIGHT,
        Role.VETTING_BOARD,
        Role.REVIEW_BOARD,
    }
)
CONFIDENTIAL_TO = frozenset({Role.CHAIR, Role.SECRETARY, Role.AUTHORITY, Role.OVERSIGHT})

MARKERS = frozenset({Role.MARKER, Role.REVIEW_BOARD})

# Slips and sheets are also read by the people who key figures from them; what the masking board signs stays
# with the masking board and with oversight until the results stage opens the masks.
ALSO: Mapping[PaperKind, frozenset[Role]] = {
    PaperKind.MARK_SLIP: frozenset({Role.TYPIST}),
    PaperKind.COUNT_SHEET: frozenset({Role.TYPIST}),
    PaperKind.SCRIPT_HANDOVER: frozenset({Role.INVIGILATOR, Role.MASKING_BOARD}),
    PaperKind.ATTENDANCE_SHEET: frozenset({Role.INVIGILATOR}),
    PaperKind.INCIDENT_MINUTE: frozenset({Role.INVIGILATOR}),
    PaperKind.ERASURE: frozenset({Role.ADMINISTRATOR, Role.ORGANISER}),
    PaperKind.PAPER_HANDOVER: frozenset({Role.INVIGILATOR, Role.SETTING_BOARD}),
}


def readers(paper: SignedPaper) -> frozenset[Role]:
    """Return the roles that may read this paper where they are held."""
    general = CONFIDENTIAL_TO if paper.is_confidential else OPEN_TO
    return general | ALSO.get(PaperKind(paper.kind), frozenset())


def may_read(actor: Actor, paper: SignedPaper) -> bool:
    """Whether the actor may read this paper: who filed it, and whoever holds a reading role there.

    Slips show the marks of others, to which who marks there is blind, whatever else he or she is there.
    """
    if actor.account_id is not None and paper.filed_by == actor.account_id:
        return True
    there = {"organisation_id": paper.organisation_id, "competition_id": paper.competition_id}
    if paper.kind == PaperKind.MARK_SLIP and actor.holds_any(MARKERS, **there):
        return False
    return actor.holds_any(readers(paper), **there)


is_reader = Check("reader of this paper", may_read, lambda actor: actor.is_known and not actor.is_candidate)

PERMISSIONS = {
    "audit.read_paper": any_of(is_reader, doc="Open a signed paper and its scan."),
}
