# SPDX-License-Identifier: Apache-2.0
"""The record can be read leaf by leaf, with its proofs, by those who may; relations are declared once."""

import re
from typing import Any

from lxml import html
from sqlalchemy import func, select

from exam_portal.audit.models import Leaf, Log
from exam_portal.competitions.models import Competition, ConflictOfInterest
from exam_portal.demo import cast
from exam_portal.registration.models import Candidate
from tests.portal.demo.stage import Show


def _place(show: Show, code: str) -> str:
    with show.database.reading() as session:
        found = session.scalars(select(Competition.public_id).where(Competition.code == code)).one()
    return f"/staff/competitions/{found}"


def test_oversight_reads_every_act_page_by_page(gallery: Show) -> None:
    browser = gallery.browser("giamsat")
    address = f"{_place(gallery, 'TT-08')}/log"
    seen: set[str] = set()
    while address:
        page = browser.get(address)
        seen.update(re.findall(r"/log/(\d+)\"", page))
        older = re.search(r'href="([^"]*before=\d+[^"]*)"', page)
        address = older[1] if older else ""
    with gallery.database.reading() as session:
        total = session.scalar(
            select(func.count())
            .select_from(Leaf)
            .join(Log, Log.id == Leaf.log_id)
            .join(Competition, Competition.id == Log.competition_id)
            .where(Competition.code == "TT-08")
        )
    assert len(seen) == total


def test_a_leaf_opens_its_commitment_and_leads_to_a_signed_head(gallery: Show) -> None:
    page = gallery.browser("giamsat").get(f"{_place(gallery, 'TT-08')}/log/3")
    assert "Khớp với cam kết" in page
    assert "Dẫn đến điểm chốt đã ký" in page
    assert "Không khớp" not in page


def test_the_acts_of_one_kind_are_found(gallery: Show) -> None:
    page = gallery.browser("giamsat").get(f"{_place(gallery, 'TT-08')}/log?type=mark-lock")
    assert len(re.findall(r"/log/\d+\"", page)) == 1


def test_a_day_that_cannot_be_read_hides_nothing(gallery: Show) -> None:
    page = gallery.browser("giamsat").get(f"{_place(gallery, 'TT-08')}/log?since=hôm+qua")
    assert re.search(r"/log/\d+\"", page)


def test_the_organiser_browses_the_record_but_opens_no_leaf(gallery: Show) -> None:
    browser, place = gallery.browser("tochuc"), _place(gallery, "TT-08")
    browser.get(f"{place}/log")
    assert browser.client.get(f"{place}/log/3").status_code == 403


def test_markers_do_not_read_the_record(gallery: Show) -> None:
    assert gallery.browser("cham1").client.get(f"{_place(gallery, 'TT-05')}/log").status_code == 403


def test_another_authority_does_not_know_the_record_exists(gallery: Show) -> None:
    assert gallery.browser("tochuc.haivan").client.get(f"{_place(gallery, 'TT-08')}/log").status_code == 404


def test_a_signed_head_can_be_taken_away(gallery: Show) -> None:
    browser, place = gallery.browser("giamsat"), _place(gallery, "TT-08")
    size = re.findall(r"/heads/(\d+)\.txt", browser.get(f"{place}/log/heads"))[0]
    note = browser.client.get(f"{place}/log/heads/{size}.txt").get_data(as_text=True)
    assert note.splitlines()[1] == size
    assert browser.client.get(f"{place}/log/heads/999999.txt").status_code == 404


def test_a_member_declares_a_relation_once(show: Show) -> None:
    browser, address = show.browser("uyvien2"), f"{_place(show, 'TT-08')}/conflicts"
    browser.get(address)
    fields: dict[str, Any] = {"candidate": _candidate(show, 61), "relation": "sibling"}
    assert "Quan hệ đã được ghi nhận" in browser.post(address, **fields)
    browser.post(address, status=422, **fields)
    with show.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ConflictOfInterest)) == 1


def test_a_relation_needs_a_candidate_of_this_competition(show: Show) -> None:
    browser, address = show.browser("uyvien2"), f"{_place(show, 'TT-08')}/conflicts"
    browser.get(address)
    browser.post(address, status=422, candidate=_candidate(show, 41), relation="sibling")
    browser.post(address, status=422, candidate="", relation="")


def test_members_see_their_own_relations_and_the_secretary_all(show: Show) -> None:
    address = f"{_place(show, 'TT-08')}/conflicts"
    declaring = show.browser("uyvien2")
    declaring.get(address)
    declaring.post(address, candidate=_candidate(show, 61), relation="spouse")
    assert "Chưa có khai báo nào" in show.browser("uyvien3").get(address)
    kinds = {
        who: _kinds(show.browser(who).get(address)) for who in ("uyvien2", "thuky", "chutich", "giamsat")
    }
    assert kinds["thuky"] == ["không hiển thị"]  # that there is a relation; its kind is the chair's to know
    assert kinds["uyvien2"] == kinds["chutich"] == kinds["giamsat"] == ["Vợ, chồng"]


def _kinds(page: str) -> list[str]:
    rows = html.fromstring(page).xpath("//table/tbody/tr")
    return [row.xpath("normalize-space(td[last() - 1])") for row in rows]


def test_the_state_of_the_system_is_for_administrators(gallery: Show) -> None:
    assert "SQLite" in gallery.browser("quantri").get("/staff/system")
    assert gallery.browser("tochuc").client.get("/staff/system").status_code == 403


def _candidate(show: Show, number: int) -> str:
    account = show.actor(cast.login(number)).account_id
    with show.database.reading() as session:
        return session.scalars(select(Candidate.public_id).where(Candidate.account_id == account)).one()
