# SPDX-License-Identifier: Apache-2.0
"""At home: what happened in a hall becomes as though it had been held here; all of it, or nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from exam_portal.audit import service as audit
from exam_portal.audit import tree
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Base, Session
from exam_portal.core.parcels import ParcelRefused
from exam_portal.papers.models import KeyRelease
from exam_portal.registration.models import Exclusion
from exam_portal.sittings.attempts import projection, quarantine
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.checking import (
    LATE,
    Checked,
    attempts_of,
    differences,
    file_of,
    refusals,
    require_untouched,
)
from exam_portal.sittings.hall.coming_back import Returned, require_live
from exam_portal.sittings.hall.errors import PackageRefused
from exam_portal.sittings.models import (
    AnswerEvent,
    Attempt,
    Attendance,
    ContactGap,
    Hall,
    HallLeaf,
    HandIn,
    Incident,
    LeaseChange,
    PaperTurn,
    ProposalRuling,
    Sanction,
    Script,
    ScriptBag,
    SeatCall,
    Sitting,
    SittingEvent,
    SittingMessage,
    Submission,
    TimeGrant,
)
from exam_portal.sittings.service import locking


def merge(session: Session, actor: Actor, now: datetime, *, checked: Checked) -> Hall:
    """The sitting has come back: attempts, register and record of the hall stand here.

    Raises PackageRefused for a second package, for facts that are here already, and wherever one thing does
    not fit the other; then nothing was written (the caller's transaction is rolled back).
    """
    returned = checked.returned
    sitting_id = session.get_one(Hall, returned.hall_id).sitting_id
    sitting = session.get_one(Sitting, sitting_id, with_for_update=True)
    hall = session.get_one(Hall, returned.hall_id, with_for_update=True, populate_existing=True)
    require_live(hall)
    with refusals():
        _Merge(session, sitting, checked, now).run()
    hall.results, hall.merged_at, hall.merged_by = returned.results, now, actor.account_id
    _record(session, actor, now, sitting, hall, returned)
    session.expire_all()
    if set(differences(session, sitting)) - checked.before:
        raise PackageRefused("record")
    for key_id, key in returned.content["paper_keys"].items():  # where they lay with officers: not before now
        session.keys.put_back(key_id, bytes.fromhex(key))
    return hall


class _Merge:
    """One package on its way into the tables: old ids lead to new ones."""

    def __init__(self, session: Session, sitting: Sitting, checked: Checked, now: datetime) -> None:
        self.session, self.sitting, self.checked, self.now = session, sitting, checked, now
        self.returned = checked.returned
        self.place = session.get_one(Hall, self.returned.hall_id).public_id
        self.attempts = attempts_of(session, sitting)
        self.papers: dict[int, int] = {}
        self.findings: dict[int, int] = {}
        self.incidents: dict[int, int] = {}
        self.scripts: dict[int, int] = {}

    def run(self) -> None:
        """Everything is written, and follows from the facts."""
        require_untouched(self.session, self.sitting)
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
        self._write(Script, self._script, self.scripts)
        self._write(HandIn, dict)
        self._write(ScriptBag, self._bag)
        self._settle()

    def _write(
        self,
        model: type[Base],
        made: Callable[[dict[str, Any]], dict[str, Any]],
        numbers: dict[int, int] | None = None,
    ) -> None:
        """Each row stands here under a new id."""
        for written in self.returned.tables[model]:
            row = made(dict(written))
            old = row.pop("id")
            for name, known in (
                ("signed_paper_id", self.papers),
                ("paper_id", self.papers),
                ("incident_id", self.incidents),
                ("script_id", self.scripts),
            ):
                if row.get(name) is not None:
                    row[name] = known[row[name]]
            new = model(**row)
            self.session.add(new)
            if numbers is not None:  # others refer to it, by the id that it has here
                self.session.flush()
                numbers[old] = new.id  # type: ignore[attr-defined]
        self.session.flush()

    def _paper(self, row: dict[str, Any]) -> dict[str, Any]:
        media_type, content = file_of(self.returned, row)
        files = self.session.files
        kept = files.prepare(content, media_type=media_type, key_id=files.keys.create())
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

    def _bag(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"competition_id": self.sitting.competition_id, "sitting_id": self.sitting.id}

    def _releases(self) -> None:
        """The words to open count here, too."""
        for row in self.returned.tables[KeyRelease]:
            self.session.add(
                KeyRelease(paper_id=self.sitting.paper_id, by=row["by"], at=row["at"], place=self.place)
            )
        self.session.flush()

    def _journals(self) -> None:
        """The events of all attempts are here, and each attempt stands where its journal ends."""
        if self.checked.events:
            self.session.execute(insert(AnswerEvent.__table__), list(self.checked.events))  # type: ignore[arg-type]
        for written in self.returned.attempts:
            attempt = self.attempts[written["id"]]
            self.session.add_all(self._late(attempt, self.returned.content["late"][attempt.public_id]))
            for name, value in written.items():
                setattr(attempt, name, value)
        self.session.flush()
        self.session.expire_all()

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
