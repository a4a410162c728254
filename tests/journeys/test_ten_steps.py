# SPDX-License-Identifier: Apache-2.0
"""The ten steps, from the notice to the verified bundle, by the people who take them, in Vietnamese."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exam_portal.core.actors import Role
from exam_portal.rehearsal import people
from exam_portal.rehearsal.course import EARLY_HOURS, REVIEW_HOURS
from exam_portal.rehearsal.people import StaffMember
from exam_portal.rehearsal.play import Contender, Play
from exam_portal.rehearsal.stages import applying, founding, marking, panels, preparing, publishing
from tests.journeys import figures, hall
from tests.journeys.screen import Journey, Screen, screen_of

pytestmark = [pytest.mark.journey, pytest.mark.thorough]
POST = ("Phó Giám đốc Sở Tài chính", "Sở Tài chính", "department")
ENOUGH = {Role.VETTING_BOARD: 1, Role.INVIGILATOR: 1, Role.MARKER: 3, Role.TYPIST: 0}
TaskSeats = Callable[..., Journey]


def test_a_post_is_filled_from_the_notice_to_the_published_ranking(
    open_play: Callable[..., Play], take_seats: TaskSeats, tmp_path: Path
) -> None:
    play = open_play(seed=13)
    play.least_worth = 66  # somebody passes, wherever the lot puts the scripts and the markers
    journey = take_seats(play, "organiser")
    organiser_announces(play, take_seats)
    candidate_applies(play, journey)
    board_vets(play, take_seats)
    bank, sittings = questions_are_prepared(play, take_seats)
    everybody_sits(play, take_seats, bank, sittings)
    scripts_are_marked(play, take_seats)
    council_hears(play, take_seats)
    marks_are_posted(play, take_seats)
    candidate_appeals(play)
    result_is_published(play)
    oversight_reads(play, take_seats)
    bundle = publishing.take_bundle(play, tmp_path)
    assert publishing.verify(bundle, tmp_path)[0] == 0


def cast(seed: int) -> list[StaffMember]:
    """Return as many people as one post needs."""
    left = dict(ENOUGH)
    found = []
    for member in people.staff(seed):
        if left.get(member.role, 1) > 0 or member.role not in left:
            found.append(member)
        if member.role in left:
            left[member.role] -= 1
    return found


def organiser_announces(play: Play, take_seats: TaskSeats) -> None:
    """Step 1: a draft, people in their duties, the chair's word, and the public notice."""
    founding.draft(play, [POST])
    screen_of(play, "organiser").keep("ban-nhap")
    at_screen = play.staff["organiser"]
    play.staff["organiser"] = play.sign_in(play.logins["organiser"])
    founding.appoint(play, cast(play.seed))
    play.staff["organiser"].close()
    play.staff["organiser"] = at_screen
    take_seats(play, "chu-tich-1")
    founding.announce(play)
    notice = at_screen.open(f"/competitions/{play.competition}")
    assert POST[0] in notice.text()
    assert "70" in notice.text()
    screen_of(play, "organiser").keep("thong-bao")


def candidate_applies(play: Play, journey: Journey) -> None:
    """Step 2: one candidate at a screen, one at a plain client; both hold a receipt."""
    seen, other = people.applicants(play.seed, 2, 1)
    applying.register(play, [other])
    screen = journey.somebody()
    applying.register_at(screen, play, seen)
    play.contenders.insert(0, Contender(person=seen, browser=screen))
    for one in play.contenders:
        applying.apply_for(play, one)
    receipt = f"/me/applications/{play.contenders[0].application}/receipt.pdf"
    assert screen.get(receipt).startswith(b"%PDF")
    screen.keep("ho-so-da-nop")


def board_vets(play: Play, take_seats: TaskSeats) -> None:
    """Step 3: criterion by criterion; the list is approved."""
    take_seats(play, "tham-dinh-1")
    play.shift(24 * (founding.APPLY_DAYS + 1))
    applying.vet(play)
    screen_of(play, "chu-tich-1").keep("danh-sach-thi-sinh")


