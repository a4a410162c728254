# SPDX-License-Identifier: Apache-2.0
"""No binary number anywhere, the same hash on every machine, and thousands of candidates in a moment."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scoring.ranking import rank_json
from scoring.verify.canonical import sha256_of
from tests.harness.pace import Stopwatch
from tests.scoring.builders import RULESETS, ballots, candidate, marks_content, written

ROOT = Path(__file__).parents[2]
STATISTICS = ROOT / "scoring" / "statistics"  # never on the path to a rank
SOURCES = sorted(
    path
    for package in ("scoring", "question_bank")
    for path in (ROOT / package).rglob("*.py")
    if STATISTICS not in path.parents
)
INEXACT = {"sqrt", "pow", "exp", "log", "fsum", "hypot", "random", "statistics", "numpy"}
GATE_TEXT = (RULESETS / "leadership-gate.toml").read_text(encoding="utf-8")


def _binary_numbers(tree: ast.AST) -> Iterator[str]:
    """Where the source writes, makes or borrows a binary number; asking whether something is one is none."""
    asked = {
        id(name)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "isinstance"
        for name in ast.walk(call)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield f"line {node.lineno}: {node.value!r}"
        elif isinstance(node, ast.Name) and node.id in {"float", "complex"} and id(node) not in asked:
            yield f"line {node.lineno}: {node.id}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
            yield from (f"line {node.lineno}: {name}" for name in names & INEXACT)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_of_marks_knows_a_binary_number(path: Path) -> None:
    assert list(_binary_numbers(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_nothing_that_ranks_asks_the_statistics() -> None:
    assert [path for path in SOURCES if "scoring.statistics" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "source", ["x = 0.5", "float('1')", "y: float", "import random", "from math import sqrt"]
)
def test_the_search_for_binary_numbers_finds_them(source: str) -> None:
    assert list(_binary_numbers(ast.parse(source)))
    assert not list(_binary_numbers(ast.parse("isinstance(x, float)")))


SMALL = marks_content(candidate("Hộ", written=written("72", "78.5")), candidate("B", "withdrawn"))
SMALL_HASH = "sha256:a2d5f37f5c3a48170954a1ce257cfd998d2ea2cf885bc25ca45fae5bc9961ce4"


def test_the_hash_of_an_input_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert sha256_of(SMALL) == SMALL_HASH


@pytest.mark.parametrize("layout", [{"indent": 3}, {"sort_keys": True}, {"ensure_ascii": False}])
def test_the_hash_does_not_look_at_the_layout_of_the_file(layout: dict[str, Any]) -> None:
    found, _ = rank_json(GATE_TEXT, json.dumps(SMALL, **layout))
    assert found["input"] == SMALL_HASH


def test_the_hash_looks_at_everything_else() -> None:
    other = json.loads(json.dumps(SMALL).replace("78.5", "78.50"))
    assert sha256_of(other) != SMALL_HASH


def a_crowd(size: int, *, undecided: int) -> str:
    """So many candidates in no order, some of whose panels lack ballots, as a file."""
    chance = random.Random(7)
    people = []
    for number in range(size):
        marks = [str(chance.randint(50, 58)) for _ in range(2)]
        ballots_in = [str(chance.randint(50, 100)) for _ in range(4 if number < undecided else 5)]
        people.append(candidate(f"C{number}", written=written(*marks), programme=ballots(*ballots_in)))
    return json.dumps(marks_content(*people, places=size // 10))


@pytest.mark.parametrize("undecided", [0, 1000])
def test_two_thousand_candidates_take_less_than_a_second(undecided: int) -> None:
    content = a_crowd(2000, undecided=undecided)
    times = []
    for _ in range(5):
        with Stopwatch() as watch:
            rank_json(GATE_TEXT, content)
        times.append(watch.seconds)
    assert min(times) < 1, times
