# SPDX-License-Identifier: Apache-2.0
"""The job behind a report on agreement; the arithmetic runs in a child process."""

from typing import Final

from sqlalchemy import select

from exam_portal.core import computing, outbox
from exam_portal.core.confinement import confine
from exam_portal.marking.agreement import queries, service
from exam_portal.marking.models import MarkingReport

MODULE: Final = "scoring.statistics.marking"


@outbox.handler(service.JOBS[service.AGREEMENT])
def agree(job: outbox.Job) -> None:
    """The report is there, exactly once."""
    wanted = select(MarkingReport).where(MarkingReport.public_id == job.payload["report"])
    with job.database.reading() as session:
        confine(session)
        document = queries.document(session, session.scalars(wanted).one())
    content = computing.computed(document, MODULE)
    with job.database.writing() as session:
        if job.finish(session):
            service.keep(session, job.now, report=session.scalars(wanted).one(), content=content)
