# SPDX-License-Identifier: Apache-2.0
"""From where and with what an attempt may be taken (T51, T57): rooms bound to networks, Safe Exam Browser."""

import dataclasses
import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from exam_portal.accounts import throttle
from exam_portal.app import create_app
from exam_portal.audit.models import Leaf
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings
from exam_portal.sittings import binding, fsck, safe_browser, service
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.attempts.errors import OutsideRoom, SafeBrowserMissing
from exam_portal.sittings.attempts.machines import Machine
from exam_portal.sittings.attempts.tokens import TokenPress
from exam_portal.sittings.models import BrowserKey, BrowserKeyKind, Contact, RoomBinding, Sitting
from exam_portal.sittings.safe_browser import Proof, config_key, request_hash
from tests.portal.accounts.builders import Visitor, a_member
from tests.portal.competitions.pages import At, Person, grant, upload
from tests.portal.sittings.attempts.builders import HOUR
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall
from tests.portal.sittings.computers import attempt_of, player_at, running
from tests.question_bank.builders import SHARED

VECTORS = SHARED / "data" / "published" / "seb.json"
PAGE = "https://thi.example/sit/abc"
KEY, OTHER = "a" * 64, "b" * 64
BEK = "c" * 64
PLIST = "<?xml version='1.0' encoding='UTF-8'?><plist version='1.0'><dict>{}</dict></plist>"


def vectors() -> dict[str, Any]:
    if not VECTORS.exists():
        pytest.skip(f"the published vectors are not at {VECTORS}")
    found: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
    return found


def test_the_config_key_is_the_published_one_packed_or_not() -> None:
    for case in vectors()["published_seb_json"]["cases"]:
        file = PLIST.format(case["inner_plist"]).encode()
        for content in (file, gzip.compress(file), gzip.compress(b"plnd" + gzip.compress(file))):
            assert config_key(content) == case["config_key"], case["name"]
    derived = {case["name"]: case for case in vectors()["derived"]["config_key"]}
    for name, settings in {
        "two keys": {"startURL": "https://thi.example/exam/1", "sendBrowserExamKey": True},
        "quote is NOT escaped": {"rule": 'say "hello"'},
        "reals": {"batteryChargeThresholdLow": 0.2, "batteryChargeThresholdCritical": 0.1},
        "unicode": {"examTitle": "Thi tuyển lãnh đạo"},
        "empty dict": {},
    }.items():
        assert safe_browser.seb_json(settings) == derived[name]["seb_json"]


def test_t57_a_hash_of_an_address_is_the_published_one_without_its_fragment() -> None:
    for case in vectors()["derived"]["request_hash"]:
        key = case.get("config_key") or case["browser_exam_key"]
        assert request_hash(case["url_requested"], key) == case["value"]


def test_the_version_that_wrote_the_settings_does_not_count() -> None:
    entry = "<key>allowQuit</key><true/>"
    written = "<key>originatorVersion</key><string>SEB_Win_3.10</string>"
    assert config_key(PLIST.format(entry + written).encode()) == config_key(PLIST.format(entry).encode())


ENTITY = b"""<?xml version='1.0'?><!DOCTYPE plist [<!ENTITY a 'b'>]>
<plist><dict><key>k</key><string>&a;</string></dict></plist>"""


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no settings",
        PLIST.format("").encode(),
        PLIST.format("<key>originatorVersion</key><string>x</string>").encode(),
        ENTITY,
        gzip.compress(b"\x00" * (safe_browser.LARGEST + 1), mtime=0),
        gzip.compress(b"x" * 100, mtime=0)[:20],
        PLIST.format("<key>a</key>" + "<array>" * 5000 + "</array>" * 5000).encode(),
        PLIST.format("<key>a</key><integer>x</integer>").encode(),
    ],
    ids=range(9),
)
def test_what_is_no_settings_file_is_refused(file: bytes) -> None:
    with pytest.raises(safe_browser.NotSettings):
        config_key(file)


@pytest.mark.parametrize("prefix", [b"pswd", b"pwcc", b"pkhs"])
def test_encrypted_settings_are_told_apart(prefix: bytes) -> None:
    with pytest.raises(safe_browser.SettingsEncrypted):
        config_key(gzip.compress(prefix + b"\x02\x01secret"))


def proof(address: str = PAGE, config: str = KEY, browser: str = "", hashed: str = "") -> Proof:
    made = request_hash(hashed or address, config) if config else ""
    return Proof(
        address=address, config=made, browser=request_hash(hashed or address, browser) if browser else ""
    )


