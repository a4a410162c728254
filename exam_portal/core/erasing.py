# SPDX-License-Identifier: Apache-2.0
"""A key is destroyed once the act that ends it is committed, and with it every copy of what it sealed.

Free pages, the write-ahead log and backups keep older states of what a database holds; without the key nobody
opens them.
"""

from datetime import datetime

from exam_portal.core import outbox
from exam_portal.core.db import Session

JOB = "core.erase_key"


def erase_key(session: Session, now: datetime, key_id: str) -> None:
    """The key will be gone for ever as soon as this transaction is committed."""
    outbox.enqueue(session, JOB, {"key": key_id}, now)


@outbox.handler(JOB)
def erase(job: outbox.Job) -> None:
    """The key is gone for ever; doing it again changes nothing."""
    job.database.keys.destroy(job.payload["key"])
    with job.database.writing() as session:
        job.finish(session)
