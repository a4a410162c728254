# SPDX-License-Identifier: Apache-2.0
"""The pages of the room: the secretary keeps the time, the clock shows it without a name."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from exam_portal.core.database import Database
from tests.harness.counting import counted
from tests.portal.competitions.pages import At, Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, drawn

pytestmark = pytest.mark.engines("sqlite")
MINUTE = timedelta(minutes=1)


def seated(database: Database, council: Council) -> tuple[str, list[str]]:
    """Return the address of a panel whose lots are drawn, and those of its hearings."""
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        return place, [f"{place}/hearings/{one.public_id}" for one in drawn(session, council, panel)]


def test_a_hearing_is_timed_from_its_page_and_the_clock_follows(
    portal: Flask, database: Database, council: Council
) -> None:
    panel, (first, *_) = seated(database, council)
    secretary = Person.at(portal, database, council.secretary, HEARD)
    clock = portal.extensions["exam_portal.clock"]
    assert isinstance(clock, At)

    def on() -> Any:
        return secretary.client.get(f"{panel}/clock/state").get_json()["on"]

    assert on() == []
    secretary.get(f"{first}/times")
    secretary.post(f"{first}/times/preparation/start")
    assert on() == [{"number": 1, "phase": "preparation", "left": 30 * 60_000, "still": False}]
    secretary.post(f"{first}/times/preparation/pause", 422, reason="")
    secretary.post(f"{first}/times/preparation/pause", reason="Mất điện")
    assert on()[0]["still"] is True
    secretary.post(f"{first}/times/preparation/end")
    secretary.post(f"{first}/times/presentation/start", 422)
    secretary.post(f"{first}/open")
    secretary.post(f"{first}/times/presentation/start")
    clock.set(HEARD + 16 * MINUTE)
    assert on() == [{"number": 1, "phase": "presentation", "left": -60_000, "still": False}]
    secretary.post(f"{first}/times/presentation/end")
    assert on() == []
    secretary.post(f"{first}/times/presentation/dance", 404)
    assert "Mất điện" in secretary.get(f"{first}/times")
    assert secretary.client.get(f"{first}/times.pdf").data.startswith(b"%PDF")


def test_the_clock_names_nobody(portal: Flask, database: Database, council: Council) -> None:
    panel, (first, *_) = seated(database, council)
    secretary = Person.at(portal, database, council.secretary, HEARD)
    secretary.get(f"{first}/times")
    secretary.post(f"{first}/times/preparation/start")
    names = re.findall(r'ep-code">[^<]+</span> ([^<]+)</', secretary.get(panel))
    assert len(names) == len(council.candidates)
    shown = secretary.get(f"{panel}/clock") + secretary.client.get(f"{panel}/clock/state").get_data(
        as_text=True
    )
    assert not any(name.strip() in shown for name in names)


def test_the_clock_asks_little_however_much_has_happened(
    portal: Flask, database: Database, council: Council
) -> None:
    panel, hearings = seated(database, council)
    secretary = Person.at(portal, database, council.secretary, HEARD)
    costs = []
    for hearing in hearings:
        secretary.get(f"{hearing}/times")
        secretary.post(f"{hearing}/times/preparation/start")
        with counted() as counts:
            secretary.client.get(f"{panel}/clock/state")
        assert counts.commits == 0
        costs.append(len(counts.statements))
    assert len(set(costs)) == 1
    assert costs[0] <= 10


def test_only_who_runs_the_panel_keeps_its_time(portal: Flask, database: Database, council: Council) -> None:
    panel, (first, *_) = seated(database, council)
    member = Person.at(portal, database, council.members[0], HEARD)
    member.get(f"{panel}/clock")
    assert member.client.get(f"{panel}/clock/state").status_code == 200
    member.get("/panel")
    member.post(f"{first}/times/preparation/start", 403)
    typist = Person.at(portal, database, council.typists[0], HEARD)
    assert typist.client.get(f"{panel}/clock").status_code in {403, 404}


def test_the_plan_is_made_on_its_page_and_stands_fixed_after_the_first_hearing(
    portal: Flask, database: Database, council: Council
) -> None:
    panel, (first, *_) = seated(database, council)
    secretary = Person.at(portal, database, council.secretary, HEARD)
    typed: dict[str, Any] = {
        "preparation": "0",
        "presentation": "10",
        "questions": "20",
        "anchors_build": "30–40: khả thi",
    }
    secretary.get(f"{panel}/plan")
    secretary.post(f"{panel}/plan", 422, **{**typed, "questions": "60"})
    secretary.post(f"{panel}/plan", **typed)
    assert re.search(r'name="questions"[^>]*value="20"', secretary.get(f"{panel}/plan"))
    secretary.post(f"{first}/open")
    secretary.get(f"{panel}/plan")
    secretary.post(f"{panel}/plan", 422, **typed)


def test_no_slips_are_offered_while_a_phase_of_the_hearing_is_on(
    portal: Flask, database: Database, council: Council
) -> None:
    _, (first, *_) = seated(database, council)
    secretary = Person.at(portal, database, council.secretary, HEARD)
    secretary.get(first)
    secretary.post(f"{first}/open")
    assert f'action="{first}/ballot"' in secretary.get(first)
    secretary.get(f"{first}/times")
    secretary.post(f"{first}/times/presentation/start")
    page = secretary.get(first)
    assert "Đang diễn ra: Trình bày" in page
    assert f'action="{first}/ballot"' not in page
    secretary.get(f"{first}/times")
    secretary.post(f"{first}/times/presentation/end")
    assert f'action="{first}/ballot"' in secretary.get(first)
