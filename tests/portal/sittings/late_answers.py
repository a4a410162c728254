# SPDX-License-Identifier: Apache-2.0
"""A test whose first candidate was cut off: what arrives late, and the people who rule on it."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.sittings import queries, service
from exam_portal.sittings.attempts.errors import (
    AttemptClosed,
)
from exam_portal.sittings.models import LateEvent, LateRuling, LateVerdict, Seat, Sitting
from tests.portal.competitions.pages import grant
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.attempts.builders import ITEMS, Player, an_event
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall
from tests.portal.sittings.computers import (
    attempt_of,
    mark_tests,
    player_at,
    rules_with_a_test,
    running,
    seal_all,
)


@dataclasses.dataclass(slots=True)
class Late:
    """A test of which the first candidate's computer was cut off a minute after the start."""

    database: Database
    hall: Hall
    sitting: Sitting
    seat: Seat
    closes: datetime
    player: Player

    @property
    def now(self) -> datetime:
        """When people rule: the window is over."""
        return self.closes + 20 * MINUTE

    def ms(self, before_closing: timedelta) -> int:
        """Return the computer's own count so long before the closing."""
        return 1000 + int((self.closes - before_closing - START - MINUTE).total_seconds() * 1000)

    def arrive(self, content: object = "c", after: timedelta = 5 * MINUTE, **overrides: object) -> bytes:
        """A batch of one late event is kept apart; return its hash."""
        self.player.client_seq += 1
        facts = {"ms": self.ms(MINUTE), "item": "Q-2", **overrides}
        content = [content] if facts["item"] == "Q-2" else content
        return self.send(an_event(self.player.client_seq, content, **facts), after=after)

    def send(self, *events: dict[str, object], after: timedelta = 5 * MINUTE) -> bytes:
        """These events are kept apart."""
        self.player.now = self.closes + after
        with pytest.raises(AttemptClosed) as refused:
            self.player.send(self.player.batch(*events))
        assert refused.value.quarantined
        with self.database.reading() as session:
            return session.scalars(select(LateEvent.body_hash).order_by(LateEvent.id.desc()).limit(1)).one()

    def seal(self) -> None:
        """The sitting ends after its time, and every attempt is sealed."""
        with self.database.writing(unhurried=True) as session:
            sitting = session.get_one(Sitting, self.sitting.id)
            service.end(session, self.hall.invigilator, self.closes + 2 * MINUTE, sitting=sitting)
            seal_all(session, self.hall.invigilator, self.closes + 2 * MINUTE, sitting)

    def propose(
        self, last: bytes, verdict: LateVerdict = LateVerdict.ACCEPT, by: Actor | None = None
    ) -> LateRuling:
        """The secretary proposes."""
        with self.database.writing(unhurried=True) as session:
            return service.propose_ruling(
                session,
                by or self.hall.secretary,
                self.now,
                attempt=attempt_of(session, self.seat),
                last=last,
                verdict=verdict,
                reason="Mất mạng tại phòng thi, có biên bản",
            )

    def approve(self, ruling: LateRuling, by: Actor | None = None) -> tuple[int, ...]:
        """The chair approves."""
        with self.database.writing(unhurried=True) as session:
            return service.approve_ruling(session, by or self.hall.house.chair, self.now, ruling=ruling)

    def rule(self, last: bytes, verdict: LateVerdict = LateVerdict.ACCEPT) -> tuple[int, ...]:
        """Both have ruled."""
        return self.approve(self.propose(last, verdict))

    def mark(self, at: datetime | None = None) -> list[tuple[str, str]]:
        """The tests are marked; return the marks by candidate."""
        with self.database.writing(unhurried=True) as session:
            mark_tests(
                session, self.hall.invigilator, at or self.now, session.get_one(Sitting, self.sitting.id)
            )
        return self.marks()

    def marks(self) -> list[tuple[str, str]]:
        """Return the marks by candidate."""
        with self.database.reading() as session:
            found = queries.test_marks(session, self.sitting.competition_id, self.sitting.part)
            return [found[one.id] for one in self.hall.candidates if one.id in found]

    def entries(self) -> list[queries.LateAttempt]:
        """Return what the page shows."""
        with self.database.reading() as session:
            return queries.late_attempts(session, session.get_one(Sitting, self.sitting.id))


def a_late(database: Database, *, part: str = "test", items: slice = slice(3)) -> Late:
    """A part runs in the portal; one answer has arrived."""
    with database.writing(unhurried=True) as session:
        rules: dict[str, Any] = {"ruleset": rules_with_a_test()} if part == "test" else {}
        hall = a_hall(session, **rules)
        form = attempt_builders.a_form(items=ITEMS[items])
        sitting = running(session, hall, part=part, form=form)
        for actor in (hall.secretary, hall.house.chair, hall.invigilator, hall.masker):
            grant(session, actor, hall.house.organisation.id, LISTED)
        session.refresh(hall.house.organisation)
        session.refresh(sitting)
        seat = sitting.seats[0]
    player = player_at(database, seat, START + MINUTE)
    player.answer("b")
    closes = START + timedelta(seconds=sitting.duration_seconds)
    return Late(database, hall, sitting, seat, closes, player)


def at_seat(one: Late, index: int) -> Late:
    """The same sitting from another seat, whose first answer has arrived too."""
    with one.database.reading() as session:
        seat = session.scalars(
            select(Seat).where(Seat.sitting_id == one.sitting.id).order_by(Seat.id).offset(index).limit(1)
        ).one()
    player = player_at(one.database, seat, START + MINUTE)
    player.answer("a")
    return dataclasses.replace(one, seat=seat, player=player)
