# SPDX-License-Identifier: Apache-2.0
"""Whoever marks or keys learns from no count which script was a control script, nor what others gave."""

import dataclasses
import re
from typing import Any

import pytest
from flask import Flask

from exam_portal.accounts.models import Account
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.marking import errors
from exam_portal.marking.models import Assignment
from exam_portal.sittings import handover
from exam_portal.web import messages
from tests.portal.competitions.builders import holding
from tests.portal.competitions.pages import Person, grant
from tests.portal.marking.builders import MARKED, Office, assign, give, key, key_twice
from tests.portal.marking.test_reading import FIGURES
from tests.portal.marking.test_training import controlled, hidden

__all__ = ["controlled"]
pytestmark = pytest.mark.engines("sqlite")
FIGURE = "6,50"  # the mean difference of the marks that `differing` gives


def board(office: Office) -> str:
    return f"/staff/competitions/{office.hall.competition.public_id}/marking"


def differing(database: Database, office: Office) -> None:
    """Two markers have marked both scripts, nine and four points apart."""
    with database.writing(unhurried=True) as session:
        for marker, values in enumerate((("70", "60"), ("79", "64"))):
            assign(session, office, marker, marker + 1)
            for script, value in enumerate(values):
                give(session, office, marker, script, value)


def with_role(database: Database, office: Office, actor: Actor, role: Role) -> None:
    """The person holds this role, too."""
    organisation = office.hall.house.organisation
    with database.writing(unhurried=True) as session:
        both = holding(session.get_one(Account, actor.account_id), role, organisation)
        grant(session, both, organisation.id, MARKED)


def staff_name(database: Database, actor: Actor) -> str:
    """The name under which somebody holds an account."""
    with database.reading() as session:
        return handover.staff_names(session, {actor.account_id or 0})[actor.account_id or 0]


def counts(page: str) -> list[str]:
    """Return every "n / m" of the board."""
    return re.findall(r"\d+ / \d+", page.split("<main")[1])


def test_who_runs_the_marking_and_marks_nothing_sees_counts_and_differences(
    portal: Flask, database: Database, office: Office
) -> None:
    differing(database, office)
    for actor in (office.secretary, office.hall.house.chair):
        page = Person.at(portal, database, actor, MARKED).get(board(office))
        assert FIGURE in page
        assert counts(page) == ["2 / 2", "2 / 2"]


@pytest.mark.parametrize("role", [Role.MARKER, Role.REVIEW_BOARD, Role.TYPIST])
def test_a_secretary_who_also_marks_or_keys_sees_no_count(
    portal: Flask, database: Database, office: Office, role: Role
) -> None:
    differing(database, office)
    with_role(database, office, office.secretary, role)
    page = Person.at(portal, database, office.secretary, MARKED).get(board(office))
    assert FIGURE not in page
    assert counts(page) == []


@pytest.mark.parametrize("also", [None, Role.MARKER])
def test_a_typist_sees_no_count(portal: Flask, database: Database, office: Office, also: Role | None) -> None:
    differing(database, office)
    if also is not None:
        with_role(database, office, office.typists[0], also)
    page = Person.at(portal, database, office.typists[0], MARKED).get(board(office))
    assert FIGURE not in page
    assert counts(page) == []


def who_has_marked(database: Database, office: Office, actor: Actor) -> None:
    """The person was given the bag for a third mark, and it was taken back."""
    with database.writing(unhurried=True) as session:
        session.add(
            Assignment(
                bag_id=office.bag.id,
                round=3,
                marker_id=actor.account_id,
                by=office.hall.house.chair.account_id,
                at=MARKED,
                taken_back_by=office.hall.house.chair.account_id,
                taken_back_at=MARKED,
                taken_back_reason="Nghỉ ốm",
            )
        )


