# SPDX-License-Identifier: Apache-2.0
"""What surrounds every request: origin, tokens, headers, hosts, redirects, limits, health, errors."""

import re
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import func, select

from exam_portal.app import create_app
from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.core.errors import DomainError
from exam_portal.core.settings import Settings
from exam_portal.web import hooks, policy, redirects, templating
from tests.portal.accounts.builders import ORIGIN, PASSWORD, Visitor, a_member

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def staff(database: Database) -> str:
    with database.writing(unhurried=True) as session:
        a_member(session, "bich@example.vn")
    return "bich@example.vn"


def another(database: Database, **sections: Any) -> Flask:
    """The portal with other settings on the same database."""
    base = database.settings.model_dump()
    for name, values in sections.items():
        base[name].update(values)
    made = create_app(Settings.model_validate(base), database)
    made.testing = True
    return made


# --- forged requests


def test_a_form_without_its_token_is_refused(visitor: Visitor, staff: str) -> None:
    answer = visitor.http.post("/sign-in", data={"login": staff, "password": PASSWORD})
    assert answer.status_code == 400


def test_the_token_of_another_browser_is_refused(app: Flask, visitor: Visitor, staff: str) -> None:
    token = Visitor(app).token()
    visitor.get("/sign-in")
    data = {"login": staff, "password": PASSWORD, "csrf_token": token}
    assert visitor.http.post("/sign-in", data=data).status_code == 400


def test_a_token_from_before_signing_in_is_dead_afterwards(visitor: Visitor, staff: str) -> None:
    token = visitor.token()
    visitor.sign_in(staff)
    assert visitor.http.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_a_planted_form_cookie_does_not_make_a_token_for_a_signed_in_browser(
    app: Flask, visitor: Visitor, staff: str
) -> None:
    thief = Visitor(app)
    token = thief.token()
    visitor.sign_in(staff)
    visitor.http.set_cookie("portal-form", thief.cookie("portal-form") or "", domain="localhost")
    assert visitor.http.post("/sign-out", data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Referer": "http://evil.example/http://localhost/"},
    ],
)
def test_a_request_that_another_site_makes_is_refused_even_with_a_token(
    visitor: Visitor, staff: str, headers: dict[str, str]
) -> None:
    data = {"login": staff, "password": PASSWORD, "csrf_token": visitor.token()}
    assert visitor.http.post("/sign-in", data=data, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": ORIGIN}, {"Referer": f"{ORIGIN}/x"}, {}]
)
def test_a_request_of_our_own_page_passes(visitor: Visitor, staff: str, headers: dict[str, str]) -> None:
    data = {"login": staff, "password": PASSWORD, "csrf_token": visitor.token()}
    assert visitor.http.post("/sign-in", data=data, headers=headers).status_code == 303


def test_every_form_on_every_open_page_carries_a_token(visitor: Visitor) -> None:
    for path in ("/sign-in", "/sign-in/code", "/register", "/reset"):
        page = visitor.get(path).get_data(as_text=True)
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
        assert forms
        assert all("csrf_token" in form for form in forms)


def test_reading_changes_nothing_and_breaks_nowhere(
    app: Flask, visitor: Visitor, staff: str, database: Database
) -> None:
    def leaves() -> int | None:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(Leaf))

    visitor.sign_in(staff)
    before = leaves()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            assert visitor.get(_plain(rule.rule)).status_code < 500, rule
    assert leaves() == before


def _plain(rule: str) -> str:
    return re.sub(r"<[^>]+>", "a" * 26, rule)


# --- where a reader may be sent

ELSEWHERE = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
    "/%09/evil.example", "/%2f/evil.example", "/%5cevil.example", "http://evil.example", "https:evil.example",
    "javascript:alert(1)", "evil.example", "/a//evil.example", "/\u2215/evil.example",
    "/\uff0f\uff0fevil.example", "", " /a", "/a b", "///evil",
    "/@evil.example\\x", "data:text/html,x",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_to_another_site(target: str) -> None:
    assert redirects.safe_path(target, "/home") == "/home"


@pytest.mark.parametrize(
    "target", ["/", "/account", "/staff/x?page=2&q=a%20b", "/a#b", "/a?next=//evil.example"]
)
def test_a_path_of_ours_is_followed(target: str) -> None:
    assert redirects.safe_path(target, "/home") == target


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(visitor: Visitor, staff: str, target: str) -> None:
    location = visitor.sign_in(staff, next=target).headers["Location"]
    assert location.startswith("/")
    assert "evil" not in location


# --- headers


