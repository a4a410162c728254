# SPDX-License-Identifier: Apache-2.0
"""A competition with a vote of confidence, from its panel to the publication: confidence is never a mark."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from exam_portal.app import create_app
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.interviews import service as panels
from exam_portal.interviews.ballots import CountingSheet
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.results.models import Publication
from scoring.ruleset import parse
from tests.harness.browser import Album
from tests.portal.competitions.pages import At, Person
from tests.portal.reading import Shown, read_pages
from tests.portal.results import builders as at
from tests.portal.results import reading
from tests.portal.results.builders import HEARD, OVER, POSTED, Stage, a_stage
from tests.portal.results.test_scenario_policies import a_slip

pytestmark = pytest.mark.engines("sqlite")
RULES = Path("config/rulesets/leadership-confidence.toml")
VOTE = "Phiếu tín nhiệm của Hội đồng (%)"
PROGRAMME = "Trình bày, bảo vệ chương trình hành động và xử lý tình huống"
# six of seven have confidence in the first, all in the second, whose programme has fewer marks
VOTES = {0: ["0", *["100"] * 6], 1: ["100"] * 7}
HEARINGS = {0: ["84"] * 7, 1: ["80"] * 7}


def to_the_vote(database: Database) -> tuple[Stage, str, dict[str, str]]:
    """Both candidates passed the written part and defended; seven are seated to vote, the lots are drawn."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, ruleset=parse(RULES.read_text(encoding="utf-8")))
        at.marked(session, stage, {0: ("72", "78"), 1: ("60", "64")})
        at.hear(session, stage, HEARINGS)
        panel = at.a_panel(session, stage, [0, 1], part="confidence")
        place = f"/staff/competitions/{stage.office.hall.competition.public_id}"
        here = f"{place}/panel/{panel.public_id}"
        first, second = (f"{here}/hearings/{one.public_id}" for one in panel.hearings)
    return stage, place, {"panel": here, "first": first, "second": second}


def vote(database: Database, stage: Stage, panel: str, *places: int) -> None:
    """The slips on these candidates are out, and counted."""
    with database.writing(unhurried=True) as session:
        found = session.query(PanelSession).filter_by(public_id=panel.rsplit("/", 1)[1]).one()
        for place in places:
            slips = [a_slip(number, value, ()) for number, value in enumerate(VOTES[place], start=1)]
            panels.open_hearing(session, stage.secretary, HEARD, hearing=found.hearings[place])
            at.counted(session, stage, found.hearings[place], slips)


def words_of(pdf: bytes, folder: Path) -> str:
    """Return the words of a printed document."""
    file = folder / "printed.pdf"
    file.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def test_confidence_is_voted_counted_published_and_changes_no_rank(
    settings: Settings, database: Database, catalogues: None, tmp_path: Path
) -> None:
    stage, place, pages = to_the_vote(database)
    clock = At(HEARD)
    app = create_app(settings, database, clock=clock)
    app.testing = True
    app.config["PROPAGATE_FAULTS"] = True
    secretary = Person.at(app, database, stage.secretary, HEARD)
    secretary.get(pages["panel"])
    secretary.post(f"{pages['first']}/open")
    assert "Đã phát 7 phiếu." in secretary.post(f"{pages['first']}/ballot")
    slip = secretary.client.get(f"{pages['first']}/slips.pdf").data
    key_by_two(app, database, stage, pages)
    vote(database, stage, pages["panel"], 1)
    assert "Tỷ lệ tín nhiệm, phần trăm" in secretary.get(pages["first"])
    for address in (pages["first"], pages["panel"]):
        assert said_of_marks(secretary.get(address)) == []
    chair = Person.at(app, database, stage.chair, HEARD)
    assert said_of_marks(chair.get(f"{pages['panel']}/agreement")) == []

    with database.reading() as session:
        post = at.vacancy_of(session, stage).public_id
    sheet = f"{place}/results/vacancies/{post}"
    secretary.get(sheet)
    rows = reading.rows(secretary.post(f"{sheet}/compute"))
    assert {number: cells[VOTE].split(" ")[0] for number, cells in rows.items()} == {
        "001": "85,71",  # 6 of 7
        "002": "100,00",
    }
    assert {number: cells["Tổng cộng"] for number, cells in rows.items()} == {"001": "84,00", "002": "80,00"}
    assert "6 trên 7 phiếu hợp lệ tín nhiệm: 85,71 %" in text(secretary.page)
    with database.writing(unhurried=True) as session:
        at.publish(session, stage)
        at.to_recognition(session, stage)
        number = at.publish(session, stage, "results", OVER).number
    clock.set(OVER)
    anybody = Person.at(app, database, None, OVER)
    public = f"/competitions/{place.rsplit('/', 1)[1]}/results/{number}"
    rows = reading.rows(anybody.get(public))
    assert "Trúng tuyển" in rows["001"]["Kết quả"]
    assert "Trúng tuyển" not in rows["002"]["Kết quả"]
    if shutil.which("pdftotext"):
        assert "PHIẾU TÍN NHIỆM" in words_of(slip, tmp_path)
        printed = words_of(anybody.client.get(f"{public}.pdf").data, tmp_path)
        assert "85,71" in printed


