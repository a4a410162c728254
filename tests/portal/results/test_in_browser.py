# SPDX-License-Identifier: Apache-2.0
"""The result pages in a real browser: read by axe-core, pictures kept, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from tests.harness.browser import Album
from tests.portal.competitions.pages import At
from tests.portal.reading import Shown, read_pages
from tests.portal.results import builders as at
from tests.portal.results.builders import OVER, POSTED, Stage, a_stage

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]


def published(database: Database) -> tuple[Stage, str]:
    """Marks posted, changed, posted again; the result published and another publication waiting."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, people=5)
        marks = {0: ["72", "78"], 1: ["60", "64"], 2: ["44", "56", "49"], 3: ["81", "80.5"], 4: ["60", "61"]}
        at.marked(session, stage, marks)
        at.compute(session, stage)
        at.publish(session, stage)
        votes = {0: ["84", "85", "84", "84.5", "84.5"], 1: ["78"] * 7, 3: ["80.5"] * 7, 4: ["84.5"] * 6}
        at.hear(session, stage, votes)
        at.compute(session, stage, POSTED, "Đã có điểm bảo vệ chương trình hành động")
        at.publish(session, stage, "marks", POSTED, "Bổ sung điểm bảo vệ chương trình hành động")
        at.to_recognition(session, stage)
        at.publish(session, stage, "results", OVER)
        return stage, at.vacancy_of(session, stage).public_id


def test_the_result_sheet_reads_well_wide_and_narrow(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    stage, vacancy = published(database)
    app = create_app(settings, database, clock=At(OVER))
    competition = stage.office.hall.competition.public_id
    place, public = f"/staff/competitions/{competition}", f"/competitions/{competition}/results"
    own = stage.candidates[1]
    me = Actor(account_id=own.account_id, is_candidate=True)
    pages: list[Shown] = [
        ("overview", stage.secretary, f"{place}/results"),
        ("sheet", stage.secretary, f"{place}/results/vacancies/{vacancy}"),
        ("masks", stage.masker, f"{place}/results/masks"),
        ("reviews", stage.secretary, f"{place}/appeals"),
        ("result", None, f"{public}/3"),
        ("superseding", None, f"{public}/2"),
        ("superseded", None, f"{public}/1"),
        ("own", me, f"/me/results/{own.public_id}"),
    ]
    read_pages(app, database, OVER, new_person, album, pages)
