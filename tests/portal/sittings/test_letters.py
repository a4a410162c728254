# SPDX-License-Identifier: Apache-2.0
"""Letters to candidates: summoned, seated later, moved; each in the own language, nobody twice."""

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.audit.models import Leaf
from exam_portal.core import mail, outbox
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.registration import service as registration
from exam_portal.registration.models import Candidate
from exam_portal.sittings import letters, service
from exam_portal.sittings.models import Sitting
from tests.portal.sittings import computers
from tests.portal.sittings.builders import LISTED, START, a_hall, a_room, a_seated, a_summoned, here

pytestmark = pytest.mark.usefixtures("catalogues")


def test_each_candidate_is_written_to_in_the_own_language_and_by_post_without_an_address(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        reachable(session, hall.candidates[0], "hanh@example.vn")
        reachable(session, hall.candidates[1], "bao@example.vn", language="en")
        a_summoned(session, hall)
    first, second = delivered(database)
    assert (first["To"], first["Subject"]) == ("hanh@example.vn", "Ông/bà được triệu tập dự thi tuyển")
    assert (second["To"], second["Subject"]) == ("bao@example.vn", "You are summoned to sit the competition")
    assert "18/01/2027 08:00, 180 phút; phòng P.101, Nhà A, chỗ 01" in text_of(first)
    assert "18/01/2027 08:00, 180 minutes; room P.101, Nhà A, seat 02" in text_of(second)
    assert "/me/sittings" in text_of(first)
    assert "/sit/" not in text_of(first)  # nothing to try: they write on paper


def test_who_sits_at_a_computer_is_told_where_to_try_it_before_the_day(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        reachable(session, hall.candidates[0], "hanh@example.vn")
        computers.seated(session, hall)
        service.summon(session, hall.secretary, LISTED, competition=here(session, hall))
    [letter] = delivered(database)
    words = " ".join(text_of(letter).split())
    assert "kiểm tra máy tại http" in words
    assert "/sit/check và làm thử tại http" in words
    assert "/sit/practice: không tính kết quả." in words


def test_the_summons_is_one_leaf_whatever_the_number_of_letters(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_seated(session, hall)
        before = len(session.scalars(select(Leaf)).all())
        service.summon(session, hall.secretary, LISTED, competition=here(session, hall))
        assert len(session.scalars(select(Leaf)).all()) == before + 1


def test_a_job_that_runs_twice_writes_one_letter(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        reachable(session, hall.candidates[0], "hanh@example.vn")
        a_summoned(session, hall)
        row = session.scalars(select(outbox.OutboxRow)).one()
        job = outbox.Job(
            id=row.id,
            kind=row.kind,
            payload=dict(row.payload),
            created_at=row.created_at,
            now=LISTED,
            database=database,
        )
    letters.write_all(job)
    letters.write_all(job)
    assert len(delivered(database)) == 1


def test_before_the_summons_nobody_is_told_of_another_time(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_seated(session, hall)
        service.reschedule(session, hall.secretary, LISTED, sitting=sitting, starts_at=START + HOUR)
        assert session.scalars(select(outbox.OutboxRow)).all() == []


def test_who_was_summoned_is_told_of_another_time_another_seat_and_a_cancelled_sitting(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        reachable(session, hall.candidates[0], "hanh@example.vn")
        sitting_id = a_summoned(session, hall).id
    delivered(database)
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, sitting_id)
        service.reschedule(session, hall.secretary, LISTED, sitting=sitting, starts_at=START + HOUR)
    [moved] = delivered(database)
    assert moved["Subject"] == "Thông tin triệu tập có thay đổi"
    assert "18/01/2027 09:00" in text_of(moved)
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, sitting_id)
        other = a_room(session, hall, name="P.102")
        service.move_seat(session, hall.secretary, LISTED, seat=sitting.seats[0], room=other, label="07")
    [seat] = delivered(database)
    assert "phòng P.102, Nhà A, chỗ 07" in text_of(seat)
    with database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, sitting_id)
        service.cancel(session, hall.secretary, LISTED, sitting=sitting, reason="Bão")
    [cancelled] = delivered(database)
    assert "P.102" not in text_of(cancelled)
    assert "Hiện chưa có ca thi nào" in text_of(cancelled)


def test_who_has_left_the_competition_gets_no_letter(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        for candidate in hall.candidates[:2]:
            reachable(session, candidate, f"{candidate.candidate_no}@example.vn")
        a_summoned(session, hall)
        gone = session.get_one(Candidate, hall.candidates[0].id)
        registration.exclude_candidate(
            session, hall.secretary, LISTED, gone, status="withdrawn", reason="Xin rút"
        )
    assert [letter["To"] for letter in delivered(database)] == ["002@example.vn"]


def test_who_is_seated_after_the_summons_is_summoned_by_a_letter_of_the_own(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        reachable(session, hall.candidates[0], "hanh@example.vn")
        sitting = a_summoned(session, hall)
        service.cancel(session, hall.secretary, LISTED, sitting=sitting, reason="Bão")
    delivered(database)
    with database.writing(unhurried=True) as session:
        again = service.create_sitting(
            session,
            hall.secretary,
            LISTED,
            competition=here(session, hall),
            part="written",
            starts_at=START + 24 * HOUR,
        )
        room = a_room(session, hall, name="P.201")
        service.allot_seats(session, hall.secretary, LISTED, sitting=again, rooms=[room])
    [letter] = delivered(database)
    assert "19/01/2027 08:00, 180 phút; phòng P.201" in text_of(letter)


HOUR = timedelta(hours=1)


def reachable(session: Session, candidate: Candidate, email: str, *, language: str = "vi") -> None:
    """The candidate has given an address."""
    account = session.get_one(Account, candidate.account_id)
    known = profiles.read(session, account)
    profile = Profile(name=known.name, login=known.login, email=email)
    account.profile = profiles.seal(session, account.key_id, profile)
    account.language = language
    session.flush()


def delivered(database: Database) -> list[EmailMessage]:
    """Return the letters that leave when everything due has been done, by address; the sink is emptied."""
    while True:
        with database.reading() as session:
            waiting = session.scalars(select(outbox.OutboxRow.id).order_by(outbox.OutboxRow.id)).all()
        if not waiting:
            break
        for row in waiting:
            outbox.perform(database, row, lambda: LISTED)
    return _emptied(database)


def text_of(letter: EmailMessage) -> str:
    """Return the plain text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _emptied(database: Database) -> list[EmailMessage]:
    sink = mail.sink(database.settings)
    found = []
    for file in sorted(sink.glob("*.eml")) if sink.exists() else []:
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        found.append(letter)
        file.unlink()
    return found
