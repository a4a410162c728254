# SPDX-License-Identifier: Apache-2.0
"""Everybody has a place to begin: what is shown there opens, and costs the same however much there is."""

import copy
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from exam_portal.admin import queries
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.demo import cast
from exam_portal.demo.announcing import Plan, announce
from exam_portal.demo.seed import _stage
from exam_portal.interviews.models import CountKeying, PanelSession, RelationAnswer, RelationStatement
from exam_portal.items import service as items
from exam_portal.items.models import ItemBank, ItemStage
from exam_portal.items.queries import Filter
from exam_portal.sittings import service as sittings
from exam_portal.sittings.models import Sitting
from tests.portal.competitions.pages import Person
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
        ("nhaplieu1", "Còn 9 bản cần nhập · Lưu bản quét phiếu đã ký trước."),
        ("rade2", "Phản biện câu hỏi dự thảo"),
        ("rade2", "4 câu dự thảo của người khác chờ phản biện"),
        ("phuctra1", "Chấm túi bài"),
    ],
)
def test_what_waits_for_a_duty_stands_on_its_home(gallery: Show, login: str, waits: str) -> None:
    assert waits in gallery.browser(login).get("/staff")


def test_nobody_is_asked_to_review_what_he_or_she_wrote_or_to_approve_what_he_or_she_reviewed(
    show: Show,
) -> None:
    assert "Phản biện câu hỏi" not in show.browser("rade1").get("/staff")
    with show.database.writing() as session:
        bank = session.scalars(select(ItemBank)).one()
        drafts = Filter(stage=ItemStage.DRAFT)
        items.review_all(
            session, show.actor("rade2"), NOW, bank=bank, wanted=drafts, stage=ItemStage.REVIEWED
        )
    approval = "4 câu người khác đã phản biện chờ phê duyệt"
    assert [approval in show.browser(f"rade{number}").get("/staff") for number in (1, 2, 3)] == [
        False,
        False,
        True,
    ]


def test_what_a_typist_has_keyed_waits_for_the_other_one_only(show: Show) -> None:
    waits, typist = "Nhập biên bản kiểm phiếu của hội đồng chấm", show.actor("nhaplieu1")
    with show.database.writing() as session:
        session.execute(update(PanelSession).values(seated_mode="paper"))
        [(_panel, hearing)] = queries.open_hearings(session, session.scalars(select(Competition.id)).all())
        place = {"hearing_id": hearing.id, "payload": {}, "page": 1, "at": NOW}
        paper = session.scalars(select(SignedPaper.id)).first()
    assert waits in show.browser("nhaplieu1").get("/staff")
    with show.database.writing() as session:
        session.add(CountKeying(**place, signed_paper_id=paper, typist_id=typist.account_id))
    assert [waits in show.browser(f"nhaplieu{number}").get("/staff") for number in (1, 2)] == [False, True]


def test_a_ballot_that_waits_says_of_which_competition(gallery: Show) -> None:
    page = gallery.browser("uyvien1").get("/staff")
    task = page[: page.index("Bỏ phiếu chấm")].rpartition("<li")[2]
    assert "TT-06" in task


def test_who_has_no_slip_is_asked_for_no_ballot(show: Show) -> None:
    assert "Bỏ phiếu chấm" in show.browser("uyvien1").get("/staff")
    own = show.actor("uyvien1").account_id
    with show.database.writing() as session:
        [(panel, hearing)] = queries.open_hearings(session, session.scalars(select(Competition.id)).all())
        seat = next(one.id for one in panel.members if one.account_id == own)
        said = RelationStatement(member_id=seat, units="", disciplined=False, by=own, at=NOW)
        said.rows = [RelationAnswer(candidate_id=hearing.candidate_id, relation="sibling", clues=[])]
        session.add(said)
    assert "Bỏ phiếu chấm" not in show.browser("uyvien1").get("/staff")


def test_a_named_ballot_is_not_called_secret(show: Show) -> None:
    with show.database.writing() as session:
        [(panel, _)] = queries.open_hearings(session, session.scalars(select(Competition.id)).all())
        competition = session.get_one(Competition, panel.competition_id)
        rules = copy.deepcopy(competition.ruleset)
        next(part for part in rules["parts"] if part["key"] == panel.part)["panel"]["ballot"] = "named"
        competition.ruleset = rules
    page = show.browser("uyvien1").get("/staff")
    assert "Phiếu của ông/bà có ghi tên" in page
    assert "Phiếu của ông/bà được giữ kín" not in page


def test_who_has_voted_is_not_asked_again(gallery: Show) -> None:
    assert "Bỏ phiếu chấm" not in gallery.browser("uyvien4").get("/staff")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (6, "Tiếp tục hồ sơ"),
        (1, "Đã tiếp nhận"),
        (14, "Đang thẩm định"),
        (21, "Vào phòng thi"),
        (21, "Phần thi sắp tới: Trắc nghiệm kiến thức chung"),
        (21, "Làm thử trên máy này"),
        (52, "Đã niêm yết điểm"),
        (61, "Đã công bố kết quả"),
    ],
)
def test_a_candidate_reads_where_the_application_stands(gallery: Show, number: int, words: str) -> None:
    assert words in gallery.browser(cast.login(number)).get("/me")


def test_a_candidate_is_not_called_to_a_sitting_that_was_cancelled_or_is_over(show: Show) -> None:
    with show.database.writing(unhurried=True) as session:
        first, second = session.scalars(
            select(Sitting).join(Competition).where(Competition.code == "TT-04").order_by(Sitting.starts_at)
        )
        sittings.cancel(session, show.actor("thuky"), NOW, sitting=first, reason="Bão")
        after = second.starts_at + timedelta(days=1)
    page = show.browser(cast.login(21)).get("/me")
    assert "Phần thi sắp tới: Bài thi viết" in page
    assert "Vào phòng thi" not in page
    assert "Làm thử trên máy này" not in page
    show.clock.set(after)
    assert "Phần thi sắp tới" not in Person.at(
        show.app, show.database, show.actor(cast.login(21)), after
    ).get("/me")


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
