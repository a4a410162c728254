# SPDX-License-Identifier: Apache-2.0
"""A later shift has a key of its own: nobody gets it before its start, and a start that moves moves it."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.papers import errors, schedule
from exam_portal.papers.models import Paper
from exam_portal.sittings import errors as sitting_errors
from exam_portal.sittings import paper_times, service
from exam_portal.sittings.attempts import shelf
from exam_portal.sittings.models import Room, Sitting
from exam_portal.sittings.service import shifts
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import (
    START,
    Board,
    a_board,
    a_choice,
    a_competition,
    a_drawn,
    a_sealed,
    a_sitting,
    an_approved_bank,
    an_opened,
    asking,
)
from tests.portal.papers.walking import sign_in
from tests.portal.sittings.attempts import builders as sitters

LATER = START + timedelta(hours=3)
SOON = START + timedelta(minutes=5)


@dataclasses.dataclass(frozen=True)
class Two:
    """Two shifts of a part: the first sits the official paper, the later one the reserve paper."""

    board: Board
    first: int
    later: int
    official: int
    reserve: int
    place: str
    keys: str  # of the reserve paper's form


def two_shifts(database: Database, board: Board | None = None, later: str = "reserve") -> Two:
    """Both are prepared, both papers sealed."""
    paper_times.fill_hooks()
    with database.writing(unhurried=True) as session:
        board = board or a_board(session)
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board, [a_choice(n) for n in range(1, 13)])
        a_drawn(session, board, competition, bank, asking(2, with_reserve=True))
        papers = {one.kind: a_sealed(session, board, one) for one in session.scalars(select(Paper))}
        first = a_sitting(session, board, competition)
        second = a_sitting(session, board, competition, LATER)
        session.add(Room(competition_id=competition.id, name="P.101", address="", capacity=9))
        session.flush()
        sitters.a_seat(session, first)
        sitters.a_seat(session, second)
        first.paper_id, second.paper_id = papers["official"].id, papers[later].id
        return Two(
            board=board,
            first=first.id,
            later=second.id,
            official=papers["official"].id,
            reserve=papers["reserve"].id,
            place=f"/staff/competitions/{competition.public_id}/exam-papers/{papers['reserve'].public_id}",
            keys=f"/sit/forms/{papers['reserve'].forms[0].public_id}",
        )


@pytest.mark.engines("sqlite")
def test_nobody_gets_the_key_of_the_later_shift_while_the_first_one_sits(
    app: Flask, database: Database, board: Board, clock: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0.0)
    two = two_shifts(database, board)
    with database.writing(unhurried=True) as session:
        an_opened(session, board, session.get_one(Paper, two.official))
        sitters.start(session, session.get_one(Sitting, two.first), START)
    clock.set(SOON)
    house = board.house
    officers = (board.author, board.reviewer, house.chair, house.secretary)
    for person in (sign_in(app, database, who, SOON) for who in officers):
        assert f"{two.place}/release" not in person.get(two.place)
        person.get(f"{two.place}/print")  # its form has the token
        for act, status in (("release", 409), ("open", 422), ("reveal", 409)):
            person.post(f"{two.place}/{act}", status=status)
            person.get(f"{two.place}/print")
        for what in ({}, {"key": "1"}):
            person.post(f"{two.place}/print", status=409, codes="1", kind="docx", **what)
    everybody = (*officers, house.organiser, None)
    for person in (sign_in(app, database, who, SOON) for who in everybody):
        assert person.client.get(f"{two.keys}/key").status_code == 204
        assert person.client.post(f"{two.place}/revealed-draw.json").status_code in {302, 303, 400, 403, 404}
    for person in (sign_in(app, database, who, SOON) for who in (house.organiser, None)):
        for act in ("release", "open", "reveal", "print"):
            answer = person.client.post(f"{two.place}/{act}", headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code in {302, 303, 400, 403, 404}
    with database.reading() as session:
        told = session.scalars(select(Leaf).where(Leaf.type.in_(("papers.release_asked", "open")))).all()
        reserve = session.get_one(Paper, two.reserve).public_id
        assert not [leaf for leaf in told if leaf.subject == reserve]
    clock.set(LATER)
    for who in (house.chair, house.secretary):
        officer = sign_in(app, database, who, LATER)
        officer.get(two.place)
        officer.post(f"{two.place}/release")
    assert sign_in(app, database, None, LATER).client.get(f"{two.keys}/key").status_code == 204  # no room yet
    with database.writing(unhurried=True) as session:
        sitters.start(session, session.get_one(Sitting, two.later), LATER)
    assert sign_in(app, database, None, LATER).client.get(f"{two.keys}/key").status_code == 200


def test_a_reserve_paper_opens_with_the_sitting_that_uses_it_and_a_postponed_one_later(
    database: Database,
) -> None:
    two = two_shifts(database)
    chair, secretary = two.board.house.chair, two.board.house.secretary
    with database.writing(unhurried=True) as session:
        from exam_portal.papers import service as papers

        official, reserve = (session.get_one(Paper, one) for one in (two.official, two.reserve))
        later = session.get_one(Sitting, two.later)
        assert schedule.first_start(session, reserve) == START  # ready for the part's first sitting
        assert (schedule.opens_at(session, official), schedule.opens_at(session, reserve)) == (START, LATER)
        moved = LATER + timedelta(hours=1)
        service.reschedule(session, secretary, NOW, sitting=later, starts_at=moved)
        assert schedule.opens_at(session, reserve) == moved
        with pytest.raises(errors.TooEarly) as refused:
            papers.release_key(
                session, chair, LATER, paper=reserve, opens_at=schedule.opens_at(session, reserve)
            )
        assert refused.value.opens_at == moved
        service.cancel(session, secretary, NOW, sitting=later, reason="Mất điện")
        assert schedule.opens_at(session, reserve) is None
        with pytest.raises(errors.NoSitting):
            papers.release_key(session, chair, moved, paper=reserve, opens_at=None)


def test_two_shifts_share_a_paper_only_where_somebody_says_that_they_are_kept_apart(
    database: Database,
) -> None:
    two = two_shifts(database, later="official")
    secretary = two.board.house.secretary
    with database.writing(unhurried=True) as session:
        first, later = session.get_one(Sitting, two.first), session.get_one(Sitting, two.later)
        for sitting, other in ((first, later), (later, first)):
            with pytest.raises(sitting_errors.PaperKnown) as refused:
                service.prepare(session, secretary, NOW, sitting=sitting)
            assert refused.value.starts_at == other.starts_at
        later.starts_at = START + timedelta(minutes=30)  # the first still sits: nobody has left
        session.flush()
        assert shifts.other_shift(session, later) is None
        assert service.prepare(session, secretary, NOW, sitting=first) == 1
        later.starts_at = LATER
        session.flush()
        with pytest.raises(sitting_errors.PaperKnown):
            service.prepare(session, secretary, NOW, sitting=later)
        assert service.prepare(session, secretary, NOW, sitting=later, kept_apart=True) == 1
        (told,) = session.scalars(select(Leaf).where(Leaf.type == "sittings.paper_shared"))
        assert told.content["sitting"] == later.public_id
        assert service.prepare(session, secretary, NOW, sitting=later) == 0
