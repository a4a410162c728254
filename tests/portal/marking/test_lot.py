# SPDX-License-Identifier: Apache-2.0
"""Markers by lot (T42): drawn from what was bound and said, evenly, past every rule, and again by anybody."""

import hashlib
import hmac
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select, text, update

from exam_portal.admin.fsck import differences
from exam_portal.audit.models import Leaf
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import allocation, errors, lot_page, queries, service
from exam_portal.marking.models import Assignment, Lot, LotSecret
from exam_portal.marking.service.lot import CONTEXT
from exam_portal.sittings import handover
from exam_portal.web import filters
from question_bank import draw_seed
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, an_office, key
from tests.portal.sittings.builders import NAMES

SEED = hashlib.sha256(b"a seed").digest()


def words_of(seed: bytes, label: bytes) -> Iterator[int]:
    """Eight bytes at a time of HMAC-SHA-256(seed, label || counter), as docs/papers.md says."""
    counter = 0
    while True:
        block = hmac.new(seed, label + counter.to_bytes(8, "big"), hashlib.sha256).digest()
        for at in (0, 8, 16, 24):
            yield int.from_bytes(block[at : at + 8], "big")
        counter += 1


def order_of(seed: bytes, round_: int, what: str, names: Collection[str]) -> list[str]:
    """The shuffle, written once more from its description."""
    label = json.dumps(["exam/marking-lot/v1", round_, what], separators=(",", ":")).encode()
    drawn, order = words_of(seed, label), sorted(names)
    for last in range(len(order) - 1, 0, -1):
        limit = last + 1
        word = next(word for word in drawn if word < 2**64 // limit * limit)
        order[last], order[word % limit] = order[word % limit], order[last]
    return order


Case = tuple[dict[int, list[str]], list[str], set[tuple[str, str]]]
Held = dict[str, tuple[str, ...]]


def lot_again(
    seed: bytes,
    places: Mapping[int, Sequence[str]],
    markers: Sequence[str],
    barred: Collection[Sequence[str]],
) -> list[list[Any]]:
    """The lot, derived once more from docs/marking.md, sharing no line with the portal."""
    apart = {(bag, marker) for bag, marker in barred}
    result: list[list[Any]] = []
    for round_ in sorted(places):
        people = order_of(seed, round_, "markers", markers)
        held: Held = dict.fromkeys(people, ())
        left = order_of(seed, round_, "bags", places[round_])
        for most in range(1, len(left) + 1):
            still = []
            for bag in left:
                after = with_bag(held, bag, most, people, apart, set())
                if after is None:
                    still.append(bag)
                else:
                    held = after
            left = still
        assert not left
        got = [(bag, one) for one, bags in held.items() for bag in bags]
        result += [[round_, bag, one] for bag, one in got]
        apart |= set(got)
    return sorted(result)


def with_bag(
    held: Held,
    bag: str,
    most: int,
    people: Sequence[str],
    apart: Collection[tuple[str, str]],
    asked: set[str],
) -> Held | None:
    """What everybody holds once the bag has a place, or None where it finds none."""
    for one in people:
        if one in asked or (bag, one) in apart:
            continue
        asked.add(one)
        if len(held[one]) < most:
            return {**held, one: (*held[one], bag)}
        for at, other in enumerate(held[one]):
            after = with_bag(held, other, most, people, apart, asked)
            if after is not None:
                return {**after, one: (*held[one][:at], bag, *held[one][at + 1 :])}
    return None


@st.composite
def lots(draw: st.DrawFn) -> Case:
    """Bags, markers, and pairs that are not to meet, with three markers left for every bag."""
    bags = [f"{number:02d}" for number in range(1, draw(st.integers(1, 12)) + 1)]
    markers = [f"GK-{number:08X}" for number in range(draw(st.integers(3, 9)))]
    barred = {
        (bag, marker)
        for bag in bags
        for marker in draw(st.lists(st.sampled_from(markers), max_size=len(markers) - 3, unique=True))
    }
    return dict.fromkeys((1, 2), bags), markers, barred


@settings(max_examples=150, deadline=None)
@given(lots(), st.binary(min_size=32, max_size=32))
def test_a_lot_is_the_same_for_whoever_draws_it_again(drawn: Case, seed: bytes) -> None:
    places, markers, barred = drawn
    found = allocation.allot(seed, places, markers, barred)
    assert [[*place, marker] for place, marker in sorted(found.items())] == lot_again(
        seed, places, markers, sorted(barred)
    )
    assert set(found) == {(number, bag) for number, bags in places.items() for bag in bags}
    assert all((bag, marker) not in barred for (_, bag), marker in found.items())
    assert all(found[1, bag] != found[2, bag] for bag in places[1])


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 25), st.integers(2, 9), st.binary(min_size=32, max_size=32))
def test_loads_of_a_round_differ_by_one_bag_at_most(bags: int, markers: int, seed: bytes) -> None:
    places = {number: [f"{one:02d}" for one in range(bags)] for number in (1, 2)}
    people = [f"GK-{one}" for one in range(markers)]
    found = allocation.allot(seed, places, people, ())
    for round_ in places:
        loads = Counter(marker for (number, _), marker in found.items() if number == round_)
        held = [loads[one] for one in people]
        assert max(held) - min(held) <= 1


