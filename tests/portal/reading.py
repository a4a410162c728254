# SPDX-License-Identifier: Apache-2.0
"""Pages in a real browser: opened in both languages, wide and narrow, and read by axe-core."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from playwright.sync_api import Page

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from tests.harness import live
from tests.harness.browser import Album
from tests.portal.competitions.pages import Person

DESK, TELEPHONE = (1280, 900), (360, 740)
WIDTHS = {"vi": (TELEPHONE, DESK), "en": (DESK, TELEPHONE)}  # the last one is also read by axe-core

Shown = tuple[str, Actor | None, str]


def read_pages(
    app: Flask,
    database: Database,
    now: datetime,
    new_person: Callable[..., Page],
    album: Album,
    pages: Sequence[Shown],
) -> None:
    """Each page (name, reader, address) fits both widths in both languages and has no serious finding."""
    with live.serving(app) as base:
        for language, widths in WIDTHS.items():
            readers: dict[Actor | None, Page] = {}
            for name, actor, address in pages:
                if actor not in readers:
                    readers[actor] = reader(app, database, now, new_person, base, language, actor)
                page = readers[actor]
                answer = page.goto(address)
                assert answer is not None
                assert answer.ok, (address, answer.status)
                read_page(page, album, f"{name}-{language}", widths)


def read_page(
    page: Page, album: Album, name: str, widths: Sequence[tuple[int, int]] = (TELEPHONE, DESK)
) -> None:
    """The open page fits each width; at the last one axe-core reads it."""
    page.wait_for_load_state()  # a click that leads on returns before the next page stands
    for width, height in widths:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        album.show(page, f"{name}-{width}")
    album.read(page)


def reader(
    app: Flask,
    database: Database,
    now: datetime,
    new_person: Callable[..., Page],
    base: str,
    language: str,
    actor: Actor | None,
) -> Page:
    """Return the browser of somebody who has signed in and reads this language."""
    page = new_person(base_url=base, size=DESK)
    cookies = {"lang": language}
    if actor is not None:
        cookie: Any = Person.at(app, database, actor, now).client.get_cookie("portal-session")
        cookies["portal-session"] = cookie.value
    page.context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
    return page
