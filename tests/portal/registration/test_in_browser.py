# SPDX-License-Identifier: Apache-2.0
"""The counter's page for a written withdrawal in a real browser: axe-core, pictures, wide and narrow."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.browser import Album
from tests.portal.competitions.builders import NOW, a_house
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    an_applicant,
    an_application,
)
from tests.portal.results.test_in_browser import SIZES, served

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey]


def test_a_written_withdrawal_is_entered_on_a_page_that_reads_well_wide_and_narrow(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Trần Thị An", "an")
        dossier = f"/staff/dossiers/{an_application(session, competition, applicant).public_id}"
        counter = a_board(session, house, Role.COUNTER, "c")
        grant(session, counter, house.organisation.id, NOW)
        listed = f"/staff/competitions/{competition.public_id}/applications"
    app = create_app(settings, database, clock=At(NEXT_MORNING))
    cookie: Any = Person.at(app, database, counter, NEXT_MORNING).client.get_cookie("portal-session")
    pages = {"applications": listed, "entered": dossier, "withdrawal": f"{dossier}/withdrawal"}
    with served(app) as base:
        for size in SIZES:
            for language in ("vi", "en"):
                page = new_person(base_url=base, size=size)
                cookies = {"portal-session": cookie.value, "lang": language}
                page.context.add_cookies([{"name": k, "value": v, "url": base} for k, v in cookies.items()])
                for name, address in pages.items():
                    page.goto(address)
                    album.look(page, f"{name}-{language}-{size[0]}")
                    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], (name, size)
