# SPDX-License-Identifier: Apache-2.0
"""The portal as it is started by hand: it answers, its pages behave, and it leaves nothing behind."""

import signal
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.harness import browser, server
from tests.harness.browser import Album
from tests.harness.server import LiveServer


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, catalogues: None) -> Iterator[LiveServer]:
    with server.running(tmp_path_factory.mktemp("portal")) as started:
        yield started


@pytest.mark.journey
@pytest.mark.parametrize("size", [browser.DESKTOP, browser.PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["vi-VN", "en-GB"])
def test_the_first_page_is_whole_and_accessible(
    portal: LiveServer,
    new_person: Callable[..., Page],
    album: Album,
    language: str,
    size: tuple[int, int],
) -> None:
    page = new_person(base_url=portal.base_url, language=language, size=size)
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    album.look(page, "home")
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.journey
def test_the_server_ends_with_its_process_id_and_frees_its_port(
    start_portal: Callable[..., LiveServer],
) -> None:
    started = start_portal()
    started.process.send_signal(signal.SIGTERM)
    assert started.process.wait(timeout=server.STOP_SECONDS) in (0, -signal.SIGTERM)
    port = urlsplit(started.base_url).port
    assert port is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
