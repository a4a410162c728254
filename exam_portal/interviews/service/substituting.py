# SPDX-License-Identifier: Apache-2.0
"""A substitute takes the seat of a member before the first hearing: the same people hear every candidate."""

from datetime import datetime

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import declared, errors, queries, relations
from exam_portal.interviews.models import PanelMember, Substitution
from exam_portal.interviews.service import common


def call_substitute(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    member: PanelMember,
    substitute: PanelMember,
    reason: str,
    paper: audit.SignedPaper,
) -> Substitution:
    """The substitute hears all candidates and votes; the member, absent or related to one, hears none."""
    panel = common.locked(session, member.panel)
    if substitute.panel_id != panel.id or member.is_substitute or not substitute.is_substitute:
        raise NotFound
    taken = queries.substitutions(session, panel.id)
    if any(member.id == one.member_id or substitute.id == one.substitute_id for one in taken):
        raise errors.SeatTaken
    if declared.waiting(declared.lines(session, panel)).get(substitute.id):
        raise errors.RelationsOpen((substitute.position,))
    if any(substitute.id in one for one in relations.members(session, panel).values()):
        raise errors.MemberHasConflict
    happened = queries.events(session, [one.id for one in panel.hearings]).values()
    if any(not kinds.keys().isdisjoint({"opened", "ballot_opened"}) for kinds in happened):
        raise errors.HearingsBegun
    change = Substitution(
        member_id=member.id,
        substitute_id=substitute.id,
        reason=" ".join(reason.split()),
        signed_paper_id=paper.id,
        by=common.account(actor),
        at=now,
    )
    session.add(change)
    session.flush()
    facts = {"member": member.public_id, "substitute": substitute.public_id, "paper": paper.public_id}
    told = {**facts, "reason": audit.digest(change.reason)}
    common.record(session, actor, now, panel, "interviews.substitute_called", told)
    return change
