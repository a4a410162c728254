# SPDX-License-Identifier: Apache-2.0
"""Reading settings: default.toml, then the installation's file, then the environment."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource

from exam_portal.core.errors import Unusable
from exam_portal.core.settings.model import DELIMITER, PREFIX, Settings

CONFIG_VARIABLE = "EXAM_PORTAL_CONFIG"
CONFIG_DIRECTORY = Path(__file__).resolve().parents[3] / "config"


class SettingsError(Unusable):
    """The settings cannot be used; the message names each wrong key and where it stands."""


def load(config: str | Path | None = None, *, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings of this installation, or raise SettingsError naming every wrong key.

    ``config`` (else the variable EXAM_PORTAL_CONFIG) is a path, or a name such as ``development`` for the
    file of that name beside ``default.toml``. ``overrides`` win over all: they are what a command line says.
    """
    _refuse_unknown_environment(os.environ)
    merged: dict[str, Any] = {}
    for file in _files(config):
        content = _read(file)
        _refuse_unknown_keys(content, file)
        merged = _merge(merged, content)
    return _build(merged, overrides or {})


def known_keys(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of every setting."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from known_keys(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def variable(key: str) -> str:
    """Return the environment variable that sets this key."""
    return PREFIX + key.replace(".", DELIMITER).upper()


def _files(config: str | Path | None) -> list[Path]:
    default = CONFIG_DIRECTORY / "default.toml"
    chosen = config or os.environ.get(CONFIG_VARIABLE, "")
    files = [default] if default.exists() else []  # an installed wheel has the same defaults in its types
    if chosen:
        named = CONFIG_DIRECTORY / f"{chosen}.toml"
        files.append(named if "/" not in str(chosen) and named.exists() else Path(chosen))
    return files


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SettingsError(f"{file}: cannot be read ({problem.strerror})") from problem
    except tomllib.TOMLDecodeError as problem:
        raise SettingsError(f"{file}: {problem}") from problem


def _refuse_unknown_keys(content: Mapping[str, Any], file: Path) -> None:
    known = set(known_keys())
    unknown = [key for key in _flat(content) if key not in known]
    if unknown:
        raise SettingsError("\n".join(f"{file}: unknown key {key}" for key in unknown))


def _refuse_unknown_environment(environment: Mapping[str, str]) -> None:
    """Compare every prefixed variable with the known ones: the settings library would drop them silently."""
    known = {variable(key) for key in known_keys()} | {CONFIG_VARIABLE}
    unknown = sorted(n for n in environment if n.upper().startswith(PREFIX) and n.upper() not in known)
    if unknown:
        raise SettingsError("\n".join(f"environment: unknown key {name}" for name in unknown))


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.") if value else iter([f"{prefix}{name}"])
        else:
            yield f"{prefix}{name}"


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        merged[name] = (
            _merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
        )
    return merged


def _build(files: Mapping[str, Any], overrides: Mapping[str, Any]) -> Settings:
    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=dict(files))

    try:
        return Settings.model_validate(Loaded(**overrides).model_dump())
    except ValidationError as problem:
        raise SettingsError("\n".join(_in_words(error) for error in problem.errors())) from problem


def _in_words(error: ErrorDetails) -> str:
    said = error["msg"].removeprefix("Value error, ")
    return f"{'.'.join(map(str, error['loc']))}: {said}" if error["loc"] else said
