# SPDX-License-Identifier: Apache-2.0
"""What an applicant has not handed in is nobody else's to read, whoever learns its address."""

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.app import create_app
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.errors import NotFound
from exam_portal.core.settings import Settings
from exam_portal.registration import access, service
from exam_portal.registration.models import Application
from tests.portal.competitions.builders import NOW, a_house
from tests.portal.registration.builders import a_board, a_competition, an_applicant

READERS = ("registration.view_dossier", "registration.vet", "registration.enter_dossier")


@pytest.fixture
def app(settings: Settings, database: Database, catalogues: None) -> Flask:
    """The application, whose permissions decide."""
    return create_app(settings, database)


@pytest.mark.parametrize("permission", READERS)
def test_t17_a_draft_does_not_exist_for_those_who_may_read_dossiers(
    app: Flask, database: Database, permission: str
) -> None:
    with app.test_request_context(), database.writing(unhurried=True) as session:
        house = a_house(session)
        competition = a_competition(session, house)
        applicant = an_applicant(session, "Nguyễn Thị Nháp", "draft")
        service.start_application(
            session, applicant, NOW, competition=competition, vacancy=competition.vacancies[0]
        )
        draft = session.scalars(select(Application)).one()
        readers: list[Actor] = [
            a_board(session, house, role, role.value) for role in (Role.VETTING_BOARD, Role.COUNTER)
        ]
        assert access.load_application(session, applicant, draft.public_id, "registration.own") is draft
        for reader in (*readers, house.secretary):
            with pytest.raises(NotFound):
                access.load_application(session, reader, draft.public_id, permission)
