# SPDX-License-Identifier: Apache-2.0
"""What once lay in a ballot box cannot be opened after the count, wherever a copy of the box may be left.

Free pages, the write-ahead log and backups keep older states of the box; two of them, opened and compared,
would tell who voted how. Without the box's key nobody opens them.
"""

from exam_portal.core import outbox

JOB = "interviews.erase_box"


@outbox.handler(JOB)
def erase(job: outbox.Job) -> None:
    """The key of a counted box is gone for ever; doing it again changes nothing."""
    job.database.keys.destroy(job.payload["key"])
    with job.database.writing() as session:
        job.finish(session)