def test_who_has_marked_and_no_longer_does_sees_no_count(
    portal: Flask, database: Database, office: Office
) -> None:
    organiser = office.hall.house.organiser
    with database.writing(unhurried=True) as session:
        grant(session, organiser, office.hall.house.organisation.id, MARKED)
    differing(database, office)
    assert counts(Person.at(portal, database, organiser, MARKED).get(board(office))) == ["2 / 2", "2 / 2"]
    who_has_marked(database, office, organiser)
    page = Person.at(portal, database, organiser, MARKED).get(board(office))
    assert FIGURE not in page
    assert counts(page) == []


def test_a_secretary_who_also_marks_gives_out_no_bag_and_asks_for_no_lock(
    portal: Flask, database: Database, office: Office
) -> None:
    differing(database, office)
    place = board(office)
    lot = f"{place}/lot?part=written&purpose=marking"
    Person.at(portal, database, office.secretary, MARKED).get(lot)
    with_role(database, office, office.secretary, Role.MARKER)
    secretary = Person.at(portal, database, office.secretary, MARKED)
    secretary.get(lot, 403)
    secretary.get(f"{place}/bags/{office.bag.public_id}/assignments/new", 403)
    secretary.get(place)
    secretary.post(f"{place}/ask-lock", 403, part="written", purpose="marking")


def test_a_secretary_whose_time_as_a_marker_is_over_reaches_no_page_that_tells_of_the_marks(
    portal: Flask, database: Database, office: Office
) -> None:
    place, named = board(office), "part=written&purpose=marking"
    pages = [f"{place}/{page}?{named}" for page in ("lot", "agreement", "likeness")]
    pages += [f"{place}/bags/{office.bag.public_id}/assignments/new", f"{place}/parts/written/training"]
    differing(database, office)
    secretary = Person.at(portal, database, office.secretary, MARKED)
    for page in pages:
        secretary.get(page)
    who_has_marked(database, office, office.secretary)
    for page in pages:
        secretary.get(page, 403)
    found = secretary.get(place)
    assert not [page for page in ("lot?", "agreement?", "likeness?", "assignments/new") if page in found]
    secretary.post(f"{place}/ask-lock", 403, part="written", purpose="marking")


def test_a_secretary_who_also_keys_asks_for_the_lock_and_sees_no_count(
    portal: Flask, database: Database, office: Office
) -> None:
    place = board(office)
    facts: dict[str, Any] = {"part": "written", "purpose": "marking"}
    with_role(database, office, office.secretary, Role.TYPIST)
    secretary = Person.at(portal, database, office.secretary, MARKED)
    assert f"{place}/ask-lock" in secretary.get(place)
    refused = secretary.post(f"{place}/ask-lock", 409, **facts)
    assert "Còn bài chưa đủ điểm" in refused
    with database.writing(unhurried=True) as session:
        for script in (0, 1):
            key_twice(session, office, script, 1, "60")
            key_twice(session, office, script, 2, "62")
    found = secretary.get(place)
    assert "Bài nào cũng đã đủ điểm." not in found
    assert counts(found) == []
    secretary.post(f"{place}/ask-lock", **facts)
    assert f'action="{place}/lock"' not in secretary.get(place)
    assert f'action="{place}/lock"' in Person.at(portal, database, office.hall.house.chair, MARKED).get(place)


def test_a_secretary_who_also_keys_may_confirm_what_the_chair_asked(
    portal: Flask, database: Database, office: Office
) -> None:
    place = board(office)
    facts: dict[str, Any] = {"part": "written", "purpose": "marking"}
    with database.writing(unhurried=True) as session:
        for script in (0, 1):
            key_twice(session, office, script, 1, "60")
            key_twice(session, office, script, 2, "62")
    with_role(database, office, office.secretary, Role.TYPIST)
    secretary = Person.at(portal, database, office.secretary, MARKED)
    chair = Person.at(portal, database, office.hall.house.chair, MARKED)
    for page in ("agreement", "likeness"):
        secretary.get(f"{place}/{page}?part=written&purpose=marking", 403)
    assert "Bài nào cũng đã đủ điểm." in chair.get(place)
    chair.post(f"{place}/ask-lock", **facts)
    assert f"{place}/lock" in secretary.get(place)
    secretary.post(f"{place}/lock", **facts)


