# SPDX-License-Identifier: Apache-2.0
"""The milestones that the verifier orders, the verbs that write them and the page that tells them agree."""

import ast
import re
from collections.abc import Iterator

import pytest

from exam_portal.competitions.service import course
from scoring.verify.leaves import MILESTONES
from tests.architecture import tree

RECORDERS = frozenset({"record", "_record", "Act"})
PAGE = (tree.ROOT / "docs" / "bundle.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<kind>[a-z-]+)` \| (?P<after>[^|;]*)[^|]*\| [^|]+ \|$", re.MULTILINE)
ABSENT = re.compile(r"^- `(?P<kind>[a-z-]+)` \(after `(?P<after>[a-z-]+)`\): .+$", re.MULTILINE)


def named(module: ast.Module) -> dict[str, str]:
    """The words that a module gives names to."""
    return {
        target.id: str(node.value.value)
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def words(argument: ast.expr, names: dict[str, str]) -> Iterator[str]:
    """The words that an argument may be: as it stands, by its name, or as either branch of a choice."""
    match argument:
        case ast.Constant(value=str(word)):
            yield word
        case ast.Name(id=name) if name in names:
            yield names[name]
        case ast.IfExp(body=body, orelse=other):
            yield from words(body, names)
            yield from words(other, names)


def recorded() -> set[str]:
    """Every word that some verb hands to the record as an argument, and the course's own words."""
    found = set(course.LEAF_TYPES.values())
    for path in tree.with_suffix(".py"):
        if not tree.name(path).startswith("exam_portal/"):
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        names = named(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in RECORDERS:
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    found.update(words(argument, names))
    return found


def test_every_milestone_is_written_by_some_verb_or_told_to_be_absent() -> None:
    absent = {match["kind"] for match in ABSENT.finditer(PAGE)}
    assert set(MILESTONES) - recorded() == absent


def test_what_is_told_to_be_written_is_every_other_milestone() -> None:
    absent = {match["kind"] for match in ABSENT.finditer(PAGE)}
    assert {match["kind"] for match in ROW.finditer(PAGE)} & set(MILESTONES) == set(MILESTONES) - absent


@pytest.mark.parametrize("kind", MILESTONES)
def test_the_page_gives_a_milestone_the_order_that_the_verifier_asks_for(kind: str) -> None:
    told = {match["kind"]: match["after"] for pattern in (ABSENT, ROW) for match in pattern.finditer(PAGE)}
    assert set(re.findall(r"[a-z-]+", told[kind])) & set(MILESTONES) | {"genesis"} == MILESTONES[
        kind
    ].after | {"genesis"}