@pytest.mark.parametrize(
    ("configs", "browsers", "given", "is_proved"),
    [
        ([], [], Proof(address=PAGE), True),
        ([KEY], [], proof(), True),
        ([OTHER, KEY], [], proof(), True),
        ([KEY], [], proof(config=OTHER), False),  # wrong settings
        ([KEY], [], proof(hashed=PAGE + "/other"), False),  # for another address
        ([KEY], [], proof(hashed=PAGE.replace("https", "http")), False),  # behind a proxy that says http
        ([KEY], [], Proof(address=PAGE), False),  # nothing sent
        ([KEY], [], Proof(address=PAGE, config=KEY), False),  # the key itself, not its hash
        ([KEY], [], Proof(address=PAGE, config="é" * 64), False),
        ([KEY], [], proof(address=PAGE + "#q7", hashed=PAGE), True),  # a fragment never counts
        ([], [BEK], proof(config="", browser=BEK), True),
        ([KEY], [BEK], proof(), False),  # both kinds are asked for
        ([KEY], [OTHER, BEK], proof(browser=BEK), True),
    ],
)
def test_t57_one_key_of_each_kind_has_to_be_proved_for_the_address(
    configs: list[str], browsers: list[str], given: Proof, is_proved: bool
) -> None:
    assert safe_browser.is_proved(configs, browsers, [given]) is is_proved


@pytest.mark.parametrize(
    ("address", "networks", "inside"),
    [
        ("192.168.10.7", ["192.168.10.0/24"], True),
        ("192.168.11.7", ["192.168.10.0/24"], False),
        ("::ffff:192.168.10.7", ["192.168.10.0/24"], True),
        ("2001:db8:10::7", ["192.168.10.0/24", "2001:db8:10::/64"], True),
        ("2001:db8:11::7", ["2001:db8:10::/64"], False),
        ("", ["10.0.0.0/8"], False),
        ("10.0.0.1, 8.8.8.8", ["10.0.0.0/8"], False),
        ("anything", [], True),
    ],
)
def test_an_address_is_inside_or_it_is_not(address: str, networks: list[str], inside: bool) -> None:
    assert binding.is_inside(address, networks) is inside


def test_networks_are_read_strictly_and_once() -> None:
    assert binding.read_networks(" 10.0.0.0/8\n\n10.0.0.0/8, 192.168.1.5 ") == [
        "10.0.0.0/8",
        "192.168.1.5/32",
    ]
    for wrong in (
        "10.0.0.1/8",
        "10.0.0.0/33",
        "phòng 101",
        "10.0.0.0/8 all",
        "\n".join(f"10.0.{n}.0/24" for n in range(40)),
    ):
        with pytest.raises(binding.NotANetwork):
            binding.read_networks(wrong)


@pytest.fixture
def day(database: Database) -> tuple[Hall, Sitting]:
    """A sitting in the portal that runs; its people can sign in."""
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        for actor in (hall.invigilator, hall.house.organiser):
            grant(session, actor, hall.house.organisation.id, LISTED)
        session.refresh(hall.house.organisation)
        session.refresh(sitting)
        assert [seat.room.name for seat in sitting.seats]
        return hall, sitting


def take(session: Session, sitting: Sitting, address: str = "", *proofs: Proof, seat: int = 0) -> str:
    attempt = attempt_of(session, session.get_one(Sitting, sitting.id).seats[seat])
    machine = Machine(address=address, proofs=proofs)
    return attempts.take_attempt(
        session, Actor(account_id=None), START, attempt=attempt, device="x", machine=machine
    )


def test_a_bound_room_gives_its_attempts_to_its_own_computers_only(
    database: Database, day: tuple[Hall, Sitting]
) -> None:
    hall, sitting = day
    with database.writing(unhurried=True) as session:
        here = session.get_one(Sitting, sitting.id)
        room = here.seats[0].room
        by = hall.house.organiser
        service.bind_room(session, by, START, room=room, networks=["10.1.0.0/16"])
        for address in ("10.2.0.1", ""):
            with pytest.raises(OutsideRoom):
                take(session, here, address)
        assert attempt_of(session, here.seats[0]).lease is None
        assert take(session, here, "10.1.0.9")
        service.bind_room(session, by, START, room=room, networks=[])
        assert take(session, here, "203.0.113.9", seat=1)
        assert session.query(Leaf).filter_by(type="sittings.room_bound").count() == 2


