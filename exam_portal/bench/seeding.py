# SPDX-License-Identifier: Apache-2.0
"""A rehearsal with many attempts that run now, put in at once: only the answer path is measured."""

import dataclasses
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from exam_portal.accounts import logins
from exam_portal.accounts.models import Account, Organisation
from exam_portal.accounts.passwords import Hasher
from exam_portal.bench.writers import ITEMS
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.db import Session
from exam_portal.core.ids import new_public_id
from exam_portal.papers import drawing
from exam_portal.papers.models import KeyRelease, Paper, PaperForm, PaperSeal
from exam_portal.registration.models import Application, Candidate
from exam_portal.sittings.attempts import chain
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    LeaseChange,
    Room,
    RoomBinding,
    Seat,
    Sitting,
    SittingEvent,
)
from question_bank import paper

DAY = timedelta(days=1)
HALL = "127.0.0.1/32"  # the network of the one room: everybody comes from one address
PASSWORD = "mot-cau-dai-de-do"  # noqa: S105 - of people who exist for the measurement only


def seed(session: Session, now: datetime, *, attempts: int, has_leases: bool = True) -> list[Attempt]:
    """Return active attempts, with their leases taken or free; their facts agree with their projection.

    The candidate of the n-th attempt signs in as ``login(n)`` with ``PASSWORD``.
    """
    organisation = Organisation(name="Bench", name_en="Bench", place="Hà Nội", created_at=now)
    session.add(organisation)
    session.flush()
    staff = _accounts(session, now, 3, kind="staff")
    competition = _competition(session, now, organisation, staff[0])
    sitting = _sitting(session, now, competition, staff)
    seats = _seats(session, now, competition, sitting, attempts)
    here = RoomBinding(room_id=seats[0][0].room_id, networks=[HALL], by=staff[0].id, at=now)
    session.add(here)
    return _attempts(session, now, sitting, seats, staff[0], has_leases=has_leases)


def login(number: int) -> str:
    """Return the name with which a candidate signs in."""
    return f"bench{number}"


def _accounts(session: Session, now: datetime, count: int, *, kind: str) -> list[Account]:
    password = Hasher(1).hash(PASSWORD)  # one for all: checking it costs each the same
    accounts = [
        Account(
            kind=kind,
            login_index=logins.index(session, login(number) if kind == "candidate" else f"staff{number}"),
            key_id=session.keys.create(),
            profile=b"",
            password_hash=password,
            confirmed_at=now,
            created_at=now,
        )
        for number in range(count)
    ]
    session.add_all(accounts)
    session.flush()
    return accounts


def _competition(session: Session, now: datetime, organisation: Organisation, by: Account) -> Competition:
    competition = Competition(
        organisation_id=organisation.id,
        kind="rehearsal",
        code=f"BENCH-{secrets.token_hex(4)}",
        title="Bench",
        title_en="Bench",
        description="",
        ruleset={},
        ruleset_hash="sha256:" + "0" * 64,
        legal_basis=[],
        apply_opens_at=now - 2 * DAY,
        apply_closes_at=now - DAY,
        created_by=by.id,
        created_at=now,
    )
    session.add(competition)
    session.flush()
    return competition


def _sitting(session: Session, now: datetime, competition: Competition, staff: list[Account]) -> Sitting:
    by = staff[0].id
    kept = Paper(
        competition_id=competition.id,
        part="test",
        kind="official",
        content="inside",
        blueprint={},
        created_by=by,
        created_at=now,
    )
    session.add(kept)
    session.flush()
    sealed = dataclasses.asdict(drawing._sealed(session.keys, _form()))  # noqa: SLF001 - as a draw does
    session.add(PaperForm(paper_id=kept.id, drawn_by=by, drawn_at=now, **sealed))
    for officer in staff[1:]:
        session.add(PaperSeal(paper_id=kept.id, commitments={}, by=officer.id, at=now))
        session.add(KeyRelease(paper_id=kept.id, by=officer.id, at=now))
    sitting = Sitting(
        competition_id=competition.id,
        part="test",
        mode="portal",
        paper_id=kept.id,
        starts_at=now,
        duration_seconds=int(DAY.total_seconds()),
        created_by=by,
        created_at=now,
    )
    session.add_all([sitting, Room(competition_id=competition.id, name="1", address="", capacity=100_000)])
    session.flush()
    session.add(SittingEvent(sitting_id=sitting.id, kind="started", payload={}, by=by, at=now))
    session.flush()
    return sitting


