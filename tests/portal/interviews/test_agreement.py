# SPDX-License-Identifier: Apache-2.0
"""How far a panel's ballots lie apart: once all are counted, and of members only where ballots name them."""

from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from exam_portal.core.database import Database
from exam_portal.interviews import agreement
from exam_portal.interviews.models import Hearing
from exam_portal.registration import service as registration
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, a_sheet, count, drawn

SECRET = "Phiếu kín: không ai biết những phiếu nào cho hai thí sinh là của cùng một thành viên"
MARKS = st.integers(0, 400).map(lambda quarter: Decimal(quarter) / 4)


def box(order_no: int, *values: str, named: bool) -> tuple[Hearing, dict[str, Decimal]]:
    names = [f"M{place}" if named else f"#{place}" for place in range(1, len(values) + 1)]
    return Hearing(order_no=order_no), dict(zip(names, map(Decimal, values), strict=True))


@pytest.mark.engines("sqlite")
def test_secret_ballots_tell_of_hearings_and_of_no_member_and_only_once_all_are_counted(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearings = drawn(session, council, panel)
        address = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}/agreement"
        for hearing in hearings[:-1]:
            count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 8 + ["91"]))
    chair = Person.at(portal, database, council.house.chair, HEARD)
    page = chair.get(address)
    assert "Còn 1 phiên chưa kiểm phiếu" in page
    assert "ep-plot" not in page
    with database.writing(unhurried=True) as session:
        last = session.get_one(Hearing, hearings[-1].id)
        count(session, council, last, a_sheet(9, 9, 0, ["80"] * 8 + ["91"]))
    page = chair.get(address)
    assert "phiếu cao nhất của một phiên hơn phiếu thấp nhất 11,00 điểm" in page
    assert SECRET in page
    assert "Ủy viên 1" not in page.split("<main")[1]


def test_a_candidate_who_was_excluded_after_the_lots_holds_back_no_figures(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, third = drawn(session, council, panel)
        count(session, council, first, a_sheet(9, 9, 0, ["80"] * 8 + ["91"]))
        registration.exclude_candidate(
            session, council.secretary, HEARD, council.candidates[1], status="withdrawn", reason="Ốm"
        )
        found = agreement.of_panel(session, panel)
        assert (found.waiting, found.hearings) == (1, [])
        count(session, council, third, a_sheet(9, 9, 0, ["80"] * 9))
        found = agreement.of_panel(session, panel)
        assert found.waiting == 0
        assert [one.order_no for one in found.hearings] == [first.order_no, third.order_no]
        assert second.candidate_id == council.candidates[1].id


def test_one_ballot_without_a_name_keeps_all_members_unnamed() -> None:
    named, unnamed = box(1, "80", "70", named=True), box(2, "80", "70", named=False)
    assert agreement.agreement([named], waiting=0).is_named
    assert not agreement.agreement([named, unnamed], waiting=0).is_named


@given(st.lists(st.lists(MARKS, min_size=0, max_size=9), max_size=6))
def test_no_ballots_bring_anything_but_figures_within_their_ranges(hearings: list[list[Decimal]]) -> None:
    boxes = [box(number, *map(str, values), named=True) for number, values in enumerate(hearings)]
    found = agreement.agreement(boxes, waiting=0)
    assert len(found.hearings) == sum(len(values) > 1 for values in hearings)
    for one in found.hearings:
        assert one.low <= one.high
        assert one.low - Decimal("0.005") <= one.mean <= one.high + Decimal("0.005")
    for row in found.plot.rows:
        assert 0 <= row.low <= row.middle <= row.high <= 400
