# SPDX-License-Identifier: Apache-2.0
"""What shall happen outside the database, written in the transaction that decided it.

A verb calls ``enqueue``; after its commit a relay claims the row and hands its id to huey; the handler acts
and the row is deleted. A process that dies in between leaves the row, and it is done again: handlers are
idempotent.
"""

from exam_portal.core.outbox.delivery import (
    Claims,
    Health,
    Job,
    Standing,
    health,
    perform,
    retry,
    standing,
)
from exam_portal.core.outbox.rows import (
    Handler,
    OutboxRow,
    enqueue,
    handler,
    handler_of,
)

__all__ = [
    "Claims",
    "Handler",
    "Health",
    "Job",
    "OutboxRow",
    "Standing",
    "enqueue",
    "handler",
    "handler_of",
    "health",
    "perform",
    "retry",
    "standing",
]
