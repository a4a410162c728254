# SPDX-License-Identifier: Apache-2.0
"""Everybody has a place to begin: what is shown there opens, and costs the same however much there is."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exam_portal.demo import cast
from exam_portal.demo.announcing import Plan, announce
from exam_portal.demo.seed import _stage
from tests.portal.demo.stage import NOW, Show
from tests.portal.papers.walking import counted

LINK = re.compile(r'href="(/[^"#]*)')
NOT_PAGES = ("/static/", "/language/", "/sign-out")
PUBLIC = ("/", "/results", "/verify", "/about", "/accessibility", "/privacy", "/competitions")


@pytest.mark.parametrize("login", [member.login for member in cast.STAFF])
def test_every_link_on_the_home_of_a_member_of_staff_opens(gallery: Show, login: str) -> None:
    browser = gallery.browser(login)
    for link in _links(browser.get("/staff")):
        assert browser.client.get(link).status_code == 200, link


@pytest.mark.parametrize("number", [1, 6, 14, 21, 31, 41, 52, 61])
def test_every_link_on_the_home_of_a_candidate_opens(gallery: Show, number: int) -> None:
    browser = gallery.browser(cast.login(number))
    for link in _links(browser.get("/me")):
        assert browser.client.get(link).status_code == 200, link


@pytest.mark.parametrize(
    ("login", "waits"),
    [
        ("chutich", "Phê duyệt kỳ thi, hoặc trả lại"),
        ("thamdinh1", "Đọc hồ sơ và kết luận"),
        ("coithi1", "Gọi thí sinh vào phòng rồi bắt đầu"),
        ("cham1", "Chấm túi bài"),
        ("uyvien1", "Bỏ phiếu chấm"),
        ("thuky", "Giải quyết đơn phúc khảo"),
        ("motcua", "Tiếp nhận hồ sơ giấy"),
        ("nhaplieu1", "Nhập điểm từ phiếu chấm đã ký"),
        ("phuctra1", "Chấm túi bài"),
    ],
)
def test_what_waits_for_a_duty_stands_on_its_home(gallery: Show, login: str, waits: str) -> None:
    assert waits in gallery.browser(login).get("/staff")


def test_a_ballot_that_waits_says_of_which_competition(gallery: Show) -> None:
    page = gallery.browser("uyvien1").get("/staff")
    task = page[: page.index("Bỏ phiếu chấm")].rpartition("<li")[2]
    assert "TT-06" in task


def test_who_has_voted_is_not_asked_again(gallery: Show) -> None:
    assert "Bỏ phiếu chấm" not in gallery.browser("uyvien4").get("/staff")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (6, "Tiếp tục hồ sơ"),
        (1, "Đã tiếp nhận"),
        (14, "Đang thẩm định"),
        (21, "Vào phòng thi"),
        (52, "Đã niêm yết điểm"),
        (61, "Đã công bố kết quả"),
    ],
)
def test_a_candidate_reads_where_the_application_stands(gallery: Show, number: int, words: str) -> None:
    assert words in gallery.browser(cast.login(number)).get("/me")


def test_a_candidate_under_vetting_does_not_learn_a_conclusion_before_the_list(gallery: Show) -> None:
    assert "Không đủ điều kiện" not in gallery.browser(cast.login(14)).get("/me")


def test_another_authority_sees_no_competition_of_this_one(gallery: Show) -> None:
    page = gallery.browser("tochuc.haivan").get("/staff")
    assert "TT-0" not in page


def test_the_home_of_the_secretary_asks_as_often_however_many_competitions_there_are(show: Show) -> None:
    browser = show.browser("thuky")
    browser.get("/staff")
    with counted(show.database) as before:
        browser.get("/staff")
    with show.database.writing(unhurried=True) as session:
        stage = _stage(show.database, session, NOW, "")
        for number in range(3):
            announce(stage, _plan(show, number))
    with counted(show.database) as after:
        assert "TT-M2" in browser.get("/staff")
    assert len(after) == len(before)


def test_candidates_and_staff_do_not_enter_each_others_home(gallery: Show) -> None:
    assert gallery.browser(cast.login(1)).client.get("/staff").status_code == 403
    assert gallery.browser("thuky").client.get("/me").status_code == 403


@pytest.mark.parametrize("address", PUBLIC)
def test_anybody_opens_the_public_pages_in_both_languages(gallery: Show, address: str) -> None:
    visitor = gallery.browser()
    visitor.get(address)
    visitor.client.set_cookie("lang", "en")
    assert 'lang="en"' in visitor.get(address)


def test_a_candidate_who_reads_english_finds_the_own_dossier_in_english(gallery: Show) -> None:
    browser = gallery.browser(cast.login(52))
    browser.client.set_cookie("lang", "en")
    dossier = next(link for link in _links(browser.get("/me")) if link.startswith("/me/applications/"))
    page = browser.get(dossier)
    assert "Head of Administrative Reform Division" in page
    assert "Trưởng phòng Cải cách hành chính" not in page


def test_the_public_home_shows_what_is_open_and_what_is_published(gallery: Show) -> None:
    page = gallery.browser().get("/")
    assert "Thi tuyển lãnh đạo Sở Tài chính và Sở Y tế" in page
    assert "Đã công bố kết quả" in page
    assert "Thi tuyển Phó Giám đốc Sở Nội vụ" not in page  # a draft is nobody else's


def test_an_empty_installation_says_what_comes_next(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "Thông báo mới xuất hiện tại đây" in page


def test_the_guide_to_design_is_shown_in_a_demonstration_only(gallery: Show, app: Flask) -> None:
    assert gallery.browser().client.get("/styleguide/").status_code == 200
    assert app.test_client().get("/styleguide/").status_code == 404


def test_a_finder_of_a_weakness_reads_whom_to_tell(client: FlaskClient) -> None:
    response = client.get("/.well-known/security.txt")
    assert response.mimetype == "text/plain"
    told = response.get_data(as_text=True)
    assert "Contact: mailto:" in told
    assert "Expires: " in told


def _links(page: str) -> list[str]:
    found = [link.replace("&amp;", "&") for link in LINK.findall(page)]
    return [link for link in dict.fromkeys(found) if not link.startswith(NOT_PAGES) and "lang=" not in link]


def _plan(show: Show, number: int) -> Plan:
    with show.database.reading() as session:
        stage = _stage(show.database, session, NOW, "")
        return Plan(
            code=f"TT-M{number}",
            title=f"Thi tuyển thêm {number}",
            title_en=f"More {number}",
            rules="leadership-gate",
            posts=("tp-cchc",),
            opens_at=stage.at(-2, 8),
            closes_at=stage.at(28, 17),
        )
