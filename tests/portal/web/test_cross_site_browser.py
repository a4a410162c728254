# SPDX-License-Identifier: Apache-2.0
"""What a real browser does with a strict session cookie when another site links to us, or posts to us."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from exam_portal.core.database import Database
from tests.harness.browser import Watch
from tests.portal.accounts.builders import PASSWORD, a_member

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite")]


@pytest.fixture
def addresses(app: Flask, database: Database) -> Iterator[tuple[str, str]]:
    """The portal, and a page of another site that links and posts to it."""
    with database.writing(unhurried=True) as session:
        a_member(session, "bich@example.vn")
    ours = make_server("127.0.0.1", 0, app, threaded=True)
    portal = f"http://127.0.0.1:{ours.server_port}"

    @Request.application
    def elsewhere(_request: Request) -> Response:
        form = f'<form method="post" action="{portal}/sign-out"><button>Gift</button></form>'
        body = (
            f'<!doctype html><html lang="en"><title>x</title><a href="{portal}/account">Go</a>{form}</html>'
        )
        return Response(body, mimetype="text/html")

    theirs = make_server("127.0.0.1", 0, elsewhere, threaded=True)
    servers = (ours, theirs)
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    yield portal, f"http://localhost:{theirs.server_port}"
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        thread.join()
        server.server_close()


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("[name=login]", "bich@example.vn")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def test_a_link_in_a_letter_opens_the_page_for_who_is_signed_in(
    addresses: tuple[str, str], new_person: Callable[..., Page], watch: Watch
) -> None:
    portal, elsewhere = addresses
    page = new_person(base_url=portal)
    sign_in(page)
    page.goto(elsewhere)
    page.click("a")
    page.wait_for_selector("h1")
    assert page.url == f"{portal}/account"


def test_a_form_of_another_site_does_not_sign_anybody_out(
    addresses: tuple[str, str], new_person: Callable[..., Page], watch: Watch
) -> None:
    portal, elsewhere = addresses
    page = new_person(base_url=portal)
    sign_in(page)
    page.goto(elsewhere)
    page.click("button")
    page.wait_for_selector("h1")
    page.goto(f"{portal}/account")
    assert page.url == f"{portal}/account"
