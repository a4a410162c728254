# SPDX-License-Identifier: Apache-2.0
"""The agreement of markers in a real browser: axe-core, pictures, wide and narrow."""

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from exam_portal import background
from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.marking.agreement import service as agreement
from tests.harness.browser import Album
from tests.portal.competitions.pages import At
from tests.portal.marking.agreed import carry_out, marked_by_three
from tests.portal.marking.builders import MARKED, an_office
from tests.portal.reading import Shown, read_pages

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]


def test_the_agreement_of_three_markers_reads_well_on_a_phone_too(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    chance = random.Random(7)
    truth = [chance.gauss(60, 12) for _ in range(90)]
    with database.writing(unhurried=True) as session:
        office = an_office(session, people=len(truth))
        given = [
            (
                str(round(min(100, one + chance.gauss(0, 4)))),
                str(round(min(100, one + chance.gauss(8 * (number % 3 == 0), 4)))),
            )
            for number, one in enumerate(truth)
        ]
        marked_by_three(session, office, given)
        background.load_handlers()
        agreement.ask(session, office.secretary, MARKED, bags=[office.bag], kind=agreement.AGREEMENT)
    carry_out(database, agreement.JOBS[agreement.AGREEMENT])
    app = create_app(settings, database, clock=At(MARKED))
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    pages: list[Shown] = [
        ("board", office.secretary, place),
        ("agreement", office.secretary, f"{place}/agreement?part=written"),
    ]
    read_pages(app, database, MARKED, new_person, album, pages)
