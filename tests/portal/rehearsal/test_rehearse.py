# SPDX-License-Identifier: Apache-2.0
"""A small rehearsal ends in go, and its bundle verifies."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from exam_portal.cli import main

pytestmark = [pytest.mark.journey, pytest.mark.thorough]


@pytest.mark.postgres
def test_a_small_competition_is_carried_to_a_verified_ranking(tmp_path: Path, catalogues: None) -> None:
    """On SQLite the ten steps walk the same course."""
    words = ["--candidates", "8", "--vacancies", "2", "--database", "postgresql", "--json"]
    done = CliRunner().invoke(main, ["rehearse", *words, "--out", str(tmp_path)], catch_exceptions=False)
    found = json.loads(done.stdout)
    assert found["verdict"] == "go", found["reasons"]
    assert done.exit_code == 0
    assert found["answers"]["lost"] == 0
    assert found["answers"]["acknowledged"] == found["answers"]["stored"] > 0
    assert found["verify"]["exit"] == 0
    assert [ranking["vacancy"] for ranking in found["ranking"]] == ["V01", "V02"]
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["verdict"] == "go"
