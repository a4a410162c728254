# SPDX-License-Identifier: Apache-2.0
"""Drafts of one marker on two pages: both are kept, the marker chooses, nothing is lost."""

import json
from typing import Any

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, queries, service
from exam_portal.marking.models import Mark, MarkDraft
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, give, keep
from tests.portal.marking.test_desk import declare


def totals(session: Session, office: Office) -> list[str]:
    """The drafts among which the first marker has to choose, the newest first."""
    account_id = office.markers[0].account_id or 0
    return [row.scores["total"] for row in queries.drafts_of(session, office.scripts[0].id, account_id)]


def test_a_page_replaces_its_own_draft_as_it_was_typed(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        first = keep(session, office, 0, 0, "7").version
        keep(session, office, 0, 0, "72,", rests_on=first)
        assert totals(session, office) == ["72,"]
        keep(session, office, 0, 0, "72,5", rests_on=0)  # the answer to the last save was lost on the way
        assert totals(session, office) == ["72,5"]


def test_a_page_opened_later_goes_on_with_the_draft_that_it_showed(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        shown = keep(session, office, 0, 0, "7").version
        keep(session, office, 0, 0, "72", tab="two", rests_on=shown)
        assert totals(session, office) == ["72"]


def test_a_save_that_rests_on_an_older_draft_stands_beside_the_newer_one(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        shown = keep(session, office, 0, 0, "7").version
        keep(session, office, 0, 0, "72", tab="two", rests_on=shown)
        keep(session, office, 0, 0, "65", rests_on=shown)
        keep(session, office, 0, 0, "65,5", rests_on=shown)  # goes on typing: still one draft of this page
        assert totals(session, office) == ["65,5", "72"]


def test_a_save_that_repeats_another_draft_makes_no_second_one(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        keep(session, office, 0, 0, "72", tab="one")
        keep(session, office, 0, 0, "72", tab="two")
        assert totals(session, office) == ["72"]


def test_the_draft_not_chosen_is_set_aside_and_can_be_taken_back(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        old = keep(session, office, 0, 0, "72").version
        new = keep(session, office, 0, 0, "65", tab="two").version
        for version, expected in ((old, ["72"]), (new, ["65"])):
            service.choose_draft(
                session,
                office.markers[0],
                MARKED,
                bag=office.bag,
                script=office.scripts[0],
                version=version,
            )
            assert totals(session, office) == expected
        assert session.query(MarkDraft).count() == 2
        with pytest.raises(NotFound):
            service.choose_draft(
                session, office.markers[0], MARKED, bag=office.bag, script=office.scripts[0], version=99
            )


def test_a_page_whose_draft_was_set_aside_asks_again_when_it_goes_on(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        keep(session, office, 0, 0, "72")
        new = keep(session, office, 0, 0, "65", tab="two").version
        facts: dict[str, Any] = {"bag": office.bag, "script": office.scripts[0]}
        service.choose_draft(session, office.markers[0], MARKED, version=new, **facts)
        keep(session, office, 0, 0, "73")
        assert totals(session, office) == ["73", "65"]


def test_a_mark_takes_all_drafts_of_its_script_with_it(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        keep(session, office, 0, 0, "72")
        keep(session, office, 0, 0, "65", tab="two")
        keep(session, office, 0, 1, "50")
        give(session, office, 0, 0, "72")
        assert [row.scores["total"] for row in session.query(MarkDraft)] == ["50"]


def test_no_draft_is_kept_after_a_declared_relation_or_a_mark(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
        give(session, office, 0, 0, "60")
        with pytest.raises(errors.AlreadyMarked):
            keep(session, office, 0, 0, "61")
        keep(session, office, 1, 0, "61")
        declare(session, office, 1)
        with pytest.raises(errors.RelationDeclared):
            keep(session, office, 1, 0, "62", rests_on=1)
        assert [row.scores["total"] for row in session.query(MarkDraft)] == ["61"]


@pytest.mark.engines("sqlite")
def test_the_script_is_told_that_drafts_differ_and_the_desk_asks(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    desk = f"/marking/bags/{office.bag.public_id}/scripts/{office.scripts[0].public_id}"
    marker.get(desk)
    marker.post(f"{desk}/draft", 200, total="72", comment="Máy ở cơ quan", tab="a", rests_on="0")
    marker.get(desk)
    marker.post(f"{desk}/draft", 409, total="65", comment="Máy ở nhà", tab="b", rests_on="0")
    page = marker.get(desk)
    assert "Máy ở cơ quan" in page
    assert "Máy ở nhà" in page
    assert 'id="mark-form"' not in page
    marker.post(f"{desk}/drafts/1/choice")
    assert 'value="72"' in marker.page
    assert "Máy ở nhà" in marker.page  # among those set aside


@pytest.mark.engines("sqlite")
def test_a_mark_that_rests_on_an_older_draft_is_kept_as_a_draft_and_asked_about(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    desk = f"/marking/bags/{office.bag.public_id}/scripts/{office.scripts[0].public_id}"
    marker.get(desk)
    marker.post(f"{desk}/draft", 200, total="72", comment="", tab="a", rests_on="0")
    marker.get(desk)
    page = marker.post(desk, total="65", comment="Điểm gửi từ trang cũ", tab="b", rests_on="0")
    assert "Điểm gửi từ trang cũ" in page
    with database.reading() as session:
        assert session.query(Mark).count() == 0
    marker.post(f"{desk}/drafts/2/choice")
    marker.post(desk, total="65", comment="Điểm gửi từ trang cũ", tab="c", rests_on="2")
    with database.reading() as session:
        assert [row.value for row in session.query(Mark)] == ["65"]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "passages",
    [
        "no list",
        json.dumps({"answer": 1}),
        json.dumps([{"answer": 1, "start": 5, "end": 5, "note": ""}]),
        json.dumps([{"answer": 1, "start": 0, "end": 3, "note": "x" * 301}]),
        json.dumps(
            [{"answer": 1, "start": 0, "end": 3, "note": ""}, {"answer": 1, "start": 2, "end": 5, "note": ""}]
        ),
        json.dumps([{"answer": True, "start": 0, "end": 3, "note": ""}]),
        json.dumps([{"answer": 1, "start": 0, "end": 3, "note": "\ud800"}]),
        json.dumps([{"answer": 1, "start": 0, "end": 3, "note": "a\x00b"}]),
        "[" * 100_000,
    ],
)
def test_passages_that_make_no_sense_are_refused(
    portal: Flask, database: Database, office: Office, passages: str
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    marker = Person.at(portal, database, office.markers[0], MARKED)
    desk = f"/marking/bags/{office.bag.public_id}/scripts/{office.scripts[0].public_id}"
    marker.get(desk)
    marker.post(f"{desk}/draft", 422, total="72", comment="", tab="a", rests_on="0", highlights=passages)
    with database.reading() as session:
        assert session.query(MarkDraft).count() == 0


@pytest.mark.parametrize("rests_on", ["", "-1", "１", "9" * 5_000, "1e1"])
def test_a_page_that_does_not_say_on_which_draft_it_rests_rests_on_none(
    portal: Flask, database: Database, office: Office, rests_on: str
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        keep(session, office, 0, 0, "72")
    marker = Person.at(portal, database, office.markers[0], MARKED)
    desk = f"/marking/bags/{office.bag.public_id}/scripts/{office.scripts[0].public_id}"
    marker.get(desk)
    marker.post(f"{desk}/draft", 409, total="65", comment="", tab="other", rests_on=rests_on)