def test_every_marker_is_drawn_for_a_bag_about_as_often() -> None:
    people = ["GK-A", "GK-B", "GK-C", "GK-D"]
    seeds = [hashlib.sha256(str(number).encode()).digest() for number in range(400)]
    drawn = Counter(allocation.allot(seed, {1: ["01"]}, people, ())[1, "01"] for seed in seeds)
    assert sum((drawn[one] - 100) ** 2 / 100 for one in people) < 30  # three degrees: by chance once in 10^6


def test_too_few_markers_make_no_lot() -> None:
    with pytest.raises(allocation.TooFewMarkers):
        allocation.allot(SEED, {1: ["01"], 2: ["01"]}, ["GK-A"], ())
    with pytest.raises(allocation.TooFewMarkers):
        allocation.allot(SEED, {1: ["01"]}, ["GK-A"], {("01", "GK-A")})


def place_of(office: Office) -> dict[str, Any]:
    return {"competition_id": office.hall.competition.id, "part": "written", "purpose": "marking"}


def drawn_lot(session: Session, office: Office) -> Lot:
    """A secret is bound, and the lot is drawn with it."""
    bound = service.commit_lot(session, office.secretary, MARKED, **place_of(office))
    return service.draw_lot(
        session, office.secretary, MARKED, bound=bound, words="mười bảy; sông Hồng", witnesses="Ban Giám sát"
    )


def told(session: Session, type_: str) -> dict[str, Any]:
    """What the one act of this type says."""
    content: dict[str, Any] = session.scalars(select(Leaf.content).where(Leaf.type == type_)).one()
    return content


def test_t42_who_marks_what_is_drawn_again_from_the_record_alone(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        office = an_office(session, people=4)
        drawn_lot(session, office)
        before, act = told(session, "marking.lot_bound"), told(session, "marking.lot_drawn")
        secret = bytes.fromhex(act["secret"])
        assert before["commitment"] == f"sha256:{hashlib.sha256(b'exam/draw-secret/v1' + secret).hexdigest()}"
        label = b"exam/draw/v1\0" + act["words"].encode()
        seed = hmac.new(secret, label, hashlib.sha256).digest()
        places = {int(number): bags for number, bags in act["places"].items()}
        again = lot_again(seed, places, act["markers"], act["barred"])
        assert again == act["given"]
        followed = [
            [row.round, office.bag.label, service.pseudonym(session, office.bag, row.marker_id)]
            for row in session.query(Assignment)
        ]
        assert sorted(followed) == again
        assert list(differences(session)) == []
        other = lot_again(hashlib.sha256(seed).digest(), places, act["markers"], act["barred"])
        assert {tuple(row[:2]) for row in other} == {tuple(row[:2]) for row in again}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lots SET words = 'khác'",
        "UPDATE lots SET given = '[]'",
        "UPDATE lots SET witnesses = 'khác'",
        'UPDATE lots SET barred = \'[["99", "GK-A"]]\'',
        "UPDATE lot_secrets SET commitment = 'sha256:00'",
        "UPDATE assignments SET round = 3 WHERE round = 2",
    ],
)
def test_a_lot_that_was_altered_or_not_followed_is_found(
    database: Database, office: Office, change: str
) -> None:
    with database.writing(unhurried=True) as session:
        drawn_lot(session, office)
        assert list(differences(session)) == []
        triggers.remove(session.connection())
        session.execute(text(change))
        session.expire_all()
        assert {one.where for one in differences(session)} == {"marking"}


