# SPDX-License-Identifier: Apache-2.0
"""No ballot is given with a later candidate in mind: on screens the box closes before the next hearing."""

from decimal import Decimal

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import errors, service
from exam_portal.interviews.models import Hearing, Occasion
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, balloting, drawn, key
from tests.portal.interviews.test_again import SEVEN_OF_NINE, again

ON_SCREENS = pytest.mark.parametrize("mode", ["portal", "lan"])


def _votes(session: Session, council: Council, hearing: Hearing, members: int, value: str = "80") -> None:
    for actor in council.members[:members]:
        service.cast_ballot(
            session, actor, HEARD, hearing=hearing, value=Decimal(value), scores={}, has_heard=True
        )


def _opens(session: Session, council: Council, hearing: Hearing) -> None:
    service.open_hearing(session, council.secretary, HEARD, hearing=hearing)


@ON_SCREENS
def test_nobody_is_heard_while_ballots_on_another_are_given_on_screens(
    database: Database, council: Council, mode: str
) -> None:
    with database.writing(unhurried=True) as session:
        x, y, _ = drawn(session, council, a_panel(session, council, mode=mode))
        balloting(session, council, x)
        _votes(session, council, x, 8)
        with pytest.raises(errors.BoxOpen) as refused:
            _opens(session, council, y)
        assert refused.value.order_no == 1
        with pytest.raises(errors.BallotsOutstanding):
            service.count_ballots(session, council.secretary, HEARD, hearing=x)
        # the ninth fell ill: the ballot counts as not returned, and nobody is held up
        service.count_ballots(session, council.secretary, HEARD, hearing=x, outstanding_too=True)
        _opens(session, council, y)


def test_a_box_below_the_quorum_is_closed_unopened_and_holds_up_nobody(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        x, y, z = drawn(session, council, a_panel(session, council, mode="portal"))
        balloting(session, council, x)
        _votes(session, council, x, 2)
        closed = service.count_ballots(session, council.secretary, HEARD, hearing=x, outstanding_too=True)
        assert closed.kind == "box_unopened"
        second = again(session, council, x, Occasion.SECOND_BALLOT)
        _opens(session, council, y)
        with pytest.raises(errors.HearingUnderWay):  # nor is a ballot given again while another is heard
            service.open_ballot(session, council.secretary, HEARD, hearing=second)
        service.open_ballot(session, council.secretary, HEARD, hearing=y)
        with pytest.raises(errors.BoxOpen) as refused:
            service.open_ballot(session, council.secretary, HEARD, hearing=second)
        assert refused.value.order_no == 2
        _votes(session, council, y, 9)
        service.count_ballots(session, council.secretary, HEARD, hearing=y)
        service.open_ballot(session, council.secretary, HEARD, hearing=second)
        with pytest.raises(errors.BoxOpen):
            _opens(session, council, z)


def test_slips_on_paper_lie_with_the_counting_team_and_hold_up_nobody(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        x, y, _ = drawn(session, council, a_panel(session, council))
        balloting(session, council, x)
        _opens(session, council, y)


def test_where_only_the_ballot_is_given_again_nobody_is_heard(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        x = drawn(session, council, a_panel(session, council))[0]
        balloting(session, council, x)
        for typist in (0, 1):
            key(session, council, typist, x, SEVEN_OF_NINE)
        second = again(session, council, x, Occasion.SECOND_BALLOT)
        with pytest.raises(errors.OnlyBallotAgain):
            _opens(session, council, second)
        service.open_ballot(session, council.secretary, HEARD, hearing=second)


@pytest.mark.engines("sqlite")
def test_the_page_offers_no_hearing_while_a_box_is_open_and_says_why(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        x, y, z = drawn(session, council, panel)
        balloting(session, council, x)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        act = f"{place}/hearings/{y.public_id}/open"
        later, last = (f"{place}/hearings/{one.public_id}" for one in (y, z))
        now = session.get_one(Hearing, x.id)
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert act not in secretary.get(place)
    assert "kiểm phiếu cho người này xong mới đến người tiếp theo" in secretary.get(later)
    assert f'{later}/out-of-turn"' not in secretary.get(later)  # it is the next: no decision brings it on
    assert f'{last}/out-of-turn"' in secretary.get(last)
    assert "Hòm phiếu của phiên 1 đang mở." in secretary.post(act, 409)
    with database.writing(unhurried=True) as session:
        hearing = session.get_one(Hearing, now.id)
        service.count_ballots(session, council.secretary, HEARD, hearing=hearing, outstanding_too=True)
    assert act in secretary.get(place)
