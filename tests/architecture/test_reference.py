# SPDX-License-Identifier: Apache-2.0
"""The reference pages say what the sources declare, and every word that people read is declared."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from exam_portal.core.errors import DomainError
from exam_portal.web import messages
from scoring.verify.leaves import MILESTONES
from tests.architecture import reference, tree

CODE = re.compile(r"[a-z]+(?:\.[a-z0-9_-]+)+")


@pytest.mark.parametrize("path", reference.PAGES, ids=lambda path: path.name)
def test_the_page_is_what_the_sources_declare(path: Path, assembled: Flask) -> None:
    """When it differs, `./dev exec python -m tests.architecture.reference` rewrites it for review."""
    assert path.read_text(encoding="utf-8") == reference.PAGES[path](assembled)


def test_every_command_says_what_it_does(assembled: Flask) -> None:
    page = reference.commands_page(assembled)
    silent = re.findall(r"^## `([^`]+)`\n\n\n", page, re.MULTILINE)
    unexplained = re.findall(r"^\| `(--[^|]+)` \|  \|$", page, re.MULTILINE)
    assert (silent, unexplained) == ([], [])


def test_every_refusal_has_words_of_its_own(assembled: Flask) -> None:
    with assembled.app_context():
        worded = messages.registry().errors
    general = {DomainError}
    silent = [
        f"{kind.__module__}.{kind.__name__}"
        for kind in tree.subclasses(DomainError)
        if kind.status != 500  # a fault of the program has the general page, with its reference
        and next(each for each in kind.__mro__ if each in worded) in general
    ]
    assert silent == []


def _recorded_types() -> Iterator[tuple[str, str]]:
    """Yield every literal type of leaf that some verb writes, with its place."""
    for path in tree.with_suffix(".py"):
        if not tree.name(path).startswith("exam_portal/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in RECORDERS:
                for keyword in node.keywords:
                    if keyword.arg == "type" and isinstance(keyword.value, ast.Constant):
                        yield str(keyword.value.value), f"{tree.name(path)}:{node.lineno}"


RECORDERS = frozenset({"record", "_record"})


def test_every_leaf_that_is_written_has_words(assembled: Flask) -> None:
    with assembled.app_context():
        known = messages.registry().audit
    assert [f"{code} ({place})" for code, place in _recorded_types() if code not in known] == []


def test_codes_of_leaves_are_dotted_or_milestones(assembled: Flask) -> None:
    with assembled.app_context():
        known = messages.registry().audit
    assert [code for code in known if code not in MILESTONES and not CODE.fullmatch(code)] == []
