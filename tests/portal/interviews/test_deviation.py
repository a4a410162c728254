# SPDX-License-Identifier: Apache-2.0
"""Ballots that lie too far apart: the council meets, with the mark of each answer before it."""

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from exam_portal.competitions import queries as competitions
from exam_portal.core.database import Database
from exam_portal.interviews import deviating, queries
from scoring.marks import Decision
from scoring.ruleset import parse
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, a_council, a_panel, a_sheet, count, drawn, rules_of_nine


def _counted(*values: str) -> dict[str, object]:
    ballots = [{"slip": str(number), "value": value} for number, value in enumerate(values, 1)]
    return {"issued": 9, "returned": len(values), "invalid": 0, "ballots": ballots}


def test_each_answer_of_the_council_is_told_with_its_mark() -> None:
    rules = parse(rules_of_nine(deviation="panel_meets"))
    found = deviating.of(rules, "programme", _counted(*["80"] * 8, "50"))
    assert found is not None
    assert (found.from_mean, found.spread, found.kept) == ("26.67", "30", Decimal("76.67"))
    assert found.exclusions[8].mark == Decimal("80.00")
    assert found.exclusions[0].mark is None  # the fifty is still there


def test_a_second_meeting_has_before_it_what_the_first_left() -> None:
    rules = parse(rules_of_nine(deviation="panel_meets"))
    counted = _counted("90", *["80"] * 6, "50", "49")
    first = [Decision(path="", kind="panel_exclude", minute="", ballot="8")]
    found = deviating.of(rules, "programme", counted, first)
    assert found is not None
    assert (found.kept, len(found.exclusions)) == (Decimal("77.38"), 8)
    assert {one.ballot: one.mark for one in found.exclusions}["9"] == Decimal("81.43")
    assert "8" not in {one.ballot for one in found.exclusions}
    kept = [*first, Decision(path="", kind="panel_keep", minute="")]
    assert deviating.of(rules, "programme", counted, kept) is None


def test_a_ballot_without_which_nothing_is_left_is_not_left_out() -> None:
    trimmed = (
        rules_of_nine(deviation="panel_meets")
        .replace('"mean"', '"trimmed_mean"')
        .replace("trim = 0", "trim = 1")
    )
    counted = _counted("100", "0", "100", "0", "100", "50")
    first = [Decision(path="", kind="panel_exclude", minute="", ballot=number) for number in ("1", "2", "3")]
    found = deviating.of(parse(trimmed), "programme", counted, first)
    assert found is not None
    assert [(one.mark, one.is_possible) for one in found.exclusions] == [(None, False)] * 3


@pytest.mark.parametrize("action", ["off", "flag"])
def test_the_council_does_not_meet_where_the_rules_do_not_call_it(action: str) -> None:
    rules = parse(rules_of_nine(deviation=action))
    assert deviating.of(rules, "programme", _counted(*["80"] * 8, "50")) is None
    meets = parse(rules_of_nine(deviation="panel_meets"))
    assert deviating.of(meets, "programme", _counted(*["80"] * 9)) is None


@pytest.mark.engines("sqlite")
def test_the_minute_of_the_meeting_is_printed_only_where_ballots_deviate(
    portal: Flask, database: Database, tmp_path: Path
) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, deviation="panel_meets")
        panel = a_panel(session, council)
        x, y, _ = drawn(session, council, panel)
        count(session, council, x, a_sheet(9, 9, 0, ["80"] * 8 + ["50"]))
        count(session, council, y, a_sheet(9, 9, 0, ["80"] * 9))
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}/hearings"
        apart, together = (f"{place}/{one.public_id}" for one in (x, y))
        rules = competitions.ruleset(council.competition)
        counted = queries.counted_ballots(session, [x])[x.id]
        assert deviating.of(rules, "programme", counted) is not None
    secretary = Person.at(portal, database, council.secretary, HEARD)
    assert f"{apart}/deviation.pdf" in secretary.get(apart)
    assert f"{together}/deviation.pdf" not in secretary.get(together)
    secretary.get(f"{together}/deviation.pdf", 404)
    printed = secretary.client.get(f"{apart}/deviation.pdf").data
    assert printed.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        file = tmp_path / "minute.pdf"
        file.write_bytes(printed)
        words = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
        assert "76,67" in words
