# SPDX-License-Identifier: Apache-2.0
"""The counter's page for a written withdrawal in a real browser: axe-core, pictures, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.browser import Album
from tests.portal.competitions.builders import NOW, a_house
from tests.portal.competitions.pages import At, grant
from tests.portal.reading import read_pages
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    an_applicant,
    an_application,
)

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
    places = {"applications": listed, "entered": dossier, "withdrawal": f"{dossier}/withdrawal"}
    pages = [(name, counter, address) for name, address in places.items()]
    read_pages(app, database, NEXT_MORNING, new_person, album, pages)
