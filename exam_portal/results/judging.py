# SPDX-License-Identifier: Apache-2.0
"""The job that computes a round of judges, in a child process like every statistic."""

from typing import Final

from sqlalchemy import select

from exam_portal.core import computing, outbox
from exam_portal.results import estimates, standards
from exam_portal.results.models import StandardRound, StandardSetting

MODULE: Final = "scoring.statistics.judging"


@outbox.handler(standards.JOB)
def judge(job: outbox.Job) -> None:
    """The round has its cut, exactly once."""
    wanted = select(StandardRound).where(StandardRound.public_id == job.payload["round"])
    with job.database.reading() as session:
        current = session.scalars(wanted).one()
        setting = session.get_one(StandardSetting, current.setting_id)
        given = [one.shares for one in current.estimates]
        asked = estimates.document(setting.method, setting.items, given)
    content = computing.computed(asked, MODULE)
    with job.database.writing() as session:
        if job.finish(session):
            standards.keep(session, job.now, current=session.scalars(wanted).one(), content=content)
