# SPDX-License-Identifier: Apache-2.0
"""The page on rule sets names every key that the reader of rule sets knows."""

import ast
import re
from collections.abc import Iterator

from tests.architecture import tree

PAGE = tree.ROOT / "docs" / "rulesets.md"
READERS = frozenset({"text", "texts", "whole", "decimal", "flag", "table", "tables"})
READING = frozenset(
    {"of_a_hundred", "_above_zero", "_on_step", "_stated"}
)  # functions that are given table and key


def _keys() -> Iterator[str]:
    """Yield every key that `scoring.ruleset` reads from a table."""
    for path in tree.with_suffix(".py"):
        if tree.name(path).startswith("scoring/ruleset/"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(key := _key(node), ast.Constant):
                    yield str(key.value)


def _key(call: ast.Call) -> ast.expr | None:
    """The key that a call reads from a table, if it reads one."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in READERS and call.args:
        return call.args[0]
    if isinstance(call.func, ast.Name) and call.func.id in READING:
        return call.args[1]
    return None


def test_every_key_of_a_rule_set_is_documented() -> None:
    words = set(re.findall(r"`\[*([\w.]+)\]*`", PAGE.read_text(encoding="utf-8")))
    tables = {name.split(".")[-1] for name in words}
    assert sorted(set(_keys()) - words - tables) == []


PARAMETERS = """
legal_basis[] | vacancy.places | min_candidates | recheck_min_after | apply_window_days | application_cutoff
vetting_notice_wd | summons_wd | posting_wd | working_calendar | late_limit | parts[] | part.role | part.scale
part.pass | part.weight | each_part_min | mcq | papers | content_unlock | written.markers
discrepancy.threshold | discrepancy.resolve | panel.size | quorum | panel.ballot | panel.aggregate
panel.deviation | panel.absent | rubric | mark_step | rounding | priority_points | tie_break[]
no_random_tiebreak | coi.relations | sanctions | review.parts | review.days | finish_days | review.blind
review.policy | review.tolerance | neutralise_item | result.notify_wd | result.complete_file_days
reserve_list_months | term_years | retention | outlier_report | publication
"""


def _places() -> list[tuple[list[str], str, list[str]]]:
    """The parameters of a competition: their names, where each lives, and the keys or files that hold it."""
    table = PAGE.read_text(encoding="utf-8").partition("| parameter | where it lives | as |")[2]
    rows = [line.strip("|").split("|") for line in table.strip().split("\n\n")[0].splitlines()[1:]]
    return [
        (re.findall(r"`([^`]+)`", name), place.strip(), re.findall(r"`([^`]+)`", held))
        for name, place, held in rows
    ]


def test_every_parameter_of_a_competition_has_its_place() -> None:
    named = [name for names, _, _ in _places() for name in names]
    assert sorted(named) == sorted(PARAMETERS.replace("|", " ").split())
    assert {place for _, place, _ in _places()} == {"rule set", "plan", "fixed"}


def test_what_lives_in_the_rule_set_is_read_there_and_what_does_not_has_its_file() -> None:
    keys = set(_keys())
    for names, place, held in _places():
        files = [each for each in held if "/" in each]
        assert all((tree.ROOT / each).is_file() for each in files), names
        assert held if place == "rule set" else files, names
        if place == "rule set":
            assert [each for each in held if each not in keys and each not in files] == [], names


def test_the_reader_is_found() -> None:
    assert {"quorum", "places_boundary_only", "rounding"} <= set(_keys())
