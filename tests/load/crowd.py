# SPDX-License-Identifier: Apache-2.0
"""Many people at once, put in as rows: applicants of one competition, candidates with seats of another."""

from datetime import date, datetime, timedelta

from sqlalchemy import insert, select

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration.form_content import FormContent
from exam_portal.registration.models import Application, Candidate, VettingConclusion
from exam_portal.registration.queries import FORM_CONTEXT
from exam_portal.sittings.models import Attempt, Attendance, Room, Seat, Sitting

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Hoàng", "Đỗ", "Ngô")
GIVEN = ("Hạnh", "Bảo", "Yến", "Anh", "Khuê", "Đức", "Thủy", "Sơn", "Lan", "Quỳnh", "Ánh")
ROOM = 24


def applicants(
    session: Session, competition: Competition, number: int, at: datetime, *, concluded: bool = False
) -> list[Application]:
    """So many people have applied, spread over the posts; the board found them eligible, or has not read."""
    accounts = [_account(session, index, at) for index in range(number)]
    session.add_all(accounts)
    session.flush()
    posts = competition.vacancies
    made = [
        _application(session, competition.id, posts[index % len(posts)].id, account, index, at)
        for index, account in enumerate(accounts)
    ]
    session.add_all(made)
    session.flush()
    if concluded:
        facts = {"outcome": "eligible", "reason": "", "by": competition.created_by, "at": at}
        session.execute(insert(VettingConclusion), [{"application_id": one.id, **facts} for one in made])
    return made


def candidates(session: Session, competition: Competition, number: int, at: datetime) -> list[Candidate]:
    """So many applicants have a candidate number."""
    made = [
        Candidate(
            application_id=one.id,
            competition_id=competition.id,
            vacancy_id=one.vacancy_id,
            account_id=one.account_id,
            candidate_no=f"{index + 2000}",
            admitted_at=at,
        )
        for index, one in enumerate(applicants(session, competition, number, at, concluded=True))
    ]
    session.add_all(made)
    session.flush()
    return made


def seats(session: Session, sitting: Sitting, people: list[Candidate]) -> list[Seat]:
    """Everybody has a seat, in rooms of 24."""
    rooms = [
        Room(competition_id=sitting.competition_id, name=f"Phòng {number + 101}", address="", capacity=ROOM)
        for number in range((len(people) + ROOM - 1) // ROOM)
    ]
    session.add_all(rooms)
    session.flush()
    made = [
        Seat(
            sitting_id=sitting.id,
            candidate_id=person.id,
            room_id=rooms[index // ROOM].id,
            label=f"{index % ROOM + 1:02d}",
            sheet_code=f"TAI-{sitting.id}-{index}",
        )
        for index, person in enumerate(people)
    ]
    session.add_all(made)
    session.flush()
    return made


def take_places(session: Session, sitting: Sitting, places: list[Seat], at: datetime) -> None:
    """Every second seat is taken; where the sitting is held on computers, an attempt waits at each."""
    present = {"status": "present", "identity_checked": True, "by": sitting.created_by, "at": at}
    session.execute(
        insert(Attendance), [{"seat_id": one.id, "arrived_at": at, **present} for one in places[::2]]
    )
    known = session.scalars(select(Attempt).where(Attempt.sitting_id == sitting.id)).first()
    if known is not None:
        session.add_all(
            Attempt(
                sitting_id=sitting.id,
                seat_id=seat.id,
                form_id=known.form_id,
                key_id=known.key_id,
                salt=known.salt,
                head=known.head,
                state="awaiting" if index % 2 else "authorised",
                created_at=at,
            )
            for index, seat in enumerate(places)
        )
    session.flush()


def _account(session: Session, index: int, at: datetime) -> Account:
    key_id = session.keys.create()
    name = f"{FAMILIES[index % 10]} Thị {GIVEN[index % 11]}"
    login = f"dong.nguoi.{key_id[:8]}.{index}@example.vn"
    return Account(
        kind="candidate",
        login_index=session.keys.index(login, "login"),
        key_id=key_id,
        profile=profiles.seal(session, key_id, Profile(name=name, login=login, email=login)),
        confirmed_at=at,
        created_at=at,
    )


def _application(
    session: Session, competition_id: int, vacancy_id: int, account: Account, index: int, at: datetime
) -> Application:
    form = FormContent(
        birth_date=date(1975 + index % 15, 5, 1),
        identity_number=f"{index:012d}",
        present_post="Phó Trưởng phòng",
        present_unit="Phòng Tài chính – Kế hoạch",
    )
    return Application(
        competition_id=competition_id,
        vacancy_id=vacancy_id,
        account_id=account.id,
        source="online",
        form=session.keys.seal(account.key_id, form.dump(), FORM_CONTEXT),
        receipt_no=f"HS-{index + 5001}",
        submitted_at=at + timedelta(seconds=index),
        created_at=at,
    )
