# SPDX-License-Identifier: Apache-2.0
"""Every threat that the documents answer names tests that exist."""

import ast
import re

import pytest

from tests.architecture import tree

PAGE = (tree.ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (T\d+) \|.*$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
OF_THE_SITTING = {f"T{number}" for number in (*range(9, 17), *range(45, 50), 57)}


def _rows() -> dict[str, list[tuple[str, str]]]:
    return {match[1]: TEST.findall(match[0]) for match in ROW.finditer(PAGE)}


def test_every_threat_to_the_sitting_has_its_row() -> None:
    assert set(_rows()) >= OF_THE_SITTING


@pytest.mark.parametrize("number", sorted(_rows()))
def test_a_threat_names_tests_that_exist(number: str) -> None:
    named = _rows()[number]
    assert named
    for path, name in named:
        module = ast.parse((tree.ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}, path
