# SPDX-License-Identifier: Apache-2.0
"""The pages of marking in a real browser: axe-core, keyboard alone, pictures, wide and narrow."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from exam_portal.app import create_app
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.marking import comments
from exam_portal.marking.models import Mark
from tests.harness import live
from tests.harness.browser import Album
from tests.portal.competitions.pages import At
from tests.portal.marking.builders import MARKED, Office, assign, desk_of, give, lock
from tests.portal.marking.test_after_the_lock import correct, locked_on_paper
from tests.portal.marking.test_training import a_rule, a_script, train
from tests.portal.marking.typed import ESSAY, a_typed_office
from tests.portal.reading import Shown, read_page, read_pages, reader

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


def test_a_marker_works_through_the_desk_by_keyboard_alone(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    office = a_typed_office(database)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    app = create_app(settings, database, clock=At(MARKED))
    address = desk_of(database, office)
    with live.serving(app) as base:
        page = reader(app, database, MARKED, new_person, base, "vi", office.markers[0])
        page.goto(address)
        read_page(page, album, "desk-open")
        page.keyboard.type("31")
        page.keyboard.press("Enter")
        page.keyboard.type("44")
        page.keyboard.press("ArrowUp")
        expect(page.locator("[data-sum]")).to_have_text("75,5")
        page.keyboard.press("Enter")
        page.keyboard.type("Cần thêm dẫn chứng")
        expect(page.locator("[data-draft]")).to_have_attribute("data-state", "saved")
        page.keyboard.press("F2")
        for key in ("Alt+ArrowDown", "Alt+ArrowDown", "Alt+Shift+ArrowDown", "F8"):
            page.keyboard.press(key)
        page.keyboard.type("Dẫn đúng văn bản")
        expect(page.locator("mark.ep-passage")).to_have_count(1)
        quote = page.locator("#passages q").text_content() or ""
        assert quote.startswith("Theo Nghị quyết")
        assert "Ở đơn vị" in quote
        page.keyboard.press("Enter")
        expect(page.locator("[data-draft]")).to_have_attribute("data-state", "saved")
        read_page(page, album, "desk-highlighted")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**{desk_of(database, office, 1)}")
        expect(page.locator("#passages li")).to_have_count(0)
    with database.reading() as session:
        mark = session.query(Mark).one()
        (passage,) = mark.highlights
        assert (mark.value, mark.comment, passage["note"]) == (
            "75.5",
            "Cần thêm dẫn chứng",
            "Dẫn đúng văn bản",
        )
        assert ESSAY[passage["start"] : passage["end"]] == quote


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_level_is_chosen_with_one_key_or_one_press_and_the_figure_can_still_be_changed(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
    language: str,
) -> None:
    office = a_typed_office(database, with_levels=True)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    app = create_app(settings, database, clock=At(MARKED))
    with live.serving(app) as base:
        page = reader(app, database, MARKED, new_person, base, language, office.markers[0])
        page.goto(desk_of(database, office))
        figure, levels = page.locator("#score_law"), page.locator("[data-anchors] button")
        pressed = page.locator('[data-anchors] button[aria-pressed="true"]')
        expect(pressed).to_have_count(0)
        for key in ("PageUp", "PageDown"):  # from an empty figure
            page.keyboard.press(key)
            expect(figure).to_have_value("40")
            figure.fill("")
        for key, value in (("PageDown", "40"), ("PageDown", "30"), ("PageDown", "15"), ("PageUp", "30")):
            page.keyboard.press(key)
            expect(figure).to_have_value(value)
        expect(pressed).to_have_text(levels.nth(1).text_content() or "")
        page.keyboard.type("22")
        expect(pressed).to_have_text(levels.nth(1).text_content() or "")
        figure.fill("15")
        expect(pressed).to_have_text(levels.nth(2).text_content() or "")
        levels.first.click()
        expect(figure).to_have_value("40")
        expect(page.locator("[data-sum]")).to_have_text("40")
        expect(page.locator("[data-draft]")).to_have_attribute("data-state", "saved")
        read_page(page, album, f"desk-levels-{language}", widths=((360, 800), (1280, 900)))
        page.keyboard.press("Enter")
        page.keyboard.type("31")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**{desk_of(database, office, 1)}")
    with database.reading() as session:
        assert session.query(Mark).one().scores == {"law": "40", "practice": "31"}


def test_drafts_of_two_windows_are_both_shown_and_one_is_chosen(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    office = a_typed_office(database)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
    app = create_app(settings, database, clock=At(MARKED))
    address = desk_of(database, office)
    with live.serving(app) as base:
        windows = [
            reader(app, database, MARKED, new_person, base, each, office.markers[0]) for each in ("vi", "en")
        ]
        for window in windows:
            window.goto(address)
        for window, text, state in zip(
            windows, ("Máy cơ quan", "Máy ở nhà"), ("saved", "differs"), strict=True
        ):
            window.get_by_role("textbox").last.focus()
            window.locator("#comment").fill(text)
            expect(window.locator("[data-draft]")).to_have_attribute("data-state", state)
        expect(windows[0].locator("[data-reopen]")).to_be_hidden()
        windows[1].get_by_role("link", name="Compare the drafts and choose").click()
        expect(windows[1].locator(".ep-drafts")).to_be_visible()
        windows[0].reload()
        for window, language in zip(windows, ("vi", "en"), strict=True):
            read_page(window, album, f"desk-two-drafts-{language}")
        expect(windows[1].get_by_text("Máy cơ quan")).to_be_visible()
        windows[1].locator(".ep-drafts button").first.click()
        expect(windows[1].locator("#comment")).to_have_value("Máy ở nhà")
        read_page(windows[1], album, "desk-set-aside-en")


def test_phrases_and_empty_states_read_well(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    office = a_typed_office(database, text="Bài dài. " * 400)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        for text in ("Thiếu dẫn chứng từ thực tiễn của đơn vị", "Nêu đúng thẩm quyền"):
            comments.keep_phrase(
                session, office.markers[0], MARKED, competition_id=office.bag.competition_id, text=text
            )
    app = create_app(settings, database, clock=At(MARKED))
    bag = f"/marking/bags/{office.bag.public_id}"
    desk = desk_of(database, office)
    marker = office.markers[0]
    pages: list[Shown] = [
        ("home", marker, "/marking"),
        ("home-empty", office.markers[1], "/marking"),
        ("bag", marker, bag),
        ("phrases", marker, f"{bag}/comments"),
        ("desk-long", marker, desk),
    ]
    read_pages(app, database, MARKED, new_person, album, pages)
    with live.serving(app) as base:
        page = reader(app, database, MARKED, new_person, base, "vi", marker)
        page.goto(desk)
        page.keyboard.press("F4")
        read_page(page, album, "desk-phrases")
        page.keyboard.press("2")
        expect(page.locator("#comment")).to_have_value("Nêu đúng thẩm quyền")


def test_the_training_reads_well_for_head_and_marker(
    settings: Settings,
    database: Database,
    catalogues: None,
    office: Office,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    with database.writing(unhurried=True) as session:
        done, left = a_script(session, office), a_script(session, office, "80")
        assign(session, office, 0, 1)
        a_rule(session, office)
        train(session, office, done, "61")
    app = create_app(settings, database, clock=At(MARKED))
    competition = office.hall.competition.public_id
    head = f"/staff/competitions/{competition}/marking/parts/written/training"
    own = f"/marking/training/{competition}/written"
    marker = office.markers[0]
    pages: list[Shown] = [
        ("training-head", office.secretary, head),
        ("training-new", office.secretary, f"{head}/scripts/new"),
        ("training-home", marker, "/marking"),
        ("training-own", marker, own),
        ("training-done", marker, f"{own}/scripts/{done.public_id}"),
        ("training-open", marker, f"{own}/scripts/{left.public_id}"),
    ]
    read_pages(app, database, MARKED, new_person, album, pages)


def test_locked_marks_from_the_desk_and_long_answers_read_by_question_fit_their_pages(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    office = a_typed_office(database, text="Bài dài. " * 600, with_rubric=False, questions=2)
    with database.writing(unhurried=True) as session:
        for marker in (0, 1):
            assign(session, office, marker, marker + 1)
            for script, values in enumerate((("44", "56"), ("72", "78"))):
                give(session, office, marker, script, values[marker])
        assign(session, office, 2, 3)
        give(session, office, 2, 0, "49")
        lock(session, office)
    app = create_app(settings, database, clock=At(MARKED))
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    bag = f"/marking/bags/{office.bag.public_id}"
    pages: list[Shown] = [
        ("board-locked", office.hall.house.chair, place),
        ("marks-of-three", office.secretary, f"{place}/marks?part=written&purpose=marking"),
        ("bag-done", office.markers[0], bag),
        ("question-long", office.markers[0], f"{bag}/questions/1/1"),
    ]
    read_pages(app, database, MARKED, new_person, album, pages)


def test_a_training_script_is_marked_by_the_keys_of_the_desk(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    office = a_typed_office(database, with_levels=True)
    scores = {"law": Decimal(30), "practice": Decimal(40)}
    with database.writing(unhurried=True) as session:
        a_script(session, office, None, scores=scores)
        a_rule(session, office, needed=1)
    app = create_app(settings, database, clock=At(MARKED))
    with live.serving(app) as base:
        page = reader(app, database, MARKED, new_person, base, "vi", office.markers[0])
        page.goto("/staff")
        page.get_by_role("button", name="Mở phần tập huấn").click()
        page.get_by_role("button", name="Chấm bài tiếp theo").click()
        expect(page.locator("#score_law")).to_be_focused()
        page.keyboard.press("PageDown")
        page.keyboard.press("PageDown")
        expect(page.locator("#score_law")).to_have_value("30")
        page.keyboard.press("Enter")
        page.keyboard.type("40")
        expect(page.locator("[data-sum]")).to_have_text("70")
        read_page(page, album, "training-desk")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Đã đạt: 1 trên 1 điểm là đúng.")).to_be_visible()
        read_page(page, album, "training-passed")
