# SPDX-License-Identifier: Apache-2.0
"""The counter's page for a written withdrawal in a real browser: axe-core, pictures, wide and narrow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, expect

from exam_portal.app import create_app
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.registration import service
from tests.harness import live
from tests.harness.browser import Album
from tests.portal.competitions.builders import NOW, a_house
from tests.portal.competitions.pages import At, grant
from tests.portal.reading import read_page, read_pages, reader
from tests.portal.registration.builders import (
    NEXT_MORNING,
    a_board,
    a_competition,
    an_applicant,
    an_application,
)

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]


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


def test_what_was_typed_is_not_thrown_away_by_adding_a_document_unasked(
    settings: Settings, database: Database, catalogues: None, new_person: Callable[..., Page], album: Album
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        applicant = an_applicant(session, "Trần Thị An", "an")
        draft = service.start_application(
            session,
            applicant,
            NOW + timedelta(days=1),
            competition=competition,
            vacancy=competition.vacancies[0],
        )
        address = f"/me/applications/{draft.public_id}"
    app = create_app(settings, database, clock=At(NOW + timedelta(days=1)))
    with live.serving(app) as base:
        page = reader(app, database, NOW + timedelta(days=1), new_person, base, "vi", applicant)
        page.goto(address)
        read_page(page, album, "draft")
        asked: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.get_by_label("Chức vụ hiện tại").fill("Phó Trưởng phòng")
        with page.expect_event("dialog"):
            page.get_by_role("button", name="Thêm tài liệu").click()
        expect(page.get_by_label("Chức vụ hiện tại")).to_have_value("Phó Trưởng phòng")
        assert asked == ["beforeunload"]
        with page.expect_navigation():
            page.get_by_role("button", name="Lưu dự thảo").click()
        expect(page.get_by_label("Chức vụ hiện tại")).to_have_value("Phó Trưởng phòng")
        page.get_by_role("button", name="Thêm tài liệu").click()
        expect(page.get_by_text("Chọn tệp").first).to_be_visible()
        assert asked == ["beforeunload"]
