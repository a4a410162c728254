# SPDX-License-Identifier: Apache-2.0
"""What a candidate takes home is enough to check the receipt without the portal."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.sittings.attempts import service as attempts
from tests.portal.competitions.pages import At, Person
from tests.portal.sittings.builders import MINUTE, START, a_hall
from tests.portal.sittings.computers import attempt_of, player_at, running, seal_all

pytestmark = pytest.mark.engines("sqlite")


def test_the_program_agrees_with_the_portal_on_text_document_and_journal(
    database: Database, portal: Flask, clock: At, tmp_path: Path
) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = running(session, hall)
        own, other = (Actor(account_id=one.account_id, is_candidate=True) for one in hall.candidates[:2])
    player = player_at(database, sitting.seats[0], START + MINUTE)
    player.answer("b")
    player.answer("Điều 19 “khoản” 2 🌱", item="Q-3")
    clock.set(START + 10 * MINUTE)
    person = Person.at(portal, database, own, clock.now())
    base = f"/sit/{player.token.attempt}"
    person.get(f"{base}/journal.json", 404)  # not before it is handed in
    with database.writing(unhurried=True) as session:
        seal_all(session, hall.invigilator, clock.now(), sitting)
        assert attempts.current_answers(session, attempt_of(session, sitting.seats[0]))["Q-1"] == "b"
    assert "check-receipt.py" in person.get(f"{base}/receipt")
    program = _kept(tmp_path, portal.test_client().get("/check-receipt.py").get_data(), "check-receipt.py")
    journal = _kept(tmp_path, person.client.get(f"{base}/journal.json").get_data(), "journal.json")
    for name in ("receipt.txt", "receipt.pdf"):
        file = _kept(tmp_path, person.client.get(f"{base}/{name}").get_data(), name)
        command = [sys.executable, "-I", "-S", program, file, "--journal", journal]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, name + done.stdout + done.stderr
    stranger = Person.at(portal, database, other, clock.now())
    for name in ("receipt.txt", "journal.json"):
        stranger.get(f"{base}/{name}", 404)


def _kept(folder: Path, content: bytes, name: str) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)
