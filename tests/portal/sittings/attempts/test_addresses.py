# SPDX-License-Identifier: Apache-2.0
"""The addresses the player speaks to: who may, what is refused, and that refusals store nothing."""

import dataclasses
import io
import json
import re
import threading
import types
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from exam_portal.core.actors import Actor
from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import budget, service
from exam_portal.sittings.attempts.budget import Budgets
from exam_portal.sittings.attempts.tokens import TokenPress
from exam_portal.sittings.models import AnswerEvent, Attempt, Contact, Incident, Seat, Sitting, SittingEvent
from exam_portal.sittings.routes.door import AT_ONCE, EXTENSION
from exam_portal.web import context
from tests.portal.sittings.attempts import builders
from tests.portal.sittings.attempts.builders import Player, an_event

OURS = {"X-Sitting": "1", "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
EVERYWHERE = pytest.mark.engines("sqlite", "postgresql")
pytestmark = pytest.mark.engines("sqlite")


class Device:
    """A browser with the token of an attempt that runs now."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.client = app.test_client()
        self.database = database
        now = datetime.now(UTC)
        with database.writing(unhurried=True) as session:
            attempt, sitting = builders.a_prepared_attempt(session)
            builders.start(session, sitting, now - timedelta(minutes=1))
            candidate = session.get_one(Candidate, session.get_one(Seat, attempt.seat_id).candidate_id)
            self.session_token = builders.signed_in(session, candidate.account_id, now)
            lease = service.take_attempt(session, Actor(account_id=None), now, attempt=attempt, device="x")
        with database.reading() as session:
            self.attempt = session.get_one(Attempt, attempt.id)
        self.sitting_id = sitting.id
        self.player = Player(database, builders.token_of(self.attempt, lease=lease), self.attempt.head)
        self.hold(self.player.token)

    @property
    def base(self) -> str:
        return f"/sit/attempts/{self.attempt.public_id}"

    def hold(self, token: Any) -> None:
        token = dataclasses.replace(token, expires=int((datetime.now(UTC) + timedelta(hours=9)).timestamp()))
        self.cookie(TokenPress(self.database.keys).write(token))

    def cookie(self, value: str) -> None:
        self.cookie_name, self.cookie_value = f"sitting-{self.attempt.public_id[:10]}", value
        self.client.set_cookie(self.cookie_name, value)

    def post(self, *events: dict[str, Any], **options: Any) -> TestResponse:
        return self.send(self.player.body(*events), **options)

    def send(self, body: bytes, *, headers: dict[str, str] | None = None) -> TestResponse:
        return self.client.post(
            f"{self.base}/events", data=body, headers=OURS if headers is None else headers,
            content_type="application/json",
        )  # fmt: skip

    def save(self, *events: dict[str, Any]) -> dict[str, Any]:
        answer = self.post(*events)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json  # type: ignore[assignment]
        self.player.seq, self.player.head = said["seq"], bytes.fromhex(said["head"])
        return said

    def stored(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(AnswerEvent)) or 0


@pytest.fixture
def device(app: Flask, database: Database) -> Device:
    return Device(app, database)


@EVERYWHERE
def test_a_save_is_acknowledged_with_sequence_head_time_and_signature(device: Device) -> None:
    said = device.save(an_event(1))
    assert set(said) == {"seq", "head", "at", "signature"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", said["at"])
    assert device.stored() == 1


@EVERYWHERE
def test_a_success_takes_the_short_way_and_everything_else_the_route(device: Device) -> None:
    device.save(an_event(1))
    answer = device.post(an_event(2))
    assert answer.status_code == 200
    assert "X-Request-Id" not in answer.headers  # the application was not asked
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = device.post(an_event(3))  # from the old head
    assert again.status_code == 409
    assert "X-Request-Id" in again.headers
    assert device.stored() == 2


@EVERYWHERE
def test_a_fault_on_the_short_way_is_answered_by_the_route_with_the_requests_id(
    app: Flask, device: Device, database: Database
) -> None:
    device.save(an_event(1))  # from now on the short way is open
    other = Device(app, database)
    database.keys._path(other.attempt.key_id).write_bytes(b"damaged" * 8)
    answer = other.post(an_event(1))
    assert answer.status_code == 500
    assert answer.json is not None
    assert (answer.json["error"], answer.json["request_id"]) == ("web.Fault", answer.headers["X-Request-Id"])


@pytest.mark.engines("postgresql")
def test_a_connection_that_died_under_the_short_way_costs_no_answer(device: Device) -> None:
    device.save(an_event(1))
    with psycopg.connect(device.database.settings.database_url.replace("+psycopg", "")) as other:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        other.execute(f"SELECT pg_terminate_backend(pid, 60000) {others}")  # returns once they are gone
    answer = device.post(an_event(2))
    assert (answer.status_code, "X-Request-Id" in answer.headers) == (200, True)
    assert device.stored() == 2


@EVERYWHERE
def test_a_stale_window_is_told_where_the_journal_stands(device: Device) -> None:
    body = device.player.body(an_event(1, "c"))
    device.save(an_event(1, "b"))
    answer = device.send(body)
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["error"] == "sittings.StaleHead"
    assert set(answer.json["details"]) == {"seq", "head", "last_client_seq", "last_event_hash"}


@EVERYWHERE
def test_after_the_end_the_answer_says_that_the_late_part_is_kept_apart(device: Device) -> None:
    with device.database.writing(unhurried=True) as session:
        row = session.get_one(Attempt, device.attempt.id)
        row.closes_at = row.accepts_until = datetime.now(UTC) - timedelta(seconds=1)
    answer = device.post(an_event(1))
    assert answer.status_code == 410
    assert answer.json is not None
    assert answer.json["details"]["quarantined"] is True
    assert device.stored() == 0


class HeldBack(io.BytesIO):
    """A body whose sender waits with it: when it comes, the clock shows another time."""

    def __init__(self, body: bytes, wait: Callable[[], None]) -> None:
        super().__init__(body)
        self.wait = wait

    def read(self, size: int | None = -1, /) -> bytes:
        self.wait()
        return super().read(size)


class Hands(Clock):
    """A clock that a test turns."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.mark.parametrize("way", ["the short way", "the route", "handing in"])
def test_a_body_that_is_held_back_until_the_end_is_over_comes_late(
    app: Flask, device: Device, way: str
) -> None:
    clock = app.extensions[context.CLOCK] = Hands()
    if way == "the short way":
        device.save(an_event(1))
    before, body = device.stored(), device.player.body(an_event(2))

    def wait() -> None:
        clock.ahead = timedelta(hours=5)

    path = "submission" if way == "handing in" else "events"
    answer = device.client.post(
        f"{device.base}/{path}", input_stream=HeldBack(body, wait), headers=OURS,
        content_type="application/json", content_length=len(body),
    )  # fmt: skip
    assert answer.status_code == 410
    assert device.stored() == before


def test_a_device_that_holds_many_bodies_back_leaves_the_short_way(app: Flask, device: Device) -> None:
    device.save(an_event(1))
    waiting, come = threading.Semaphore(0), threading.Event()

    def wait() -> None:
        waiting.release()
        assert come.wait(30)

    def hold() -> None:
        browser = app.test_client()
        browser.set_cookie(device.cookie_name, device.cookie_value)
        browser.post(
            f"{device.base}/events", input_stream=HeldBack(b"{}", wait), headers=OURS,
            content_type="application/json", content_length=2,
        )  # fmt: skip

    threads = [threading.Thread(target=hold) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
        assert waiting.acquire(timeout=30)
    answer = device.post(an_event(2))
    come.set()
    for thread in threads:
        thread.join(30)
    assert (answer.status_code, "X-Request-Id" in answer.headers) == (200, True)
    assert device.stored() == 2


@EVERYWHERE
def test_a_moved_device_is_locked_out(device: Device) -> None:
    with device.database.writing(unhurried=True) as session:
        service.move_attempt(
            session,
            builders.an_invigilator(session),
            datetime.now(UTC),
            attempt=session.get_one(Attempt, device.attempt.id),
        )
    assert device.post(an_event(1)).status_code == 423
    assert device.client.get(f"{device.base}/paper", headers=OURS).status_code == 423
    state = device.client.get(f"{device.base}/state", headers=OURS).json
    assert state is not None
    assert state["is_writer"] is False


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie: "",
        lambda cookie: cookie[:-2] + ("AA" if not cookie.endswith("AA") else "BB"),
        lambda cookie: "A" + cookie[1:],
        lambda cookie: cookie.partition(".")[0],
        lambda cookie: cookie.partition(".")[0] + "." + "é",
        lambda cookie: "." + cookie.partition(".")[2],
    ],
)
def test_a_tampered_token_opens_nothing(device: Device, change: Any) -> None:
    press = TokenPress(device.database.keys)
    device.cookie(change(press.write(dataclasses.replace(device.player.token, expires=2**33))))
    for path in ("state", "paper"):
        assert device.client.get(f"{device.base}/{path}", headers=OURS).status_code == 401
    assert device.post(an_event(1)).status_code == 401
    assert device.stored() == 0


