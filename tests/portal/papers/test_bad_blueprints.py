# SPDX-License-Identifier: Apache-2.0
"""`papers assemble` names what is wrong with its input in a line with its path, and ends with status 2."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from exam_portal.cli import main
from question_bank import assembly
from tests.portal.papers.builders import TOPIC, a_choice, a_file

HEAD = 'schema = "exam-portal/blueprint/1"\n'
CELL = f'{{ topic = "{TOPIC}", count = 2 }}'
BAD = [
    ("items = 2", "The key 'schema' is missing"),
    (HEAD + 'marks = "100"', "The key 'items' is missing"),
    (HEAD + "x = 1\nitems = 2", "x: This key is not known here"),
    (HEAD + "items = -4", "items: The number must lie"),
    (HEAD + "items = 100000000", "items: The number must lie"),
    (HEAD + "items = " + "9" * 5000, "The file is not TOML"),
    (HEAD + 'items = "2"', "items: A whole number is expected here"),
    (HEAD + "items = 2.5", "items: A whole number is expected here"),
    *(
        (f"{HEAD}items = 4\n{line}", said)
        for line, said in (
            ('cells = [{ topic = "Lạ", count = 1 }]', "cells[0].topic: No item of the bank"),
            (f'cells = [{{ topic = "{TOPIC}", count = -1 }}]', "cells[0].count: The number must lie"),
            (f"cells = [{CELL}, {CELL}]", "cells: Cell 1 names the same items"),
            ('cells = [{ to = "0.5", count = 3 }, { from = "0.5", count = 2 }]', "cells: The bands ask"),
            ('cells = [{ to = "0.5", count = 1 }, { from = "0.5", count = 2 }]', "cells: The bands from"),
            ('cells = [{ from = "0.7", to = "0.3", count = 1 }]', "cells[0].from: from is not below to"),
            ("cells = 5", "cells: A list is expected here"),
            ('cells = [["x"]]', "cells[0]: An object is expected here"),
            ("cells = " + "[" * 5000, "The file is not TOML"),
            ("items = 3", "The file is not TOML"),
            ("marks = 99.5", "marks: A number stands in quotes here"),
            ("marks = inf", "marks: A number stands in quotes here"),
            ('marks = "nan"', "marks:"),
            ("minutes = 0", "minutes: The number must lie from 1 to 600"),
            ("minutes = 100000", "minutes: The number must lie from 1 to 600"),
            ('difficulty = { mean = 0.5, tolerance = "0.1" }', "difficulty.mean: A number stands in"),
            ('include = ["CV-99"]', "include[0]: The bank has no item 'CV-99'"),
            ('exclude = ["CV-99"]', "exclude[0]: The bank has no item 'CV-99'"),
            ('enemies = [["Q-0001", "CV-99"]]', "enemies[0][1]: The bank has no item 'CV-99'"),
            ('include = ["Q-0001"]\nexclude = ["Q-0001"]', "include: 'Q-0001' is included and excluded"),
            ('include = ["Q-0001", "Q-0001"]', "include: 'Q-0001' stands there twice"),
        )
    ),
]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "bank.json"
    path.write_bytes(a_file([a_choice(number) for number in range(1, 7)]))
    return path


def _assembled(bank: Path, plan: str | bytes) -> Result:
    path = bank.with_name("plan.toml")
    path.write_bytes(plan if isinstance(plan, bytes) else plan.encode())
    arguments = ["papers", "assemble", "--bank", str(bank), "--blueprint", str(path), "--seed", "1"]
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(("plan", "said"), BAD, ids=[said for _, said in BAD])
def test_a_mistake_of_a_blueprint_is_one_line_with_its_path(bank: Path, plan: str, said: str) -> None:
    result = _assembled(bank, plan)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(rf"^plan\.toml:\d+: {re.escape(said)}", result.stderr, re.MULTILINE), result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (a_file([]), "bank.json"),
        (a_file([a_choice(1), a_choice(1)]), "bank.json"),
        (a_file([a_choice(1, difficulty="2")]), "bank.json"),
        (b"", "bank.json"),
        (b"\xff\xfe\x00", "bank.json"),
        (json.dumps({"schema": "exam-portal/items/1", "items": 5}).encode(), "bank.json"),
    ],
)
def test_a_bank_that_cannot_be_used_is_refused(bank: Path, content: bytes, said: str) -> None:
    bank.write_bytes(content)
    result = _assembled(bank, HEAD + "items = 1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_blueprint_of_another_encoding_is_refused_and_one_of_notepad_is_read(bank: Path) -> None:
    assert _assembled(bank, (HEAD + "items = 2  # đề").encode("utf-16")).exit_code == 2
    assert _assembled(bank, b"\xef\xbb\xbf" + (HEAD + "items = 2").encode()).exit_code == 0


def test_forms_that_their_own_check_refuses_are_told_in_a_line(
    bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = assembly.solving.Found(forms=(("Q-0001",),))
    monkeypatch.setattr(assembly.solving.Search, "found_in", lambda *_, **__: wrong)
    result = _assembled(bank, HEAD + "items = 2")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "do not pass their own check" in result.stderr


def test_questions_whose_options_name_others_are_told_before_forms_are_drawn(tmp_path: Path) -> None:
    naming = a_choice(3)
    naming["options"][-1]["text"] = "Cả A và B"
    for items, said in (([naming], "Q-0003"), ([], "")):
        bank = tmp_path / "bank.json"
        bank.write_bytes(a_file([a_choice(1), a_choice(2), *items]))
        result = _assembled(bank, f"{HEAD}items = 2")
        assert (result.exit_code, said in result.stderr) == (0, True)
        assert ("options that name others" in result.stderr) == bool(said)
