# SPDX-License-Identifier: Apache-2.0
"""A competition whose list is approved, its people, and a sitting on the way to the markers."""

import dataclasses
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.competitions.models import Competition, MilestoneKind, Vacancy
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.registration.form_content import FormContent
from exam_portal.registration.models import Application, Candidate, VettingConclusion
from exam_portal.registration.queries import FORM_CONTEXT
from exam_portal.sittings import queries, service
from exam_portal.sittings.models import AttendanceStatus, Room, Seat, Sitting, SittingEvent
from exam_portal.sittings.service import bags as sealed
from exam_portal.sittings.service import collecting
from exam_portal.sittings.service.bags import Counted, Packed
from tests.portal.competitions import builders as house_builders
from tests.portal.competitions.builders import House, a_house, a_member, holding

LISTED = house_builders.LATER
START = datetime(2027, 1, 18, 1, 0, tzinfo=UTC)  # 08:00 in Viet Nam, a Monday
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
NAMES = ("Nguyễn Thị Hạnh", "Trần Quốc Bảo", "Lê Hoàng Yến", "Phạm Đức Anh", "Vũ Minh Khuê")
_numbers = itertools.count(1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A competition with everybody whom a sitting needs."""

    house: House
    competition: Competition
    candidates: tuple[Candidate, ...]
    invigilator: Actor
    second: Actor
    masker: Actor

    @property
    def secretary(self) -> Actor:
        """Who arranges and summons."""
        return self.house.secretary


def a_hall(session: Session, *, people: int = 3, mark: str = "a", **overrides: Any) -> Hall:
    """A competition of which the list is approved, with its invigilators and its masking board."""
    house = a_house(session, mark=mark)
    competition = house_builders.an_announced(session, house, **overrides)
    candidates = tuple(
        a_candidate(session, competition, competition.vacancies[0], number) for number in range(people)
    )
    steps = [(MilestoneKind.REGISTRATION_CLOSED, ""), (MilestoneKind.LIST_APPROVED, "")]
    house_builders.go_on(session, house, competition, *steps)

    def member(login: str, name: str, role: Role) -> Actor:
        return holding(a_member(session, login, name), role, house.organisation)

    return Hall(
        house=house,
        competition=competition,
        candidates=candidates,
        invigilator=member(f"coithi.1.{mark}", "Đỗ Thị Mai", Role.INVIGILATOR),
        second=member(f"coithi.2.{mark}", "Bùi Văn Long", Role.INVIGILATOR),
        masker=member(f"phach.1.{mark}", "Hồ Thu Trang", Role.MASKING_BOARD),
    )


def a_candidate(session: Session, competition: Competition, vacancy: Vacancy, number: int) -> Candidate:
    """An eligible applicant with a number."""
    name = NAMES[number % len(NAMES)]
    key_id = session.keys.create()
    login = f"ung.vien.{next(_numbers)}"
    account = Account(
        kind="candidate",
        login_index=session.keys.index(login, "login"),
        key_id=key_id,
        profile=profiles.seal(session, key_id, Profile(name=name, login=login)),
        confirmed_at=LISTED,
        created_at=LISTED,
    )
    session.add(account)
    session.flush()
    form = FormContent(birth_date=date(1985 + number % 10, 5, 1), present_unit="Phòng Tài chính – Kế hoạch")
    application = Application(
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        account_id=account.id,
        source="online",
        form=session.keys.seal(key_id, form.dump(), FORM_CONTEXT),
        receipt_no=f"HS-{number + 1:03d}",
        submitted_at=LISTED,
        created_at=LISTED,
    )
    session.add(application)
    session.flush()
    by = competition.created_by
    session.add(
        VettingConclusion(application_id=application.id, outcome="eligible", reason="", by=by, at=LISTED)
    )
    candidate = Candidate(
        application_id=application.id,
        competition_id=competition.id,
        vacancy_id=vacancy.id,
        account_id=account.id,
        candidate_no=f"{number + 1:03d}",
        admitted_at=LISTED,
    )
    session.add(candidate)
    session.flush()
    return candidate


def here(session: Session, hall: Hall) -> Competition:
    """Return the competition as this session sees it."""
    return session.get_one(Competition, hall.competition.id)


def a_room(session: Session, hall: Hall, *, name: str = "P.101", capacity: int = 24) -> Room:
    """A room of the competition."""
    facts: dict[str, Any] = {"competition": here(session, hall), "name": name, "capacity": capacity}
    return service.add_room(session, hall.secretary, LISTED, address="Nhà A", **facts)


def a_sitting(session: Session, hall: Hall, *, starts_at: datetime = START) -> Sitting:
    """The written part is planned."""
    return service.create_sitting(
        session,
        hall.secretary,
        LISTED,
        competition=here(session, hall),
        part="written",
        starts_at=starts_at,
    )


def a_seated(session: Session, hall: Hall, *, starts_at: datetime = START) -> Sitting:
    """Everybody has a seat in one room."""
    room = a_room(session, hall, capacity=max(24, len(hall.candidates)))
    sitting = a_sitting(session, hall, starts_at=starts_at)
    service.allot_seats(session, hall.secretary, LISTED, sitting=sitting, rooms=[room])
    session.expire(sitting, ["seats"])
    return sitting


def a_summoned(session: Session, hall: Hall) -> Sitting:
    """Everybody has been summoned."""
    sitting = a_seated(session, hall)
    service.summon(session, hall.secretary, LISTED, competition=here(session, hall))
    return sitting


def a_started(session: Session, hall: Hall) -> Sitting:
    """The clock runs."""
    sitting = a_summoned(session, hall)
    service.start(session, hall.invigilator, START, sitting=sitting)
    return sitting


def check_in(session: Session, hall: Hall, seat: Seat, at: datetime = START, **facts: Any) -> None:
    """The candidate is present at this instant."""
    given: dict[str, Any] = {"status": AttendanceStatus.PRESENT, "identity_checked": True, **facts}
    service.check_in(session, hall.invigilator, at, seat=seat, **given)


def an_ended(session: Session, hall: Hall) -> Sitting:
    """Everybody was present, and the time is over."""
    sitting = a_started(session, hall)
    for seat in sitting.seats:
        check_in(session, hall, seat)
    service.end(session, hall.invigilator, START + 180 * MINUTE, sitting=sitting)
    return sitting


def a_received(session: Session, hall: Hall, *, sheets: int = 4) -> Sitting:
    """The scripts have been counted over to the masking board."""
    sitting = an_ended(session, hall)
    over = START + 181 * MINUTE
    counts = {seat.id: sheets for seat in sitting.seats}
    service.collect_scripts(session, hall.invigilator, over, sitting=sitting, sheets=counts)
    hand_over(session, hall, over, sitting)
    service.receive(session, hall.masker, over, sitting=sitting, bags=as_declared(session, sitting))
    return sitting


def a_bag(scripts: int, sheets: int, *, label: str = "Túi 1", seal_no: str = "BT-0001") -> Packed:
    """A bag of scripts under a seal."""
    return Packed(label=label, seal_no=seal_no, scripts=scripts, sheets=sheets)


def hand_over(session: Session, hall: Hall, at: datetime, sitting: Sitting, *packed: Packed) -> SittingEvent:
    """The invigilators declare what they counted in these bags, or else in one bag."""
    sheets = collecting.standing(session, sitting).sheets
    bag = a_bag(len(sheets), sum(sheets.values()), seal_no=f"BT-{sitting.id:04d}")
    return service.hand_over(session, hall.invigilator, at, sitting=sitting, bags=packed or (bag,))


def as_declared(session: Session, sitting: Sitting, **found: Any) -> dict[int, Counted]:
    """Return every bag as it was declared, but for what was found otherwise."""
    return {
        bag.id: dataclasses.replace(
            Counted(seal_no=bag.seal_no, scripts=bag.scripts, sheets=bag.sheets), **found
        )
        for bag in sealed.of_sitting(session, sitting)
    }


def sheet_codes(session: Session, sitting: Sitting) -> set[str]:
    """Return the codes printed on the blanks."""
    return {seat.sheet_code for seat in queries.board(session, sitting)}
