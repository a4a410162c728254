# SPDX-License-Identifier: Apache-2.0
"""Built assets are sent in the smallest form, may be kept, and nothing else can be reached."""

import gzip
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from exam_portal.core.static_files import StaticFiles


@pytest.fixture
def client(tmp_path: Path) -> Client:
    (tmp_path / "secret.txt").write_text("secret")
    static = tmp_path / "static"
    static.mkdir()
    (static / "app.0123456789ab.css").write_bytes(b"body{}")
    (static / "app.0123456789ab.css.gz").write_bytes(gzip.compress(b"body{}"))
    (static / "plain.js").write_bytes(b"let a")
    return Client(StaticFiles(Response("the portal", status=404), static))


def test_the_smallest_accepted_form_is_sent(client: Client) -> None:
    packed = client.get("/static/app.0123456789ab.css", headers={"Accept-Encoding": "br, gzip"})
    assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", b"body{}")
    plain = client.get("/static/app.0123456789ab.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert ("Content-Encoding" in plain.headers, plain.data) == (False, b"body{}")


def test_a_name_with_its_content_s_hash_is_kept_for_ever_another_one_briefly(client: Client) -> None:
    assert "immutable" in client.get("/static/app.0123456789ab.css").headers["Cache-Control"]
    assert "immutable" not in client.get("/static/plain.js").headers["Cache-Control"]


def test_what_the_browser_has_is_not_sent_again(client: Client) -> None:
    tag = client.get("/static/plain.js").headers["ETag"]
    again = client.get("/static/plain.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static//secret.txt",
        "/static/app.0123456789ab.css.gz",
        "/static/",
        "/other",
    ],
)
def test_everything_else_is_the_portal_s_business(client: Client, path: str) -> None:
    assert client.get(path).data == b"the portal"


def test_a_post_is_the_portal_s_business(client: Client) -> None:
    assert client.post("/static/plain.js").data == b"the portal"


def test_a_head_request_has_the_length_and_no_body(client: Client) -> None:
    answer = client.head("/static/plain.js")
    assert (answer.headers["Content-Length"], answer.data) == ("5", b"")