def test_a_token_ends_and_belongs_to_one_attempt(device: Device) -> None:
    press = TokenPress(device.database.keys)
    device.cookie(press.write(dataclasses.replace(device.player.token, expires=1)))
    assert device.post(an_event(1)).status_code == 401
    other = dataclasses.replace(device.player.token, attempt="a" * 26, expires=2**33)
    device.cookie(press.write(other))
    assert device.post(an_event(1)).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Sitting": "1", "Sec-Fetch-Site": "cross-site"}, 400),
        ({"X-Sitting": "1", "Origin": "https://evil.example"}, 400),
        ({"X-Sitting": "1"}, 400),  # no browser says nothing about where it comes from
        ({"Sec-Fetch-Site": "same-origin"}, 401),  # a form cannot set the player's header
        ({"X-Sitting": "1", "Origin": "http://localhost"}, 200),
    ],
)
def test_only_the_players_own_page_may_save(device: Device, headers: dict[str, str], status: int) -> None:
    answer = device.post(an_event(1), headers={**headers, "Accept": "application/json"})
    assert answer.status_code == status
    assert device.stored() == int(status == 200)


GOOD = an_event(1)
BAD = [
    b"",
    b"{",
    b"[]",
    b"\xff",
    b"[" * 100_000,
    json.dumps({"_": "exam-portal/events/1"}).encode(),
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_a_body_that_is_no_batch_is_refused_with_its_path(device: Device, body: bytes) -> None:
    answer = device.send(body)
    assert answer.status_code == 422
    assert answer.json is not None
    assert set(answer.json["details"]) == {"path", "reason"}


@pytest.mark.parametrize(
    "change",
    [
        {"item": "Q-404"},
        {"item": "../../etc"},
        {"kind": "delete"},
        {"kind": ["answer"]},
        {"client_seq": -1},
        {"client_seq": True},
        {"client_seq": 1.5},
        {"client_seq": 2**40},
        {"ms": -1},
        {"nonce": "xyz"},
        {"content": 3},
        {"content": {"a": {"b": {"c": {"d": {"e": "f"}}}}}},
        {"content": "a" * 100_001},
        {"content": "\ud800"},
        {"content": {"../x": "a"}},
        {"kind": "text", "content": "plain"},
        {"kind": "text", "content": {"splices": [], "length": 0, "digest": "0" * 64}},
        {"kind": "text", "content": {"snapshot": "a", "length": 1, "digest": "zz"}},
        {"kind": "flag", "content": "yes"},
        {"kind": "mark", "content": {"struck": ["a/b/c"]}},
        {"kind": "mark", "content": {"struck": ["a"] * 201}},
        {"kind": "mark", "content": {"highlights": [["stem", 5, 2]]}},
        {"kind": "mark", "content": {"highlights": [["title", 0, 2]]}},
        {"kind": "mark", "content": {"note": "a" * 4_001}},
        {"kind": "mark", "content": {"note": "a", "struck": []}},
        {"kind": "mark", "content": {"note": "a"}, "item": None},
        {"kind": "navigate", "content": "x"},
        {"kind": "device", "content": "é"},
        {"surplus": 1},
    ],
    ids="-".join,
)
def test_a_malformed_event_is_refused_and_disturbs_nothing(device: Device, change: dict[str, Any]) -> None:
    body = json.loads(device.player.body(an_event(1), an_event(2)))
    body["events"][1] |= change
    answer = device.send(json.dumps(body).encode())
    assert answer.status_code == 422, answer.text
    assert device.stored() == 0
    assert device.save(an_event(1))["seq"] == 1


def test_a_candidates_own_marks_are_in_the_journal_and_no_answer(device: Device) -> None:
    device.save(
        an_event(1, "b"),
        an_event(2, {"struck": ["a", "part/c"]}, kind="mark"),
        an_event(3, {"note": "xem lại Điều 5"}, kind="mark", item="Q-2"),
        an_event(4, {"highlights": [["stem", 0, 6], ["part/stem", 2, 2]]}, kind="mark"),
        an_event(5, {"struck": ["c"]}, kind="mark"),
    )
    paper = device.client.get(f"{device.base}/paper", headers=OURS).json
    assert paper is not None
    assert paper["responses"] == {"Q-1": "b"}
    highlights = [["stem", 0, 6], ["part/stem", 2, 2]]
    marks = {"Q-1": {"struck": ["c"], "highlights": highlights}, "Q-2": {"note": "xem lại Điều 5"}}
    assert paper["marks"] == marks
    answer = device.client.post(f"{device.base}/submission", headers=OURS)
    assert answer.json is not None
    assert answer.json["receipt"]["answered"] == 1
    with device.database.reading() as session:
        attempt = session.get_one(Attempt, device.attempt.id)
        assert service.current_answers(session, attempt) == {"Q-1": "b"}  # all that a marker is given


def test_a_computer_that_refused_its_form_is_in_the_register_once(device: Device) -> None:
    address = f"{device.base}/other-form"
    report = {"commitment": "0" * 64, "found": "a" * 64}
    for wrong in ({}, {**report, "found": "a"}, {**report, "more": 1}, {"found": "a" * 2000}):
        assert device.client.post(address, json=wrong, headers=OURS).status_code in {413, 422}
    assert device.client.post(address, json=report, headers={"Accept": "application/json"}).status_code == 400
    for _ in range(2):
        assert device.client.post(address, json=report, headers=OURS).status_code == 200
    with device.database.reading() as session:
        incident = session.scalars(select(Incident)).one()
        assert (incident.seat_id, incident.category) == (device.attempt.seat_id, "paper_fault")
        assert "a" * 64 in incident.description


def test_events_out_of_sequence_within_a_batch_are_refused(device: Device) -> None:
    assert device.post(an_event(2), an_event(2)).status_code == 422
    assert device.post(an_event(2), an_event(1)).status_code == 422


def test_a_save_that_is_too_large_or_too_long_is_refused(device: Device) -> None:
    assert device.send(b" " * 600_000).status_code == 413
    assert device.post(*(an_event(number) for number in range(1, 102))).status_code == 422
    assert device.stored() == 0


def test_an_attempt_has_a_budget_of_its_own_and_is_told_when_to_come_again(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "time", types.SimpleNamespace(monotonic=lambda: 1_000.0))  # nothing fills up
    body = device.player.body(an_event(1))
    answers = [device.send(body).status_code for _ in range(60)]
    assert answers == [200] * 30 + [429] * 30  # a quarter of a minute's
    refused = device.send(body)
    assert refused.status_code == 429
    assert refused.json is not None
    assert refused.json["details"]["retry_after"] >= 1
    assert refused.headers["Retry-After"] == str(refused.json["details"]["retry_after"])


def test_t34_an_attempt_has_a_budget_of_bytes_and_one_that_is_used_up_stores_nothing(
    app: Flask, device: Device
) -> None:
    device.save(an_event(1))  # what the process keeps for the answer path is there
    path = app.extensions[EXTENSION]
    path.volumes = Budgets(60, burst=250_000)
    body = device.player.body(an_event(2, "x" * 90_000))
    assert [device.send(body).status_code for _ in range(3)] == [200, 200, 429]
    assert device.stored() == 2


def test_the_paper_is_not_given_before_the_start(app: Flask, database: Database) -> None:
    device = Device(app, database)
    with database.writing(unhurried=True) as session:
        session.get_one(Attempt, device.attempt.id).opens_at = datetime.now(UTC) + timedelta(minutes=5)
    answer = device.client.get(f"{device.base}/paper", headers=OURS)
    assert answer.status_code == 409
    assert "Giám đốc" not in answer.text


def test_the_paper_holds_no_canary_and_is_kept_by_no_cache(device: Device) -> None:
    device.save(an_event(1, "b"))
    answer = device.client.get(f"{device.base}/paper", headers=OURS)
    assert answer.status_code == 200
    assert "CANARY" not in answer.text
    assert answer.json is not None
    assert answer.json["responses"] == {"Q-1": "b"}
    assert "no-store" in answer.headers["Cache-Control"]


@EVERYWHERE
def test_handing_in_stores_what_came_with_it_and_seals(device: Device) -> None:
    body = device.player.body(an_event(1, "b"))
    for _ in range(2):
        answer = device.client.post(
            f"{device.base}/submission", data=body, headers=OURS, content_type="application/json"
        )
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        assert answer.json["receipt"]["seq"] == 1
    assert device.stored() == 1


@EVERYWHERE
def test_a_browser_that_takes_the_time_for_over_ends_nothing(device: Device) -> None:
    refused = device.client.post(f"{device.base}/submission?by=time", headers=OURS)
    assert refused.status_code == 409
    assert refused.json is not None
    assert refused.json["error"].endswith("TimeLeft")
    assert device.client.get(f"{device.base}/state").json["state"] == "active"  # type: ignore[index]
    assert device.client.post(f"{device.base}/submission?by=candidate", headers=OURS).status_code == 200


def test_by_time_alone_nobody_is_sealed_who_was_cut_off_over_the_end(device: Device) -> None:
    now, minute = datetime.now(UTC), timedelta(minutes=1)
    with device.database.writing(unhurried=True) as session:
        attempt = session.get_one(Attempt, device.attempt.id)
        attempt.closes_at, attempt.accepts_until = now - 2 * minute, now - minute
        session.add(Contact(attempt_id=attempt.id, seen_at=now - 10 * minute, address="", browser=""))
    waits = device.client.post(f"{device.base}/submission?by=time", headers=OURS)
    assert (waits.status_code, waits.headers["Retry-After"]) == (503, "20")
    assert waits.json is not None
    assert waits.json["error"].endswith("MayBeGivenBack")
    assert device.client.post(f"{device.base}/submission?by=candidate", headers=OURS).status_code == 200


def test_another_candidates_attempt_does_not_exist(device: Device) -> None:
    now = datetime.now(UTC)
    with device.database.writing(unhurried=True) as session:
        stranger = builders.an_account(session)
        token = builders.signed_in(session, stranger.id, now)
    client = device.client.application.test_client()
    client.set_cookie("portal-session", token)
    for path in ("", "/receipt", "/receipt.pdf"):
        assert client.get(f"/sit/{device.attempt.public_id}{path}").status_code == 404


def test_the_receipt_is_printed_with_its_code(device: Device) -> None:
    device.client.post(f"{device.base}/submission", headers=OURS)
    device.client.set_cookie("portal-session", device.session_token)
    page = device.client.get(f"/sit/{device.attempt.public_id}/receipt")
    assert page.status_code == 200
    assert "<svg" in page.text
    printed = device.client.get(f"/sit/{device.attempt.public_id}/receipt.pdf")
    assert printed.mimetype == "application/pdf"
    assert printed.data.startswith(b"%PDF")


def test_a_cancelled_sitting_says_so(device: Device) -> None:
    with device.database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, device.sitting_id)
        by = builders.an_account(session, kind="staff").id
        session.add(
            SittingEvent(sitting_id=sitting.id, kind="cancelled", payload={}, by=by, at=datetime.now(UTC))
        )
        service.refresh(session, sitting)
    device.client.set_cookie("portal-session", device.session_token)
    assert "hủy" in device.client.get(f"/sit/{device.attempt.public_id}").text
