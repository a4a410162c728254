# SPDX-License-Identifier: Apache-2.0
"""How Alembic runs here: on the connection that ``core.schema`` opened, inside its transaction."""

from alembic import context

from exam_portal.core.db import Base
from exam_portal.migrations import rendering, tables


def run() -> None:
    """Run the migrations on the given connection."""
    assert tables.__all__
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        process_revision_directives=rendering.complete,
        render_item=rendering.render_item,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    context.run_migrations()


run()
