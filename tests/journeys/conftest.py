# SPDX-License-Identifier: Apache-2.0
"""A portal of the journey's own, and the people who will walk through it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page

from exam_portal.rehearsal import run
from exam_portal.rehearsal.play import Play
from tests.harness.browser import Album
from tests.journeys.screen import Journey

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "config" / "rulesets"


@pytest.fixture
def open_play(catalogues: None) -> Iterator[Callable[..., Play]]:
    """A function that starts a portal and returns the play at its beginning, its people at plain clients."""
    with ExitStack() as stack:

        def start(seed: int, settings: dict[str, str] | None = None) -> Play:
            portal = run.own_portal(stack, "sqlite", print, settings)
            play = run.open_play(portal, seed, run.CONTENT / "items.json", print)
            play.one_by_one = True
            stack.callback(play.close)
            return play

        yield start


@pytest.fixture
def take_seats(new_person: Callable[..., Page], album: Album) -> Callable[..., Journey]:
    """A function that gives some people of a play real browsers, in Vietnamese."""

    def take(play: Play, *keys: str) -> Journey:
        journey = Journey(play.base_url, new_person, album)
        for key in keys:
            login = play.logins[key]
            play.staff[key].close()
            play.staff[key] = journey.somebody(login.login, login.password)
        return journey

    return take
