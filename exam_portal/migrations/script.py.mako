# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501, PLR0915 - written by the generator from the models, read as a list
"""${message}.

Expand first, contract in a later release: two versions of the program run beside each other in a roll-out.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | None = ${repr(branch_labels)}
depends_on: str | None = ${repr(depends_on)}


def upgrade() -> None:
    """Apply the change."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take the change back."""
    ${downgrades if downgrades else "pass"}
