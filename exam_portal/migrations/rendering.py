# SPDX-License-Identifier: Apache-2.0
"""How revisions are written: plain column types, and references between tables that need each other."""

from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, DowngradeOps, MigrateOperation, MigrationScript, UpgradeOps
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.types import TypeDecorator

from exam_portal.core.db import Base, Document, Instant, Thousandths

PLAIN: dict[type[TypeDecorator[Any]], str] = {
    Instant: "sa.DateTime(timezone=True)",
    Thousandths: "sa.Integer()",
    Document: "sa.Text()",
}


class AddReferenceLater(MigrateOperation):
    """On PostgreSQL a reference to a table made later is added after it; SQLite has it from the start."""

    def __init__(self, constraint: ForeignKeyConstraint) -> None:
        self.constraint = constraint


class DropReferenceFirst(AddReferenceLater):
    """The reverse: two tables that refer to each other cannot be dropped in any order."""


@renderers.dispatch_for(AddReferenceLater)
def render_add(_context: AutogenContext, operation: AddReferenceLater) -> list[str]:
    """Write the statement for PostgreSQL only."""
    made = operation.constraint
    ends = [made.name, made.parent.name, made.referred_table.name]
    columns = [list(made.column_keys), [element.column.name for element in made.elements]]
    arguments = ", ".join(repr(each) for each in [*map(str, ends), *columns])
    return ['if op.get_bind().dialect.name == "postgresql":', f"op.create_foreign_key({arguments})", ""]


@renderers.dispatch_for(DropReferenceFirst)
def render_drop(_context: AutogenContext, operation: DropReferenceFirst) -> list[str]:
    """Write the statement for PostgreSQL only."""
    made = operation.constraint
    names = f"{str(made.name)!r}, {made.parent.name!r}"
    return [
        'if op.get_bind().dialect.name == "postgresql":',
        f'op.drop_constraint({names}, type_="foreignkey")',
        "",
    ]


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as the plain ones they are: a revision outlives the class it was made from."""
    if kind == "type" and type(item) in PLAIN:
        return PLAIN[type(item)]
    return False


def complete(_context: object, _revision: object, scripts: list[MigrationScript]) -> None:
    """Add to a new script the references that its tables cannot carry from the start."""
    for script in scripts:
        assert isinstance(script.upgrade_ops, UpgradeOps)
        assert isinstance(script.downgrade_ops, DowngradeOps)
        made = {op.table_name for op in script.upgrade_ops.ops if isinstance(op, CreateTableOp)}
        for constraint in _late_references(made):
            script.upgrade_ops.ops.append(AddReferenceLater(constraint))
            script.downgrade_ops.ops.insert(0, DropReferenceFirst(constraint))


def _late_references(tables: set[str]) -> list[ForeignKeyConstraint]:
    return [
        constraint
        for name in sorted(tables)
        for constraint in Base.metadata.tables[name].constraints
        if isinstance(constraint, ForeignKeyConstraint) and constraint.use_alter
    ]