def test_every_answer_carries_the_policy_and_is_kept_by_nobody(visitor: Visitor) -> None:
    for path in ("/sign-in", "/nothing", "/account", "/healthz"):
        headers = visitor.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_each_page_has_a_nonce_of_its_own_and_no_other_script(visitor: Visitor) -> None:
    pages = [visitor.get("/sign-in") for _ in range(2)]
    nonces = [re.findall(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"])[0] for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        scripts = re.findall(r"<script[^>]*>", page.get_data(as_text=True))
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert " style=" not in page.get_data(as_text=True)


def test_over_tls_cookies_are_bound_to_the_host_and_the_browser_stays_on_tls(database: Database) -> None:
    app = another(
        database, server={"base_url": "https://thi.example.vn", "trusted_hosts": ("thi.example.vn",)}
    )
    with database.writing(unhurried=True) as session:
        a_member(session, "bich@example.vn")
    http = app.test_client()
    site = "https://thi.example.vn"
    page = http.get("/sign-in", base_url=site)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert token is not None
    data = {"login": "bich@example.vn", "password": PASSWORD, "csrf_token": token[1]}
    answer = http.post("/sign-in", data=data, base_url=site, headers={"Origin": site})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-session="))
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]


# --- hosts and proxies


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_a_host_that_is_not_ours_is_refused(visitor: Visitor, host: str) -> None:
    assert visitor.get("/sign-in", headers={"Host": host}).status_code == 400


def test_behind_one_proxy_the_last_address_counts_and_nothing_before_it(database: Database) -> None:
    app = another(database, server={"proxies": 1})
    seen: list[str | None] = []

    @policy.requires(policy.PUBLIC)
    def who() -> str:
        seen.append(request.remote_addr)
        return "ok"

    app.add_url_rule("/who", "who", who)
    app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    assert seen == ["198.51.100.1"]


def test_figures_are_shown_to_this_machine_only(database: Database, visitor: Visitor) -> None:
    assert visitor.get("/metrics").status_code == 200
    assert visitor.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.5"}).status_code == 404
    assert visitor.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    behind = another(database, server={"proxies": 1}).test_client()
    assert behind.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1, 192.0.2.5"}).status_code == 404


# --- limits


def test_a_visitor_has_a_budget_and_pages_say_when_it_is_used_up(database: Database) -> None:
    app = another(database, limits={"requests_per_minute": 5})
    statuses = [app.test_client().get("/sign-in").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    other = app.test_client().get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert other.status_code == 200


def test_a_lost_counter_lets_everybody_pass(database: Database) -> None:
    app = another(database, limits={"requests_per_minute": 2, "storage": "redis://127.0.0.1:9/0"})
    assert [app.test_client().get("/sign-in").status_code for _ in range(4)] == [200] * 4


def test_only_a_named_rehearsal_draws_on_another_budget(database: Database) -> None:
    app = another(database, limits={"requests_per_minute": 2})
    filled: hooks.Hooks = app.extensions[hooks.EXTENSION]
    statuses = [app.test_client().get("/sign-in").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    filled.rate_key = lambda: "rehearsal-1"
    assert app.test_client().get("/sign-in").status_code == 200


def test_a_body_that_is_too_large_is_refused(database: Database) -> None:
    app = another(database, limits={"request_bytes": 65_536, "upload_bytes": 65_536})
    visitor = Visitor(app)
    answer = visitor.post("/sign-in", login="x" * 70_000, password="y")
    assert answer.status_code == 413


# --- health


def test_the_portal_says_whether_it_lives_and_can_serve(visitor: Visitor) -> None:
    assert visitor.get("/healthz").json == {"status": "ok"}
    assert visitor.get("/readyz").status_code == 200


def test_what_stands_against_serving_is_named(app: Flask, visitor: Visitor) -> None:
    filled: hooks.Hooks = app.extensions[hooks.EXTENSION]
    filled.readiness.append(hooks.Check(name="probe", ask=lambda _session, _now: "late"))
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "problems": ["probe"]}


# --- refusals and faults


class ProbeRefused(DomainError):
    """A refusal without words of its own."""


@pytest.fixture
def broken(app: Flask) -> Visitor:
    def fail(error: Exception) -> Any:
        @policy.requires(policy.PUBLIC)
        def view() -> str:
            raise error

        return view

    app.add_url_rule("/probe/refused", "probe_refused", fail(ProbeRefused()))
    app.add_url_rule("/probe/fault", "probe_fault", fail(RuntimeError("what nobody outside may read")))
    return Visitor(app)


def test_a_refusal_without_own_words_still_says_what_can_be_done(broken: Visitor) -> None:
    answer = broken.get("/probe/refused")
    assert answer.status_code == 409
    assert "Chưa thể thực hiện việc này" in answer.get_data(as_text=True)


def test_a_program_gets_the_refusal_as_json_with_a_stable_code(broken: Visitor) -> None:
    answer = broken.get("/probe/refused", headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["error"].endswith(".ProbeRefused")
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_a_fault_shows_its_number_and_nothing_of_itself(broken: Visitor) -> None:
    answer = broken.get("/probe/fault")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "what nobody outside may read" not in page
    assert "RuntimeError" not in page
    assert answer.headers["X-Request-Id"] in page


def test_a_fault_of_the_error_page_still_answers(broken: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_more: object) -> str:
        raise RuntimeError("template")

    monkeypatch.setattr(templating, "render", fail)
    answer = broken.get("/probe/fault")
    assert answer.status_code == 500
    assert "<h1>" in answer.get_data(as_text=True)


# --- language


def test_vietnamese_comes_first_and_a_choice_is_kept(visitor: Visitor) -> None:
    assert '<html lang="vi"' in visitor.get("/sign-in").get_data(as_text=True)
    answer = visitor.get("/language/en?next=/sign-in")
    assert answer.headers["Location"] == "/sign-in"
    assert '<html lang="en"' in visitor.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize("code", ["de", "xx", "..", "EN"])
def test_another_language_does_not_exist(visitor: Visitor, code: str) -> None:
    assert visitor.get(f"/language/{code}").status_code in {404, 308}


def test_public_ids_have_one_form(visitor: Visitor) -> None:
    for wrong in ("1", "a" * 25, "A" * 26, "a" * 27, "0" * 26, "..%2f" * 5):
        assert visitor.get(f"/staff/organisations/{wrong}/people").status_code in {404, 308}
