# SPDX-License-Identifier: Apache-2.0
"""No setting is a promise that nothing keeps: each key is read somewhere in the portal."""

import ast
import re
from collections.abc import Iterator

from exam_portal.core.settings.loading import known_keys
from exam_portal.core.settings.model import Settings
from tests.architecture import tree

SECTIONS = {name: field.annotation or object for name, field in Settings.model_fields.items()}


def _read_in(text: str) -> Iterator[str]:
    """Yield the keys that a module reads: ``settings.mail.host``, or ``settings.host`` if it knows Mail."""
    known = {
        section
        for section, kind in SECTIONS.items()
        if re.search(rf"settings(\(\))?\.{section}\b|\b{kind.__name__}\b", text)
    }
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            owner = _name(node.value).lstrip("_")
            for section in known if owner == "settings" else {owner}:
                yield f"{section}.{node.attr}"


def _name(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Call(func=called):
            return _name(called)
    return ""


def test_every_setting_is_read_somewhere() -> None:
    read = {
        key
        for path in tree.with_suffix(".py")
        if tree.name(path).startswith("exam_portal/")
        for key in _read_in(path.read_text(encoding="utf-8"))
    }
    assert [key for key in known_keys() if key not in read] == []