def test_a_secretary_who_signs_slips_as_a_marker_on_paper_sees_no_count(
    portal: Flask, database: Database, office: Office
) -> None:
    own = staff_name(database, office.secretary)
    secretary = Person.at(portal, database, office.secretary, MARKED)
    with database.writing(unhurried=True) as session:
        key_twice(session, office, 0, 1, "60")
    assert counts(secretary.get(board(office))) == ["1 / 2", "0 / 2"]
    with database.writing(unhurried=True) as session:
        key(session, office, 0, 1, 1, "60", signer=f"Bà {own}, Thư ký")
    assert counts(secretary.get(board(office))) == []
    secretary.post(f"{board(office)}/ask-lock", 403, part="written", purpose="marking")


def test_whose_name_was_keyed_by_mistake_has_signed_nothing_once_the_slip_is_read_again(
    portal: Flask, database: Database, office: Office
) -> None:
    own, place = staff_name(database, office.secretary), board(office)
    secretary = Person.at(portal, database, office.secretary, MARKED)
    with database.writing(unhurried=True) as session:
        key(session, office, 0, 0, 1, "60", signer=own)
    assert counts(secretary.get(place)) == []
    with database.writing(unhurried=True) as session:
        key(session, office, 0, 0, 1, "60")
    assert counts(secretary.get(place)) == ["0 / 2", "0 / 2"]
    with database.writing(unhurried=True) as session:
        key(session, office, 2, 0, 1, "60", signer=own)  # this typist reads it no more: the mark stands
        key(session, office, 1, 0, 1, "60")
    assert counts(secretary.get(place)) == ["1 / 2", "0 / 2"]


def test_what_the_marks_lack_is_told_without_a_count(portal: Flask) -> None:
    with portal.test_request_context():
        told = " ".join(str(part) for part in messages.words(errors.MarksMissing(3, 8)))
    assert not re.search(r"\d", told)


def test_a_typist_who_also_marks_is_shown_no_slip_of_the_own_bag_and_learns_nothing_by_keying(
    portal: Flask, database: Database, office: Office
) -> None:
    place, typist = board(office), office.typists[0]
    differing(database, office)
    slips = f"{place}/slips"
    assert office.scripts[0].mask_code in Person.at(portal, database, typist, MARKED).get(slips)
    both = dataclasses.replace(office, typists=(office.markers[0], *office.typists[1:]))
    with_role(database, office, office.markers[0], Role.TYPIST)
    assert office.scripts[0].mask_code not in Person.at(portal, database, office.markers[0], MARKED).get(
        slips
    )
    for script, round_ in ((0, 1), (0, 2), (0, 3), (1, 3)):
        with database.writing() as session, pytest.raises(errors.OwnKeying):
            key(session, both, 0, script, round_, "70")


def test_the_page_of_a_marker_counts_as_the_desk_does(
    portal: Flask, database: Database, controlled: Office
) -> None:
    marker = Person.at(portal, database, controlled.markers[0], MARKED)
    bag = f"/marking/bags/{controlled.bag.public_id}"
    with database.reading() as session:
        (control,) = hidden(session, controlled, 0)
    todo = f"Còn {len(controlled.scripts) + 1} bài phải chấm"
    assert todo in marker.get("/staff")
    marker.get(f"{bag}/scripts/{control.public_id}")
    marker.post(f"{bag}/scripts/{control.public_id}", tab="a", rests_on="0", **FIGURES)
    page = marker.get("/staff")
    assert todo not in page
    assert f"Còn {len(controlled.scripts)} bài phải chấm" in page
