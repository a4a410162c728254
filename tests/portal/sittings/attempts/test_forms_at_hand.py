# SPDX-License-Identifier: Apache-2.0
"""The form lies ready as ciphertext, its key from the start on; before, nothing of it can be read."""

import html
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.papers import opened as papers
from exam_portal.registration.models import Candidate
from exam_portal.sittings.attempts import opened, presentation, queries, service, shelf
from exam_portal.sittings.models import Attempt, Seat, Sitting
from question_bank import paper, sealing
from scoring.verify.canonical import canonical_bytes
from tests.portal.sittings.attempts import builders

CANARIES = ("CANARY-", "Câu hỏi **", ':"Q-1"', "Giám đốc Sở")  # long enough that no chance puts one there


class Waiting:
    """A candidate in the waiting room: the lease is held, the paper sealed, nothing opened."""

    def __init__(self, app: Flask, database: Database, *, is_divided: bool = False) -> None:
        self.app, self.database, self.client = app, database, app.test_client()
        self.shares: dict[int, str] = {}
        now = datetime.now(UTC)
        with database.writing(unhurried=True) as session:
            if is_divided:
                attempt, sitting, self.shares = builders.a_divided_attempt(session)
            else:
                attempt, sitting = builders.a_sealed_attempt(session)
            seat = session.get_one(Seat, attempt.seat_id)
            account = session.get_one(Candidate, seat.candidate_id).account_id
            token = builders.signed_in(session, account, now)
            self.attempt_id, self.public_id, self.sitting_id = attempt.id, attempt.public_id, sitting.id
        self.client.set_cookie("portal-session", token)
        with database.writing() as session:
            attempt = session.get_one(Attempt, self.attempt_id)
            lease = service.take_attempt(session, Actor(account_id=None), now, attempt=attempt, device="x")
            place = session.get_one(Attempt, self.attempt_id)
            cookie = self._press(place, lease, now)
        self.client.set_cookie(f"sitting-{self.public_id[:10]}", cookie, path="/sit")

    def _press(self, attempt: Attempt, lease: str, now: datetime) -> str:
        from exam_portal.sittings.attempts.answer_path import AnswerPath

        return AnswerPath(self.database, self.database.settings.sittings).issue(attempt, lease, 0, now)

    def page(self) -> dict[str, Any]:
        text = self.client.get(f"/sit/{self.public_id}").text
        found = text.split('data-page="', 1)[1].split('"', 1)[0]
        page: dict[str, Any] = json.loads(html.unescape(found))
        return page

    def open(self) -> None:
        with self.database.writing() as session:
            sitting = session.get_one(Sitting, self.sitting_id)
            if self.shares:
                builders.open_with_shares(session, sitting, self.shares)
            else:
                builders.open_paper(session, sitting)

    def start(self) -> None:
        with self.database.writing() as session:
            builders.start(session, session.get_one(Sitting, self.sitting_id), datetime.now(UTC))


@pytest.fixture
def waiting(
    request: pytest.FixtureRequest, app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Waiting:
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0.0)
    return Waiting(app, database, is_divided=getattr(request, "param", False))


both_ways = pytest.mark.parametrize("waiting", [False, True], indirect=True, ids=["two officers", "shares"])


@both_ways
def test_the_form_is_here_before_the_start_and_says_nothing(waiting: Waiting) -> None:
    text = html.unescape(waiting.client.get(f"/sit/{waiting.public_id}").text)
    form = waiting.page()["form"]
    assert waiting.client.get(form["sealed"]).status_code == 200  # the route lays it where the door finds it
    sealed = waiting.client.get(form["sealed"])
    assert sealed.status_code == 200
    assert "immutable" in sealed.headers["Cache-Control"]
    handed_out = sealed.data + bytes.fromhex(form["seed"])
    for canary in CANARIES:
        assert canary not in text
        assert canary.encode() not in handed_out
    assert waiting.client.get(form["key"]).status_code == 204


