# SPDX-License-Identifier: Apache-2.0
"""The launcher and the locks: what a fresh machine relies on."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt")
PINNED = re.compile(r"^(?P<name>[a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)
ADDRESS = re.compile(r"https?:|file:|--(?:index|extra-index|find)", re.IGNORECASE)
COMMANDS = ("run", "test", "lint", "fmt", "bench", "setup", "exec", "shell", "catalogue", "lock")


def _lock(name: str) -> str:
    return (ROOT / "config" / name).read_text(encoding="utf-8")


def _pins(name: str) -> dict[str, str]:
    return {found["name"]: found["version"] for found in PINNED.finditer(_lock(name))}


def _dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["./dev", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_launcher_is_plain_posix_shell() -> None:
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", str(ROOT / "dev")], check=False).returncode == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_the_launcher_explains_its_commands(command: str) -> None:
    assert f"./dev {command}" in _dev("help").stdout


def test_the_launcher_refuses_what_it_does_not_know() -> None:
    answer = _dev("no-such-command")
    assert (answer.returncode, "./dev run" in answer.stdout) == (2, True)


def test_what_decides_calls_the_launcher() -> None:
    assert "exec ./dev test whole\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_pinned_package_has_hashes_and_no_address(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", _lock(name).strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert ADDRESS.search(_lock(name)) is None


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {"requirements.txt": project["dependencies"]}
    asked["requirements-dev.txt"] = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    unmet = [
        f"{name}: {line}"
        for name, lines in asked.items()
        for line in lines
        if not _meets(Requirement(line), _pins(name))
    ]
    assert unmet == []


def _meets(wanted: Requirement, pins: dict[str, str]) -> bool:
    version = pins.get(re.sub(r"[._-]+", "-", wanted.name).lower())
    return version is not None and wanted.specifier.contains(version, prereleases=True)


def test_both_locks_agree() -> None:
    portal, everything = _pins("requirements.txt"), _pins("requirements-dev.txt")
    assert {name: everything.get(name) for name in portal} == portal


def test_the_front_end_lock_names_no_address_and_runs_no_script() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert "--ignore-scripts" in (ROOT / "dev").read_text(encoding="utf-8")
