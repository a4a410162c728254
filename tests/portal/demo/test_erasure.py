# SPDX-License-Identifier: Apache-2.0
"""A candidate of a published competition is erased by two people, and every page bears it."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from exam_portal.accounts import profiles
from exam_portal.accounts import service as accounts
from exam_portal.accounts.models import Organisation
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration.models import Application
from tests.harness import live
from tests.harness.browser import Album
from tests.portal.accounts.erasing import destroy_keys
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import upload
from tests.portal.demo.stage import Show
from tests.portal.reading import read_page

VI, EN = "(đã xóa theo quyết định)", "(erased by decision)"
PUBLIC_ID = re.compile(r"[a-z2-7]{26}")
ENOUGH = 6  # pages of a kind: there are four people
LINK = re.compile(r'href="(/[^"#?]*)')
DECISION: dict[str, Any] = {
    "paper_number": "07/QĐ-XDL",
    "paper_issued_on": "20/11/2026",
    "paper_signed_by": "Nguyễn Văn Hòa, Chủ tịch Hội đồng",
}


@pytest.fixture
def place(show: Show) -> str:
    """The address at which the province finds people."""
    with show.database.reading() as session:
        above = select(Organisation).where(Organisation.parent_id.is_(None)).order_by(Organisation.id)
        province = session.scalars(above).first()
        assert province is not None
        return f"/staff/organisations/{province.public_id}/persons"


def proposed(show: Show, place: str, login: str = "ungvien61") -> str:
    """The organiser has proposed to erase the person; the address of the person's page."""
    organiser = show.browser("tochuc")
    organiser.get(place)
    answer = organiser.client.post(
        place,
        data={"csrf_token": organiser.token, "login": login},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    address = answer.headers["Location"]
    organiser.get(address)
    organiser.post(address, **DECISION, paper_scan=upload(a_pdf()))
    return address


def erased(show: Show, place: str, login: str = "ungvien61") -> str:
    """Two people have erased the person; the address of the person's page."""
    address = proposed(show, place, login)
    administrator = show.browser("quantri")
    administrator.get(address)
    administrator.post(_action(administrator.page, "approve"))
    destroy_keys(show.database)
    return address


def _action(page: str, act: str) -> str:
    match = re.search(rf'action="([^"]+/{act})"', page)
    assert match is not None, act
    return match[1]


def test_one_person_proposes_and_another_is_told_and_approves(show: Show, place: str) -> None:
    address = proposed(show, place)
    organiser = show.browser("tochuc")
    page = organiser.get(address)
    assert "/approve" not in page
    assert "Cần người khác phê duyệt việc này." in page
    organiser.post(_action(organiser.page, "withdraw").replace("withdraw", "approve"), 409)
    administrator = show.browser("quantri")
    assert address in administrator.get("/staff")
    administrator.get(address)
    page = administrator.post(_action(administrator.page, "approve"))
    assert "Đã xóa dữ liệu của người này." in page
    destroy_keys(show.database)
    assert VI in administrator.get(address)
    assert address not in administrator.get("/staff")


def test_a_proposal_is_withdrawn_and_the_person_stays(show: Show, place: str) -> None:
    address = proposed(show, place)
    administrator = show.browser("quantri")
    administrator.get(address)
    page = administrator.post(_action(administrator.page, "withdraw"))
    assert "Đề nghị xóa" in page
    assert VI not in page


def test_who_is_needed_is_not_offered_to_be_erased(show: Show, place: str) -> None:
    organiser = show.browser("tochuc")
    organiser.get(place)
    organiser.post(place, login="ungvien21")  # sits tomorrow
    assert "chưa kết thúc" in organiser.page
    assert "paper_number" not in organiser.page


def test_a_decision_without_its_scan_erases_nobody(show: Show, place: str) -> None:
    organiser = show.browser("tochuc")
    organiser.get(place)
    organiser.post(place, login="ungvien61")
    address = re.search(rf"{place}/[a-z0-9]{{26}}", organiser.page)
    assert address is not None
    assert "07/QĐ-XDL" in organiser.post(address[0], 422, **DECISION)


def test_nobody_finds_or_erases_people_of_another_house(show: Show, place: str) -> None:
    address = proposed(show, place)
    for login in ("tochuc.haivan", "thuky", "giamsat", "ungvien62"):
        other = show.browser(login)
        assert other.client.get(place).status_code in {403, 404}
        assert other.client.get(address).status_code in {403, 404}
    with show.database.reading() as session:
        city = session.scalars(select(Organisation).where(Organisation.parent_id.is_not(None))).all()
    own = show.browser("tochuc.haivan")
    for organisation in city:
        elsewhere = f"/staff/organisations/{organisation.public_id}/persons"
        if own.client.get(elsewhere).status_code == 200:
            own.get(elsewhere)
            own.post(elsewhere, 422, login="ungvien61")
            assert own.client.get(f"{elsewhere}/{address.rsplit('/', 1)[1]}").status_code == 404


def walked(show: Show, login: str, start: str, within: list[str]) -> dict[str, str]:
    """Every page below an address that the person can open from there, with what it says."""
    person, seen, waiting = show.browser(login), {}, [start]
    kinds: Counter[str] = Counter()
    while waiting:
        address = waiting.pop()
        kind = PUBLIC_ID.sub("…", address)
        if address not in seen and kinds[kind] < ENOUGH:
            kinds[kind] += 1
            answer = person.client.get(address)
            assert answer.status_code < 500, address
            seen[address] = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            waiting += [link for link in LINK.findall(seen[address]) if any(part in link for part in within)]
    return seen


def test_every_page_that_listed_the_people_says_that_their_names_were_erased(show: Show, place: str) -> None:
    with show.database.reading() as session:
        competition = session.scalars(select(Competition).where(Competition.code == "TT-08")).one()
        dossiers = session.scalars(select(Application).where(Application.competition_id == competition.id))
        within = [competition.public_id, *(one.public_id for one in dossiers), "/staff/documents/"]
        logins = [f"ungvien{number}" for number in (61, 62, 63, 64)]
        names = [_name(session, login) for login in logins]
    start = f"/staff/competitions/{competition.public_id}"
    before = walked(show, "thuky", start, within)
    for login in logins:
        erased(show, place, login)
    after = walked(show, "thuky", start, within)
    listed = [address for address, page in before.items() if any(name in page for name in names)]
    assert len(listed) >= 5, listed
    for address in listed:
        left = [name for name in names if name in after[address]]
        if address.startswith("/competitions/") or "/publications/" in address:
            assert left, address  # what was published stands as it was published
        else:
            assert (VI in after[address], left) == (True, []), address
    english = show.browser("thuky")
    english.client.set_cookie("lang", "en")
    assert EN in english.get(f"{start}/applications")
    documents = [address for address in before if "/staff/documents/" in address]
    assert "This has been erased" in english.get(documents[0], 410)


def _name(session: Session, login: str) -> str:
    account = accounts.by_login(session, login)
    assert account is not None
    return profiles.read(session, account).name


@pytest.mark.journey
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_of_an_erasure_read_well(
    show: Show, place: str, new_person: Callable[..., Page], album: Album, language: str
) -> None:
    with live.serving(show.app) as base:
        first = _signed_in(show, "tochuc", new_person, base, language)
        first.goto(place)
        read_page(first, album, "find")
        first.fill("[name=login]", "ungvien61")
        first.click("main button[type=submit]")
        address = first.url
        read_page(first, album, "person")
        proposal = proposed(show, place)
        second = _signed_in(show, "quantri", new_person, base, language)
        second.goto(proposal)
        read_page(second, album, "proposal")
        second.click("form[action$='/approve'] button")
        destroy_keys(show.database)
        second.goto(address)
        read_page(second, album, "erased")
        assert (VI if language == "vi" else EN) in second.inner_text("h1")
        with show.database.reading() as session:
            competition = session.scalars(select(Competition).where(Competition.code == "TT-08")).one()
        secretary = _signed_in(show, "thuky", new_person, base, language)
        secretary.goto(f"/staff/competitions/{competition.public_id}/applications")
        read_page(secretary, album, "applications")
        secretary.click("table >> nth=1 >> a >> nth=0")
        read_page(secretary, album, "dossier")


def _signed_in(show: Show, login: str, new_person: Callable[..., Page], base: str, language: str) -> Page:
    cookie = show.browser(login).client.get_cookie("portal-session")
    assert cookie is not None
    page = new_person(base_url=base)
    page.context.add_cookies(
        [
            {"name": "portal-session", "value": cookie.value, "url": base},
            {"name": "lang", "value": language, "url": base},
        ]
    )
    return page
