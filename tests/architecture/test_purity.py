# SPDX-License-Identifier: Apache-2.0
"""The path from marks to a rank is arithmetic: no clock, no files, no chance, no foreign library."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import tree

STATISTICS = "scoring/statistics/"  # never on the path to a rank; numpy and scipy are welcome there
AMBIENT_MODULES = frozenset({"logging", "socket", "subprocess", "time", "urllib", "http", "secrets", "uuid"})
PURE_PARTS = frozenset({"urllib.parse"})  # takes addresses apart, and asks nobody
AMBIENT_CALLS = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "print", "input"}
)
STARTER = "question_bank/assembly/process.py"  # starts the solver (ADR 15)
VERIFIER = "scoring/verify/"  # reads a bundle and prints its checks


def _sources(package: str) -> list[Path]:
    return [path for path in tree.with_suffix(".py") if tree.name(path).startswith(f"{package}/")]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        yield from (name.split(".")[0] for name in names if name not in PURE_PARTS)


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_scoring_imports_only_the_standard_library_on_the_path_to_a_rank() -> None:
    allowed = sys.stdlib_module_names | {"scoring"}
    foreign = [
        f"{tree.name(path)}: {module}"
        for path in _sources("scoring")
        if not tree.name(path).startswith(STATISTICS)
        for module in _imports(path)
        if module not in allowed
    ]
    assert foreign == []


@pytest.mark.parametrize("package", ["scoring", "question_bank"])
def test_no_clock_network_or_process(package: str) -> None:
    ambient = [
        f"{tree.name(path)}: {module}"
        for path in _sources(package)
        for module in _imports(path)
        if module in AMBIENT_MODULES and (tree.name(path), module) != (STARTER, "subprocess")
    ]
    assert ambient == []


@pytest.mark.parametrize("package", ["scoring", "question_bank"])
def test_no_ambient_call(package: str) -> None:
    ambient = [
        f"{tree.name(path)}: {call}"
        for path in _sources(package)
        if not tree.name(path).startswith(VERIFIER)
        for call in _calls(path)
        if call in AMBIENT_CALLS
    ]
    assert ambient == []


def test_chance_is_seeded_wherever_it_is_used() -> None:
    unseeded = [
        f"{tree.name(path)}: {call}"
        for package in ("scoring", "question_bank")
        for path in _sources(package)
        for call in _calls(path)
        if call.startswith("random.") and call != "random.Random"
    ]
    assert unseeded == []


def test_no_float_on_the_path_to_a_rank() -> None:
    floats = [
        f"{tree.name(path)}:{node.lineno}"
        for path in _sources("scoring")
        if not tree.name(path).startswith(STATISTICS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
    ]
    assert floats == []