def test_the_lot_passes_over_whom_a_rule_keeps_from_a_bag_and_tells_nobody_why(
    portal: Flask, database: Database, office: Office
) -> None:
    related = office.markers[0].account_id
    assert related is not None
    with database.writing(unhurried=True) as session:
        competitions.declare_conflict(
            session,
            office.secretary,
            MARKED,
            session.get_one(Competition, office.hall.competition.id),
            account_id=related,
            candidate_account_id=office.hall.candidates[0].account_id,
            relation=Relation.SIBLING,
        )
        drawn_lot(session, office)
        given_to = {row.marker_id for row in session.query(Assignment)}
        assert given_to == {office.markers[1].account_id, office.markers[2].account_id}
        act = told(session, "marking.lot_drawn")
        code = service.pseudonym(session, office.bag, related)
        assert act["barred"] == [[office.bag.label, code]]
        assert not re.search("sibling|relation|candidate|conflict", json.dumps(act))
    secretary = Person.at(portal, database, office.secretary, MARKED)
    address = f"/staff/competitions/{office.hall.competition.public_id}/marking/lot?part=written"
    page = secretary.get(address)
    assert code not in page
    assert not [name for name in NAMES if name in page]
    minute = secretary.client.get(address.replace("lot?", "lot/minute.pdf?")).data
    assert minute.startswith(b"%PDF")


def test_who_signed_a_slip_of_a_script_is_drawn_for_no_bag_with_it(
    database: Database, office: Office
) -> None:
    first = office.markers[0].account_id
    assert first is not None
    with database.writing(unhurried=True) as session:
        signer = handover.staff_names(session, {first})[first]
        for typist in (0, 1):
            key(session, office, typist, 0, 1, "70", signer=signer)
        drawn_lot(session, office)
        assert first not in {row.marker_id for row in session.query(Assignment)}


