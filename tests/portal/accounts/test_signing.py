# SPDX-License-Identifier: Apache-2.0
"""Signing in by every way, and what guessers, thieves and strangers meet."""

import email
import email.policy
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pyotp
import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from flask import Flask
from sqlalchemy import func, select, update

from exam_portal.accounts import codes, logins, passwords, service
from exam_portal.accounts.errors import PasswordTooWeak, UnfitLogin
from exam_portal.accounts.models import Account, OneTimeCode, SignInThrottle, WebSession
from exam_portal.accounts.routes.blueprint import HASHER
from exam_portal.core import mail, outbox
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.web import context
from tests.portal.accounts.builders import (
    NOW,
    PASSWORD,
    Visitor,
    a_candidate,
    a_member,
    an_organisation,
    give,
    seat,
)
from tests.portal.competitions.pages import At

pytestmark = pytest.mark.engines("sqlite")


class Ticking(At):
    """A clock that goes on when somebody looks: no code grows old, and no two letters are of one instant."""

    def now(self) -> datetime:
        self.set(self.instant + timedelta(milliseconds=1))
        return self.instant


POST = Ticking(NOW)  # by which letters are written


@pytest.fixture(autouse=True)
def clock(app: Flask) -> At:
    """The clock of the portal."""
    ticking = Ticking(NOW)
    app.extensions[context.CLOCK] = ticking
    return ticking


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every telephone has the same secret: of a random one two steps in a million show the same figures."""
    monkeypatch.setattr(pyotp, "random_base32", lambda length: ("JBSWY3DPEHPK3PXP" * 2)[:length])


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def staff(database: Database) -> str:
    with database.writing(unhurried=True) as session:
        a_member(session, "bich@example.vn")
    return "bich@example.vn"


def letters(database: Database) -> list[str]:
    """Carry out what waits and return the letters in the sink."""
    for _ in range(3):
        with database.reading() as session:
            waiting = session.scalars(select(outbox.OutboxRow.id).order_by(outbox.OutboxRow.id)).all()
        for row in waiting:
            outbox.perform(database, row, POST.now)
    sink = mail.sink(database.settings)
    files = sorted(sink.glob("*.eml")) if sink.exists() else []
    return [_text(file) for file in files]


def _text(file: Path) -> str:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


def link(letter: str) -> str:
    """Return the path of the link in a letter."""
    found = re.search(r"http://[^/]+(/\S+)", letter)
    assert found is not None, letter
    return found[1]


def later(app: Flask, **ahead: float) -> None:
    """The clock of the portal stands so far ahead."""
    app.extensions[context.CLOCK].set(NOW + timedelta(**ahead))


def test_a_member_of_staff_signs_in_and_out(visitor: Visitor, staff: str) -> None:
    assert visitor.sign_in(staff).status_code == 303
    assert visitor.get("/account").status_code == 200
    assert visitor.post("/sign-out", page="/account").status_code == 303
    assert visitor.cookie() is None
    assert visitor.get("/account").headers["Location"].startswith("/sign-in")


def test_the_name_may_be_written_in_capitals_and_with_blanks(visitor: Visitor, staff: str) -> None:
    assert visitor.sign_in(f"  {staff.upper()} ").status_code == 303


def test_after_sign_out_a_copied_token_is_dead(app: Flask, visitor: Visitor, staff: str) -> None:
    visitor.sign_in(staff)
    thief = Visitor(app)
    thief.http.set_cookie("portal-session", visitor.cookie() or "", domain="localhost")
    assert thief.get("/account").status_code == 200
    visitor.post("/sign-out", page="/account")
    assert thief.get("/account").status_code == 303


def test_a_session_begins_under_a_new_token_and_a_planted_one_gains_nothing(
    app: Flask, visitor: Visitor, staff: str, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        a_member(session, "thief@example.vn")
    thief = Visitor(app)
    thief.sign_in("thief@example.vn")
    planted = thief.cookie() or ""
    visitor.http.set_cookie("portal-session", planted, domain="localhost")
    visitor.sign_in(staff)
    assert visitor.cookie() != planted
    assert thief.get("/account").status_code == 303


def test_a_made_up_token_is_nobody(visitor: Visitor) -> None:
    visitor.http.set_cookie("portal-session", "x" * 43, domain="localhost")
    assert visitor.get("/account").status_code == 303


def test_the_database_holds_no_token(visitor: Visitor, staff: str, database: Database) -> None:
    visitor.sign_in(staff)
    with database.reading() as session:
        hashes = session.scalars(select(WebSession.token_hash)).all()
    assert hashes
    assert all((visitor.cookie() or "").encode() not in found for found in hashes)


def test_the_cookie_is_strict_and_hidden_from_scripts(visitor: Visitor, staff: str) -> None:
    cookie = next(c for c in visitor.sign_in(staff).headers.getlist("Set-Cookie") if "portal-session=" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_an_idle_session_ends(app: Flask, visitor: Visitor, staff: str) -> None:
    visitor.sign_in(staff)
    later(app, minutes=29)
    assert visitor.get("/account").status_code == 200  # seen: the idle time begins anew
    later(app, minutes=58)
    assert visitor.get("/account").status_code == 200
    later(app, minutes=89)
    assert visitor.get("/account").status_code == 303


def test_a_session_ends_after_its_absolute_time_even_when_used(
    app: Flask, visitor: Visitor, staff: str
) -> None:
    visitor.sign_in(staff)
    for minutes in range(0, 10 * 60, 20):
        later(app, minutes=minutes)
        assert visitor.get("/account").status_code == 200
    later(app, hours=10, seconds=1)
    assert visitor.get("/account").status_code == 303


def test_last_seen_is_written_at_most_once_a_minute(
    app: Flask, visitor: Visitor, staff: str, database: Database
) -> None:
    def seen() -> datetime:
        with database.reading() as session:
            return session.scalars(select(WebSession.last_seen_at)).one()

    visitor.sign_in(staff)
    first = seen()
    later(app, seconds=50)
    visitor.get("/account")
    assert seen() == first
    later(app, seconds=70)
    visitor.get("/account")
    assert seen() > first


def test_wrong_password_and_unknown_name_get_the_same_answer(visitor: Visitor, staff: str) -> None:
    def answer(login: str) -> str:
        body = visitor.sign_in(login, "wrong password").get_data(as_text=True)
        return re.sub(r'(value|nonce)="[^"]*"', "", body)

    assert answer(staff) == answer("nobody@example.vn")


class Counting(PasswordHasher):
    """Hashes as ever and notes the work that each comparison was."""

    def __init__(self) -> None:
        super().__init__(time_cost=passwords.TIME_COST, memory_cost=passwords.MEMORY_KIB, parallelism=1)
        self.work: list[Parameters] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - theirs
        self.work.append(extract_parameters(str(hash)))
        return super().verify(hash, password)


def test_known_and_unknown_names_cost_the_same_work(visitor: Visitor, staff: str, app: Flask) -> None:
    counting = app.extensions[HASHER]._argon = Counting()

    def work(login: str) -> list[Parameters]:
        counting.work = []
        assert visitor.sign_in(login, "wrong").status_code == 422
        return counting.work

    assert work(staff) == work("nobody@example.vn")
    assert len(counting.work) == 1


def test_guessing_is_stopped_and_the_owner_elsewhere_is_not(app: Flask, visitor: Visitor, staff: str) -> None:
    guesses = [visitor.sign_in(staff, f"guess {n}").status_code for n in range(8)]
    assert guesses == [422] * 5 + [429] * 3
    assert visitor.sign_in(staff).status_code == 429  # even the right one, from there
    owner = Visitor(app)
    owner.http.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert owner.sign_in(staff).status_code == 303


def test_a_server_on_both_families_keeps_visitors_of_ipv4_apart(
    app: Flask, visitor: Visitor, staff: str
) -> None:
    visitor.http.environ_base["REMOTE_ADDR"] = "::ffff:198.51.100.1"
    guesses = [visitor.sign_in(staff, f"guess {n}").status_code for n in range(6)]
    assert guesses[-1] == 429
    owner = Visitor(app)
    owner.http.environ_base["REMOTE_ADDR"] = "::ffff:203.0.113.7"
    assert owner.sign_in(staff).status_code == 303


def test_a_household_of_ipv6_has_one_budget_whatever_addresses_it_takes(visitor: Visitor, staff: str) -> None:
    statuses = []
    for number in range(6):
        visitor.http.environ_base["REMOTE_ADDR"] = f"2001:db8:0:1::{number:x}"
        statuses.append(visitor.sign_in(staff, f"guess {number}").status_code)
    assert statuses[-1] == 429


def test_the_delay_is_the_same_for_names_that_do_not_exist(visitor: Visitor) -> None:
    guesses = [visitor.sign_in("nobody@example.vn", f"guess {n}").status_code for n in range(7)]
    assert guesses == [422] * 5 + [429] * 2


def test_after_the_delay_one_may_try_again(app: Flask, visitor: Visitor, staff: str) -> None:
    for number in range(6):
        visitor.sign_in(staff, f"guess {number}")
    later(app, minutes=16)
    assert visitor.sign_in(staff).status_code == 303


def test_success_is_not_counted(visitor: Visitor, staff: str, database: Database) -> None:
    for _ in range(12):
        assert visitor.sign_in(staff).status_code == 303
    with database.reading() as session:
        assert set(session.scalars(select(SignInThrottle.failures))) == {0}


def test_passwords_are_hashed_with_the_chosen_work() -> None:
    assert passwords.Hasher(1).hash("a b c").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_who_finds_the_machine_busy_is_told_when_to_come_again_and_loses_no_attempt(
    app: Flask, visitor: Visitor, staff: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    turns = app.extensions[HASHER]._turns
    turns.acquire()  # of the one hash that this machine computes at once
    most = app.extensions[context.SETTINGS].limits.sign_ins_per_minute
    answers = [visitor.sign_in(staff) for _ in range(most + 1)]
    assert {(each.status_code, each.headers["Retry-After"]) for each in answers} == {(503, "30")}
    assert "Hệ thống gặp sự cố" not in answers[0].text
    turns.release()
    assert visitor.sign_in(staff).status_code == 303


def test_who_has_to_wait_is_told_how_long(visitor: Visitor, staff: str) -> None:
    answers = [visitor.sign_in(staff, f"guess {n}") for n in range(6)]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 15 * 60
    assert "Retry-After" not in answers[0].headers


def test_a_forwarded_address_is_not_believed_without_a_proxy(visitor: Visitor, staff: str) -> None:
    statuses = []
    for number in range(7):
        token = visitor.token()
        answer = visitor.http.post(
            "/sign-in",
            data={"login": staff, "password": "x", "csrf_token": token},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
        statuses.append(answer.status_code)
    assert statuses[-1] == 429


def test_a_closed_account_cannot_sign_in_and_its_sessions_are_over(
    visitor: Visitor, staff: str, database: Database
) -> None:
    visitor.sign_in(staff)
    with database.writing() as session:
        session.execute(update(Account).values(disabled_at=NOW))
    assert visitor.get("/account").status_code == 303
    assert visitor.sign_in(staff).status_code == 422


def test_registration_sends_a_letter_whose_link_opens_the_account(
    visitor: Visitor, database: Database
) -> None:
    answer = visitor.post("/register", name="Đỗ  Thị Mai", email="Mai@Example.vn", consent="y")
    assert answer.headers["Location"] == "/register/sent"
    (letter,) = letters(database)
    path = link(letter)
    assert visitor.post(path, password=PASSWORD, again=PASSWORD).status_code == 303
    assert "Đỗ Thị Mai" in visitor.get("/account").get_data(as_text=True)
    assert Visitor(visitor.http.application).sign_in("mai@example.vn").status_code == 303


def test_no_letter_carries_a_strangers_words_to_an_address_that_nobody_confirmed(
    visitor: Visitor, database: Database
) -> None:
    visitor.post("/register", name="Trúng thưởng: vay.example", email="mai@example.vn", consent="y")
    visitor.post("/reset", login="mai@example.vn")
    first, *others = letters(database)
    assert not [one for one in (first, *others) if "vay.example" in one]
    visitor.post(link(first), password=PASSWORD, again=PASSWORD)
    visitor.post("/reset", login="mai@example.vn")
    assert "vay.example" in letters(database)[-1]  # from then on it is the owner's own name


def test_an_unconfirmed_account_opens_with_no_password(visitor: Visitor, database: Database) -> None:
    visitor.post("/register", name="Mai", email="mai@example.vn", consent="y")
    assert visitor.sign_in("mai@example.vn", "").status_code == 422
    assert visitor.sign_in("mai@example.vn").status_code == 422


def test_registering_a_known_address_looks_the_same_and_tells_its_owner(
    visitor: Visitor, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        a_candidate(session)
    answer = visitor.post("/register", name="Mallory", email="an@example.vn", consent="y")
    assert answer.headers["Location"] == "/register/sent"
    (letter,) = letters(database)
    assert link(letter) == "/sign-in"
    assert "Mallory" not in letter


def test_a_link_works_once(visitor: Visitor, database: Database) -> None:
    visitor.post("/register", name="Mai", email="mai@example.vn", consent="y")
    path = link(letters(database)[0])
    visitor.post(path, password=PASSWORD, again=PASSWORD)
    assert visitor.get(path).status_code == 422


def test_fields_that_no_form_has_change_nothing(visitor: Visitor, database: Database) -> None:
    visitor.post(
        "/register",
        name="Mai",
        email="mai@example.vn",
        consent="y",
        kind="staff",
        is_demonstration="1",
        role="chair",
    )
    letters(database)
    with database.reading() as session:
        account = session.scalars(select(Account)).one()
        assert (account.kind, account.is_demonstration, account.confirmed_at) == ("candidate", False, None)


def test_a_forgotten_password_is_chosen_anew_once_and_every_browser_signed_out(
    app: Flask, visitor: Visitor, staff: str, database: Database
) -> None:
    visitor.sign_in(staff)
    stranger = Visitor(app)
    stranger.post("/reset", login=staff)
    path = link(letters(database)[0])
    assert stranger.post(path, password="Bốn mùa thay lá 9", again="Bốn mùa thay lá 9").status_code == 303
    assert visitor.get("/account").status_code == 303
    assert visitor.get(path).status_code == 422
    assert visitor.sign_in(staff).status_code == 422
    assert visitor.sign_in(staff, "Bốn mùa thay lá 9").status_code == 303


def test_a_reset_link_dies_after_a_quarter_of_an_hour(
    app: Flask, visitor: Visitor, staff: str, database: Database
) -> None:
    visitor.post("/reset", login=staff)
    path = link(letters(database)[0])
    later(app, minutes=14)
    assert visitor.get(path).status_code == 200
    later(app, minutes=16)
    assert visitor.get(path).status_code == 422


def test_a_reset_link_dies_when_the_password_is_changed_otherwise(
    visitor: Visitor, staff: str, database: Database
) -> None:
    visitor.post("/reset", login=staff)
    path = link(letters(database)[0])
    visitor.sign_in(staff)
    changed = visitor.post(
        "/account/password", old=PASSWORD, password="Bốn mùa thay lá 9", again="Bốn mùa thay lá 9"
    )
    assert changed.status_code == 303
    assert visitor.get(path).status_code == 422


def test_a_stranger_who_asks_again_does_not_spoil_the_owners_letter(
    visitor: Visitor, staff: str, database: Database
) -> None:
    visitor.post("/reset", login=staff)
    path = link(letters(database)[0])
    visitor.post("/reset", login=staff)
    letters(database)
    assert visitor.get(path).status_code == 200


def test_nobodys_mailbox_is_filled_by_asking_again_and_again(
    visitor: Visitor, staff: str, database: Database
) -> None:
    for _ in range(8):
        visitor.post("/reset", login=staff)
    assert len(letters(database)) == 5


def test_nobodys_mailbox_is_filled_by_registering_again_and_again(
    visitor: Visitor, database: Database
) -> None:
    with database.writing(unhurried=True) as session:
        a_candidate(session)
    for _ in range(8):
        visitor.post("/register", name="Mallory", email="an@example.vn", consent="y")
    assert len(letters(database)) == 5


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(
    visitor: Visitor, staff: str, database: Database
) -> None:
    known, unknown = (visitor.post("/reset", login=login) for login in (staff, "nobody@example.vn"))
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert len(letters(database)) == 1


def test_the_secret_of_a_link_is_stored_nowhere(visitor: Visitor, staff: str, database: Database) -> None:
    visitor.post("/reset", login=staff)
    token = link(letters(database)[0]).rpartition("/")[2]
    with database.reading() as session:
        rows = session.scalars(select(OneTimeCode.code_hash)).all()
        assert session.scalar(select(func.count()).select_from(outbox.OutboxRow)) == 0
    assert all(token.encode() not in row for row in rows)
    assert token.encode() not in (database.settings.instance.directory / "portal.sqlite3").read_bytes()


def test_a_letter_speaks_the_language_of_its_receiver(visitor: Visitor, database: Database) -> None:
    visitor.get("/language/en")
    visitor.post("/register", name="Mai", email="mai@example.vn", consent="y")
    visitor.get("/language/vi")
    visitor.post("/register", name="Lan", email="lan@example.vn", consent="y")
    first, second = letters(database)
    assert "Confirm your e-mail address" in first
    assert "Xác nhận địa chỉ thư điện tử" in second


def a_printed_code(database: Database) -> tuple[str, str]:
    with database.writing(unhurried=True) as session:
        organisation = an_organisation(session)
        counter = a_member(session, "quay@example.vn")
        give(session, counter, Role.COUNTER, seat(organisation))
    clerk = Visitor(_app_of(database))
    clerk.sign_in("quay@example.vn")
    page = f"/staff/organisations/{organisation.public_id}/counter"
    slip = clerk.post(page, name="Nguyễn Văn Bình", phone="0912 345 678", language="vi").get_data(
        as_text=True
    )
    code = re.search(r"<strong>([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})</strong>", slip)
    login = re.search(r"<dd>(ts\d{6})</dd>", slip)
    assert code is not None
    assert login is not None
    return login[1], code[1]


_APPS: dict[int, Flask] = {}


def _app_of(database: Database) -> Flask:
    return _APPS[id(database)]


@pytest.fixture(autouse=True)
def _remember(app: Flask, database: Database) -> None:
    _APPS.clear()
    _APPS[id(database)] = app


def test_a_candidate_without_mail_signs_in_with_the_printed_code_once(
    visitor: Visitor, database: Database
) -> None:
    login, code = a_printed_code(database)
    answer = visitor.post("/sign-in/code", code=code.lower().replace("-", " "))
    assert answer.headers["Location"] == "/account/password"
    assert visitor.post("/account/password", password=PASSWORD, again=PASSWORD).status_code == 303
    other = Visitor(visitor.http.application)
    assert other.post("/sign-in/code", code=code).status_code == 422
    assert other.sign_in(login).status_code == 303


def test_a_new_slip_makes_the_lost_one_void(app: Flask, visitor: Visitor, database: Database) -> None:
    login, code = a_printed_code(database)
    clerk = Visitor(app)
    clerk.sign_in("quay@example.vn")
    with database.reading() as session:
        organisation = session.scalars(select(service.organisations.Organisation)).one()  # type: ignore[attr-defined]
    base = f"/staff/organisations/{organisation.public_id}/counter"
    assert clerk.post(f"{base}/renew", page=base, login=login).status_code == 200
    assert visitor.post("/sign-in/code", code=code).status_code == 422


def test_a_counter_prints_no_code_for_an_account_it_did_not_open(app: Flask, database: Database) -> None:
    a_printed_code(database)
    with database.writing(unhurried=True) as session:
        a_candidate(session)
        organisation = session.scalars(select(service.organisations.Organisation)).one()  # type: ignore[attr-defined]
    clerk = Visitor(app)
    clerk.sign_in("quay@example.vn")
    base = f"/staff/organisations/{organisation.public_id}/counter"
    for login in ("an@example.vn", "quay@example.vn", "ts000000"):
        answer = clerk.post(f"{base}/renew", page=base, login=login)
        assert answer.status_code == 422
        assert "-" not in re.findall(r"<strong>([^<]*)</strong>", answer.get_data(as_text=True))


def test_printed_codes_cannot_be_guessed_from_one_network(visitor: Visitor) -> None:
    statuses = [visitor.post("/sign-in/code", code=codes.new_counter_code()).status_code for _ in range(22)]
    assert statuses[-1] == 429


def with_a_telephone(visitor: Visitor, staff: str) -> str:
    """Set up the second factor and return its secret."""
    visitor.sign_in(staff)
    visitor.post("/account/second-factor/prepare", page="/account/second-factor")
    page = visitor.get("/account/second-factor").get_data(as_text=True)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret is not None
    done = visitor.post(
        "/account/second-factor/confirm",
        page="/account/second-factor",
        figures=figures(secret[1], minutes=-0.5),
    )
    assert done.status_code == 303
    return secret[1]


def figures(secret: str, **ahead: float) -> str:
    return pyotp.TOTP(secret).at(NOW + timedelta(**ahead))


def test_with_a_second_factor_the_password_alone_opens_nothing(
    app: Flask, visitor: Visitor, staff: str
) -> None:
    secret = with_a_telephone(visitor, staff)
    other = Visitor(app)
    assert other.sign_in(staff).headers["Location"].startswith("/sign-in/figures")
    assert other.get("/account").status_code == 303
    assert other.post("/sign-in/figures", figures="000000").status_code == 422
    assert other.post("/sign-in/figures", figures=figures(secret)).status_code == 303
    assert other.get("/account").status_code == 200


def test_figures_work_once(app: Flask, visitor: Visitor, staff: str) -> None:
    secret = with_a_telephone(visitor, staff)
    used = figures(secret)
    first, second = Visitor(app), Visitor(app)
    first.sign_in(staff)
    second.sign_in(staff)
    assert first.post("/sign-in/figures", figures=used).status_code == 303
    assert second.post("/sign-in/figures", figures=used).status_code == 422


def test_figures_cannot_be_guessed(app: Flask, visitor: Visitor, staff: str) -> None:
    with_a_telephone(visitor, staff)
    other = Visitor(app)
    other.sign_in(staff)
    statuses = [other.post("/sign-in/figures", figures="000000").status_code for _ in range(7)]
    assert statuses[-1] == 429


def test_the_figures_page_is_closed_to_who_has_not_shown_the_password(visitor: Visitor) -> None:
    assert visitor.get("/sign-in/figures").headers["Location"] == "/sign-in"


def test_a_new_password_ends_the_other_browsers_and_needs_the_old_one(
    app: Flask, visitor: Visitor, staff: str
) -> None:
    other = Visitor(app)
    for each in (visitor, other):
        each.sign_in(staff)
    new = {"password": "Bốn mùa thay lá 9", "again": "Bốn mùa thay lá 9"}
    assert visitor.post("/account/password", old="wrong", **new).status_code == 422
    before = visitor.cookie()
    assert visitor.post("/account/password", old=PASSWORD, **new).status_code == 303
    assert visitor.cookie() != before
    assert visitor.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_all_other_browsers_can_be_signed_out(app: Flask, visitor: Visitor, staff: str) -> None:
    other = Visitor(app)
    for each in (visitor, other):
        each.sign_in(staff)
    visitor.post("/account/sessions/end", page="/account")
    assert visitor.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("ngắn", "short"),
        ("x" * 200, "long"),
        ("Mật khẩu 123456", "common"),
        ("MATKHAU2026!", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("Bich@example.vn", "own_name"),
        ("Trần Thị Bích", "own_name"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(password: str, reason: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        passwords.check(password, minimum=10, names=("Trần Thị Bích", "bich@example.vn"))
    assert refused.value.reason == reason


def test_a_long_phrase_of_ones_own_is_accepted() -> None:
    passwords.check(PASSWORD, minimum=10, names=("Trần Thị Bích",))


@pytest.mark.parametrize(
    "login",
    [
        "аn@example.vn",
        "an@exämple.vn",
        "a",
        "an bich",
        "an@example",
        "x" * 250 + "@example.vn",
        "an\u200b@example.vn",
    ],
)
def test_names_that_could_be_mistaken_for_anothers_are_not_taken(login: str) -> None:
    with pytest.raises(UnfitLogin):
        logins.accepted(login)


def test_one_telephone_has_one_form() -> None:
    forms = {
        logins.canonical(n) for n in ("0912 345 678", "+84912345678", "0084-912.345.678", "(0)912345678")
    }
    assert forms == {"0912345678"}
