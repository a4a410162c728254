# SPDX-License-Identifier: Apache-2.0
"""A vote of confidence speaks of confidence, not of marks: on the ballot, on the hearing, in print."""

import dataclasses
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import service
from exam_portal.interviews.ballots import is_given
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.results import explanations, sheet
from scoring.ruleset import parse
from tests.portal.competitions.pages import Person
from tests.portal.interviews import builders
from tests.portal.interviews.builders import (
    HEARD,
    Council,
    a_council,
    balloting,
    declared,
    drawn,
    entrusted,
    keepers_of,
)

pytestmark = pytest.mark.engines("sqlite")
CONFIDENCE = Path("config/rulesets/leadership-confidence.toml")
VOTE = """
[[parts]]
key = "confidence"
kind = "vote"
mode = "paper"
role = "advisory"
pass = "0"
reviewable = false
[parts.panel]
size = 9
quorum = "2/3"
ballot = "secret"
aggregate = "mean"

[total]
"""


def a_vote(session: Session, council: Council, mode: str) -> tuple[PanelSession, list[Hearing]]:
    """The nine are seated for the vote, and lots are drawn."""
    facts: dict[str, Any] = {"competition": council.competition, "vacancy": council.vacancy}
    panel = service.seat_panel(
        session,
        council.secretary,
        HEARD,
        **facts,
        part="confidence",
        mode=mode,
        place="Hội trường A",
        starts_at=HEARD,
    )
    for number, actor in enumerate(council.members, start=1):
        account_id = actor.account_id if mode == "portal" else None
        named: dict[str, Any] = {"name": f"Ủy viên {number}", "duty": "Ủy viên", "account_id": account_id}
        service.add_member(session, council.secretary, HEARD, panel=panel, **named)
    declared(session, council, panel)
    if mode == "portal":
        entrusted(session, council, panel, keepers_of(session, council))
    return panel, drawn(session, council, panel)


def words_of(pdf: bytes, folder: Path) -> str:
    """Return the words of a printed document."""
    file = folder / "printed.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()


def test_a_vote_on_another_scale_is_told_on_its_scale_and_never_in_per_cent(
    portal: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = CONFIDENCE.read_text(encoding="utf-8").replace("size = 7", "size = 9")
    for at_100, at_10 in (('scale = "100"', 'scale = "10"'), ('pass = "50"', 'pass = "5"')):
        text = text.replace(at_100, at_10)
    text = text.replace('threshold = "10"', 'threshold = "1"')
    monkeypatch.setattr(builders, "rules_of_nine", lambda **_: text)
    with database.writing(unhurried=True) as session:
        council = a_council(session)
        panel, (one, *_) = a_vote(session, council, "paper")
        builders.count(session, council, one, builders.a_sheet(9, 9, 0, ["0"] + ["10"] * 8))
        seat = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        counted = f"{seat}/hearings/{one.public_id}"
    secretary = Person.at(portal, database, council.secretary, HEARD)
    for address in (counted, seat):
        page = secretary.get(address).split("<main")[1]
        assert "8,89" in page
        assert "phần trăm" not in page
    if shutil.which("pdftotext"):
        minute = words_of(secretary.client.get(f"{counted}/count.pdf").data, tmp_path)
        assert "8 trên 9 phiếu hợp lệ (8,89 theo thang 10)" in " ".join(minute.split())


@pytest.mark.parametrize(
    ("aggregate", "scale", "found"),
    [("mean", "100", True), ("mean", "10", False), ("median", "100", False), ("trimmed_mean", "100", False)],
)
def test_only_the_mean_of_votes_on_a_scale_of_100_is_called_per_cent(
    portal: Flask, aggregate: str, scale: str, found: bool
) -> None:
    ruleset = parse(CONFIDENCE.read_text(encoding="utf-8"))
    vote = next(part for part in ruleset.parts if part.kind == "vote")
    assert vote.panel is not None
    vote = dataclasses.replace(vote, panel=dataclasses.replace(vote.panel, aggregate=aggregate))
    numbers = dataclasses.replace(ruleset.numbers, scale=Decimal(scale))
    ruleset = dataclasses.replace(ruleset, numbers=numbers, parts=(vote,))
    with portal.test_request_context():
        (column,) = sheet.columns(ruleset)
        assert (column.is_vote, column.is_per_cent, column.heading.endswith("(%)")) == (True, found, found)
        step = {"code": "mean_of_ballots", "values": ["10"] * 6 + ["0"], "result": "8.57"}
        words = explanations.sentence(step, is_vote=True, is_per_cent=column.is_per_cent)
        assert words.startswith("6 ")
        assert words.endswith("%.") == found


def test_nought_gives_no_confidence_however_it_is_written() -> None:
    assert [is_given(value) for value in ("0", "-0", "0.0", Decimal("-0"), "100", "1")] == [False] * 4 + [
        True,
        True,
    ]


@pytest.mark.parametrize("mode", ["portal", "paper"])
def test_a_vote_of_confidence_speaks_of_confidence(
    portal: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    text = builders.rules_of_nine().replace("[total]", VOTE)
    monkeypatch.setattr(builders, "rules_of_nine", lambda **_: text)
    with database.writing(unhurried=True) as session:
        council = a_council(session)
        panel, (one, two, _) = a_vote(session, council, mode)
        if mode == "portal":
            balloting(session, council, one)
            for number, member in enumerate(council.members):
                value = Decimal(100 if number else 0)
                service.cast_ballot(
                    session, member, HEARD, hearing=one, value=value, scores={}, has_heard=True
                )
            service.count_ballots(session, council.secretary, HEARD, hearing=one)
        else:
            sheet = builders.a_sheet(9, 9, 0, ["0"] + ["100"] * 8)
            builders.count(session, council, one, sheet)
        balloting(session, council, two)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}/hearings"
        counted, open_, own = f"{place}/{one.public_id}", f"{place}/{two.public_id}", two.public_id
    secretary = Person.at(portal, database, council.secretary, HEARD)
    page = secretary.get(counted).split("<main")[1]
    assert "Tỷ lệ tín nhiệm, phần trăm" in page
    assert "không tín nhiệm" in page
    assert "Điểm tổng hợp" not in page
    if mode == "portal":
        ballot = Person.at(portal, database, council.members[0], HEARD).get(f"/panel/hearings/{own}")
        assert "Không tín nhiệm thí sinh." in ballot
        assert 'data-step="100"' in ballot
        voter = Person.at(portal, database, council.members[0], HEARD)
        assert "Bỏ phiếu tín nhiệm" in voter.get("/staff")
        assert "Chấm điểm" not in voter.get("/panel").split("<main")[1]
    if shutil.which("pdftotext"):
        minute = words_of(secretary.client.get(f"{counted}/count.pdf").data, tmp_path)
        assert "8 trên 9 phiếu hợp lệ (88,89 %)" in minute
        if mode == "paper":
            slip = words_of(secretary.client.get(f"{open_}/slips.pdf").data, tmp_path)
            assert "PHIẾU TÍN NHIỆM" in slip
            assert "Điểm tối đa" not in slip
