# SPDX-License-Identifier: Apache-2.0
"""Which program acts: hashes over its files and packages, which another machine can make again."""

import hashlib
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from exam_portal.cli import main
from exam_portal.core import program


def test_both_hashes_are_made_over_lists_that_the_page_of_the_bundle_describes() -> None:
    program.facts.cache_clear()
    listed = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}\n" for name, file in program.files()
    )
    facts = program.facts()
    assert facts["build"] == f"sha256:{hashlib.sha256(listed.encode()).hexdigest()}"
    packages = "".join(f"{line}\n" for line in program.packages())
    assert facts["lock"] == f"sha256:{hashlib.sha256(packages.encode()).hexdigest()}"


def test_the_program_is_its_code_its_pages_and_its_words_and_no_leftovers() -> None:
    names = [name for name, _ in program.files()]
    assert names == sorted(set(names))
    assert {"exam_portal/app.py", "scoring/ranking.py", "question_bank/paper.py"} <= set(names)
    assert "exam_portal/web/templates/layouts/base.html" in names
    assert not [name for name in names if "__pycache__" in name or "/assets/" in name]


def test_one_changed_byte_makes_another_program(tmp_path: Path) -> None:
    for name in program.PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("", encoding="ascii")
    (tmp_path / "scoring" / "ranking.py").write_text("ROUND = 2\n", encoding="ascii")
    script = "from exam_portal.core import program; print(program._build())"
    source = Path(program.__file__)
    (tmp_path / "exam_portal" / "core").mkdir()
    (tmp_path / "exam_portal" / "core" / "__init__.py").write_text("", encoding="ascii")
    (tmp_path / "exam_portal" / "core" / "program.py").write_bytes(source.read_bytes())

    def built() -> str:
        command = [sys.executable, "-S", "-c", script]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    before = built()
    assert built() == before
    (tmp_path / "scoring" / "ranking.py").write_text("ROUND = 3\n", encoding="ascii")
    assert built() != before


def test_the_command_says_what_the_log_says() -> None:
    result = CliRunner().invoke(main, ["version", "--packages"])
    assert result.exit_code == 0
    facts = program.facts()
    assert result.output.splitlines()[:3] == [
        f"version {facts['version']}",
        f"build   {facts['build']}",
        f"lock    {facts['lock']}",
    ]
    assert result.output.splitlines()[3:] == program.packages()