def test_a_sitting_in_safe_exam_browser_refuses_every_other_until_the_key_is_withdrawn(
    database: Database, day: tuple[Hall, Sitting]
) -> None:
    hall, sitting = day
    with database.writing(unhurried=True) as session:
        here, by = session.get_one(Sitting, sitting.id), hall.house.organiser
        facts = {"sitting": here, "kind": BrowserKeyKind.CONFIG}
        key = service.add_browser_key(session, by, START, key=KEY, **facts)  # type: ignore[arg-type]
        with pytest.raises(SafeBrowserMissing):
            take(session, here, "10.0.0.1")
        with pytest.raises(SafeBrowserMissing):
            take(session, here, "10.0.0.1", proof(config=OTHER))
        assert take(session, here, "10.0.0.1", proof())
        service.withdraw_browser_key(session, by, START, key=key)
        assert take(session, here, "10.0.0.1", seat=1)
        assert not list(fsck.differences(session))
        fact = {"sitting_id": here.id, "kind": "config", "key": OTHER, "note": "", "by": by.account_id}
        session.add(BrowserKey(**fact, at=START))
        session.add(
            RoomBinding(room_id=here.seats[0].room_id, networks=["0.0.0.0/0"], by=by.account_id, at=START)
        )
        session.flush()
        assert sorted(one.code for one in fsck.differences(session)) == ["browser key", "networks"]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("bound", "address", "late", "status"), [
    ("10.1.0.0/16", "10.1.0.9", timedelta(0), 303),
    ("10.1.0.0/16", "10.2.0.9", timedelta(0), 429),
    ("10.1.0.0/16", "10.1.0.9", timedelta(days=2), 429),
    ("10.0.0.0/15", "10.1.0.9", timedelta(0), 429),  # a room bound to half the world opens no door to it
])  # fmt: skip
def test_t22_in_a_hall_that_shares_an_address_nobody_keeps_the_others_from_signing_in(
    day: tuple[Hall, Sitting],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    address: str,
    late: timedelta,
    status: int,
) -> None:
    hall, sitting = day
    monkeypatch.setattr(throttle, "NETWORK_FACTOR", 2)
    with database.writing(unhurried=True) as session:
        a_member(session, "mai@example.vn")
        room = session.get_one(Sitting, sitting.id).seats[0].room
        service.bind_room(session, hall.house.organiser, START, room=room, networks=[bound])
    values = database.settings.model_dump()
    values["limits"].update(requests_per_minute=20, sign_ins_per_minute=6)
    values["accounts"].update(failures_before_delay=2)
    app = create_app(Settings.model_validate(values), database, clock=At(START + late))
    stranger, mai = Visitor(app), Visitor(app)
    for one in (stranger, mai):
        one.http.environ_base["REMOTE_ADDR"] = address
    for number in range(8):
        stranger.sign_in(f"nobody{number}@example.vn", "guess")
    for _ in range(20):
        stranger.get("/sign-in")
    assert mai.http.get("/sign-in").status_code == (200 if status == 303 else 429)
    if status == 303:
        assert mai.sign_in("mai@example.vn").status_code == status


