# SPDX-License-Identifier: Apache-2.0
"""Members say how they are related to the candidates, before they see a dossier and before lots are drawn."""

from collections.abc import Mapping
from datetime import datetime

from exam_portal.audit import service as audit
from exam_portal.competitions import service as competitions
from exam_portal.competitions.errors import AlreadyDeclared
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.interviews import declared, errors, relations, seats
from exam_portal.interviews.models import PanelMember, PanelSession, RelationAnswer, RelationStatement
from exam_portal.interviews.service import common


def declare_relations(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    member: PanelMember,
    answers: Mapping[int, Relation | None],
    units: str = "",
    disciplined: bool | None = None,
    paper: audit.SignedPaper | None = None,
) -> RelationStatement:
    """The member has said of these candidates (by id) how they are related, or that they are not.

    Somebody else says it for a member only from the signed declaration. The record names no relation; what
    it says of the answers needs the keys of the installation to be read back. Whether the member is
    ``disciplined`` belongs to the first declaration wherever the rules name it. What was told stays told.
    """
    panel = common.locked(session, member.panel)
    if member.account_id != common.account(actor) and paper is None:
        raise errors.DeclarationUnsigned
    known = {line.candidate.id: line for line in declared.of_member(declared.lines(session, panel), member)}
    if not answers or not answers.keys() <= known.keys():
        raise NotFound
    if missing := [line for who, line in known.items() if not line.is_answered and who not in answers]:
        raise errors.DeclarationIncomplete(len(missing))
    if disciplined is None and _has_to_say(session, panel, member):
        raise errors.DisciplineUnsaid
    statement = RelationStatement(
        member_id=member.id,
        units=units.strip(),
        disciplined=disciplined,
        signed_paper_id=paper.id if paper else None,
        by=common.account(actor),
        at=now,
        rows=[
            RelationAnswer(
                candidate_id=who,
                relation=relation.value if relation else None,
                clues=[clue.value for clue in known[who].clues] if known[who].is_answered else [],
            )
            for who, relation in sorted(answers.items())
        ],
    )
    session.add(statement)
    session.flush()
    facts = {
        "member": member.public_id,
        "candidates": len(answers),
        "bound": declared.bound(session, statement),
        "paper": paper.public_id if paper else None,
    }
    common.record(session, actor, now, panel, "interviews.relations_declared", facts)
    _bind_account(session, actor, now, panel, member, answers, known)
    return statement


def require_declared(session: Session, panel: PanelSession) -> None:
    """Whoever sits has spoken of every candidate, leaves no question of weight open, and is not barred.

    Neither a member who was replaced nor a substitute who stands by holds up the lots.
    """
    waiting, sitting = declared.waiting(declared.lines(session, panel)), seats.taken(session, panel)
    if silent := [one.position for one in sitting if waiting.get(one.id)]:
        raise errors.RelationsOpen(tuple(silent))
    barred = relations.barred(session, panel)
    if related := [one.position for one in sitting if one.id in barred]:
        raise errors.RelatedMembersSit(tuple(related))


def _has_to_say(session: Session, panel: PanelSession, member: PanelMember) -> bool:
    """Whether the rules keep the disciplined off the panel, and the member has not spoken of it."""
    ruleset, _, _ = common.rules(session, panel)
    said = declared.statements(session, [member.id]).get(member.id, ())
    return declared.DISCIPLINED in ruleset.coi.relations and all(one.disciplined is None for one in said)


def _bind_account(
    session: Session,
    actor: Actor,
    now: datetime,
    panel: PanelSession,
    member: PanelMember,
    answers: Mapping[int, Relation | None],
    known: Mapping[int, declared.Line],
) -> None:
    """What the member has told holds in the whole house: for scripts, dossiers and other panels."""
    if member.account_id is None:
        return
    competition = session.get_one(Competition, panel.competition_id)
    for who, relation in sorted(answers.items()):
        if relation is None:
            continue
        try:
            competitions.declare_conflict(
                session,
                actor,
                now,
                competition,
                account_id=member.account_id,
                candidate_account_id=known[who].candidate.account_id,
                relation=relation,
            )
        except AlreadyDeclared:
            continue
