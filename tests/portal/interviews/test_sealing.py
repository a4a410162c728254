# SPDX-License-Identifier: Apache-2.0
"""A ballot is sealed once, however often a device sends it; and no row says what it was, or whose."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.interviews import errors, queries, service
from exam_portal.interviews.models import BallotBox, BallotReceipt, Hearing
from exam_portal.interviews.service import voting
from tests.harness.counting import counted
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel, balloting, balloting_beside, drawn

SCORES = {"build": Decimal(33), "defend": Decimal(25), "answer": Decimal(26)}
TOKEN = "0123456789abcdef" * 2


def opened(session: Session, council: Council, number: int = 0) -> Hearing:
    hearing = drawn(session, council, a_panel(session, council, mode="portal"))[number]
    balloting(session, council, hearing)
    return hearing


def cast(session: Session, who: Actor, hearing: Hearing, token: str = TOKEN, **more: str) -> str:
    scores = {**SCORES, **{key: Decimal(score) for key, score in more.items()}}
    return service.cast_ballot(
        session, who, HEARD, hearing=hearing, value=None, scores=scores, has_heard=True, submission=token
    )


def test_the_same_submission_gives_the_same_receipt_and_one_ballot(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = opened(session, council)
        who = council.members[0]
        receipts = {cast(session, who, hearing) for _ in range(4)}
        assert len(receipts) == 1
        assert queries.count_cast(session, hearing.id) == 1
        box = session.scalars(select(BallotBox)).one()
        assert len(voting._contents(session, hearing, box)[0]) == 1
        assert cast(session, council.members[1], hearing) not in receipts


@pytest.mark.parametrize(("token", "more"), [(TOKEN, {"build": "34"}), ("f" * 32, {}), ("", {})])
def test_another_submission_of_a_member_who_voted_is_refused(
    database: Database, council: Council, token: str, more: dict[str, str]
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = opened(session, council)
        cast(session, council.members[0], hearing)
        with pytest.raises(errors.AlreadyVoted):
            cast(session, council.members[0], hearing, token, **more)
        assert queries.count_cast(session, hearing.id) == 1


def test_a_ballot_that_comes_after_the_count_is_told_that_it_is_too_late(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        counted_, waiting, _ = drawn(session, council, a_panel(session, council, mode="portal"))
        balloting(session, council, counted_)
        for who in council.members[:8]:
            cast(session, who, counted_)
        service.count_ballots(session, council.secretary, HEARD, hearing=counted_, outstanding_too=True)
        late = council.members[8]
        with pytest.raises(errors.BallotTooLate):
            cast(session, late, counted_)
        with pytest.raises(errors.BallotNotOpen):
            cast(session, late, waiting)
        address = f"/panel/hearings/{counted_.public_id}"
    member = Person.at(portal, database, late, HEARD)
    assert "được tính là không thu về" in member.get(address)


def test_after_the_count_nobody_can_say_which_ballot_it_was(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = opened(session, council)
        for number, who in enumerate(council.members):
            cast(session, who, hearing, f"{number:032x}")
        receipt = session.scalars(select(BallotReceipt)).first()
        box = session.scalars(select(BallotBox)).one()
        assert receipt is not None
        key_id, sealed = box.key_id, receipt.sealed
        service.count_ballots(session, council.secretary, HEARD, hearing=hearing)
        session.keys.destroy(key_id)  # as the outbox does once this is committed
        with pytest.raises(KeyErased):
            session.keys.open(key_id, sealed, voting._receipt_context(hearing, receipt.member_id))
        with pytest.raises(errors.AlreadyVoted):
            cast(session, council.members[0], hearing, f"{0:032x}")


def test_equal_ballots_leave_rows_that_differ_and_the_figures_alone_open_none(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = opened(session, council)
        for who in council.members[:3]:
            cast(session, who, hearing, "")
        rows = session.scalars(select(BallotReceipt)).all()
        assert len({row.sealed for row in rows}) == 3
        assert len({len(row.sealed) for row in rows}) == 1
        box = session.scalars(select(BallotBox)).one()
        guessed = voting.fingerprint("", None, SCORES)
        for row in rows:
            context = voting._receipt_context(hearing, row.member_id)
            assert session.keys.open(box.key_id, row.sealed, context) != guessed


def test_a_receipt_is_the_same_whatever_was_voted(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        hearing = opened(session, council)
        before = voting.receipt_of(session, council.members[0], hearing)
        assert cast(session, council.members[0], hearing, build="0") == before


def a_member(portal: Flask, database: Database, council: Council) -> tuple[Person, str, str]:
    """Return a member's browser and the addresses of two ballots, both open."""
    with database.writing(unhurried=True) as session:
        first, second, _ = drawn(session, council, a_panel(session, council, mode="portal"))
        balloting(session, council, first)
        balloting_beside(session, council, second)
        pages = [f"/panel/hearings/{one.public_id}" for one in (first, second)]
    return Person.at(portal, database, council.members[0], HEARD), pages[0], pages[1]