def _form() -> paper.PaperForm:
    items = paper.items_of_key({"_": paper.KEY_SCHEMA, "form": "101", "language": "vi", "items": _items()})
    return paper.PaperForm(
        id="101", title="Bench", kind="official", language="vi", minutes=60, marks=Decimal(100), items=items
    )


def _items() -> list[dict[str, Any]]:
    source = dict.fromkeys(("instrument", "article", "valid_from", "valid_to"))
    common = {"version": 1, "kind": "single_choice", "title": "Bench", "marks": "1", "shuffle": True}
    rest = {
        "topics": ["Bench"],
        "level": None,
        "difficulty": None,
        "source": source,
        "tags": [],
        "feedback": None,
    }
    options = [{"id": name, "text": name.upper(), "fraction": "1" if name == "a" else "0"} for name in "abcd"]
    return [{"id": item, "stem": item, "options": options, **common, **rest} for item in ITEMS]


def _seats(
    session: Session, now: datetime, competition: Competition, sitting: Sitting, count: int
) -> list[tuple[Seat, Account]]:
    vacancy = Vacancy(
        competition_id=competition.id, code="1", title="Bench", title_en="", unit="Bench", level="division"
    )
    session.add(vacancy)
    session.flush()
    room = session.scalars(select(Room).where(Room.competition_id == competition.id)).one()
    accounts = _accounts(session, now, count, kind="candidate")
    ids = {"competition_id": competition.id, "vacancy_id": vacancy.id}
    applications = [
        Application(account_id=each.id, source="online", form=b"", created_at=now, **ids) for each in accounts
    ]
    session.add_all(applications)
    session.flush()
    candidates = [
        Candidate(
            application_id=app.id, account_id=app.account_id, candidate_no=f"{n:05d}", admitted_at=now, **ids
        )
        for n, app in enumerate(applications)
    ]
    session.add_all(candidates)
    session.flush()
    seats = [
        Seat(
            sitting_id=sitting.id,
            candidate_id=each.id,
            room_id=room.id,
            label=str(n),
            sheet_code=secrets.token_hex(8),
        )
        for n, each in enumerate(candidates)
    ]
    session.add_all(seats)
    session.flush()
    return list(zip(seats, accounts, strict=True))


def _attempts(
    session: Session,
    now: datetime,
    sitting: Sitting,
    seats: list[tuple[Seat, Account]],
    by: Account,
    *,
    has_leases: bool,
) -> list[Attempt]:
    form = session.scalars(select(PaperForm).where(PaperForm.paper_id == sitting.paper_id)).one()
    made = []
    for seat, account in seats:
        public_id, salt = new_public_id(), secrets.token_bytes(32)
        attempt = Attempt(
            public_id=public_id,
            sitting_id=sitting.id,
            seat_id=seat.id,
            form_id=form.id,
            key_id=account.key_id,
            salt=salt,
            head=chain.first_head(public_id, form.commitment, salt),
            state="active",
            lease=new_public_id() if has_leases else None,
            opens_at=now,
            closes_at=now + DAY,
            accepts_until=now + DAY + timedelta(seconds=60),
            created_at=now,
        )
        made.append(attempt)
    session.add_all(made)
    session.flush()
    if has_leases:
        session.execute(insert(LeaseChange), [_lease(attempt, now) for attempt in made])
    session.execute(insert(Attendance), [_attendance(seat, by, now) for seat, _ in seats])
    return made


def _lease(attempt: Attempt, now: datetime) -> dict[str, Any]:
    return {"attempt_id": attempt.id, "lease": attempt.lease, "device": "bench", "at": now}


def _attendance(seat: Seat, by: Account, now: datetime) -> dict[str, Any]:
    return {
        "seat_id": seat.id,
        "status": "present",
        "identity_checked": True,
        "arrived_at": now,
        "note": "",
        "by": by.id,
        "at": now,
    }
