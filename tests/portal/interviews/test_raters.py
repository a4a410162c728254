# SPDX-License-Identifier: Apache-2.0
"""What ballots say about the members of panels: of enough hearings, named where ballots are, and in print."""

import random
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.competitions.models import Vacancy
from exam_portal.core.database import Database
from exam_portal.core.ids import new_public_id
from exam_portal.core.settings import Settings
from exam_portal.interviews import admission, agreement, raters
from exam_portal.interviews.agreement import PanelAgreement
from exam_portal.interviews.models import Ballot, Hearing, HearingEvent, PanelMember, PanelSession
from scoring.statistics import councils
from tests.harness.browser import Album
from tests.portal.competitions.pages import At, Person
from tests.portal.interviews.builders import HEARD, Council, a_council, a_panel, drawn
from tests.portal.reading import read_pages

pytestmark = pytest.mark.engines("sqlite")
UNLINKED = "Phiếu kín: không ai biết những phiếu nào cho hai thí sinh là của cùng một thành viên"
FEW = f"từ {raters.NEEDED} phiên trở lên mới nêu các hệ số"
HOME, HEALTH = "Trưởng phòng, Sở Nội vụ", "Trưởng phòng, Sở Y tế"
UNEVEN = "Chưa nêu được cần bao nhiêu thành viên: quá ít phiên có cùng số phiếu."
OF_MEMBERS = "Từng thành viên so với các thành viên khác"


def a_counted(database: Database, people: int, *, ballot: str, uneven: bool = False) -> tuple[Council, str]:
    """Nine have voted on everybody, the first four marks less; ``uneven``: one is away each other time."""
    noise = random.Random(3)
    with database.writing(unhurried=True) as session:
        council = a_council(session, people=people, ballot=ballot)
        panel = a_panel(session, council)
        members = list(panel.members)
        for hearing in drawn(session, council, panel):
            true = noise.gauss(70, 8)
            away = uneven and hearing.order_no % 2
            for place, member in enumerate(members[: 8 if away else 9], start=1):
                value = Decimal(round(2 * (true + noise.gauss(-4 if place == 1 else 0, 3)))) / 2
                session.add(
                    Ballot(
                        id=new_public_id(),
                        hearing_id=hearing.id,
                        slip=f"{place}",
                        member_id=member.id if ballot == "named" else None,
                        value=str(value),
                        scores={},
                    )
                )
            counts: dict[str, Any] = {"issued": 9, "returned": 9, "invalid": 0}
            session.add(
                HearingEvent(
                    hearing_id=hearing.id,
                    kind="counted",
                    payload=counts,
                    by=council.secretary.account_id,
                    at=HEARD,
                )
            )
        room = f"/staff/competitions/{council.competition.public_id}/panel"
        return council, f"{room}/{panel.public_id}"


def test_the_least_numbers_are_those_of_the_method() -> None:
    assert (raters.NEEDED, raters.OF_A_MEMBER) == (councils.NEEDED, councils.NEEDED_OF_A_MEMBER)


def test_of_few_hearings_a_sentence_says_why_there_is_no_coefficient(
    portal: Flask, database: Database
) -> None:
    council, panel = a_counted(database, 4, ballot="secret")
    chair = Person.at(portal, database, council.house.chair, HEARD)
    for address in (panel, panel.rsplit("/", 1)[0]):
        page = chair.get(f"{address}/agreement")
        assert FEW in page
        assert UNLINKED in page
        assert "ICC(1), một thành viên bất kỳ" not in page
        assert chair.client.get(f"{address}/agreement.pdf").data.startswith(b"%PDF")
    typist = Person.at(portal, database, council.typists[0], HEARD)
    typist.get(f"{panel}/agreement", 403)
    assert f"{panel}/agreement" not in typist.get(panel)


@pytest.mark.parametrize(("ballot", "is_told"), [("named", True), ("secret", False)])
def test_of_enough_hearings_members_are_compared_only_where_ballots_bear_names(
    portal: Flask, database: Database, tmp_path: Path, ballot: str, is_told: bool
) -> None:
    council, panel = a_counted(database, raters.OF_A_MEMBER, ballot=ballot)
    chair = Person.at(portal, database, council.house.chair, HEARD)
    for address in (panel, panel.rsplit("/", 1)[0]):
        page = chair.get(f"{address}/agreement")
        assert FEW not in page
        assert "ICC(1), một thành viên bất kỳ" in page
        assert (UNLINKED in page) is not is_told
        assert (OF_MEMBERS in page) is is_told
        assert ("ICC(3), chỉ các thành viên này" in page) is is_told
        if shutil.which("pdftotext"):
            printed = words_of(chair.client.get(f"{address}/agreement.pdf").data, tmp_path)
            assert ("W của Kendall" in printed.replace(UNLINKED, "")) is True
            assert ("ICC(3), chỉ các thành viên này" in printed) is is_told


@pytest.mark.parametrize("uneven", [True, False])
def test_where_too_few_hearings_have_the_same_number_of_ballots_no_other_reason_is_given(
    portal: Flask, database: Database, uneven: bool
) -> None:
    council, panel = a_counted(database, raters.NEEDED + 1, ballot="secret", uneven=uneven)
    page = Person.at(portal, database, council.house.chair, HEARD).get(f"{panel}/agreement")
    assert (UNEVEN in page) is uneven
    assert "không khác nhau nhiều hơn" not in page


def words_of(pdf: bytes, folder: Path) -> str:
    """Return the words of a printed document."""
    file = folder / "printed.pdf"
    file.write_bytes(pdf)
    found = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def test_whoever_sits_on_two_panels_is_one_member_and_two_of_one_name_are_two() -> None:
    def seated(number: int, *people: tuple[str, str]) -> Any:
        members = [
            PanelMember(position=place, name=name, duty=duty, account_id=None)
            for place, (name, duty) in enumerate(people, start=1)
        ]
        panel = PanelSession(public_id=f"p{number}")
        panel.members = members
        return panel

    def found(*marks: str) -> PanelAgreement:
        values = {f"M{place}": Decimal(mark) for place, mark in enumerate(marks, start=1)}
        return agreement.agreement([(Hearing(order_no=1), values)], waiting=0)

    done = [
        (seated(1, ("Lê An", HOME), ("Trần Bình", HOME)), Vacancy(code="PGD"), found("70", "80")),
        (seated(2, ("Trần  Bình", HOME), ("Lê An", HEALTH)), Vacancy(code="TP"), found("60", "65")),
    ]
    assert raters._joined(done, is_named=True) == [
        {"PGD M1": Decimal(70), "PGD M2": Decimal(80)},
        {"PGD M2": Decimal(60), "TP M2": Decimal(65)},
    ]
    assert raters._joined(done, is_named=False) == [values for _, _, one in done for values in one.ballots]


@pytest.mark.journey
@pytest.mark.thorough
@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_the_pages_of_agreement_read_well_wide_and_narrow(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
    ballot: str,
) -> None:
    council, panel = a_counted(database, raters.OF_A_MEMBER, ballot=ballot)
    app = create_app(settings, database, clock=At(HEARD))
    admission._providers.clear()
    chair = council.house.chair
    shown = [
        ("panel", chair, f"{panel}/agreement"),
        ("all", chair, f"{panel.rsplit('/', 1)[0]}/agreement"),
        ("index", chair, panel.rsplit("/", 1)[0]),
    ]
    read_pages(app, database, HEARD, new_person, album, shown)
    file = Person.at(app, database, chair, HEARD).client.get(f"{panel}/agreement.pdf").data
    if album.has_pictures:
        (album.folder / "report.pdf").write_bytes(file)
