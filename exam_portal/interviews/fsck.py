# SPDX-License-Identifier: Apache-2.0
"""Who sits on a panel, what members said of candidates, and who was heard when: held against the record."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Vacancy
from exam_portal.core.db import Session
from exam_portal.interviews import declared, hearings_against_record
from exam_portal.interviews.models import (
    BallotModeChange,
    Hearing,
    MemberAbsence,
    PanelMember,
    PanelSession,
    RelationStatement,
    Substitution,
)
from exam_portal.interviews.record.models import RecordKey
from exam_portal.interviews.room import against_record as room
from exam_portal.interviews.service.ballot_mode import told


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each seat, statement, absence, lot, hearing and time that the record tells otherwise."""
    yield from acts.compare(session, "interviews", "panel", ("interviews.panel_seated",), _panels())
    changed = acts.told(session, "interviews.ballot_mode_changed")
    yield from acts.untold("interviews", "ballot mode", _mode_changes(session), changed)
    for code, type_, rows, words in (
        ("member", "member_added", _members(), {"name", "duty"}),
        ("absence", "absence_noted", _absences(), {"reason"}),
        ("substitution", "substitute_called", _substitutions(), {"reason"}),
    ):
        told = acts.told_about(session, "member", f"interviews.{type_}")
        yield from acts.untold("interviews", code, acts.stored(session, rows, words), told)
    told = acts.told_about(session, "member", "interviews.relations_declared")
    yield from acts.untold("interviews", "relations", _statements(session), told)
    yield from hearings_against_record.differences(session)
    yield from room.differences(session)


def _panels() -> acts.Rows:
    columns = (
        PanelSession.public_id.label("_about"),
        PanelSession.created_by.label("_by"),
        PanelSession.created_at.label("_at"),
        Vacancy.code.label("vacancy"),
        PanelSession.part,
        PanelSession.seated_mode.label("mode"),
        PanelSession.place,
        PanelSession.starts_at,
        PanelSession.lot_commitment.label("lots"),
    )
    return select(*columns).join(Vacancy, Vacancy.id == PanelSession.vacancy_id).order_by(PanelSession.id)


def _mode_changes(session: Session) -> Iterator[acts.Facts]:
    """Yield each change of the way in which ballots are given, with the way before it."""
    modes: dict[int, str] = {}
    rows = select(BallotModeChange, PanelSession, RecordKey)
    rows = rows.join(PanelSession, PanelSession.id == BallotModeChange.panel_id)
    rows = rows.outerjoin(RecordKey, RecordKey.id == BallotModeChange.record_key_id)
    for change, panel, ended in session.execute(rows.order_by(BallotModeChange.id)).all():
        before = modes.get(panel.id, panel.seated_mode)
        modes[panel.id] = change.mode
        yield {
            "_about": panel.public_id,
            "_by": change.by,
            "_at": audit.stamp(change.at),
            **told(change, before, ended),
        }


def _members() -> acts.Rows:
    columns = (
        PanelMember.public_id.label("_about"),
        PanelSession.public_id.label("panel"),
        PanelMember.position,
        PanelMember.name,
        PanelMember.duty,
        PanelMember.account_id.label("account"),
        PanelMember.is_substitute.label("substitute"),
    )
    return select(*columns).join(PanelSession).order_by(PanelMember.id)


def _absences() -> acts.Rows:
    columns = (
        PanelMember.public_id.label("_about"),
        MemberAbsence.by.label("_by"),
        MemberAbsence.at.label("_at"),
        MemberAbsence.reason,
        func.coalesce(Hearing.public_id, "day").label("hearing"),
    )
    rows = select(*columns).select_from(MemberAbsence).join(PanelMember)
    return rows.outerjoin(Hearing, Hearing.id == MemberAbsence.hearing_id).order_by(MemberAbsence.id)


def _substitutions() -> acts.Rows:
    seated = aliased(PanelMember)
    columns = (
        PanelMember.public_id.label("_about"),
        Substitution.by.label("_by"),
        Substitution.at.label("_at"),
        Substitution.reason,
        seated.public_id.label("substitute"),
        Substitution.begun,
        SignedPaper.public_id.label("paper"),
    )
    rows = select(*columns).select_from(Substitution)
    return (
        rows.join(PanelMember, PanelMember.id == Substitution.member_id)
        .join(seated, seated.id == Substitution.substitute_id)
        .join(SignedPaper, SignedPaper.id == Substitution.signed_paper_id)
        .order_by(Substitution.id)
    )


def _statements(session: Session) -> Iterator[acts.Facts]:
    """Yield each statement with the keyed hash of its units and answers: the record names no relation."""
    rows = select(RelationStatement, PanelMember.public_id, SignedPaper.public_id)
    rows = rows.join(PanelMember, PanelMember.id == RelationStatement.member_id)
    rows = rows.outerjoin(SignedPaper, SignedPaper.id == RelationStatement.signed_paper_id)
    for statement, member, paper in session.execute(rows.order_by(RelationStatement.id)).all():
        yield {
            "_about": member,
            "_by": statement.by,
            "_at": audit.stamp(statement.at),
            "candidates": len(statement.rows),
            "bound": declared.bound(session, statement),
            "paper": paper,
        }
