# SPDX-License-Identifier: Apache-2.0
"""At home: what came back is looked through before the writer is taken, and its journals are sealed anew."""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from exam_portal.accounts.models import Account
from exam_portal.core.db import Session
from exam_portal.core.parcels import ParcelRefused
from exam_portal.papers import opened
from exam_portal.papers.errors import SealBroken
from exam_portal.papers.models import PaperForm
from exam_portal.sittings import fsck
from exam_portal.sittings.attempts import chain, replaying
from exam_portal.sittings.attempts import fsck as attempt_fsck
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.errors import JournalBroken
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.coming_back import Returned
from exam_portal.sittings.hall.errors import PackageRefused
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    Hall,
    Script,
    Seat,
    Sitting,
    SittingEvent,
    Submission,
)

EVENT = ("event", "lease", "received_at")
LATE = ("lease", "body", "closed_at", "received_at")
ACCOUNTS = ("by", "approved_by", "confirmed_by", "moved_by", "collected_by", "filed_by", "answered_by")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Results whose journals, keys, files and references hold; times and record are asked at the end."""

    returned: Returned
    events: Sequence[Mapping[str, Any]]  # of all journals, as rows of this installation
    before: frozenset[str]  # what was wrong here already


def check(session: Session, returned: Returned) -> Checked:
    """Return the results ready to be written, or raise PackageRefused: nothing of them is written here."""
    sitting = session.get_one(Sitting, session.get_one(Hall, returned.hall_id).sitting_id)
    with refusals():
        require_untouched(session, sitting)
        _require_places(session, sitting, returned)
        _require_files(returned)
        _require_keys(session, sitting, returned)
        events = list(_journals(session, sitting, returned))
    return Checked(returned=returned, events=events, before=frozenset(differences(session, sitting)))


@contextmanager
def refusals() -> Iterator[None]:
    """Whatever does not fit is raised as PackageRefused with its reason."""
    try:
        yield
    except SealBroken as problem:
        raise PackageRefused("keys") from problem
    except (ParcelRefused, JournalBroken) as problem:
        raise PackageRefused(getattr(problem, "reason", "chain")) from problem
    except IntegrityError as problem:
        raise PackageRefused("conflict") from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise PackageRefused("shape") from problem


def require_untouched(session: Session, sitting: Sitting) -> None:
    """Nothing of what the hall held has happened here, too."""
    here = sitting.id
    for found in (
        select(SittingEvent.id).where(SittingEvent.sitting_id == here),
        select(Attendance.id).join(Seat, Seat.id == Attendance.seat_id).where(Seat.sitting_id == here),
        select(Submission.id)
        .join(Attempt, Attempt.id == Submission.attempt_id)
        .where(Attempt.sitting_id == here),
        select(Attempt.id).where(Attempt.sitting_id == here, Attempt.seq > 0),
        select(Script.id).where(Script.sitting_id == here),
    ):
        if session.scalar(found.limit(1)) is not None:
            raise ParcelRefused("touched")


def differences(session: Session, sitting: Sitting) -> Iterator[str]:
    """Yield what the facts of the sitting, or the record of all sittings, tell otherwise."""
    yield from map(str, attempt_fsck.of_sitting(session, sitting))
    yield from map(str, fsck.differences(session))


def attempts_of(session: Session, sitting: Sitting) -> dict[int, Attempt]:
    """Return the attempts of the sitting by id."""
    found = session.scalars(select(Attempt).where(Attempt.sitting_id == sitting.id))
    return {one.id: one for one in found}


def _require_places(session: Session, sitting: Sitting, returned: Returned) -> None:
    """Every row names rooms, seats, people and attempts of this sitting."""
    attempts = attempts_of(session, sitting)
    for written in returned.attempts:
        own = attempts.get(written["id"])
        if own is None or own.public_id != written["public_id"]:
            raise ParcelRefused("attempts")
    seats = select(Seat.id, Seat.room_id, Seat.candidate_id).where(Seat.sitting_id == sitting.id)
    found = session.execute(seats).all()
    accounts = frozenset(session.scalars(select(Account.id)))
    known = {
        "seat_id": {one.id for one in found},
        "room_id": {one.room_id for one in found},
        "candidate_id": {one.candidate_id for one in found},
        "attempt_id": set(attempts),
        **dict.fromkeys(ACCOUNTS, accounts),
    }
    for table in returned.tables.values():
        for row in table:
            if any(row.get(name) is not None and row[name] not in known[name] for name in known):
                raise ParcelRefused("reference")


def file_of(returned: Returned, row: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return media type and content of a scan, which is the one that was filed."""
    file = rows.only_keys(returned.content["files"][row["public_id"]], ("media_type", "content"))
    content = rows.to_bytes(file["content"])
    if hashlib.sha256(content).digest() != row["sha256"]:
        raise ParcelRefused("file")
    return file["media_type"], content


def _require_files(returned: Returned) -> None:
    for row in returned.papers:
        file_of(returned, row)


def _require_keys(session: Session, sitting: Sitting, returned: Returned) -> None:
    """The keys that the words of the officers gave are those of the forms."""
    found = select(PaperForm).where(PaperForm.paper_id == sitting.paper_id)
    forms = {form.key_id: form for form in session.scalars(found)}
    for key_id, key in returned.content["paper_keys"].items():
        opened.require_opens(forms[key_id], bytes.fromhex(key))


def _journals(session: Session, sitting: Sitting, returned: Returned) -> Iterator[Mapping[str, Any]]:
    """Yield every event sealed under the person's key here; each chain leads to the head of the hall."""
    events, late = returned.content["events"], returned.content["late"]
    names = {one["public_id"] for one in returned.attempts}
    if set(events) != names or set(late) != names:
        raise ParcelRefused("attempts")
    attempts, bodies = attempts_of(session, sitting), Bodies(session.keys)
    for written in returned.attempts:
        attempt = attempts[written["id"]]
        first = replaying.initial_head(session, attempt)
        kept = list(_events(bodies, attempt, first, events[attempt.public_id]))
        head = kept[-1]["head"] if kept else first
        if (len(kept), head) != (written["seq"], written["head"]):
            raise ParcelRefused("chain")
        yield from kept


def _events(bodies: Bodies, attempt: Attempt, head: bytes, written: list[Any]) -> Iterator[dict[str, Any]]:
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
