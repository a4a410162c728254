# SPDX-License-Identifier: Apache-2.0
"""Pages are compressed only where no other site can have asked for them (docs/adr/0011)."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

pytestmark = pytest.mark.engines("sqlite")
TAKES = {"Accept-Encoding": "gzip, deflate, br"}


def opened(app: Flask, *, cookie: bool = True, **headers: str) -> TestResponse:
    """A page as a browser with these headers gets it."""
    client = app.test_client()
    if cookie:
        client.set_cookie("portal-form", "anything")
    return client.get("/sign-in", headers={**TAKES, **{k.replace("_", "-"): v for k, v in headers.items()}})


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_the_readers_own_page_or_hand_asks_for_is_compressed(app: Flask, site: str) -> None:
    answer = opened(app, Sec_Fetch_Site=site)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    assert "csrf_token" in gzip.decompress(answer.get_data()).decode()
    assert len(answer.get_data()) < len(gzip.decompress(answer.get_data())) / 2


@pytest.mark.parametrize("headers", [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {}])
def test_what_another_site_may_have_asked_for_is_not(app: Flask, headers: dict[str, Any]) -> None:
    assert "Content-Encoding" not in opened(app, **headers).headers


def test_without_a_cookie_there_is_no_secret_of_anybody(app: Flask) -> None:
    assert opened(app, cookie=False, Sec_Fetch_Site="cross-site").headers["Content-Encoding"] == "gzip"


def test_a_browser_that_does_not_take_it_gets_plain_words(app: Flask) -> None:
    answer = opened(app, Sec_Fetch_Site="none", Accept_Encoding="identity")
    assert "csrf_token" in answer.get_data(as_text=True)


def test_caches_are_told_what_the_form_depends_on(app: Flask) -> None:
    for site in ("none", "cross-site"):
        said = {word.strip() for word in opened(app, Sec_Fetch_Site=site).headers["Vary"].split(",")}
        assert {"Accept-Encoding", "Cookie", "Sec-Fetch-Site"} <= said


def test_what_is_no_page_goes_out_as_it_is(app: Flask) -> None:
    answer = app.test_client().get("/readyz", headers={**TAKES, "Sec-Fetch-Site": "none"})
    assert "Content-Encoding" not in answer.headers


def test_the_shipped_proxy_does_not_compress() -> None:
    written = Path("config/deploy/nginx/exam-portal.conf").read_text(encoding="utf-8")
    assert "gzip off;" in written
