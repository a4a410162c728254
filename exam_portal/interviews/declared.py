# SPDX-License-Identifier: Apache-2.0
"""Who of a panel has said what about relations to the candidates, and what the comparison still asks."""

import dataclasses
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.interviews import admission, likeness
from exam_portal.interviews.likeness import Clue, Likened
from exam_portal.interviews.models import PanelMember, PanelSession, RelationAnswer, RelationStatement
from exam_portal.registration import opening
from exam_portal.registration import queries as registration
from exam_portal.registration.queries import CandidateEntry
from scoring.verify.canonical import canonical_bytes

PURPOSE = "interviews.relations"
DISCIPLINED = "disciplined"  # in coi.relations: said of the member, and of no candidate


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A member and a candidate: what was said, and what the comparison has found."""

    member: PanelMember
    candidate: CandidateEntry
    is_answered: bool
    relation: str | None
    clues: tuple[Clue, ...]
    is_open: bool  # a clue that nobody has answered; after a relation there is nothing to ask

    @property
    def is_weak(self) -> bool:
        """Whether all that is common is a family name that most people bear."""
        return likeness.WEAK.issuperset(self.clues)

    @property
    def holds_up(self) -> bool:
        """Whether lots wait for this line."""
        return not self.is_answered or (self.is_open and not self.is_weak)


def lines(session: Session, panel: PanelSession) -> list[Line]:
    """Return every member with every candidate who is still to be heard, by place and number."""
    present = admission.present(session, panel.vacancy_id)
    people = [
        one
        for one in registration.candidates(session, panel.competition_id, vacancy_id=panel.vacancy_id)
        if one.id in present
    ]
    said = statements(session, [one.id for one in panel.members])
    return [_line(member, person, said.get(member.id, ())) for member in panel.members for person in people]


def statements(session: Session, member_ids: Sequence[int]) -> dict[int, list[RelationStatement]]:
    """Return what each member has said, the first statement first."""
    found: dict[int, list[RelationStatement]] = {}
    query = select(RelationStatement).where(RelationStatement.member_id.in_(member_ids))
    for row in session.scalars(query.order_by(RelationStatement.id)):
        found.setdefault(row.member_id, []).append(row)
    return found


def bound(session: Session, statement: RelationStatement) -> str:
    """Return by what the record is bound to a statement without naming a relation: a keyed hash."""
    answers = sorted([row.candidate_id, row.relation or "", row.clues] for row in statement.rows)
    said = canonical_bytes(["exam/relation-statement/v1", statement.units, statement.disciplined, answers])
    return session.keys.index(said.decode(), PURPOSE).hex()


def related(session: Session, panel: PanelSession) -> set[tuple[int, int, str]]:
    """Return (member, candidate, relation) of every relation that members have told here: one query."""
    rows = session.execute(
        select(RelationStatement.member_id, RelationAnswer.candidate_id, RelationAnswer.relation)
        .join(RelationStatement, RelationStatement.id == RelationAnswer.statement_id)
        .join(PanelMember, PanelMember.id == RelationStatement.member_id)
        .where(PanelMember.panel_id == panel.id, RelationAnswer.relation.is_not(None))
    )
    return {(member_id, candidate_id, relation or "") for member_id, candidate_id, relation in rows}


def disciplined(session: Session, panel: PanelSession) -> set[int]:
    """Return the members who have said that they are under discipline; once told, it stays: one query."""
    rows = session.scalars(
        select(RelationStatement.member_id)
        .join(PanelMember, PanelMember.id == RelationStatement.member_id)
        .where(PanelMember.panel_id == panel.id, RelationStatement.disciplined.is_(True))
    )
    return set(rows)


def asked(session: Session, member: PanelMember, *, again: bool = False) -> list[Line]:
    """Return the candidates not spoken of, else those with an open question; ``again``: else all of them."""
    found = of_member(lines(session, member.panel), member)
    waiting = [line for line in found if not line.is_answered] or [line for line in found if line.is_open]
    return waiting or (found if again else [])


def is_closed_to(session: Session, account_id: int, vacancy_id: int) -> bool:
    """Whether this account sits on a panel of the vacancy and has not said all about relations."""
    panels = session.scalars(
        select(PanelSession)
        .join(PanelMember, PanelMember.panel_id == PanelSession.id)
        .where(PanelSession.vacancy_id == vacancy_id, PanelMember.account_id == account_id)
    ).all()
    return any(
        line.member.account_id == account_id and not line.is_answered
        for panel in panels
        for line in lines(session, panel)
    )


def of_member(found: Sequence[Line], member: PanelMember) -> list[Line]:
    """Return the lines of one member."""
    return [line for line in found if line.member.id == member.id]


def waiting(found: Sequence[Line]) -> Mapping[int, int]:
    """Return by member how many candidates or questions still wait for a word that lots need."""
    counts: dict[int, int] = {}
    for line in found:
        counts[line.member.id] = counts.get(line.member.id, 0) + line.holds_up
    return counts


def _line(member: PanelMember, person: CandidateEntry, said: Sequence[RelationStatement]) -> Line:
    answers = [row for one in said for row in one.rows if row.candidate_id == person.id]
    relation = next((row.relation for row in reversed(answers) if row.relation), None)
    units = [member.duty, *(unit for one in said for unit in one.units.splitlines())]
    found = likeness.clues(
        Likened(name=member.name, units=units),
        Likened(
            name=person.name,
            units=[person.unit, *person.past_units],
            nominated_by=person.nominated_by,
            line_manager=person.line_manager,
        ),
    )
    seen = {clue for row in answers for clue in row.clues}
    return Line(
        member=member,
        candidate=person,
        is_answered=bool(answers),
        relation=relation,
        clues=found,
        is_open=bool(answers) and relation is None and not seen.issuperset(found),
    )


def register() -> None:
    """Registration asks here from now on whether a member's dossiers are still closed."""
    opening.closed_by(is_closed_to)