@pytest.mark.engines("sqlite")
def test_the_organiser_binds_a_room_and_uploads_settings(
    day: tuple[Hall, Sitting], database: Database, portal: Flask, clock: At
) -> None:
    hall, sitting = day
    clock.set(START + MINUTE)
    organiser = Person.at(portal, database, hall.house.organiser, clock.now())
    address = f"/staff/rooms/{sitting.seats[0].room.public_id}/networks"
    organiser.get(address)
    assert "Không phải dải mạng" in organiser.post(address, 422, networks="10.0.0.1/8")
    assert "10.0.0.0/8" in organiser.post(address, networks="10.0.0.0/8")
    keys = f"/staff/sittings/{sitting.public_id}/safe-browser"
    organiser.get(keys)
    file = upload(gzip.compress(b"pswd1234"), "thi.seb")
    assert "đã mã hóa" in organiser.post(keys, 422, kind="config", settings=file)
    assert "64 ký tự" in organiser.post(keys, 422, kind="browser", key="xyz")
    plist = PLIST.format("<key>allowQuit</key><true/>").encode()
    page = organiser.post(keys, kind="config", settings=upload(plist, "thi.seb"))
    assert config_key(plist) in page
    with database.reading() as session:
        key = session.query(BrowserKey).one()
    assert config_key(plist) not in organiser.post(f"/staff/browser-keys/{key.public_id}/withdraw")


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("proxies", [0, 1])
def test_t51_t57_the_address_hashed_and_the_address_bound_are_those_of_the_trusted_proxy_alone(
    day: tuple[Hall, Sitting],
    database: Database,
    settings: Settings,
    clock: At,
    catalogues: None,
    proxies: int,
) -> None:
    hall, sitting = day
    clock.set(START + MINUTE)
    server = settings.server.model_copy(update={"proxies": proxies, "base_url": "https://thi.example"})
    app = create_app(settings.model_copy(update={"server": server}), database, clock=clock)
    app.testing = True
    with database.writing(unhurried=True) as session:
        here, by = session.get_one(Sitting, sitting.id), hall.house.organiser
        service.bind_room(session, by, START, room=here.seats[0].room, networks=["10.1.0.0/16"])
        service.add_browser_key(session, by, START, sitting=here, kind=BrowserKeyKind.CONFIG, key=KEY)
        attempt = attempt_of(session, here.seats[0])
        candidate = Actor(account_id=hall.candidates[0].account_id, is_candidate=True)
    person = Person.at(app, database, candidate, clock.now())
    signed_in = person.client.get_cookie("portal-session")
    assert signed_in is not None
    for domain in ("thi.example", "127.0.0.1"):
        person.client.set_cookie("__Host-session", signed_in.value, domain=domain)
    page = f"https://thi.example/sit/{attempt.public_id}"
    forwarded = {
        "X-Forwarded-For": "10.1.0.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "thi.example",
    }
    sent = {
        **forwarded,
        "Sec-Fetch-Site": "same-origin",
        "Host": "thi.example" if proxies == 0 else "127.0.0.1",
        "X-SafeExamBrowser-ConfigKeyHash": request_hash(f"{page}/device", KEY),
    }
    host = {"Host": sent["Host"]}
    seen = person.client.get(f"/sit/{attempt.public_id}", headers={**forwarded, **host})
    assert seen.status_code == 200, seen.headers
    token = seen.get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    answer = person.client.post(f"/sit/{attempt.public_id}/device", data={"csrf_token": token}, headers=sent)
    assert answer.status_code == (303 if proxies else 403), answer.get_data(as_text=True)[:2000]
    if not proxies:
        assert "không thuộc phòng thi" in answer.get_data(as_text=True)


@pytest.mark.engines("sqlite")
def test_t57_answers_of_a_computer_that_left_its_room_and_browser_are_kept_and_the_board_says_so(
    day: tuple[Hall, Sitting], database: Database, portal: Flask, clock: At
) -> None:
    hall, sitting = day
    player = player_at(database, sitting.seats[0], START)
    clock.set(START + MINUTE)
    with database.writing(unhurried=True) as session:
        here, by = session.get_one(Sitting, sitting.id), hall.house.organiser
        service.bind_room(session, by, START, room=here.seats[0].room, networks=["10.1.0.0/16"])
        service.add_browser_key(session, by, START, sitting=here, kind=BrowserKeyKind.CONFIG, key=KEY)
    token = dataclasses.replace(player.token, expires=int((START + 9 * HOUR).timestamp()))
    browser = portal.test_client()
    browser.set_cookie(f"sitting-{token.attempt[:10]}", TokenPress(database.keys).write(token))
    ours = {"X-Sitting": "1", "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    base = f"/sit/attempts/{token.attempt}"
    assert browser.get(f"{base}/state", headers=ours).status_code == 200
    player.now = clock.now()
    assert player.answer("b").seq == 1
    invigilator = Person.at(portal, database, hall.invigilator, clock.now())
    board = f"/staff/sittings/{sitting.public_id}/board.json"
    marks = {one["id"]: one["marks"] for one in invigilator.client.get(board).get_json()["seats"]}
    assert marks[sitting.seats[0].public_id] == ["outside", "browser"]
    page = f"http://localhost/sit/{token.attempt}"
    clock.set(START + 2 * MINUTE)
    portal.extensions["exam_portal.answer_path"].presence._due = 0
    browser.get(f"{base}/state", headers={**ours, "X-Safe-Browser": f"{request_hash(page, KEY)}."})
    with database.reading() as session:
        assert session.query(Contact).one().browser == "proved"
