# SPDX-License-Identifier: Apache-2.0
"""The pages that list what the sources declare. A test compares them; running this module rewrites them:

./dev exec python -m tests.architecture.reference
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from flask import Flask
from flask_babel import force_locale
from pydantic import BaseModel

from exam_portal.core.settings.loading import known_keys, variable
from exam_portal.core.settings.model import Settings
from exam_portal.web import messages, policy
from tests.architecture import inventory, portal
from tests.architecture.tree import ROOT
from tests.harness import logs

DEFAULTS = ROOT / "config" / "default.toml"
COMMENT = re.compile(r"^(?P<key>\w+) = .*?\s#\s(?P<words>.+)$")


def settings_page(_app: Flask) -> str:
    """Return the page of all settings, by section."""
    explained = _explanations()
    lines = [
        "# Settings",
        "",
        "Read in this order, the later winning: `config/default.toml`; the file named in",
        "`EXAM_PORTAL_CONFIG` (a path, or the name of a file beside it such as `development`); environment",
        "variables. A key that is not listed here stops the start and is named.",
    ]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        assert isinstance(section, type)
        assert issubclass(section, BaseModel)
        lines += ["", f"## {name}", "", (section.__doc__ or "").strip(), ""]
        lines += ["| setting | default | what it does | variable |", "|---|---|---|---|"]
        lines += [_setting(f"{name}.{key}", section, key, explained) for key in section.model_fields]
    return "\n".join(lines) + "\n"


def _setting(dotted: str, section: type[BaseModel], key: str, explained: Mapping[str, str]) -> str:
    default = section.model_fields[key].default
    shown = (
        f"`{str(default).lower() if isinstance(default, bool) else default}`" if default != "" else "empty"
    )
    return f"| `{dotted}` | {shown} | {explained[dotted].replace('|', '/')} | `{variable(dotted)}` |"


def _explanations() -> dict[str, str]:
    """Return the comment that stands beside each key in default.toml."""
    text = DEFAULTS.read_text(encoding="utf-8")
    section, found = "", {}
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif match := COMMENT.match(line):
            found[f"{section}.{match['key']}"] = match["words"]
    assert set(found) == set(known_keys())
    assert tomllib.loads(text)
    return found


def commands_page(_app: Flask) -> str:
    """Return the page of all commands, as the program itself describes them."""
    from exam_portal.cli import main

    lines = [
        "# Commands",
        "",
        "`exam-portal COMMAND --help` says the same. Inside a checkout: `./dev exec exam-portal …`.",
        "",
    ]
    for path, command in _commands("exam-portal", main):
        lines += [f"## `{path}`", "", _first_paragraph(command), ""]
        parameters = [parameter for parameter in command.params if not _is_plain_help(parameter)]
        if parameters:
            lines += ["| parameter | what it does |", "|---|---|", *map(_parameter, parameters), ""]
    return "\n".join(lines).rstrip() + "\n"


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with its whole name."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in sorted(command.list_commands(context)):
        found = command.get_command(context, name)
        if found is not None and not found.hidden:
            yield from _commands(f"{path} {name}", found)


def _first_paragraph(command: click.Command) -> str:
    return " ".join((command.help or "").strip().split("\n\n")[0].split())


def _is_plain_help(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and "--help" in parameter.opts


def _parameter(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        return f"| {names} | {(parameter.help or '').replace('|', '/')} |"
    return f"| `{(parameter.name or '').upper()}` | {'required' if parameter.required else 'optional'} |"


def permissions_page(app: Flask) -> str:
    """Return the page of all permissions: who passes, and for what."""
    with app.app_context():
        rules = policy.registry().all()
    lines = [
        "# Permissions",
        "",
        "Each route asks for one of these; `access.py` of each slice declares them.",
        "",
    ]
    lines += ["| permission | granted to | for |", "|---|---|---|"]
    lines += [f"| `{name}` | {rule} | {rule.doc} |" for name, rule in rules.items()]
    return "\n".join(lines) + "\n"


def audit_page(app: Flask) -> str:
    """Return the page of all types of leaves in the record, with the words people read."""
    with app.test_request_context(), force_locale("en"):
        words = {code: str(text) for code, text in messages.registry().audit.items()}
    lines = [
        "# Record codes",
        "",
        "Each act writes one leaf of one of these types. Codes are stable: they are never renamed.",
        "",
    ]
    lines += ["| code | meaning |", "|---|---|", *(f"| `{code}` | {words[code]} |" for code in sorted(words))]
    return "\n".join(lines) + "\n"


def inventory_file(app: Flask) -> str:
    """Return the inventory of addresses."""
    return "\n".join(inventory.lines(app)) + "\n"


PAGES: dict[Path, Callable[[Flask], str]] = {
    ROOT / "docs" / "settings.md": settings_page,
    ROOT / "docs" / "commands.md": commands_page,
    ROOT / "docs" / "permissions.md": permissions_page,
    ROOT / "docs" / "audit-codes.md": audit_page,
    inventory.FILE: inventory_file,
}


def rewrite() -> None:
    """Write every page, and the matrix of addresses and roles, from the sources as they are now."""
    with portal.assembled() as app:
        for path, page in PAGES.items():
            path.write_text(page(app), encoding="utf-8")
    from tests.architecture import (
        matrix,
    )  # seeds the whole demonstration; the tests of the pages do not need it

    with matrix.staged() as stage:
        matrix.FILE.write_text("\n".join(matrix.lines(matrix.read(stage))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    logs.configure()
    rewrite()