def send(person: Person, address: str, **fields: Any) -> Any:
    data = {"csrf_token": person.token, "submission": TOKEN, **fields}
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    return person.client.post(f"{address}/seal", data=data, headers=headers)


@pytest.mark.engines("sqlite")
def test_a_device_is_told_exactly_why_a_ballot_is_not_sealed(
    portal: Flask, database: Database, council: Council
) -> None:
    member, first, second = a_member(portal, database, council)
    member.get(first)
    figures = {f"score_{key}": str(score) for key, score in SCORES.items()} | {"heard": "y"}
    incomplete = send(member, first, **{**figures, "score_build": ""})
    assert incomplete.status_code == 422
    assert "Xây dựng" in incomplete.get_json()["body"]
    for word in ({}, {"heard": ""}):
        bare = {name: said for name, said in figures.items() if name != "heard"}
        unheard = send(member, first, **bare, **word)
        assert unheard.status_code == 422
        assert "đã nghe toàn bộ" in unheard.get_json()["body"]
    with database.reading() as session:
        assert session.scalars(select(BallotReceipt)).all() == []
    off = send(member, first, **{**figures, "score_build": "33,3"})
    assert (off.status_code, off.get_json()["error"]) == (422, "interviews.BallotOffStep")
    assert send(member, first, **figures, submission="kurz").status_code == 422
    sealed = [send(member, first, **figures) for _ in range(2)]
    assert [one.status_code for one in sealed] == [200, 200]
    assert len({one.get_json()["receipt"] for one in sealed}) == 1
    other = send(member, first, **{**figures, "score_build": "1"})
    assert (other.status_code, other.get_json()["error"]) == (409, "interviews.AlreadyVoted")
    assert send(member, second, **figures).status_code == 200
    stranger = Person.at(portal, database, council.typists[0], HEARD)
    stranger.get("/")
    assert send(stranger, first, **figures).status_code in {403, 404}
    gone = Person(portal.test_client())
    gone.get("/sign-in")
    assert send(gone, first, **figures).status_code in {303, 401}


def test_nobody_votes_who_does_not_confirm_to_have_heard_all_and_nothing_of_the_word_is_kept(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = opened(session, council)
        facts: dict[str, Any] = {"hearing": hearing, "value": None, "scores": SCORES, "submission": TOKEN}
        with pytest.raises(errors.HearingNotConfirmed):
            service.cast_ballot(session, council.members[0], HEARD, has_heard=False, **facts)
        assert queries.count_cast(session, hearing.id) == 0
        service.cast_ballot(session, council.members[0], HEARD, has_heard=True, **facts)
        box = session.scalars(select(BallotBox)).one()
        (given,), _ = voting._contents(session, hearing, box)
        assert given.keys() == {"slip", "member", "value", "scores"}
        leaf = session.query(Leaf).filter_by(type="interviews.ballot_cast").one()
        assert {key for key in leaf.content if key[0] != "_"} == {"panel", "hearing", "cast"}


@pytest.mark.engines("sqlite")
def test_the_ballot_of_the_next_candidate_is_empty(
    portal: Flask, database: Database, council: Council
) -> None:
    member, first, second = a_member(portal, database, council)
    member.get(first)
    figures = {f"score_{key}": str(score) for key, score in SCORES.items()} | {"heard": "y"}
    member.post(first, 422, **{**figures, "score_build": "99"})
    shown = member.get(second)
    fields = re.findall(r'<input[^>]*name="score_[^>]*>', shown)
    assert len(fields) == 3
    assert not any(re.search(r'value="[^"]', field) for field in fields)


@pytest.mark.engines("sqlite")
def test_a_ballot_costs_one_commit_and_its_page_none(
    portal: Flask, database: Database, council: Council
) -> None:
    member, first, _second = a_member(portal, database, council)
    member.get(first)
    with counted() as page:
        member.get(first)
    figures = {f"score_{key}": str(score) for key, score in SCORES.items()} | {"heard": "y"}
    with counted() as submission:
        assert send(member, first, **figures).status_code == 200
    with counted() as again:
        assert send(member, first, **figures).status_code == 200
    assert page.commits == 0
    assert len(page.statements) <= 45
    assert submission.commits == 1
    assert len(submission.statements) <= 46
    assert len(again.statements) < len(submission.statements)
