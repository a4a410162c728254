# SPDX-License-Identifier: Apache-2.0
"""A substitute takes the seat of a member: before the first hearing, or where a quorum was lost since."""

from datetime import datetime

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import declared, errors, queries, relations, seats
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
    """The substitute hears all candidates and votes; the member, absent or related to one, hears none.

    Where hearings have begun these stay with the member, a ballot on them that is given again, too.
    A substitute who has a seat is replaced by another one in the same way.
    """
    panel = common.locked(session, member.panel)
    changes = queries.substitutions(session, panel.id)
    called = {one.substitute_id for one in changes}
    if substitute.panel_id != panel.id or not substitute.is_substitute:
        raise NotFound
    if member.is_substitute and member.id not in called:
        raise NotFound
    if substitute.id in called or member.id in {one.member_id for one in changes}:
        raise errors.SeatTaken
    if declared.waiting(declared.lines(session, panel)).get(substitute.id):
        raise errors.RelationsOpen((substitute.position,))
    if any(substitute.id in one for one in relations.members(session, panel).values()):
        raise errors.MemberHasConflict
    if not seats.may_change(session, panel, common.rules(session, panel)[2].needed):
        raise errors.HearingsBegun
    change = Substitution(
        member_id=member.id,
        substitute_id=substitute.id,
        begun=seats.begun(session, panel),
        reason=" ".join(reason.split()),
        signed_paper_id=paper.id,
        by=common.account(actor),
        at=now,
    )
    session.add(change)
    session.flush()
    facts = {"member": member.public_id, "substitute": substitute.public_id, "paper": paper.public_id}
    told = {**facts, "begun": change.begun, "reason": audit.digest(change.reason)}
    common.record(session, actor, now, panel, "interviews.substitute_called", told)
    return change