@both_ways
def test_the_key_comes_with_the_start_and_opens_what_was_committed_to(waiting: Waiting) -> None:
    form = waiting.page()["form"]
    waiting.open()
    assert waiting.client.get(form["key"]).status_code == 204  # open, and no room has started
    waiting.start()
    answer = waiting.client.get(form["key"])
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json
    assert found is not None
    assert found["starts"][0]["sitting"] == waiting.page()["sitting"]
    key, commitment = bytes.fromhex(found["key"]), bytes.fromhex(form["commitment"])
    blob = waiting.client.get(form["sealed"]).data
    shown = sealing.open_sealed(
        sealing.Sealed(schema="exam/paper/v1", commitment=commitment, blob=blob), key
    ).content
    with waiting.database.reading() as session:
        attempt = session.get_one(Attempt, waiting.attempt_id)
        opened_form = opened.form_of(session, attempt.form_id)
        layout = paper.layout(opened_form)
        seed = papers.shuffle_seed(session, attempt.form_id)
        own = paper.candidate_seed(seed, form=opened_form.id, candidate=waiting.public_id)
    assert form["seed"] == own.hex()
    assert seed.hex() != form["seed"]
    assert canonical_bytes(shown["shuffled"]) == canonical_bytes(layout.shuffled())
    assert "CANARY" not in json.dumps(shown)  # neither key nor feedback lies under it


def test_the_seed_of_an_order_says_nothing_of_anothers(waiting: Waiting) -> None:
    with waiting.database.reading() as session:
        attempt = session.get_one(Attempt, waiting.attempt_id)
        other = papers.candidate_seed(session, attempt.form_id, "another")
        assert len(other) == 32
        assert other.hex() != waiting.page()["form"]["seed"]


@pytest.mark.engines("sqlite")
def test_a_paper_that_is_not_sealed_is_not_handed_out(app: Flask, database: Database) -> None:
    with database.writing(unhurried=True) as session:
        sitting = builders.a_sitting(session, builders.a_competition(session))
        form = builders.forms_of(session, sitting)[0].public_id
    client: FlaskClient = app.test_client()
    assert client.get(f"/sit/forms/{form}/sealed").status_code == 404
    assert client.get(f"/sit/forms/{'a' * 26}/key").status_code == 404
    assert client.get(f"/sit/forms/{'a' * 26}/sealed").status_code == 404


@pytest.mark.engines("sqlite")
def test_invented_names_fill_nothing_and_pass_no_limit_by(waiting: Waiting) -> None:
    """The door answers what lies there; what does not is the route's, and under its limits."""
    form = waiting.page()["form"]
    assert waiting.client.get(form["key"]).status_code == 204
    kept = waiting.app.extensions["exam_portal.answer_path"].shelf
    public_id = form["key"].split("/")[-2]
    assert kept.has(public_id)
    before = dict(kept._keys), dict(kept._sealed)
    for letter in "bcdef":
        for what in ("key", "sealed"):
            assert waiting.client.get(f"/sit/forms/{letter * 26}/{what}").status_code == 404
        assert not kept.has(letter * 26)
    assert (dict(kept._keys), dict(kept._sealed)) == before


@pytest.mark.engines("sqlite")
def test_an_attempt_that_has_answers_can_still_hold_its_paper_against_the_form(waiting: Waiting) -> None:
    waiting.open()
    waiting.start()
    form = waiting.page()["form"]
    assert form is not None
    with waiting.database.writing() as session:
        session.get_one(Attempt, waiting.attempt_id).seq = 1
    assert waiting.page()["form"]["commitment"] == form["commitment"]
    with waiting.database.writing() as session:
        session.get_one(Attempt, waiting.attempt_id).state = "submitted"
    with waiting.database.reading() as session:
        place = queries.place_of(session, waiting.public_id)
        assert place is not None
        assert presentation.form_at_hand(session, place) is None


@pytest.mark.engines("sqlite")
def test_the_database_is_asked_once_a_second_whoever_asks(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 60.0)
    found = Waiting(app, database)
    form = found.page()["form"]
    made = shelf.Shelf(database)
    public_id = form["key"].split("/")[-2]
    assert made.key(public_id) == b""
    found.open()
    found.start()
    assert made.key(public_id) == b""  # of the same minute: nothing was asked again
    assert shelf.Shelf(database).key(public_id)


def test_a_start_of_another_room_is_told_apart(waiting: Waiting) -> None:
    waiting.open()
    with waiting.database.writing() as session:
        sitting = session.get_one(Sitting, waiting.sitting_id)
        builders.start(session, sitting, datetime.now(UTC) - timedelta(minutes=1))
    page = waiting.page()
    found = waiting.client.get(page["form"]["key"]).json
    assert found is not None
    assert [start["room"] for start in found["starts"]] == [None]  # null: every room
