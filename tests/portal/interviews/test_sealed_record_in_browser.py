# SPDX-License-Identifier: Apache-2.0
"""The pages of the sealed record read well, wide and narrow, in both languages."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import Page

from exam_portal.core.database import Database
from exam_portal.interviews import service as panels
from exam_portal.interviews.record import service as records
from tests.harness.browser import Album
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_panel,
    a_sheet,
    balloting,
    count,
    drawn,
    entrusted,
    keepers_of,
)
from tests.portal.reading import Shown, read_pages

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite")]


def test_the_pages_before_the_lots_read_well(
    portal: Flask, database: Database, council: Council, new_person: Callable[..., Page], album: Album
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        keepers = keepers_of(session, council)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    before: list[Shown] = [
        ("record-unkept", council.secretary, f"{place}/record"),
        ("record-keepers", council.secretary, f"{place}/record/keepers"),
    ]
    read_pages(portal, database, HEARD, new_person, album, before)
    with database.writing(unhurried=True) as session:
        panel = session.merge(panel)
        holders = [actor.account_id or 0 for actor in keepers]
        prepared = records.prepare(session, panel=panel, holders=holders, threshold=2)
        records.entrust(session, council.secretary, HEARD, panel=panel, prepared=prepared)
    waiting: list[Shown] = [
        ("record-waits", keepers[0], f"{place}/record"),
        ("record-share", keepers[0], f"{place}/record/share"),
        ("record-waits-for-others", council.secretary, f"{place}/record"),
    ]
    read_pages(portal, database, HEARD, new_person, album, waiting)


def test_the_pages_of_a_counted_hearing_read_well(
    portal: Flask, database: Database, council: Council, new_person: Callable[..., Page], album: Album
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        keepers = keepers_of(session, council)
        entrusted(session, council, panel, keepers)
        hearing = drawn(session, council, panel)[0]
        balloting(session, council, hearing)
        for member in council.members:
            panels.cast_ballot(
                session, member, HEARD, hearing=hearing, value=Decimal(80), scores={}, has_heard=True
            )
        panels.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        at = f"{place}/hearings/{hearing.public_id}"
    pages: list[Shown] = [
        ("record-kept", council.secretary, f"{place}/record"),
        ("record-open", keepers[0], f"{at}/record"),
        ("record-not-mine", council.secretary, f"{at}/record"),
        ("record-hearing", keepers[0], at),
    ]
    read_pages(portal, database, HEARD, new_person, album, pages)


def test_the_pages_of_an_envelope_read_well(
    portal: Flask, database: Database, council: Council, new_person: Callable[..., Page], album: Album
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing = drawn(session, council, panel)[0]
        count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 9))
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        at = f"{place}/hearings/{hearing.public_id}"
    pages: list[Shown] = [
        ("record-envelope", council.secretary, f"{at}/envelope"),
        ("record-on-paper", council.secretary, f"{place}/record"),
    ]
    read_pages(portal, database, HEARD, new_person, album, pages)