def key_by_two(app: Flask, database: Database, stage: Stage, pages: dict[str, str]) -> None:
    """Two typists key the counting sheet; a figure between nought and all is refused."""
    with database.writing(unhurried=True) as session:
        paper = at.a_signed(session, stage, PaperKind.COUNT_SHEET, confidential=True).public_id
    keyed: dict[str, Any] = {"page": "1", "issued": "7", "returned": "7", "invalid": "0"}
    for number, value in enumerate(VOTES[0]):
        keyed |= {f"slips-{number}-slip": str(number + 1), f"slips-{number}-total": value}
    for typist in stage.office.typists[:2]:
        person = Person.at(app, database, typist, HEARD)
        person.get(f"{pages['first']}/sheet")
        person.post(f"{pages['first']}/sheet", 422, **{**keyed, "slips-0-total": "50", "paper": paper})
        person.post(f"{pages['first']}/sheet", **keyed, paper=paper)


def said_of_marks(page: str) -> list[str]:
    """Return the sentences of a page that speak of marks (at instants: thời điểm; places: địa điểm)."""
    body = page.split("<main")[1].split("</main", maxsplit=1)[0]
    return [found.strip() for found in re.findall(r"[^<>\n]*(?<!thời )(?<!địa )điểm[^<>\n]*", body)]


def text(page: str) -> str:
    """Return the words of a page, without its addresses and classes."""
    return re.sub(r"<[^>]*>", " ", page)


@pytest.mark.journey
@pytest.mark.thorough
def test_the_pages_of_a_vote_of_confidence_read_well_wide_and_narrow(
    settings: Settings,
    database: Database,
    catalogues: None,
    new_person: Callable[..., Page],
    album: Album,
) -> None:
    stage, place, pages = to_the_vote(database)
    vote(database, stage, pages["panel"], 0)
    app = create_app(settings, database, clock=At(HEARD))
    typist = stage.office.typists[0]
    with database.writing(unhurried=True) as session:
        found = session.query(Hearing).filter_by(public_id=pages["second"][-26:]).one()
        panels.open_hearing(session, stage.secretary, HEARD, hearing=found)
        panels.open_ballot(session, stage.secretary, HEARD, hearing=found)
        at.a_signed(session, stage, PaperKind.COUNT_SHEET, confidential=True)
    shown: list[Shown] = [
        ("index", stage.secretary, f"{place}/panel"),
        ("panel-open", stage.secretary, pages["panel"]),
        ("counted", stage.secretary, pages["first"]),
        ("waiting", stage.secretary, pages["second"]),
        ("keying", typist, f"{pages['second']}/sheet"),
    ]
    read_pages(app, database, HEARD, new_person, album, shown)
    with database.writing(unhurried=True) as session:
        found = session.query(Hearing).filter_by(public_id=pages["second"][-26:]).one()
        slips = [a_slip(number, value, ()) for number, value in enumerate(VOTES[1], start=1)]
        sheet = CountingSheet(issued=7, returned=7, invalid=0, slips=slips)
        paper = at.a_signed(session, stage, PaperKind.COUNT_SHEET, confidential=True)
        for one in stage.office.typists[:2]:
            panels.key_count(session, one, HEARD, hearing=found, sheet=sheet, paper=paper, page=1)
        at.compute(session, stage)
        waiting = at.prepared(session, stage).public_id
        post = at.vacancy_of(session, stage).public_id
    results = f"{place}/results"
    shown = [
        ("panel-done", stage.secretary, pages["panel"]),
        ("agreement", stage.chair, f"{pages['panel']}/agreement"),
        ("sheet", stage.secretary, f"{results}/vacancies/{post}"),
        ("publication", stage.chair, f"{results}/publications/{waiting}"),
    ]
    read_pages(create_app(settings, database, clock=At(POSTED)), database, POSTED, new_person, album, shown)
    with database.writing(unhurried=True) as session:
        at.approve(session, stage, session.query(Publication).one())
        at.to_recognition(session, stage)
        number = at.publish(session, stage, "results", OVER).number
    public = f"/competitions/{place.rsplit('/', 1)[1]}"
    shown = [("notice", None, public), ("published", None, f"{public}/results/{number}")]
    read_pages(create_app(settings, database, clock=At(OVER)), database, OVER, new_person, album, shown)
