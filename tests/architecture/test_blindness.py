# SPDX-License-Identifier: Apache-2.0
"""Marking cannot reach a person: what the import linter cannot see is looked at here."""

import ast
import re
from pathlib import Path

from exam_portal.core import schema
from exam_portal.core.db import Base
from tests.architecture import tree

OWN = "exam_portal.marking"
LOADERS = frozenset({"importlib.import_module", "__import__", "import_module", "exec", "eval"})
PERSONAL = re.compile(r"name|email|phone|birth|identity|address|person|candidate_id|application_id")


def _sources() -> list[Path]:
    return [path for path in tree.with_suffix(".py") if tree.name(path).startswith("exam_portal/marking/")]


def test_marking_loads_no_module_by_name() -> None:
    loads = [
        f"{tree.name(path)}: {ast.unparse(node.func)}"
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in LOADERS
    ]
    assert loads == []


def test_marking_writes_no_sql_by_hand() -> None:
    written = [
        tree.name(path)
        for path in _sources()
        if re.search(
            r"(?i)\btext\([^)]*\b(select|from|join)\b|exec_driver_sql", path.read_text(encoding="utf-8")
        )
    ]
    assert written == []


def test_no_relationship_leads_out_of_marking() -> None:
    schema.metadata()
    ways_out = [
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(OWN)
        for relation in mapper.relationships
        if not relation.mapper.class_.__module__.startswith(OWN)
    ]
    assert ways_out == []


def test_no_column_of_marking_tells_who_wrote_a_script() -> None:
    schema.metadata()
    telling = [
        f"{mapper.local_table}.{column.key}"
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(OWN)
        for column in mapper.columns
        if PERSONAL.search(column.key)
    ]
    assert telling == []
