# SPDX-License-Identifier: Apache-2.0
"""The pages of relations and substitutes in a real browser: axe-core, pictures, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.competitions.models import Relation
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.interviews import admission, declared, service
from exam_portal.interviews.room import service as room
from tests.harness.browser import Album
from tests.portal.competitions.builders import a_signed
from tests.portal.competitions.pages import At
from tests.portal.interviews.builders import HEARD, Council, a_council, a_panel
from tests.portal.interviews.test_question_draw import a_set
from tests.portal.reading import Shown, read_pages

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]


def _pages(database: Database) -> tuple[Council, list[Shown]]:
    """One member is asked again, one is related, one is disciplined, a substitute has yet to declare."""
    with database.writing(unhurried=True) as session:
        council = a_council(session, people=4)
        panel = a_panel(session, council, mode="portal", members=8)
        secretary, place = council.secretary, "Phòng Tài chính – Kế hoạch"
        asked = service.add_member(
            session,
            secretary,
            HEARD,
            panel=panel,
            name="Tạ Quang Bửu",
            duty=f"Trưởng phòng, {place}, Ủy viên Hội đồng",
            account_id=council.members[8].account_id,
        )
        told = {
            asked: (None, False),
            panel.members[1]: (Relation.SIBLING, False),
            panel.members[2]: (None, True),
        }
        for member, (relation, disciplined) in told.items():
            lines = declared.of_member(declared.lines(session, panel), member)
            service.declare_relations(
                session,
                secretary,
                HEARD,
                member=member,
                answers={line.candidate.id: relation if line is lines[0] else None for line in lines},
                disciplined=disciplined,
                paper=a_signed(session, council.house, council.competition),
            )
        substitute = service.add_member(
            session,
            secretary,
            HEARD,
            panel=panel,
            name="Lê Hoàng Dự",
            duty="Phó Giám đốc Sở Tư pháp",
            account_id=council.typists[0].account_id,
            is_substitute=True,
        )
        room.file_questions(session, council.house.chair, HEARD, panel=panel, made=a_set())
        here = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        own = f"/panel/{panel.public_id}/relations"
        seat, waits = (f"{here}/members/{one.public_id}" for one in (panel.members[1], substitute))
    asked_again, chair = council.members[8], council.house.chair
    return council, [
        ("panel", secretary, here),
        ("typed", secretary, f"{waits}/relations"),
        ("substitute", secretary, f"{seat}/substitute"),
        ("asked-again", asked_again, own),
        ("nothing-left", council.members[0], own),
        ("declared-again", council.members[0], f"{own}?again=yes"),
        ("declared", chair, f"{here}/relations"),
        ("own-panels", asked_again, "/panel"),
        ("home", council.members[0], "/staff"),
    ]


def test_relations_and_substitutes_read_well_wide_and_narrow(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    _, pages = _pages(database)
    app = create_app(settings, database, clock=At(HEARD))
    admission._providers.clear()
    read_pages(app, database, HEARD, new_person, album, pages)
