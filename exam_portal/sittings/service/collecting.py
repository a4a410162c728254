# SPDX-License-Identifier: Apache-2.0
"""Paper scripts: counted at the desk, declared by the invigilators, counted again by the masking board."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from exam_portal.accounts.models import Account
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.core.storage import Blob, Prepared
from exam_portal.registration.models import Candidate
from exam_portal.sittings import errors
from exam_portal.sittings.attempts import late
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    Incident,
    IncidentCategory,
    Script,
    ScriptHandover,
    ScriptScan,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
    Submission,
)
from exam_portal.sittings.queries import collected
from exam_portal.sittings.service import bags as sealed
from exam_portal.sittings.service import handing_in, locking

Kind = SittingEventKind
PAGES_OF_A_SHEET = 4  # a folded sheet (tờ giấy thi) has four


def collect_scripts(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    sheets: Mapping[int, int],
    handed_in: Mapping[int, handing_in.HandedIn] | None = None,
) -> int:
    """The scripts of these seats are counted: so many sheets each (seat id -> sheets); return how many.

    ``handed_in`` says by seat id when, and whether it was signed for; else it was signed for at the end.
    """
    sitting = locking.sitting(session, sitting)
    _require_counting(session, sitting)
    found = standing(session, sitting)
    for seat_id in sheets:
        if found.status.get(seat_id) != "present":
            raise errors.NotPresent
    if not set(sheets) <= found.on_paper:
        raise errors.NotOnPaper
    if set(sheets) & set(found.sheets):
        raise StaleState
    seats = {seat.id: seat for seat in session.scalars(select(Seat).where(Seat.id.in_(sheets)))}
    scripts = [_script(actor, now, sitting, seats[seat_id], count) for seat_id, count in sheets.items()]
    session.add_all(scripts)
    session.flush()
    lines = [(seats[seat_id], script) for seat_id, script in zip(sheets, scripts, strict=True)]
    handing_in.note(session, actor, now, sitting=sitting, scripts=lines, given=handed_in or {})
    held = collected.digest_of(session, scripts)
    content = {"scripts": len(scripts), "sheets": sum(sheets.values()), "held": held}
    locking.record(session, actor, now, sitting, "scripts_collected", content)
    return len(scripts)


def correct_sheets(
    session: Session, actor: Actor, now: datetime, *, seat: Seat, sheets: int, reason: str
) -> None:
    """The script at this seat has this many sheets; the former count stays in the record."""
    sitting = locking.sitting(session, seat.sitting)
    _require_counting(session, sitting)
    script = session.scalar(
        select(Script).where(Script.sitting_id == sitting.id, Script.candidate_id == seat.candidate_id)
    )
    if script is None or script.source != "paper":
        raise errors.NotPresent
    payload = {"script": script.public_id, "sheets": sheets, "reason": reason}
    locking.note(session, actor, now, sitting, Kind.SHEETS_CORRECTED, payload=payload)
    content = {"script": script.public_id, "sheets": sheets}
    locking.record(session, actor, now, sitting, "sheets_corrected", content, subject=script.public_id)


def hand_over(
    session: Session, actor: Actor, now: datetime, *, sitting: Sitting, bags: Sequence[sealed.Packed]
) -> SittingEvent:
    """The invigilators declare scripts in sealed bags: of everybody present, but for the exceptions."""
    locking.competition(session, session.get_one(Competition, sitting.competition_id))
    sitting = locking.sitting(session, sitting)
    _require_counting(session, sitting)
    past = locking.events(session, sitting.id)
    if not is_over(session, sitting, past):
        raise errors.StillOpen
    late.require_ruled(session, [sitting.id])
    found = standing(session, sitting)
    if found.unrecorded:
        raise errors.NotCheckedIn(found.unrecorded)
    if found.awaited != len(found.sheets) + found.exceptions:
        raise errors.CountsDiffer(found.awaited, len(found.sheets), found.exceptions)
    declared = {"scripts": len(found.sheets), "sheets": sum(found.sheets.values())}
    packed = sealed.pack(session, sitting, bags, **declared)
    event = locking.note(session, actor, now, sitting, Kind.HANDED_OVER, payload=declared)
    expected = {"present": found.awaited, "exceptions": found.exceptions}
    facts = {**expected, **declared, "bags": sealed.declared(packed)}
    locking.record(session, actor, now, sitting, "scripts_declared", facts)
    return event


def receive(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    sitting: Sitting,
    bags: Mapping[int, sealed.Counted],
    paper: SignedPaper | None = None,
) -> ScriptHandover:
    """The masking board has read each seal and counted each bag (by id): the scripts are in its hands."""
    sitting = locking.sitting(session, sitting)
    past = locking.events(session, sitting.id)
    declared = locking.happened(past, Kind.HANDED_OVER)
    if declared is None:
        raise errors.NotDeclared
    if session.scalar(select(ScriptHandover.id).where(ScriptHandover.sitting_id == sitting.id)):
        raise errors.AlreadyHandedOver
    if declared.by == actor.account_id:
        raise errors.OtherInvigilator
    counts = sealed.take(session, sitting, bags)
    scripts, sheets = sum(count.scripts for count in counts), sum(count.sheets for count in counts)
    handover = ScriptHandover(
        sitting_id=sitting.id,
        scripts=scripts,
        sheets=sheets,
        handed_by=declared.by,
        received_by=locking.person(actor),
        signed_paper_id=paper.id if paper else None,
        at=now,
    )
    session.add(handover)
    session.flush()
    content = {
        "handed_by": declared.by,
        "scripts": scripts,
        "sheets": sheets,
        "bags": sealed.received(sealed.of_sitting(session, sitting), counts),
        "paper": paper.public_id if paper else None,
    }
    locking.record(session, actor, now, sitting, "scripts_received", content)
    return handover


def add_scan(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition_id: int,
    sheet_code: str,
    scan: Prepared,
    pages: int,
) -> ScriptScan:
    """The scanned pages lie with the script that bears this sheet code.

    Refused: pages that lie with a script already, and more pages than the counted sheets can have.
    """
    script = script_by_sheet(session, competition_id, sheet_code)
    sitting = locking.sitting(session, session.get_one(Sitting, script.sitting_id))
    _require_own_pages(session, sitting, script, scan, pages)
    blob = session.files.add(session, scan, now=now)
    row = ScriptScan(script_id=script.id, blob_id=blob.id, pages=pages, by=locking.person(actor), at=now)
    session.add(row)
    session.flush()
    content = {"script": script.public_id, "pages": pages, "sha256": blob.sha256.hex()}
    locking.record(session, actor, now, sitting, "script_scanned", content, subject=script.public_id)
    return row


def _require_own_pages(
    session: Session, sitting: Sitting, script: Script, scan: Prepared, pages: int
) -> None:
    same = (
        select(ScriptScan.id)
        .join(Blob, Blob.id == ScriptScan.blob_id)
        .join(Script, Script.id == ScriptScan.script_id)
        .where(Script.competition_id == sitting.competition_id, Blob.sha256 == scan.sha256)
    )
    if session.scalar(same.limit(1)) is not None:
        raise errors.ScannedAlready
    before = session.scalar(
        select(func.coalesce(func.sum(ScriptScan.pages), 0)).where(ScriptScan.script_id == script.id)
    )
    most = most_pages(session, script)
    if (before or 0) + pages > most:
        raise errors.TooManyPages((before or 0) + pages, most // PAGES_OF_A_SHEET)


def most_pages(session: Session, script: Script) -> int:
    """Return how many pages the counted sheets of a paper script have, corrections included."""
    sitting = session.get_one(Sitting, script.sitting_id)
    seat = select(Seat.id).where(Seat.sitting_id == sitting.id, Seat.candidate_id == script.candidate_id)
    return PAGES_OF_A_SHEET * sheets_of(session, sitting)[session.scalars(seat).one()]


def script_by_sheet(session: Session, competition_id: int, sheet_code: str) -> Script:
    """Return the paper script whose blank bears the code, else NoSuchSheet."""
    code = "".join(character for character in sheet_code.upper() if character.isalnum())
    script = session.scalar(
        select(Script)
        .join(Seat, (Seat.sitting_id == Script.sitting_id) & (Seat.candidate_id == Script.candidate_id))
        .where(Seat.sheet_code == code, Script.competition_id == competition_id, Script.source == "paper")
    )
    if script is None:
        raise errors.NoSuchSheet(code)
    return script


def key_of_script(session: Session, script: Script) -> str:
    """Return the key of the person whose script it is: scans are erased with the person."""
    query = select(Account.key_id).join(Candidate, Candidate.account_id == Account.id)
    return session.scalars(query.where(Candidate.id == script.candidate_id)).one()


class Standing:
    """What is on record about the scripts of a sitting."""

    def __init__(
        self,
        status: dict[int, str],
        sheets: dict[int, int],
        excepted: set[int],
        on_paper: frozenset[int],
        seats: int,
    ) -> None:
        self.status = status  # seat -> what was found there
        self.sheets = sheets  # seat -> sheets of its script, corrections included
        self.on_paper = on_paper  # seats of which a paper script is expected if somebody is there
        self.seats = seats
        self._excepted = excepted

    @property
    def present(self) -> int:
        """How many people were present."""
        return sum(status == "present" for status in self.status.values())

    @property
    def awaited(self) -> int:
        """Of how many people a paper script, or an exception, is expected."""
        return sum(self.status.get(seat_id) == "present" for seat_id in self.on_paper)

    @property
    def unrecorded(self) -> int:
        """At how many seats nothing was recorded."""
        return self.seats - len(self.status)

    @property
    def exceptions(self) -> int:
        """How many were present without a script, each with a recorded incident."""
        return sum(
            self.status.get(seat_id) == "present" and seat_id not in self.sheets for seat_id in self._excepted
        )


def standing(session: Session, sitting: Sitting) -> Standing:
    """Return attendance, scripts and exceptions of a sitting: four queries, whatever its size."""
    findings = session.execute(
        select(Attendance.seat_id, Attendance.status)
        .join(Seat, Seat.id == Attendance.seat_id)
        .where(Seat.sitting_id == sitting.id)
        .order_by(Attendance.id)
    )
    excepted = session.scalars(
        select(Incident.seat_id).where(
            Incident.sitting_id == sitting.id,
            Incident.category == IncidentCategory.NO_SCRIPT.value,
            Incident.seat_id.is_not(None),
        )
    )
    seats = frozenset(session.scalars(select(Seat.id).where(Seat.sitting_id == sitting.id)))
    found = {seat_id for seat_id in excepted if seat_id is not None}
    on_paper = seats if sitting.mode == "paper" else _turned(session, sitting)
    return Standing(dict(findings.all()), sheets_of(session, sitting), found, on_paper, len(seats))


def _turned(session: Session, sitting: Sitting) -> frozenset[int]:
    """Return the seats that went on on paper, but for those that had handed in at the computer."""
    handed_in = (
        select(Attempt.seat_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.sitting_id == sitting.id)
    )
    return attempts.seats_on_paper(session, sitting.id) - frozenset(session.scalars(handed_in))


def is_over(session: Session, sitting: Sitting, past: list[SittingEvent]) -> bool:
    """Whether the sitting has ended in all its rooms."""
    if locking.happened(past, Kind.ENDED) is not None:
        return True
    rooms = set(session.scalars(select(Seat.room_id).where(Seat.sitting_id == sitting.id)))
    return bool(rooms) and all(locking.happened(past, Kind.ENDED, room_id) for room_id in rooms)


def sheets_of(session: Session, sitting: Sitting) -> dict[int, int]:
    """Return the counted sheets of each seat's paper script, corrections included."""
    rows = session.execute(
        select(Seat.id, Script.public_id, Script.sheets)
        .join(Script, (Script.sitting_id == Seat.sitting_id) & (Script.candidate_id == Seat.candidate_id))
        .where(Seat.sitting_id == sitting.id, Script.source == "paper")
    )
    corrected = {
        event.payload["script"]: int(event.payload["sheets"])
        for event in locking.events(session, sitting.id)
        if event.kind == Kind.SHEETS_CORRECTED
    }
    return {seat_id: corrected.get(script, sheets or 0) for seat_id, script, sheets in rows}


def _script(actor: Actor, now: datetime, sitting: Sitting, seat: Seat, sheets: int) -> Script:
    return Script(
        competition_id=sitting.competition_id,
        sitting_id=sitting.id,
        candidate_id=seat.candidate_id,
        part=sitting.part,
        source="paper",
        sheets=sheets,
        collected_by=locking.person(actor),
        collected_at=now,
    )


def _require_counting(session: Session, sitting: Sitting) -> None:
    past = locking.events(session, sitting.id)
    if not any(event.kind == Kind.STARTED for event in past):
        raise errors.NotStarted
    if locking.happened(past, Kind.HANDED_OVER) is not None:
        raise errors.AlreadyHandedOver
