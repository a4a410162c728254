# SPDX-License-Identifier: Apache-2.0
"""At home: what happened in a hall becomes as though it had been held here; all of it, or nothing."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from exam_portal.accounts.models import Account
from exam_portal.audit import service as audit
from exam_portal.audit import tree
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Base, Session
from exam_portal.core.parcels import ParcelRefused
from exam_portal.papers import opened
from exam_portal.papers.errors import SealBroken
from exam_portal.papers.models import KeyRelease, PaperForm
from exam_portal.registration.models import Exclusion
from exam_portal.sittings import fsck
from exam_portal.sittings.attempts import chain, projection, quarantine, replaying
from exam_portal.sittings.attempts import fsck as attempt_fsck
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.coming_back import Returned, require_live
from exam_portal.sittings.hall.errors import PackageRefused
from exam_portal.sittings.models import (
    AnswerEvent,
    Attempt,
    Attendance,
    ContactGap,
    Hall,
    HallLeaf,
    Incident,
    LeaseChange,
    PaperTurn,
    ProposalRuling,
    Sanction,
    Script,
    Seat,
    SeatCall,
    Sitting,
    SittingEvent,
    SittingMessage,
    Submission,
    TimeGrant,
)
from exam_portal.sittings.service import locking

EVENT = ("event", "lease", "received_at")
LATE = ("lease", "body", "closed_at", "received_at")
ACCOUNTS = ("by", "approved_by", "confirmed_by", "moved_by", "collected_by", "filed_by", "answered_by")


def merge(session: Session, actor: Actor, now: datetime, *, returned: Returned) -> Hall:
    """The sitting has come back: attempts, register and record of the hall stand here.

    Raises PackageRefused for a second package, for facts that are here already, and wherever one thing does
    not fit the other; then nothing was written (the caller's transaction is rolled back).
    """
    sitting_id = session.get_one(Hall, returned.hall_id).sitting_id
    sitting = session.get_one(Sitting, sitting_id, with_for_update=True)
    hall = session.get_one(Hall, returned.hall_id, with_for_update=True, populate_existing=True)
    require_live(hall)
    before = set(_differences(session, sitting))
    try:
        _Merge(session, sitting, returned, now).run()
    except SealBroken as problem:
        raise PackageRefused("keys") from problem
    except (ParcelRefused, JournalBroken) as problem:
        raise PackageRefused(getattr(problem, "reason", "chain")) from problem
    except IntegrityError as problem:
        raise PackageRefused("conflict") from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise PackageRefused("shape") from problem
    hall.results, hall.merged_at, hall.merged_by = returned.results, now, actor.account_id
    _record(session, actor, now, sitting, hall, returned)
    session.expire_all()
    if set(_differences(session, sitting)) - before:
        raise PackageRefused("record")
    for key_id, key in returned.content["paper_keys"].items():  # where they lay with officers: not before now
        session.keys.put_back(key_id, bytes.fromhex(key))
    return hall


class _Merge:
    """One package on its way into the tables: old ids lead to new ones."""

    def __init__(self, session: Session, sitting: Sitting, returned: Returned, now: datetime) -> None:
        self.session, self.sitting, self.returned, self.now = session, sitting, returned, now
        self.place = session.get_one(Hall, returned.hall_id).public_id
        self.rooms = self._ids(select(Seat.room_id).where(Seat.sitting_id == sitting.id))
        self.seats = self._ids(select(Seat.id).where(Seat.sitting_id == sitting.id))
        self.candidates = self._ids(select(Seat.candidate_id).where(Seat.sitting_id == sitting.id))
        self.accounts = self._ids(select(Account.id))
        self.attempts = {
            one.id: one for one in session.scalars(select(Attempt).where(Attempt.sitting_id == sitting.id))
        }
        self.papers: dict[int, int] = {}
        self.findings: dict[int, int] = {}
        self.incidents: dict[int, int] = {}

    def run(self) -> None:
        """Everything is written, and follows from the facts."""
        self._require_untouched()
        self._write(SignedPaper, self._paper, self.papers)
        sitting = {"sitting_id": self.sitting.id}
        self._write(Incident, lambda row: row | sitting, self.incidents)
        for model in (SittingEvent, TimeGrant, PaperTurn, ProposalRuling, SittingMessage):
            self._write(model, lambda row: row | sitting)
        self._write(Attendance, self._finding, self.findings)
        self._write(Sanction, dict)
        self._write(Exclusion, dict)
        self._releases()
        self._journals()
        self._write(LeaseChange, dict)
        self._write(SeatCall, dict)
        self._write(ContactGap, dict)
        self._write(Submission, dict)
        self._write(Script, self._script)
        self._settle()

    def _require_untouched(self) -> None:
        """Nothing of what the hall held has happened here, too."""
        here = self.sitting.id
        for found in (
            select(SittingEvent.id).where(SittingEvent.sitting_id == here),
            select(Attendance.id).join(Seat, Seat.id == Attendance.seat_id).where(Seat.sitting_id == here),
            select(Submission.id)
            .join(Attempt, Attempt.id == Submission.attempt_id)
            .where(Attempt.sitting_id == here),
            select(Attempt.id).where(Attempt.sitting_id == here, Attempt.seq > 0),
            select(Script.id).where(Script.sitting_id == here),
        ):
            if self.session.scalar(found.limit(1)) is not None:
                raise ParcelRefused("touched")
        for written in self.returned.attempts:
            own = self.attempts.get(written["id"])
            if own is None or own.public_id != written["public_id"]:
                raise ParcelRefused("attempts")

    def _write(
        self,
        model: type[Base],
        made: Callable[[dict[str, Any]], dict[str, Any]],
        numbers: dict[int, int] | None = None,
    ) -> None:
        """Each row stands here under a new id, its references checked."""
        for written in self.returned.tables[model]:
            row = made(dict(written))
            old = row.pop("id")
            self._check(row)
            for name, known in (
                ("signed_paper_id", self.papers),
                ("paper_id", self.papers),
                ("incident_id", self.incidents),
            ):
                if row.get(name) is not None:
                    row[name] = known[row[name]]
            new = model(**row)
            self.session.add(new)
            self.session.flush()
            if numbers is not None:
                numbers[old] = new.id  # type: ignore[attr-defined]

    def _check(self, row: Mapping[str, Any]) -> None:
        for name, known in (
            ("room_id", self.rooms),
            ("seat_id", self.seats),
            ("candidate_id", self.candidates),
            ("attempt_id", self.attempts),
            *((name, self.accounts) for name in ACCOUNTS),
        ):
            if row.get(name) is not None and row[name] not in known:
                raise ParcelRefused("reference")

    def _paper(self, row: dict[str, Any]) -> dict[str, Any]:
        file = rows.only_keys(self.returned.content["files"][row["public_id"]], ("media_type", "content"))
        content = rows.to_bytes(file["content"])
        if hashlib.sha256(content).digest() != row["sha256"]:
            raise ParcelRefused("file")
        files = self.session.files
        kept = files.prepare(content, media_type=file["media_type"], key_id=files.keys.create())
        competition = self.session.get_one(Competition, self.sitting.competition_id)
        return row | {
            "blob_id": files.add(self.session, kept, now=self.now).id,
            "competition_id": competition.id,
            "organisation_id": competition.organisation_id,
        }

    def _finding(self, row: dict[str, Any]) -> dict[str, Any]:
        before = row["supersedes_id"]
        return row | {"supersedes_id": None if before is None else self.findings[before]}

    def _script(self, row: dict[str, Any]) -> dict[str, Any]:
        sitting = self.sitting
        return row | {
            "competition_id": sitting.competition_id,
            "sitting_id": sitting.id,
            "part": sitting.part,
        }

    def _releases(self) -> None:
        """The words to open count here, too, and the keys that they gave are those of the forms."""
        for row in self.returned.tables[KeyRelease]:
            self._check(row)
            self.session.add(
                KeyRelease(paper_id=self.sitting.paper_id, by=row["by"], at=row["at"], place=self.place)
            )
        self.session.flush()
        found = select(PaperForm).where(PaperForm.paper_id == self.sitting.paper_id)
        forms = {form.key_id: form for form in self.session.scalars(found)}
        for key_id, key in self.returned.content["paper_keys"].items():
            opened.require_opens(forms[key_id], bytes.fromhex(key))

    def _journals(self) -> None:
        """Every event is sealed under the person's key here, and its chain leads to the head of the hall."""
        events, late = self.returned.content["events"], self.returned.content["late"]
        names = {one["public_id"] for one in self.returned.attempts}
        if set(events) != names or set(late) != names:
            raise ParcelRefused("attempts")
        for written in self.returned.attempts:
            attempt = self.attempts[written["id"]]
            kept = list(self._events(attempt, events[attempt.public_id]))
            head = kept[-1]["head"] if kept else replaying.initial_head(self.session, attempt)
            if (len(kept), head) != (written["seq"], written["head"]):
                raise ParcelRefused("chain")
            if kept:
                self.session.execute(insert(AnswerEvent), kept)
            self.session.add_all(self._late(attempt, late[attempt.public_id]))
            values = {name: value for name, value in written.items() if name not in ("id", "public_id")}
            self.session.execute(update(Attempt).where(Attempt.id == attempt.id).values(**values))
        self.session.flush()
        self.session.expire_all()

    def _events(self, attempt: Attempt, written: list[Any]) -> Iterator[dict[str, Any]]:
        bodies = Bodies(self.session.keys)
        head = replaying.initial_head(self.session, attempt)
        for seq, one in enumerate(written, start=1):
            given = rows.only_keys(one, EVENT)
            event = given["event"]
            said = chain.event_bytes(event)
            head = chain.next_head(head, said)
            yield {
                "attempt_id": attempt.id,
                "seq": seq,
                "client_seq": event["client_seq"],
                "body": bodies.seal(attempt.key_id, attempt.public_id, event),
                "event_hash": hashlib.sha256(said).digest(),
                "head": head,
                "lease": given["lease"],
                "received_at": datetime.fromisoformat(given["received_at"]),
            }

    def _late(self, attempt: Attempt, written: list[Any]) -> Iterator[Base]:
        for one in written:
            given = rows.only_keys(one, LATE)
            yield quarantine.row_of(
                self.session,
                attempt,
                rows.to_bytes(given["body"]),
                lease=given["lease"],
                closed_at=datetime.fromisoformat(given["closed_at"]),
                received_at=datetime.fromisoformat(given["received_at"]),
            )

    def _settle(self) -> None:
        """What the facts say now is what the hall said: states, times, and who handed in."""
        projection.refresh(self.session, self.sitting)
        for written in self.returned.attempts:
            attempt = self.session.get_one(Attempt, written["id"])
            said = projection.Projection(
                *(written[name] for name in ("state", "opens_at", "closes_at", "accepts_until"))
            )
            if projection.stored(attempt) != said:
                raise ParcelRefused("projection")
        sealed = select(func.count()).where(
            Script.sitting_id == self.sitting.id, Script.attempt_id.is_not(None)
        )
        if self.session.scalar(sealed) != len(self.returned.tables[Submission]):
            raise ParcelRefused("scripts")

    def _ids(self, query: Any) -> frozenset[int]:
        return frozenset(self.session.scalars(query))


def _record(
    session: Session, actor: Actor, now: datetime, sitting: Sitting, hall: Hall, returned: Returned
) -> None:
    """The leaves of the hall stand in the log of the competition, as they were committed to there."""
    log = audit.log_of(session, now, sitting.competition_id)
    for leaf in returned.leaves:
        leaf.index, leaf.log_id = None, log.id
    session.add_all(returned.leaves)
    session.flush()
    session.add_all(
        HallLeaf(hall_id=hall.id, index=index, leaf_id=leaf.id) for index, leaf in enumerate(returned.leaves)
    )
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        while tree.sequence(session, log.id):
            pass
    facts = {"hall": hall.public_id, "package": returned.sha256, "log": returned.results["log"]}
    locking.record(session, actor, now, sitting, "hall_merged", facts, subject=hall.public_id)
    audit.checkpoint(session, now, competition_id=sitting.competition_id)


def _differences(session: Session, sitting: Sitting) -> Iterator[str]:
    yield from map(str, attempt_fsck.of_sitting(session, sitting))
    yield from map(str, fsck.differences(session))