def test_who_draws_is_drawn_for_nothing(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        bound = service.commit_lot(session, office.secretary, MARKED, **place_of(office))
        drawing = office.markers[0]
        facts: dict[str, Any] = {"bound": bound, "words": "ba", "witnesses": "Ban Giám sát"}
        service.draw_lot(session, drawing, MARKED, **facts)
        assert drawing.account_id not in {row.marker_id for row in session.query(Assignment)}


def test_without_words_or_witnesses_there_is_no_lot(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        bound = service.commit_lot(session, office.secretary, MARKED, **place_of(office))
        for words, witnesses in ((" ", "Ban Giám sát"), ("ba", "")):
            with pytest.raises(errors.WitnessesMissing):
                service.draw_lot(
                    session, office.secretary, MARKED, bound=bound, words=words, witnesses=witnesses
                )
        assert queries.lots(session, **place_of(office)) == []


def a_free_marker(session: Session, office: Office) -> int:
    """A marker who never had the bag."""
    taken = {row.marker_id for row in session.query(Assignment)}
    return next(one.id for one in handover.markers(session, office.bag) if one.id not in taken)


def test_once_a_lot_is_bound_a_bag_is_given_by_hand_only_with_a_reason(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        service.commit_lot(session, office.secretary, MARKED, **place_of(office))
        facts: dict[str, Any] = {"bag": office.bag, "round": 1, "marker_id": a_free_marker(session, office)}
        for reason in ("", " \n"):
            with pytest.raises(errors.ReasonMissing):
                service.assign_bag(session, office.secretary, MARKED, **facts, reason=reason)
        by_hand = service.assign_bag(
            session, office.secretary, MARKED, **facts, reason="Người duy nhất thông thạo"
        )
        assert by_hand.reason == "Người duy nhất thông thạo"
        assert list(differences(session)) == []


def test_a_bag_is_taken_back_with_a_reason_that_the_minute_and_the_record_hold(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        drawn_lot(session, office)
        round_, marker_id = next(iter(queries.assigned_rounds(session, office.bag.id).items()))
        facts: dict[str, Any] = {"bag": office.bag, "round": round_}
        with pytest.raises(errors.ReasonMissing):
            service.take_back(session, office.secretary, MARKED, **facts, reason=" ")
        assert queries.assigned_rounds(session, office.bag.id)[round_] == marker_id
        service.take_back(session, office.secretary, MARKED, **facts, reason="Nghỉ ốm từ ngày 18/01")
        with pytest.raises(errors.ReasonMissing):
            service.assign_bag(
                session, office.secretary, MARKED, **facts, marker_id=a_free_marker(session, office)
            )
        assert list(differences(session)) == []
        (listed,) = lot_page.taken_back(session, [office.bag])
        code = service.pseudonym(session, office.bag, marker_id)
        assert (listed.code, listed.round, listed.reason) == (code, round_, "Nghỉ ốm từ ngày 18/01")
    secretary = Person.at(portal, database, office.secretary, MARKED)
    address = f"/staff/competitions/{office.hall.competition.public_id}/marking/lot?part=written"
    assert "Nghỉ ốm từ ngày 18/01" in secretary.get(address)
    minute = secretary.client.get(address.replace("lot?", "lot/minute.pdf?")).data
    text_of = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(minute)).pages)
    assert "Nghỉ ốm từ ngày 18/01" in " ".join(text_of.split())
    with database.writing() as session:
        triggers.remove(session.connection())
        session.execute(
            text("UPDATE assignments SET taken_back_reason = 'khác' WHERE taken_back_at IS NOT NULL")
        )
        assert {one.code for one in differences(session)} == {"taken back"}


@pytest.mark.engines("sqlite")
def test_a_secret_exchanged_between_binding_and_drawing_is_found(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        bound = service.commit_lot(session, office.secretary, MARKED, **place_of(office))
        other = bytes(draw_seed.SECRET_BYTES)
        sealed = session.keys.seal(bound.key_id, other, CONTEXT)
        triggers.remove(session.connection())
        session.execute(update(LotSecret).values(sealed=sealed, commitment=draw_seed.commitment(other)))
        session.expire_all()
        service.draw_lot(session, office.secretary, MARKED, bound=bound, words="ba", witnesses="Ban Giám sát")
        assert [one.code for one in differences(session)] == ["lot bound"]


def test_the_secretary_draws_on_the_page_before_witnesses(
    portal: Flask, database: Database, office: Office
) -> None:
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    secretary = Person.at(portal, database, office.secretary, MARKED)
    assert f"{place}/lot?part=written" in secretary.get(place)
    secretary.get(f"{place}/lot?part=written")
    secretary.post(f"{place}/lot/secret", part="written", purpose="marking")
    page = secretary.get(f"{place}/lot?part=written")
    assert "sha256:" in page
    secretary.post(f"{place}/lot?part=written", 422, witnesses="", words="ba")
    secretary.post(f"{place}/lot?part=written", witnesses="Ban Giám sát", words="ba; bốn")
    with database.reading() as session:
        (lot,) = queries.lots(session, **place_of(office))
        shown = lot_page.lot(session, [office.bag], lot)
    page = secretary.get(f"{place}/lot?part=written")
    with database.reading() as session:
        people = handover.markers(session, office.bag)
    for told in (page, minute_of(secretary, office)):
        assert all(row.code in told for row in shown.rows)
    assert not [one.name for one in people if one.name in page.split("<main")[1]]
    lines = minute_of(secretary, office).split(shown.rows[0].code)[1].split(shown.rows[-1].code)
    assert not [one.name for one in people if one.name in lines[0]]
    holders = minute_of(secretary, office).split("Khi in biên bản này, lúc ")[1]
    with portal.test_request_context(), force_locale("vi"):
        assert holders.startswith(filters.instant(MARKED))
    assert all(one.name in holders for one in people)
    assert len(shown.rows) == 2
    drawn = next(one for one in office.markers if is_drawn(database, office, one.account_id))
    with database.reading() as session:
        code = service.pseudonym(session, office.bag, drawn.account_id or 0)
    assert code in Person.at(portal, database, drawn, MARKED).get("/marking")


def minute_of(person: Person, office: Office) -> str:
    """The words of the minute of the lots."""
    place = f"/staff/competitions/{office.hall.competition.public_id}/marking"
    content = person.client.get(f"{place}/lot/minute.pdf?part=written").data
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages).split())


def is_drawn(database: Database, office: Office, account_id: int | None) -> bool:
    with database.reading() as session:
        return account_id in queries.assigned_rounds(session, office.bag.id).values()
