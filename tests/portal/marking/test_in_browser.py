# SPDX-License-Identifier: Apache-2.0
"""The pages of marking after a correction in a real browser: axe-core, pictures, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.browser import Album
from tests.portal.competitions.pages import At
from tests.portal.marking.builders import MARKED, Office
from tests.portal.marking.test_after_the_lock import correct, locked_on_paper
from tests.portal.reading import Shown, read_pages

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]


def test_a_third_mark_that_a_correction_calls_for_is_offered_on_pages_that_read_well(
    settings: Settings,
    database: Database,
    catalogues: None,
    office: Office,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    with database.writing(unhurried=True) as session:
        locked_on_paper(session, office, ("72", "78"), ("70", "70"))
        correct(session, office, 0, 1, "60")
    app = create_app(settings, database, clock=At(MARKED))
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    bag = f"{place}/bags/{office.bag.public_id}"
    pages: list[Shown] = [
        ("board", office.secretary, place),
        ("assignment", office.secretary, f"{bag}/assignments/new"),
        ("marks", office.secretary, f"{place}/marks?part=written&purpose=marking"),
        ("slips", office.typists[0], f"{place}/slips"),
        ("slip", office.typists[0], f"{bag}/scripts/{office.scripts[0].public_id}/slips/3"),
    ]
    read_pages(app, database, MARKED, new_person, album, pages)