def questions_are_prepared(play: Play, take_seats: TaskSeats) -> tuple[str, list[preparing.Sat]]:
    """Step 4, and the plan of step 5: a bank from a file, reviewed and approved; rooms, seats, summons."""
    take_seats(play, "ra-de-1", "thu-ky-1")
    bank = preparing.fill_bank(play)
    sittings = preparing.plan(play)
    summons = preparing.summons_link(play)
    assert play.contenders[0].browser.get(summons).startswith(b"%PDF")
    return bank, sittings


def everybody_sits(play: Play, take_seats: TaskSeats, bank: str, sittings: list[preparing.Sat]) -> None:
    """Step 5: a paper drawn and sealed, check-in, start, the player, the receipt."""
    take_seats(play, "coi-thi-1")
    elapsed = 0
    for sat in sittings:
        play.shift(sat.hours_ahead - elapsed - EARLY_HOURS)
        paper = preparing.draw(play, sat, bank, questions=4)
        play.shift(EARLY_HOURS)
        hall.hold(play, sat, paper)
        elapsed = sat.hours_ahead
    screen_of(play, "coi-thi-1").keep("bang-coi-thi")


def scripts_are_marked(play: Play, take_seats: TaskSeats) -> None:
    """Step 6: masks, two blind marks, the third where they differ, the lock, the masks lifted."""
    take_seats(play, "lam-phach-1", "cham-thi-1")
    marking.mask(play, "written")
    marking.mark(play, "written")
    publishing.unmask(play)


def council_hears(play: Play, take_seats: TaskSeats) -> None:
    """Step 7: lots, secret ballots in the portal, the count."""
    take_seats(play, "uy-vien-1")
    panels.hold(play, at_once=1)
    screen_of(play, "thu-ky-1").keep("kiem-phieu")


def marks_are_posted(play: Play, take_seats: TaskSeats) -> None:
    """Step 8: the ranking with its explanation; the marks are posted by two."""
    take_seats(play, "tham-quyen-1")
    publishing.compute(play)
    publishing.settle(play)
    sheet = figures.sheet(play, play.staff["thu-ky-1"])
    assert len(figures.cells(sheet)) == 2
    screen_of(play, "thu-ky-1").keep("bang-tong-hop")
    publishing.post_marks(play)


def candidate_appeals(play: Play) -> None:
    """Step 9: a request in time, marked again by others, decided; the marks are posted anew."""
    request = publishing.appeal(play)
    publishing.admit(play, request)
    marking.mark_again(play)
    publishing.unmask(play)
    publishing.decide(play, request)
    publishing.compute(play)
    publishing.settle(play)
    publishing.post_marks(play, reason="Kết quả phúc khảo")
    play.shift(REVIEW_HOURS)
    publishing.close_reviews(play)
    mine = play.contenders[0].browser
    assert isinstance(mine, Screen)
    mine.open(mine.open("/me/results").links("/me/results/")[0])
    mine.keep("ket-qua-cua-toi")


def result_is_published(play: Play) -> None:
    """Step 8 again: opinion, recognition, two approvals; the public page and the printed sheet."""
    publishing.publish(play)
    mine = play.contenders[0].browser
    assert isinstance(mine, Screen)
    page = mine.open(f"/competitions/{play.competition}/results")
    assert "Trúng tuyển" in page.text()
    mine.keep("cong-bo-ket-qua")
    assert mine.get(f"{page.url}.pdf").startswith(b"%PDF")


def oversight_reads(play: Play, take_seats: TaskSeats) -> None:
    """Step 10: every act in the log, read only."""
    take_seats(play, "giam-sat-1")
    log = play.staff["giam-sat-1"].open(f"{play.place}/log")
    assert not [form for form in log.forms() if play.competition in form.action and "log" not in form.action]
    screen_of(play, "giam-sat-1").keep("nhat-ky")
