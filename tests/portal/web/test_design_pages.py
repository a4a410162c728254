# SPDX-License-Identifier: Apache-2.0
"""The design system in a real browser: readable by everyone, on every screen, without a script."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from exam_portal.web import styleguide
from tests.harness.browser import Album
from tests.portal.web.design_site import an_application

pytestmark = pytest.mark.journey
SCREENS = {"phone": (320, 720), "desktop": (1280, 900)}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, an_application(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_accessible_and_fits(
    site: str, catalogues: None, new_person: Callable[..., Page], album: Album, screen: str
) -> None:
    page = new_person(base_url=site, size=SCREENS[screen])
    for name in styleguide.PAGES:
        page.goto(f"/{name}")
        album.look(page, name)
        assert page.evaluate(OVERFLOW) <= 0, name


def test_every_page_works_with_text_twice_as_large(site: str, new_person: Callable[..., Page]) -> None:
    page = new_person(base_url=site, size=(640, 900))
    for name in ("components", "forms", "result", "candidate", "player"):
        page.goto(f"/{name}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(OVERFLOW) <= 0, name


def test_errors_are_shown_linked_and_focused(
    site: str, catalogues: None, new_person: Callable[..., Page], album: Album
) -> None:
    page = new_person(base_url=site)
    page.goto("/forms")
    page.get_by_label("Trọng số").fill("tám mươi")
    page.get_by_role("button", name="Lưu chức danh").click()
    expect(page).to_have_title(re.compile("^Lỗi:"))
    summary = page.locator(".govuk-error-summary")
    page.wait_for_function("document.activeElement.classList.contains('govuk-error-summary')")
    summary.get_by_role("link", name="Trọng số").click()
    assert page.evaluate("document.activeElement.name") == "weight"
    assert page.get_by_label("Trọng số").input_value() == "tám mươi"
    album.look(page, "errors")


def test_the_keyboard_reaches_the_content_first_and_every_focus_is_visible(
    site: str, new_person: Callable[..., Page]
) -> None:
    page = new_person(base_url=site)
    page.goto("/components")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    for _ in range(25):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        outlined = page.evaluate(f"{style}.outlineStyle !== 'none' || {style}.boxShadow !== 'none'")
        assert outlined, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_pages_are_whole_without_a_script(site: str, catalogues: None, chromium: Browser) -> None:
    context = chromium.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 360, "height": 720}
    )
    page = context.new_page()
    page.goto("/components")
    assert page.get_by_role("link", name="Đề thi").is_visible()
    page.goto("/forms")
    page.get_by_role("button", name="Lưu chức danh").click()
    expect(page.get_by_role("heading", name="Cần sửa những chỗ sau")).to_be_visible()
    context.close()


def test_digits_of_a_column_have_one_width(site: str, new_person: Callable[..., Page]) -> None:
    page = new_person(base_url=site)
    page.goto("/components")
    measure = """() => {
      const cell = document.querySelector('.ep-table--figures .ep-table__cell--numeric');
      return document.fonts.ready.then(() => ['1', '4', '8'].map((digit) => {
        const span = document.createElement('span');
        span.textContent = digit.repeat(10);
        cell.append(span);
        const width = span.getBoundingClientRect().width;
        span.remove();
        return Math.round(width * 10);
      }));
    }"""
    assert len(set(page.evaluate(measure))) == 1
