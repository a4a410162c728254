# SPDX-License-Identifier: Apache-2.0
"""The pages of the room in a real browser: axe-core, wide and narrow; the clock without its network."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.interviews import admission
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import Hearing
from exam_portal.interviews.room import questions, service
from exam_portal.interviews.room.timing import PhaseKey
from tests.harness import live
from tests.harness.browser import Album
from tests.portal.competitions.pages import At
from tests.portal.interviews.builders import HEARD, Council, a_council, a_panel, drawn
from tests.portal.reading import DESK, TELEPHONE, read_page, read_pages, reader

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.journey, pytest.mark.thorough]
PREPARATION, PRESENTATION, QUESTIONS = PhaseKey
MINUTE = timedelta(minutes=1)
TABLET = (768, 1024)
QUESTIONS_TYPED = "\n".join(
    f"{topic} | {level} | Câu {number} về {topic.lower()}: ông (bà) xử lý thế nào khi ý kiến khác nhau?"
    for topic, level in (("Quản lý nhà nước", "vận dụng"), ("Tình huống tại cơ sở", "vận dụng cao"))
    for number in range(1, 5)
)


def a_room(database: Database) -> tuple[Council, dict[str, str]]:
    """One is heard with a pause behind it, the next one prepares."""
    with database.writing(unhurried=True) as session:
        council = a_council(session, people=3)
        panel = a_panel(session, council)
        first, second, third = drawn(session, council, panel)
        who = council.secretary
        made = questions.read(QUESTIONS_TYPED, each=1, once=True)
        filed = service.file_questions(session, who, HEARD, panel=panel, made=made)
        service.approve_questions(session, council.house.chair, HEARD, panel=panel, set_id=filed.public_id)
        service.draw_questions(session, who, HEARD, hearing=first, witnesses="Trần Thị Bích")
        begun = HEARD - 40 * MINUTE
        service.start_phase(session, who, begun, hearing=first, phase=PREPARATION)
        service.end_phase(session, who, HEARD - 9 * MINUTE, hearing=first, phase=PREPARATION)
        panels.open_hearing(session, who, HEARD, hearing=first)
        at = HEARD - 8 * MINUTE
        service.start_phase(session, who, at, hearing=first, phase=PRESENTATION)
        service.pause_phase(session, who, at + MINUTE, hearing=first, phase=PRESENTATION, reason="Mất điện")
        service.resume_phase(session, who, at + 2 * MINUTE, hearing=first, phase=PRESENTATION)
        service.start_phase(session, who, HEARD - 5 * MINUTE, hearing=second, phase=PREPARATION)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        hearings = {"heard": first, "prepares": second, "waits": third}
        pages = {name: f"{place}/hearings/{one.public_id}/times" for name, one in hearings.items()}
        asked = {
            name: f"{place}/hearings/{hearings[name].public_id}/questions" for name in ("heard", "waits")
        }
        pages |= {f"questions-{name}": address for name, address in asked.items()}
        pages |= {"questions": f"{place}/questions", "filing": f"{place}/questions/new"}
        return council, {"panel": place, "plan": f"{place}/plan", "clock": f"{place}/clock", **pages}


def test_times_plan_and_clock_read_well_wide_and_narrow(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    council, pages = a_room(database)
    app = create_app(settings, database, clock=At(HEARD))
    admission._providers.clear()
    shown = [(f"room-{name}", council.secretary, address) for name, address in pages.items()]
    read_pages(app, database, HEARD, new_person, album, shown)


def test_the_clock_counts_on_without_its_network_and_says_since_when(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    council, pages = a_room(database)
    clock = At(HEARD)
    app = create_app(settings, database, clock=clock)
    admission._providers.clear()
    line = live.Line()
    with live.serving(app, line) as base:
        page = reader(app, database, HEARD, new_person, base, "vi", council.members[0])
        page.goto(pages["clock"])
        shown, note = page.locator("[data-part=time]"), page.locator("[data-part=silent]")
        expect(page.locator("[data-part=beside]")).to_contain_text("Số 2")
        spoken = page.locator("[data-part=spoken]")
        expect(spoken).to_have_text("Trình bày bắt đầu, số 1")
        expect(note).to_be_hidden()
        clock.set(HEARD + 4 * MINUTE)  # 15 minutes less the 7 that were used by then, less 4
        expect(page.locator("[data-state=low]")).to_be_visible()
        expect(spoken).to_have_text("Trình bày: còn 5 phút")
        read_page(page, album, "clock-low", (TABLET, TELEPHONE, DESK))
        line.cut(page)
        before = shown.text_content()
        expect(note).to_be_visible()
        assert shown.text_content() != before  # it counts on
        read_page(page, album, "clock-silent", (TABLET, TELEPHONE, DESK))
        line.mend(page)
        expect(note).to_be_hidden()
        clock.set(HEARD + 9 * MINUTE)
        expect(page.locator("[data-state=over]")).to_be_visible()
        expect(shown).to_contain_text("+")
        expect(spoken).to_have_text("Trình bày: đã hết giờ")
        read_page(page, album, "clock-over", (TABLET, TELEPHONE, DESK))


def test_the_clock_says_the_beginning_of_a_preparation_once(
    settings: Settings, database: Database, catalogues: None, new_person: Callable[..., Page]
) -> None:
    council, pages = a_room(database)
    app = create_app(settings, database, clock=At(HEARD))
    admission._providers.clear()

    def keep(verb: Callable[..., object], phase: PhaseKey) -> None:
        with database.writing(unhurried=True) as session:
            heard = session.scalars(select(Hearing).where(Hearing.order_no == 1)).one()
            verb(session, council.secretary, HEARD, hearing=heard, phase=phase)

    with live.serving(app) as base:
        page = reader(app, database, HEARD, new_person, base, "vi", council.members[0])
        page.goto(pages["clock"])
        number, spoken = page.locator("[data-part=number]"), page.locator("[data-part=spoken]")
        expect(spoken).to_contain_text("bắt đầu, số 1")
        keep(service.end_phase, PRESENTATION)
        expect(spoken).to_have_text("Chuẩn bị bắt đầu, số 2")
        keep(service.start_phase, QUESTIONS)
        expect(spoken).to_contain_text("bắt đầu, số 1")
        keep(service.end_phase, QUESTIONS)
        expect(number).to_contain_text("2")  # the preparation stands there again, and began long ago
        expect(spoken).to_contain_text("bắt đầu, số 1")
