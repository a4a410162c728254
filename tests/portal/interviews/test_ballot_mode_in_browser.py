# SPDX-License-Identifier: Apache-2.0
"""The pages of a panel that turned to paper, and of its envelopes, read well, wide and narrow."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from exam_portal.core.database import Database
from exam_portal.interviews import service
from exam_portal.interviews.record import service as record
from tests.harness.browser import Album
from tests.portal.interviews.builders import HEARD, Council, a_panel, a_sheet, count, drawn
from tests.portal.interviews.test_ballot_mode import turned
from tests.portal.reading import Shown, read_pages

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite")]


def test_the_pages_of_a_panel_that_turned_to_paper_read_well(
    portal: Flask, database: Database, council: Council, new_person: Callable[..., Page], album: Album
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal")
        hearings = drawn(session, council, panel)
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
        at = f"{place}/hearings/{hearings[0].public_id}"
    before: list[Shown] = [("ballot-mode", council.secretary, f"{place}/ballots")]
    read_pages(portal, database, HEARD, new_person, album, before)
    with database.writing(unhurried=True) as session:
        panel, hearing = session.merge(panel), session.merge(hearings[0])
        turned(session, council, panel, "paper")
        count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 9))
        facts: dict[str, Any] = {"hearing": hearing, "number": "PB-01", "keeper": "Văn thư, két số 2"}
        by = (session, council.secretary, HEARD)
        record.register_envelope(*by, **facts, seal_no="0713")
        record.correct_envelope(*by, **facts, seal_no="0731", reason="Gõ đảo hai chữ số của niêm phong")
        service.open_hearing(*by, hearing=session.merge(hearings[1]))
    after: list[Shown] = [
        ("ballot-mode-fixed", council.secretary, f"{place}/ballots"),
        ("ballot-mode-panel", council.house.chair, place),
        ("ballot-mode-member", council.members[0], "/panel"),
        ("envelope-corrected", council.secretary, f"{at}/envelope"),
        ("envelope-correction", council.secretary, f"{at}/envelope/correction"),
    ]
    read_pages(portal, database, HEARD, new_person, album, after)
