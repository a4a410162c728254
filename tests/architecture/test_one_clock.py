# SPDX-License-Identifier: Apache-2.0
"""One function says when anybody's time ends: requests, the board and printouts ask it and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import tree

RULES = "scoring.timing"
ASKING = {
    "exam_portal/sittings/attempts/schedule.py",  # every request, the board, the projection, fsck
    "exam_portal/sittings/service/attendance.py",  # who is admitted late
}
MAKING_A_PLAN = {
    "exam_portal/sittings/attempts/projection.py",  # the facts put before the rules
    "exam_portal/sittings/service/attendance.py",
}
OUTSIDE = ("exam_portal/demo/", "exam_portal/bench/", "exam_portal/rehearsal/")  # they play people
PARTS = {"grace", "offline"}  # what, beside the duration, an end could be made of
ADDED_TO = {"closes_at", "starts_at", "opens_at", "started_at"}


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for path in tree.with_suffix(".py"):
        name = tree.name(path)
        if name.startswith("exam_portal/") and not name.startswith(OUTSIDE):
            yield name, ast.parse(Path(path).read_text(encoding="utf-8"))


def _named(node: ast.AST) -> set[str]:
    found = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return found | {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def test_the_rules_of_time_are_asked_in_two_places() -> None:
    calls = {"timing.phase", "timing.closing_instant"}
    asking = {
        name
        for name, module in _sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in calls
    }
    assert asking == ASKING


def test_a_duration_becomes_a_span_of_time_only_where_the_rules_are_asked() -> None:
    made = {
        name
        for name, module in _sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] == "timedelta"
        and "duration_seconds" in _named(node)
    }
    assert made == MAKING_A_PLAN


def test_nothing_of_the_sittings_adds_up_an_end_of_its_own() -> None:
    added = {
        (name, ast.unparse(node))
        for name, module in _sources()
        if name.startswith("exam_portal/sittings/") and name not in ASKING
        for node in ast.walk(module)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add | ast.Sub)
        and not any(isinstance(each, ast.JoinedStr | ast.Dict) for each in ast.walk(node))  # words
        and _named(node) & ADDED_TO
        and _named(node) & (PARTS | {"duration_seconds", "seconds", "granted"})
    }
    assert added == set()
