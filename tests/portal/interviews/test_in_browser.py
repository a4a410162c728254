# SPDX-License-Identifier: Apache-2.0
"""The pages of the panel's irregular days in a real browser: axe-core, pictures, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.interviews import admission, service
from exam_portal.interviews.models import Occasion
from tests.harness.browser import Album
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import At
from tests.portal.interviews.builders import HEARD, Council, a_council, a_panel, a_sheet, count, drawn
from tests.portal.reading import read_pages

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]


def irregular(database: Database) -> tuple[Council, dict[str, str]]:
    """One lost its quorum and is voted on again, one waits, one did not come, one was broken off."""
    with database.writing(unhurried=True) as session:
        council = a_council(session, people=6)
        panel = a_panel(session, council)
        again, lost, away, stopped, begun, coming = drawn(session, council, panel)
        for hearing in (again, lost):
            count(session, council, hearing, a_sheet(9, 7, 3, ["80"] * 4))
        paper = a_signed(session, council.house, council.competition)
        later = service.repeat_hearing(
            session, council.secretary, HEARD, hearing=again, occasion=Occasion.SECOND_BALLOT, paper=paper
        )
        service.note_candidate_absent(
            session, council.secretary, HEARD, hearing=away, witnesses=["Lê Văn Anh", "Trần Thị Bích"]
        )
        for hearing in (stopped, begun):
            service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
            if hearing is stopped:
                service.break_off_hearing(session, council.secretary, HEARD, hearing=hearing, paper=paper)
        place = f"/staff/competitions/{council.competition.public_id}/panel"
        here = f"{place}/{panel.public_id}"
        hearings = {"repeated": again, "lost": lost, "away": away, "coming": coming, "later": later}
        hearings |= {"stopped": stopped, "begun": begun}
        pages = {name: f"{here}/hearings/{one.public_id}" for name, one in hearings.items()}
        forms = {"absence": f"{pages['coming']}/absence", "again": f"{pages['lost']}/again"}
        forms["break-off"] = f"{pages['begun']}/broken-off"
        return council, {"index": place, "panel": here, **pages, **forms}


def test_absent_candidates_and_repeated_ballots_read_well_wide_and_narrow(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    council, pages = irregular(database)
    app = create_app(settings, database, clock=At(HEARD))
    admission._providers.clear()
    shown = [(name, council.secretary, address) for name, address in pages.items()]
    read_pages(app, database, HEARD, new_person, album, shown)
