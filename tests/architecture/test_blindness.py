# SPDX-License-Identifier: Apache-2.0
"""Marking cannot reach a person: what the import linter cannot see is looked at here."""

import ast
import re
from pathlib import Path

from exam_portal.core import schema
from exam_portal.core.confinement import REACHABLE
from exam_portal.core.db import Base
from tests.architecture import tree

OWN = "exam_portal.marking"
DOORS = {
    "exam_portal/app.py",  # what the competition is called and where it lies
    "exam_portal/audit/service.py",
    "exam_portal/core/outbox/delivery.py",
    "exam_portal/core/outbox/rows.py",
    "exam_portal/sittings/handover/bags.py",
    "exam_portal/sittings/handover/people.py",
    "exam_portal/sittings/handover/scripts.py",
    "exam_portal/web/database.py",  # for the frame of a page
}
FRAMES = {"exam_portal/accounts/routes/blueprint.py", "exam_portal/competitions/workspace.py"}
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


def test_a_confined_session_reaches_the_tables_of_marking_and_no_other() -> None:
    schema.metadata()
    own = {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(OWN)
    }
    assert own == REACHABLE


def _using(pattern: str) -> set[str]:
    return {
        tree.name(path)
        for path in tree.with_suffix(".py")
        if tree.name(path).startswith("exam_portal/") and re.search(pattern, path.read_text(encoding="utf-8"))
    } - {"exam_portal/core/confinement.py"}


def test_only_the_named_modules_lift_the_confinement() -> None:
    assert (
        _using(r"(?m)^@door$|\bconfinement\.(door|opened)\b|confinement import .*\b(door|opened)\b") == DOORS
    )
    assert _using(r"\bdatabase\.framing\(") == FRAMES


def test_every_way_in_through_the_handover_is_a_door() -> None:
    sources = sorted((tree.ROOT / "exam_portal/sittings/handover").glob("*.py"))
    assert sources
    shut = [
        node.name
        for source in sources
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and [ast.unparse(one) for one in node.decorator_list] != ["door"]
    ]
    assert shut == []


def test_no_module_but_the_confinement_changes_its_role_or_what_sqlite_asks() -> None:
    assert _using(r"(?i)set_authorizer|\bset (local |session )?role\b|reset role|session authorization") == {
        "exam_portal/core/database/sqlite.py"  # a connection is free again when it comes back
    }


def test_marking_opens_no_session_that_is_not_confined() -> None:
    way = re.compile(r"database\.(reading|writing|commit_together|database|framing)\(")
    texts = {tree.name(path): path.read_text(encoding="utf-8") for path in _sources()}
    opened = {name: text for name, text in texts.items() if way.search(text)}
    assert set(opened) == {
        "exam_portal/marking/agreement/computing.py",
        "exam_portal/marking/agreement/likeness.py",
    }
    for text in opened.values():  # jobs: confined while they read; then they keep what was computed
        assert re.findall(r"\.reading\(\) as session:\n +(\w+)\(session\)", text) == ["confine"]
        assert way.findall(text) == ["reading", "writing"]
