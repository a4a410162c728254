# SPDX-License-Identifier: Apache-2.0
"""The laptop of a hall is lost in the middle of the test: what is done at home, and what its disk tells."""

import pytest
from sqlalchemy import select

from exam_portal.accounts import actors, profiles
from exam_portal.accounts.models import Account
from exam_portal.audit import fsck
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.papers import service as papers
from exam_portal.papers.models import Paper
from exam_portal.registration.models import Candidate as Listed
from exam_portal.sittings import errors, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.hall import closing
from exam_portal.sittings.models import (
    AnswerEvent,
    Attempt,
    Seat,
    Sitting,
)
from exam_portal.sittings.service.bags import Packed
from tests.journeys.computers import Candidate
from tests.journeys.examination_hall import DUC, HOA, LONG, MAI, Hall
from tests.journeys.laptop import Installation
from tests.portal.sittings.builders import MINUTE, START
from tests.portal.sittings.computers import (
    seal_all,
    states,
)

SERVER = "Máy chủ hỏng ở phút 30, không khôi phục được"


def the_reserve_paper_takes_its_place(home: Installation, hall: Hall) -> None:
    """At home two people turn the sitting to paper, in a minute; attempts are closed, scripts counted."""
    now = hall.clock.now()
    database = home.opened()
    with database.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        officers = [actor_named(session, name) for name in (HOA, DUC)]
        mai, long = (actor_named(session, name) for name in (MAI, LONG))
        official, reserve = session.scalars(select(Paper).order_by(Paper.kind)).all()
        for paper in (official, reserve):
            for officer in officers:
                papers.release_key(session, officer, now, paper=paper, opens_at=START)
        service.start(session, mai, now, sitting=sitting)
        service.check_in_room(session, mai, now, sitting=sitting, room=sitting.seats[0].room)
        turn = service.propose_paper(session, mai, now, sitting=sitting, reason=SERVER)
        with pytest.raises(errors.OtherInvigilator):
            service.approve_paper(session, mai, now, turn=turn)
        assert service.approve_paper(session, long, now, turn=turn) == 8
        assert states(session, sitting) == ["void"] * 8
        over = now + 60 * MINUTE
        service.end(session, mai, over, sitting=sitting)
        sheets = {seat.id: 3 for seat in sitting.seats}
        assert service.collect_scripts(session, mai, over, sitting=sitting, sheets=sheets) == 8
        bag = Packed(label="Túi 1", seal_no="BT-0001", scripts=8, sheets=24)
        service.hand_over(session, mai, over, sitting=sitting, bags=[bag])
    with database.reading() as session:
        assert session.scalars(select(AnswerEvent.seq)).all() == []
        assert [one for one in fsck.differences(session) if one.where in {"sittings", "halls"}] == []
    database.dispose()


def the_disk_still_holds_what_was_promised(hall: Hall, plain: dict[int, Candidate]) -> bytes:
    """Every acknowledged answer is there, and no other; return the package that the laptop may still make."""
    database = hall.laptop.at.opened()
    with database.writing(unhurried=True) as session:
        for seat in session.scalars(select(Seat)).all():
            number = int(session.get_one(Listed, seat.candidate_id).candidate_no)
            attempt = session.scalars(select(Attempt).where(Attempt.seat_id == seat.id)).one()
            assert attempts.replay(session, attempt).answers.responses == plain[number].given
            assert attempt.seq == len(plain[number].given) == 20
        sitting, over = session.scalars(select(Sitting)).one(), hall.clock.now() + 40 * MINUTE
        service.end(session, actor_named(session, MAI), over, sitting=sitting)
        assert seal_all(session, actor_named(session, MAI), over, sitting) == 8
        found = closing.here(session)
        later = over + 60 * MINUTE
        package = closing.close(session, SYSTEM, later, hall=found)
    database.dispose()
    return package


def actor_named(session: Session, name: str) -> Actor:
    """Return this member of staff."""
    everybody = session.scalars(select(Account)).all()
    found = next(one for one in everybody if profiles.read(session, one).name == name)
    return actors.actor_of(session, found.id)
