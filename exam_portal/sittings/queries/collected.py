# SPDX-License-Identifier: Apache-2.0
"""Reads of what came out of sittings: who was there, tests marked, scripts on their way to the markers."""

import dataclasses
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.core.db import Session
from exam_portal.sittings.models import (
    Attendance,
    HandIn,
    MaskBag,
    MaskedScript,
    Sanction,
    SanctionLevel,
    Script,
    ScriptHandover,
    ScriptScan,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
    TestMark,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartStanding:
    """How far the scripts of a part are on their way to the markers."""

    part: str
    scripts: int
    sheets: int
    scanned: int
    masked: int
    bags: int


def digest_of(session: Session, scripts: Iterable[Script]) -> str:
    """Return by what the record knows at which seats these scripts were counted, and their sheets."""
    counted = list(scripts)
    rows = session.execute(
        select(Seat.sitting_id, Seat.candidate_id, Seat.public_id, Seat.sheet_code).where(
            Seat.sitting_id.in_({script.sitting_id for script in counted})
        )
    )
    seats = {(sitting, candidate): f"{seat} {code}" for sitting, candidate, seat, code in rows}
    listed = _listed(session, [script.id for script in counted])
    lines = [
        f"{script.public_id} {seats.get((script.sitting_id, script.candidate_id), '-')} {script.sheets}"
        f" {listed.get(script.id, '-')}"
        for script in counted
    ]
    return audit.digest("\n".join(sorted(lines)))


def _listed(session: Session, script_ids: Collection[int]) -> dict[int, str]:
    """Return the first line that the list had of each script, as the record tells it."""
    rows = session.scalars(select(HandIn).where(HandIn.script_id.in_(script_ids)).order_by(HandIn.id.desc()))
    return {
        row.script_id: f"{audit.stamp(row.handed_in_at)} {row.is_signed}"
        f" {audit.digest(row.witness)} {audit.digest(row.reason)} {row.by} {audit.stamp(row.at)}"
        for row in rows
    }


def hand_ins(session: Session, sitting: Sitting) -> dict[int, HandIn]:
    """Return the line of the list that counts, by seat."""
    rows = session.execute(
        select(Seat.id, HandIn)
        .join(Script, (Script.sitting_id == Seat.sitting_id) & (Script.candidate_id == Seat.candidate_id))
        .join(HandIn, HandIn.script_id == Script.id)
        .where(Seat.sitting_id == sitting.id)
        .order_by(HandIn.id)
    )
    return dict(rows.all())


def handover(session: Session, sitting: Sitting) -> ScriptHandover | None:
    """Return the receipt of the masking board, if it has received the scripts."""
    return session.scalar(select(ScriptHandover).where(ScriptHandover.sitting_id == sitting.id))


def handovers(session: Session, competition_id: int) -> dict[int, ScriptHandover]:
    """Return the receipts of the masking board by sitting."""
    query = select(ScriptHandover).join(Sitting, Sitting.id == ScriptHandover.sitting_id)
    rows = session.scalars(query.where(Sitting.competition_id == competition_id))
    return {row.sitting_id: row for row in rows}


def declared(session: Session, competition_id: int) -> dict[int, SittingEvent]:
    """Return what the invigilators declared to hand over, by sitting."""
    query = select(SittingEvent).join(Sitting, Sitting.id == SittingEvent.sitting_id)
    rows = session.scalars(
        query.where(
            Sitting.competition_id == competition_id,
            SittingEvent.kind == SittingEventKind.HANDED_OVER.value,
        )
    )
    return {row.sitting_id: row for row in rows}


def attendance(session: Session, competition_id: int, part: str) -> dict[int, str]:
    """Return what was found at each candidate's seat in a part: present, absent or refused_late."""
    rows = session.execute(
        select(Seat.candidate_id, Attendance.status)
        .join(Attendance, Attendance.seat_id == Seat.id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .where(Sitting.competition_id == competition_id, Sitting.part == part)
        .order_by(Attendance.id)
    )
    return dict(rows.all())


def sanctioned(session: Session, competition_id: int, part: str, levels: Collection[str]) -> dict[int, str]:
    """Return the gravest confirmed sanction of each candidate in a part, of these levels; no suspension."""
    rows = session.execute(
        select(Seat.candidate_id, Sanction.level)
        .join(Seat, Seat.id == Sanction.seat_id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .where(
            Sitting.competition_id == competition_id,
            Sitting.part == part,
            Sanction.confirmed_by.is_not(None),
            Sanction.level.in_(levels),
            Sanction.level != SanctionLevel.SUSPENSION,
        )
        .order_by(Sanction.level == SanctionLevel.WARNING, Sanction.id)
    )
    return dict(rows.all())


def test_marks(session: Session, competition_id: int, part: str) -> dict[int, tuple[str, str]]:
    """Return the raw mark of each candidate's test by its last run: (value, maximum), decimal strings."""
    rows = session.execute(
        select(Script.candidate_id, TestMark.value, TestMark.max)
        .join(TestMark, TestMark.script_id == Script.id)
        .where(Script.competition_id == competition_id, Script.part == part)
        .order_by(TestMark.run)
    )
    return {candidate_id: (value, most) for candidate_id, value, most in rows}


def corrected_tests(session: Session, competition_id: int, part: str) -> dict[int, list[dict[str, Any]]]:
    """Return of each candidate's last mark which of the own questions were corrected, and how."""
    rows = session.execute(
        select(Script.candidate_id, TestMark.corrections)
        .join(TestMark, TestMark.script_id == Script.id)
        .where(Script.competition_id == competition_id, Script.part == part)
        .order_by(TestMark.run)
    )
    return dict(rows.all())


def part_standings(session: Session, competition_id: int) -> dict[str, PartStanding]:
    """Return by part how far the scripts are: three queries."""
    scripts = session.execute(
        select(Script.part, func.count(), func.sum(Script.sheets))
        .where(Script.competition_id == competition_id)
        .group_by(Script.part)
    ).all()
    scanned = dict(
        session.execute(
            select(Script.part, func.count(Script.id.distinct()))
            .join(ScriptScan, ScriptScan.script_id == Script.id)
            .where(Script.competition_id == competition_id)
            .group_by(Script.part)
        ).all()
    )
    masked = {
        part: (count, bags)
        for part, count, bags in session.execute(
            select(MaskBag.part, func.count(MaskedScript.id), func.count(MaskBag.id.distinct()))
            .join(MaskedScript, MaskedScript.bag_id == MaskBag.id)
            .where(MaskBag.competition_id == competition_id, MaskBag.purpose == "marking")
            .group_by(MaskBag.part)
        )
    }
    return {
        part: PartStanding(
            part=part,
            scripts=count,
            sheets=int(sheets or 0),
            scanned=scanned.get(part, 0),
            masked=masked.get(part, (0, 0))[0],
            bags=masked.get(part, (0, 0))[1],
        )
        for part, count, sheets in scripts
    }
