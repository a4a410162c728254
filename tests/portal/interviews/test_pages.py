# SPDX-License-Identifier: Apache-2.0
"""The pages of the panel, walked by secretary, members and typists."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from exam_portal.core.database import Database
from exam_portal.interviews import service
from exam_portal.interviews.models import Hearing, PanelSession
from tests.portal.audit.builders import a_pdf
from tests.portal.competitions.pages import Person, upload
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_panel,
    a_sheet,
    balloting,
    count,
    drawn,
    entrusted,
    keepers_of,
)

pytestmark = pytest.mark.engines("sqlite")
HEARING = re.compile(r"/hearings/([a-z2-7]{26})")


def test_a_paper_panel_goes_from_its_seating_to_the_counted_mark(
    portal: Flask, database: Database, council: Council
) -> None:
    place = f"/staff/competitions/{council.competition.public_id}/panel"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    typists = [Person.at(portal, database, actor, HEARD) for actor in council.typists]
    seat = re.search(rf"{place}/new/[a-z2-7]{{26}}\?part=programme", secretary.get(place))
    assert seat
    secretary.get(seat[0])
    secretary.post(seat[0], place="Hội trường A", starts_at="28/01/2027 08:00", mode="paper")
    found = re.search(rf"{place}/([a-z2-7]{{26}})/members/new", secretary.page)
    assert found
    panel = f"{place}/{found[1]}"
    for number in range(1, 10):
        secretary.get(f"{panel}/members/new")
        secretary.post(f"{panel}/members/new", name=f"Ủy viên {number}", duty="Ủy viên Hội đồng", account="")
    secretary.get(f"{panel}/lots")
    links = re.findall(rf"{panel}/members/[a-z2-7]{{26}}/relations", secretary.get(panel))
    assert len(links) == 9
    for link in links:
        names = re.findall(r'name="(relation_[a-z2-7]{26})"', secretary.get(link))
        assert len(names) == 3
        for said, word, status in ((names[1:], "no", 422), (names, "", 422), (names, "no", 303)):
            answers = dict.fromkeys(said, "none")
            told: dict[str, Any] = {**answers, "disciplined": word, **PAPER, "paper_scan": upload(a_pdf())}
            secretary.post(link, status, **told)
    page = secretary.get(f"{panel}/lots")
    people = re.findall(r'name="candidates"[^>]*value="([a-z2-7]{26})"', page)
    secretary.post(f"{panel}/lots", 422, candidates=people, witnesses="Lê Văn A", order="003,002,001")
    secretary.post(f"{panel}/lots", 422, candidates=people, witnesses="Lê Văn A", words=" ")
    paper: dict[str, Any] = {
        "paper_number": "05/BB",
        "paper_issued_on": "28/01/2027",
        "paper_signed_by": "Lê Văn A",
    }
    minute: dict[str, Any] = {**paper, "paper_scan": upload(a_pdf())}
    order: dict[str, Any] = {"candidates": people, "witnesses": "Lê Văn A", "order": "003,002,001"}
    page = secretary.post(f"{panel}/lots", **order, **minute)
    hearings = list(dict.fromkeys(HEARING.findall(page)))
    assert len(hearings) == 3
    member = re.search(r'<option value="([a-z2-7]{26})"', secretary.get(f"{panel}/absences/new"))
    assert member
    secretary.post(f"{panel}/absences/new", member=member[1], hearing="", reason="Công tác")
    first = f"{panel}/hearings/{hearings[0]}"
    secretary.post(f"{first}/open")
    secretary.post(f"{first}/ballot")
    for name in ("slips.pdf", "count.pdf"):
        assert secretary.client.get(f"{first}/{name}").data.startswith(b"%PDF")
    assert secretary.client.get(f"{panel}/lots.pdf").data.startswith(b"%PDF")
    typists[0].get(f"{panel}/sheets/new")
    typists[0].post(f"{panel}/sheets/new", **{**paper, "paper_scan": upload(a_pdf(3))})
    keyed: dict[str, Any] = {"page": "1", "issued": "8", "returned": "8", "invalid": "1"}
    values = ["90", "78", "84", "80", "86", "88", "82"]
    for number, value in enumerate(values):
        keyed |= {f"slips-{number}-slip": str(number + 1), f"slips-{number}-total": value}
    scanned = ""
    for person in typists:
        page = person.get(f"{first}/sheet")
        scan = re.search(r'<option value="([a-z2-7]{26})"', page)
        assert scan is not None
        scanned = scan[1]
        person.post(f"{first}/sheet", 422, **{**keyed, "invalid": "0", "paper": scanned})
        page = person.post(f"{first}/sheet", **{**keyed, "paper": scanned})
    assert "84,00" in secretary.get(panel)
    assert f"/papers/{scanned}#page=1" in secretary.get(first)
    assert secretary.client.get(f"{first}/count.pdf").data.startswith(b"%PDF")


def test_members_vote_once_and_see_no_figure_before_the_count(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        balloting(session, council, hearing)
        panel_id, hearing_id = panel.public_id, hearing.public_id
    page = f"/staff/competitions/{council.competition.public_id}/panel/{panel_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    marks = {"score_build": "33", "score_defend": "25", "score_answer": "26,5"}
    scores: dict[str, Any] = {**marks, "heard": "y"}
    for number, actor in enumerate(council.members):
        member = Person.at(portal, database, actor, HEARD)
        assert f"/panel/hearings/{hearing_id}" in member.get("/panel")
        ballot = f"/panel/hearings/{hearing_id}"
        member.get(ballot)
        member.post(ballot, 422, **{**scores, "score_build": "40,5"})
        assert "đã nghe toàn bộ" in member.post(ballot, 422, **{**scores, "heard": ""})
        member.post(ballot, **scores)
        member.post(ballot, 422, **scores)
        assert f"{number + 1} / 9" in secretary.get(page)
        assert "84,5" not in secretary.page
    secretary.get(f"{page}/hearings/{hearing_id}")
    counted = secretary.post(f"{page}/hearings/{hearing_id}/count")
    assert "84,50" in counted


PAPER: dict[str, Any] = {
    "paper_number": "20/QĐ-HĐTT",
    "paper_issued_on": "29/01/2027",
    "paper_signed_by": "Nguyễn Văn Hòa",
}


def test_a_lost_quorum_leads_to_the_page_that_has_the_ballot_given_again(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing, waiting, _ = drawn(session, council, panel)
        count(session, council, hearing, a_sheet(9, 7, 3, ["80"] * 4))
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        lost, other = (f"{place}/hearings/{one.public_id}" for one in (hearing, waiting))
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert lost in secretary.get(place)
    assert f"{lost}/again" in secretary.get(lost)
    assert f"{other}/again" not in secretary.get(other)
    secretary.get(f"{lost}/again")
    secretary.post(f"{lost}/again", 422, occasion="second_ballot", **PAPER)  # without the scan
    page = secretary.post(f"{lost}/again", occasion="second_ballot", paper_scan=upload(a_pdf()), **PAPER)
    second = [one for one in dict.fromkeys(HEARING.findall(page)) if one not in {lost[-26:], other[-26:]}][-1]
    later = f"{place}/hearings/{second}"
    assert f"{later}/ballot" in page  # nobody is heard: slips are issued at once
    assert later in secretary.get(lost)
    assert lost in secretary.get(later)
    assert "20/QĐ-HĐTT" not in secretary.get(f"{lost}/again").split("<main")[1]
    secretary.post(f"{lost}/again", 422, occasion="repeated", paper_scan=upload(a_pdf()), **PAPER)
    Person.at(portal, database, council.typists[0], HEARD).get(f"{lost}/again", 403)


def test_a_candidate_who_does_not_come_is_recorded_on_the_page_of_the_hearing(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, _ = drawn(session, council, panel)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        one, other = (f"{place}/hearings/{each.public_id}" for each in (first, second))
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert f"{one}/absence" in secretary.get(one)
    secretary.get(f"{one}/absence")
    secretary.post(f"{one}/absence", 422, first_witness="Lê Văn A", second_witness="")
    page = secretary.post(f"{one}/absence", first_witness="Lê Văn A", second_witness="Trần Thị B")
    assert "Trần Thị B" in page
    assert f"{one}/open" not in secretary.get(place)
    secretary.get(f"{other}/absence")
    minute: dict[str, Any] = {**PAPER, "paper_scan": upload(a_pdf())}
    secretary.post(f"{other}/absence", first_witness="", second_witness="", **minute)
    page = secretary.get(f"{one}/again")
    assert "second_ballot" not in page
    Person.at(portal, database, council.typists[0], HEARD).get(f"{one}/absence", 403)


def test_a_hearing_that_has_begun_is_broken_off_on_its_page_by_a_signed_minute(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        begun, waiting, _ = drawn(session, council, panel)
        service.open_hearing(session, council.secretary, HEARD, hearing=begun)
        here = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        one, other = (f"{here}/hearings/{each.public_id}" for each in (begun, waiting))
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert f"{other}/broken-off" not in secretary.get(other)
    assert f"{one}/broken-off" in secretary.get(one)
    secretary.get(f"{one}/broken-off")
    secretary.post(f"{one}/broken-off", 422, **PAPER)  # without the scan
    page = secretary.post(f"{one}/broken-off", paper_scan=upload(a_pdf()), **PAPER)
    assert f"{one}/again" in page
    assert f"{other}/open" in secretary.get(other)
    assert "second_ballot" not in secretary.get(f"{one}/again").split("<main")[1]
    Person.at(portal, database, council.typists[0], HEARD).get(f"{one}/broken-off", 403)


def test_a_hearing_of_other_members_does_not_exist(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="paper")
        hearing_id = drawn(session, council, panel)[0].public_id
    Person.at(portal, database, council.members[0], HEARD).get(f"/panel/hearings/{hearing_id}", 404)
    Person.at(portal, database, council.typists[0], HEARD).get(f"/panel/hearings/{hearing_id}", 403)


def test_the_page_of_a_panel_asks_the_same_number_of_queries_for_more_hearings(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        ids = [candidate.id for candidate in council.candidates]
        from exam_portal.interviews import service

        service.draw_lots(
            session, council.secretary, HEARD, panel=panel, words="1", witnesses="A", candidate_ids=ids[:2]
        )
        address = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        panel_id = panel.id
    secretary = Person.at(portal, database, council.secretary, HEARD)
    counts = [_queries(database, secretary, address)]
    with database.writing(unhurried=True) as session:
        found = session.get_one(PanelSession, panel_id)
        by = council.secretary.account_id
        session.add(Hearing(panel_id=found.id, candidate_id=ids[2], order_no=3, drawn_by=by, drawn_at=HEARD))
    counts.append(_queries(database, secretary, address))
    assert counts[0] == counts[1]


def _queries(database: Database, person: Person, address: str) -> int:
    person.get(address)
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with database.reading() as session:
        engine = session.get_bind()
        engine = getattr(engine, "engine", engine)
    event.listen(engine, "before_cursor_execute", note)
    person.get(address)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_page_on_which_nothing_can_be_done_says_why_in_place_of_a_form(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, _ = drawn(session, council, panel)
        service.open_hearing(session, council.secretary, HEARD, hearing=first)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        waits = f"{place}/hearings/{second.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    for page, words, field in (
        (f"{place}/lots", "Thứ tự ghi trên trang của hội đồng chấm", "witnesses"),
        (f"{place}/members/new", "Cùng những người đó nghe mọi thí sinh", "duty"),
        (f"{place}/plan", "Kế hoạch không thay đổi được nữa", "presentation"),
        (f"{waits}/questions", "Chưa có bộ câu hỏi được duyệt để bốc thăm", "witnesses"),
        (waits, "Chưa đến lượt phiên này", "reason"),
    ):
        shown = secretary.get(page)
        assert words in shown, page
        assert f'name="{field}"' not in shown, page
    assert "30 phút" in secretary.get(f"{place}/plan")


def test_a_hearing_without_a_ballot_offers_no_slip_no_count_and_no_second_ballot(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        away, held, _ = drawn(session, council, panel)
        service.note_candidate_absent(
            session, council.secretary, HEARD, hearing=away, witnesses=["Lê Văn Anh", "Trần Thị Bích"]
        )
        count(session, council, held, a_sheet(9, 7, 3, ["80"] * 4))
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}/hearings"
        unheard, without_mark = (f"{place}/{one.public_id}" for one in (away, held))
    secretary = Person.at(portal, database, council.secretary, HEARD)
    page = secretary.get(unheard)
    assert f"{unheard}/again" in page
    assert "bỏ phiếu lại" not in page
    assert "slips.pdf" not in page
    assert "count.pdf" not in page
    page = secretary.get(without_mark)
    assert "bỏ phiếu lại" in page
    assert "slips.pdf" in page
    assert "count.pdf" in page


def test_a_member_reaches_clock_and_questions_from_the_own_panels_and_oversight_from_the_panel(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", kept=False)
        keepers = keepers_of(session, council)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    member = Person.at(portal, database, council.members[0], HEARD)
    page = member.get("/panel")
    assert f'href="{place}/questions"' in page
    assert f'href="{place}/clock"' not in page  # nothing to show before lots are drawn
    with database.writing(unhurried=True) as session:
        panel = session.get_one(PanelSession, panel.id)
        entrusted(session, council, panel, keepers)
        drawn(session, council, panel)
    page = member.get("/panel")
    for name in ("questions", "clock"):
        assert f'href="{place}/{name}"' in page
        member.get(f"{place}/{name}")
    oversight = Person.at(portal, database, keepers[0], HEARD)
    page = oversight.get(place)
    assert f'href="{place}/questions"' in page
    assert f'href="{place}/plan"' not in page
    oversight.get(f"{place}/questions")
    authority = Person.at(portal, database, keepers[2], HEARD)
    assert f'href="{place}/questions"' not in authority.get(place)


def test_who_votes_on_a_screen_is_chosen_from_the_accounts_not_seated_yet(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", members=8)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    page = secretary.get(f"{place}/members/new")
    assert ">Ủy viên 9</option>" in page
    assert ">Ủy viên 1</option>" not in page
    assert "Không cần tài khoản" not in page
    secretary.post(f"{place}/members/new", 422, name="Nguyễn Văn Mới", duty="Ủy viên", account="")
    assert "Chọn tài khoản" in secretary.page


def test_a_count_with_ballots_outstanding_is_asked_back_beside_its_box(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearing = drawn(session, council, panel)[0]
        balloting(session, council, hearing)
        for member in council.members[:8]:
            service.cast_ballot(
                session, member, HEARD, hearing=hearing, value=Decimal(80), scores={}, has_heard=True
            )
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        page = f"{place}/hearings/{hearing.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    secretary.get(page)
    asked = secretary.post(f"{page}/count", 422)
    assert "8 trên 9 thành viên đã chấm" in asked
    assert 'name="outstanding"' in asked
    assert "80,00" in secretary.post(f"{page}/count", outstanding="y")


def test_whoever_is_named_once_all_seats_are_taken_stands_by(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=8)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    for name, is_asked in (("Tạ Quang Bửu", True), ("Phùng Khắc Dự", False)):
        page = secretary.get(f"{place}/members/new")
        assert ('name="is_substitute"' in page) is is_asked
        page = secretary.post(f"{place}/members/new", name=name, duty="Ủy viên", account="")
        assert ("dự khuyết, chưa được gọi" in page) is not is_asked
