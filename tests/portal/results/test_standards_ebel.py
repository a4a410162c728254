# SPDX-License-Identifier: Apache-2.0
"""Judges recommend a pass mark by Ebel's method: they sort the items, and give shares of the cells."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import delete, select, text

from exam_portal.core import outbox
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.triggers import PREFIX
from exam_portal.results import errors, estimates, standards, standards_record
from exam_portal.results.models import StandardSetting
from tests.harness.browser import Album
from tests.portal.competitions.pages import At, Person
from tests.portal.reading import read_pages
from tests.portal.results.test_item_analysis import OVER, Marked
from tests.portal.results.test_pages import clock, portal
from tests.portal.results.test_standards import begin, compute, give, held, judges

__all__ = ["clock", "held", "portal"]
SHARES = dict(zip(estimates.CELLS, (90, 80, 70, 70, 60, 45, 50, 40, 30, 30, 20, 10), strict=True))
LOWER = {cell: share - 10 for cell, share in SHARES.items()}
FIRST = (SHARES, ("essential.easy", "important.medium", "acceptable.hard"))
SECOND = (SHARES, ("essential.easy", "essential.easy", "acceptable.medium"))
THIRD = (LOWER, ("essential.easy", "important.medium", "questionable.hard"))
Given = tuple[dict[str, int], tuple[str, ...]]


def three(found: Marked) -> tuple[Actor, Actor, Actor]:
    return (*judges(found), found.marker)


def sort(database: Database, judge: Actor, given: Given) -> None:
    with database.writing() as session:
        setting = session.scalars(select(StandardSetting)).one()
        shares, cells = given
        items = dict(zip([item["id"] for item in setting.items], cells, strict=False))
        standards.estimate(session, judge, OVER, setting=setting, shares={"cells": shares, "items": items})


def typed(given: Given) -> dict[str, Any]:
    """What the page of a judge sends."""
    shares, cells = given
    return {cell: str(share) for cell, share in shares.items()} | {
        f"share-{place}": cell for place, cell in enumerate(cells)
    }


def damage(database: Database, instead: str = "{}") -> str:
    """The estimates of the first judge say this instead; return what they said."""
    with database.writing() as session:
        session.execute(text(f"DROP TRIGGER IF EXISTS {PREFIX}standard_estimates_update"))
        kept = session.execute(text("SELECT shares FROM standard_estimates ORDER BY id")).scalars().first()
        session.execute(
            text("UPDATE standard_estimates SET shares = :instead WHERE id = 1"), {"instead": instead}
        )
    return str(kept)


def test_three_judges_who_sort_come_to_a_cut_with_its_error(database: Database, held: Marked) -> None:
    begin(database, held, three(held), method="ebel")
    for judge, given in zip(three(held), (FIRST, SECOND, THIRD), strict=True):
        sort(database, judge, given)
    compute(database)
    with database.reading() as session:
        content = session.scalars(select(StandardSetting)).one().rounds[0].content
        assert content is not None
        # 0.9 + 0.6 + 0.3 = 1.8; 0.9 + 0.9 + 0.4 = 2.2; 0.8 + 0.5 + 0 = 1.3: mean 5.3 / 3
        assert content["judge_cuts"] == ["1.300", "1.800", "2.200"]
        assert (content["cut"], content["maximum"]) == ("1.767", "3.000")
        # the squares of the differences add up to 0.40667: the root of a half is 0.4509, over the root of 3
        assert (content["sd"], content["standard_error"]) == ("0.451", "0.260")
        agreed = [(row["cell"], row["agreed"]) for row in content["items"]]
        assert agreed == [("essential.easy", 3), ("important.medium", 2), (None, 1)]
        assert content["cells"]["essential.easy"] == "0.867"
        assert not list(standards_record.differences(session))


@pytest.mark.engines("sqlite")
def test_who_leaves_out_an_item_or_a_cell_is_refused_and_the_check_names_a_changed_method(
    database: Database, held: Marked
) -> None:
    begin(database, held, three(held), method="ebel")
    shares, cells = FIRST
    without = {cell: share for cell, share in shares.items() if cell != "questionable.hard"}
    for wrong in (
        (shares, cells[:2]),
        (shares, (*cells[:2], "essential.impossible")),
        (shares, (*cells[:2], "")),
        (without, cells),
        (shares | {"essential.easy": 101}, cells),
    ):
        with pytest.raises(errors.EstimateIncomplete):
            sort(database, held.setter, wrong)
    with pytest.raises(errors.EstimateIncomplete):
        give(database, held.setter, (90, 60, 30))  # what Angoff's method asks for
    sort(database, held.setter, FIRST)
    with database.writing() as session:
        assert not list(standards_record.differences(session))
        session.execute(text(f"DROP TRIGGER IF EXISTS {PREFIX}standard_settings_update"))
        session.execute(text("UPDATE standard_settings SET method = 'angoff'"))
    with database.reading() as session:
        assert {each.code for each in standards_record.differences(session)} == {"standard"}


@pytest.mark.engines("sqlite")
def test_what_others_sorted_is_unseen_until_all_are_in_and_a_failed_round_is_tried_again(
    portal: Flask, database: Database, clock: At, held: Marked
) -> None:
    clock.set(OVER)
    place = f"/staff/competitions/{held.hall.competition.public_id}/results/standards"
    address = f"{place}/{begin(database, held, method='ebel')}"
    organiser = Person.at(portal, database, held.hall.house.organiser, OVER)
    setter = Person.at(portal, database, held.setter, OVER)
    chair = Person.at(portal, database, held.hall.house.chair, OVER)
    sent = typed(FIRST)
    for each in (organiser, setter, chair):
        each.get(place)
    page = setter.post(f"{address}/judge", status=422, **(sent | {"share-1": "", "important.easy": "x"}))
    assert 'href="#share-1"' in page
    assert 'href="#share-0"' not in page
    assert page.count(" selected") == 2  # what was chosen is kept
    assert 'id="important.easy" name="important.easy" value="x"' in page
    setter.post(f"{address}/judge", **sent)
    organiser.post(f"{address}/again", status=409)  # not all are in
    assert " selected" not in chair.get(f"{address}/judge")
    assert "thiết yếu, dễ" not in re.sub(r"<option.*?</option>", "", organiser.get(address))
    chair.post(f"{address}/judge", **typed(SECOND))
    organiser.post(f"{address}/again", status=409)  # it runs
    kept = damage(database)
    compute(database)
    assert f"{address}/again" in organiser.get(address)
    assert f"{address}/again" not in setter.get(address)  # who may not set the standard
    setter.post(f"{address}/again", status=403)
    damage(database, kept)
    assert "data-running" in organiser.post(f"{address}/again")
    compute(database)
    page = organiser.get(address)
    assert "2,000 trên 3,000" in page
    assert "thiết yếu, dễ" in page
    organiser.post(f"{address}/again", status=409)  # it is there
    organiser.get(f"{address}/minutes.pdf", status=409)  # not concluded
    organiser.post(f"{address}/rounds")
    page = setter.get(f"{address}/judge")
    assert "2/2 chuyên gia chọn" not in page  # of two, it would say what the other one sorted
    assert "ít hơn ba chuyên gia" in page
    assert page.count(" selected") == 3  # filled in with what was said before


@pytest.mark.engines("sqlite")
def test_a_computation_that_is_gone_is_asked_for_anew(database: Database, held: Marked) -> None:
    begin(database, held, method="ebel")
    for judge, given in zip(judges(held), (FIRST, SECOND), strict=True):
        sort(database, judge, given)
    with database.writing() as session:
        session.execute(delete(outbox.OutboxRow))
        setting = session.scalars(select(StandardSetting)).one()
        standards.repeat(session, held.hall.house.organiser, OVER, setting=setting)
    compute(database)
    with database.reading() as session:
        assert session.scalars(select(StandardSetting)).one().rounds[0].computed_at == OVER


@pytest.mark.journey
@pytest.mark.engines("sqlite")
def test_the_pages_of_ebel_read_well_wide_and_narrow(
    portal: Flask, database: Database, clock: At, held: Marked, new_person: Callable[..., Page], album: Album
) -> None:
    clock.set(OVER)
    organiser = held.hall.house.organiser
    place = f"/staff/competitions/{held.hall.competition.public_id}/results/standards"
    address = f"{place}/{begin(database, held, three(held), method='ebel')}"
    read_pages(portal, database, OVER, new_person, album, [("ebel-judge", held.setter, f"{address}/judge")])
    for judge, given in zip(three(held), (FIRST, SECOND, THIRD), strict=True):
        sort(database, judge, given)
    compute(database)
    shown = [("ebel", organiser, address), ("ebel-own", held.setter, f"{address}/judge")]
    read_pages(portal, database, OVER, new_person, album, shown)
