# SPDX-License-Identifier: Apache-2.0
"""Settings are typed, complete in default.toml, and a key nobody knows stops the start by its name."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from exam_portal.core import settings as portal_settings
from exam_portal.core.settings.loading import CONFIG_DIRECTORY, known_keys, variable
from exam_portal.core.settings.model import Settings


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def test_default_toml_holds_every_setting_with_its_default() -> None:
    written = tomllib.loads((CONFIG_DIRECTORY / "default.toml").read_text(encoding="utf-8"))
    assert written == _plain(Settings().model_dump())


def test_every_setting_in_default_toml_is_explained() -> None:
    lines = (CONFIG_DIRECTORY / "default.toml").read_text(encoding="utf-8").splitlines()
    settings = [line for line in lines if re.match(r"\w+ = ", line)]
    assert len(settings) == len(list(known_keys()))
    assert [line for line in settings if not re.search(r"\s# \S", line)] == []


@pytest.mark.parametrize("name", ["development", "testing", "production.example"])
def test_every_shipped_file_loads(name: str) -> None:
    assert portal_settings.load(CONFIG_DIRECTORY / f"{name}.toml").server.port == 8000


def test_a_file_wins_over_defaults_and_the_environment_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[server]\nport = 8123\nhost = "127.0.0.2"\n')
    monkeypatch.setenv("EXAM_PORTAL_CONFIG", str(file))
    monkeypatch.setenv("EXAM_PORTAL_SERVER__PORT", "8124")
    monkeypatch.setenv("EXAM_PORTAL_SERVER__TRUSTED_HOSTS", '["a.example"]')
    server = portal_settings.load().server
    assert (server.port, server.host, server.trusted_hosts) == (8124, "127.0.0.2", ("a.example",))


def test_a_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAM_PORTAL_SERVER__PORT", "8124")
    assert portal_settings.load(overrides={"server": {"port": 8125}}).server.port == 8125


def test_an_unknown_key_in_a_file_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("[server]\nprot = 8123\n[colour]\nred = true\n")
    named = r"own\.toml: unknown key server\.prot"
    with pytest.raises(portal_settings.SettingsError, match=named) as refusal:
        portal_settings.load(file)
    assert "unknown key colour.red" in str(refusal.value)


@pytest.mark.parametrize("name", ["EXAM_PORTAL_SERVER__PROT", "EXAM_PORTAL_PORT", "exam_portal_server__prot"])
def test_an_unknown_key_in_the_environment_is_refused_by_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(portal_settings.SettingsError, match=f"environment: unknown key {name}"):
        portal_settings.load()


def test_a_known_key_in_the_environment_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("server.port", "jobs.workers"):
        monkeypatch.setenv(variable(key), "9")
    assert portal_settings.load().jobs.workers == 9


def test_a_value_of_the_wrong_type_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[server]\nport = "many"\n')
    with pytest.raises(portal_settings.SettingsError, match=r"server\.port"):
        portal_settings.load(file)


def test_sqlite_with_several_workers_is_refused() -> None:
    with pytest.raises(portal_settings.SettingsError, match="exactly one worker"):
        portal_settings.load(overrides={"server": {"workers": 2}})
    several = {"server": {"workers": 2}, "database": {"url": "postgresql+psycopg://localhost/x"}}
    assert portal_settings.load(overrides=several).server.workers == 2


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().server.port = 1
