# SPDX-License-Identifier: Apache-2.0
"""The tests' own tools do what the tests believe of them."""

import os
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Page

from exam_portal.core.private_postgres import PrivateCluster
from tests.harness import accessibility, live
from tests.harness.browser import Watch
from tests.harness.mail import Post
from tests.harness.pool import DatabasePool


@pytest.mark.postgres
def test_the_private_cluster_does_not_run_as_root(postgres_cluster: PrivateCluster) -> None:
    owner = (postgres_cluster.folder / "cluster" / "postmaster.pid").stat().st_uid
    assert owner != 0
    assert owner == os.geteuid() or os.geteuid() == 0


@pytest.mark.postgres
def test_the_private_cluster_listens_on_loopback_only(postgres_cluster: PrivateCluster) -> None:
    address = postgres_cluster.url("postgres").replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


@pytest.mark.postgres
def test_two_tests_do_not_share_a_database(new_postgres_database: Callable[..., str]) -> None:
    assert new_postgres_database() != new_postgres_database()


@pytest.mark.postgres
def test_a_database_is_empty_again_for_the_next_test(
    postgres_pool: DatabasePool, postgres_cluster: PrivateCluster
) -> None:
    name = postgres_pool.take()
    address = postgres_cluster.url(name).replace("+psycopg", "")
    organisation = """INSERT INTO organisations (public_id, name, name_en, place, created_at)
        VALUES (%s, 'a', 'a', 'a', now()) RETURNING id"""
    with psycopg.connect(address) as connection:
        first = connection.execute(organisation, ["a" * 26]).fetchone()
    still_open = psycopg.connect(address)
    postgres_pool.give_back(name)
    with pytest.raises(psycopg.OperationalError):
        still_open.execute("SELECT 1")
    still_open.close()
    assert postgres_pool.take() == name
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM organisations").fetchone() == (0,)
        assert connection.execute(organisation, ["b" * 26]).fetchone() == first
    postgres_pool.give_back(name)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE leaves DISABLE TRIGGER USER",
        "ALTER TABLE leaves ADD COLUMN more text",
        "DROP TABLE tree_nodes",
        "ALTER TABLE attempts DROP CONSTRAINT ck_attempts_seq",
    ],
)
def test_a_database_of_another_shape_serves_no_other_test(
    postgres_pool: DatabasePool, postgres_cluster: PrivateCluster, change: str
) -> None:
    name = postgres_pool.take()
    with psycopg.connect(postgres_cluster.url(name).replace("+psycopg", "")) as connection:
        connection.execute(change)
    postgres_pool.give_back(name)
    assert postgres_pool.take() != name


def test_the_mail_server_keeps_what_it_is_given(post: Post) -> None:
    letter = EmailMessage()
    letter["To"], letter["From"], letter["Subject"] = "an@example.org", "so@example.org", "Giấy triệu tập"
    letter.set_content("Kính gửi bà Nguyễn Thị Ẩn")
    with smtplib.SMTP("127.0.0.1", post.port) as server:
        server.send_message(letter)
    assert [str(kept["Subject"]) for kept in post.to("an@example.org")] == ["Giấy triệu tập"]


@pytest.fixture
def blank_page(new_person: Callable[..., Page]) -> Page:
    return new_person(base_url="http://127.0.0.1:9")


@pytest.mark.journey
def test_axe_finds_a_picture_without_words(blank_page: Page) -> None:
    blank_page.set_content(
        "<!doctype html><html lang=vi><title>t</title><main><h1>t</h1><img src=data:,></main>"
    )
    assert any("image-alt" in line for line in accessibility.serious_violations(blank_page))


@pytest.mark.journey
def test_the_watch_notices_an_external_request_and_a_script_error(blank_page: Page, watch: Watch) -> None:
    blank_page.route("**/*", lambda route: route.abort())
    blank_page.set_content("<script>throw new Error('broken')</script><img src='http://192.0.2.1/x.png'>")
    for _ in range(600):
        if len(watch.problems) == 3:  # what becomes of the request is a message, too
            break
        blank_page.wait_for_timeout(100)
    problems, watch.problems = watch.problems, []
    assert any("external request: http://192.0.2.1/x.png" in line for line in problems)
    assert any("broken" in line for line in problems)


ASKING = """<!doctype html><title>t</title><h1>t</h1>
<script>setInterval(() => fetch("/").catch(() => null), 20)</script>"""


def asks_on(new_person: Callable[..., Page], watch: Watch, *, is_answered: bool) -> list[str]:
    """What is noticed of a page that asks its portal again and again, also when the portal has ended."""
    app, line = Flask("asked"), live.Line()
    app.add_url_rule("/", view_func=lambda: ASKING)
    app.add_url_rule("/favicon.ico", endpoint="icon", view_func=lambda: "")
    with live.serving(app, line) as base:
        page = new_person(base_url=base)
        page.goto("/")
        line.is_cut = not is_answered
        page.wait_for_event("requestfinished" if is_answered else "console")
    page.wait_for_event("requestfailed")
    page.close()
    problems, watch.problems = watch.problems, []
    return problems


@pytest.mark.journey
def test_a_page_that_asks_on_when_its_portal_has_ended_is_not_at_fault(
    new_person: Callable[..., Page], watch: Watch
) -> None:
    assert asks_on(new_person, watch, is_answered=True) == []


@pytest.mark.journey
def test_a_page_that_a_living_portal_does_not_answer_is_noticed(
    new_person: Callable[..., Page], watch: Watch
) -> None:
    assert "net::ERR" in asks_on(new_person, watch, is_answered=False)[0]


def test_no_test_writes_into_the_working_tree(tmp_path: Path) -> None:
    assert not tmp_path.is_relative_to(Path(__file__).resolve().parents[3])
