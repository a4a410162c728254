# SPDX-License-Identifier: Apache-2.0
"""What lies ready for thousands at once: each form as its ciphertext, and, from the start on, its key.

Both are the same bytes for everybody and are answered from memory. The key names the rooms that have started:
a browser shows the paper when its own has.
"""

import dataclasses
import json
import threading
import time
from typing import Any

from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.papers import opened as papers
from exam_portal.papers import queries as paper_queries
from exam_portal.papers.errors import PaperLocked
from exam_portal.papers.models import PaperForm
from exam_portal.sittings.attempts.acknowledgement import instant
from exam_portal.sittings.models import Room, Sitting, SittingEvent, SittingEventKind

SCHEMA = "exam-portal/form-key/1"
FRESH_SECONDS = 1.0
NOT_YET = b""
MOST_FORMS = 256


@dataclasses.dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes | None
    until: float


class Shelf:
    """One for each process; safe across its threads. Nothing is asked of the database twice in a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sealed: dict[str, bytes] = {}
        self._keys: dict[str, _Kept] = {}
        self._mutex = threading.Lock()

    def has(self, form: str) -> bool:
        """Whether the form lies here; no name that somebody invents ever does."""
        return form in self._sealed

    def sealed(self, form: str) -> bytes | None:
        """Return the form's ciphertext once two officers have sealed its paper; None before."""
        found = self._sealed.get(form)
        if found is None:
            with self._database.reading() as session:
                row = _form(session, form)
                if row is None or not paper_queries.is_sealed(session, row.paper_id):
                    return None
                found = row.ciphertext
            with self._mutex:
                if len(self._sealed) >= MOST_FORMS:
                    self._sealed.clear()
                self._sealed[form] = found
        return found

    def key(self, form: str) -> bytes | None:
        """Return the key and the rooms that have started, as JSON.

        Nothing (``b""``) before the paper is open and its sitting started; None where no such form is sealed.
        """
        if self.sealed(form) is None:
            return None
        kept = self._keys.get(form)
        if kept is not None and time.monotonic() < kept.until:
            return kept.body
        with self._mutex:
            kept = self._keys.get(form)
            if kept is None or time.monotonic() >= kept.until:
                kept = _Kept(self._key(form), time.monotonic() + FRESH_SECONDS)
                if len(self._keys) >= MOST_FORMS:
                    self._keys.clear()
                self._keys[form] = kept
        return kept.body

    def _key(self, form: str) -> bytes | None:
        with self._database.reading() as session:
            row = _form(session, form)
            if row is None:
                return None
            starts = _starts(session, row.paper_id)
            try:
                key = papers.delivery_key(session, row.id)
            except PaperLocked:
                return NOT_YET
        if not starts:
            return NOT_YET
        return json.dumps({"_": SCHEMA, "form": form, "key": key.hex(), "starts": starts}).encode()


def _form(session: Session, form: str) -> PaperForm | None:
    return session.scalar(select(PaperForm).where(PaperForm.public_id == form))


def _starts(session: Session, paper_id: int) -> list[dict[str, Any]]:
    """Return where sittings of the paper have started, room by room (no room: all of them), and when."""
    found = (
        select(Sitting.public_id, Room.public_id, SittingEvent.at)
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .outerjoin(Room, Room.id == SittingEvent.room_id)
        .where(Sitting.paper_id == paper_id, SittingEvent.kind == SittingEventKind.STARTED)
        .order_by(SittingEvent.id)
    )
    return [
        {"sitting": sitting, "room": room, "at": instant(at)} for sitting, room, at in session.execute(found)
    ]
