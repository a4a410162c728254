# SPDX-License-Identifier: Apache-2.0
"""The page on rule sets names every key that the reader of rule sets knows."""

import ast
import re
from collections.abc import Iterator

from tests.architecture import tree

PAGE = tree.ROOT / "docs" / "rulesets.md"
READERS = frozenset({"text", "texts", "whole", "decimal", "flag", "table", "tables"})


def _keys() -> Iterator[str]:
    """Yield every key that `scoring.ruleset` reads from a table."""
    for path in tree.with_suffix(".py"):
        if tree.name(path).startswith("scoring/ruleset/"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                    key = node.args[0]
                    if node.func.attr in READERS and isinstance(key, ast.Constant):
                        yield str(key.value)


def test_every_key_of_a_rule_set_is_documented() -> None:
    words = set(re.findall(r"`\[*([\w.]+)\]*`", PAGE.read_text(encoding="utf-8")))
    tables = {name.split(".")[-1] for name in words}
    assert sorted(set(_keys()) - words - tables) == []


def test_the_reader_is_found() -> None:
    assert {"quorum", "places_boundary_only", "rounding"} <= set(_keys())
