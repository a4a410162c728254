# SPDX-License-Identifier: Apache-2.0
"""The job that analyses items: a child process does the arithmetic, so that no server loads its libraries."""

from typing import Any, Final

from sqlalchemy import select

from exam_portal.core import computing, outbox
from exam_portal.results import item_analysis, item_responses
from exam_portal.results.models import ItemAnalysis

MODULE: Final = "scoring.statistics.analysis"
SCHEMA: Final = "exam-portal/item-analyses/1"


@outbox.handler(item_analysis.JOB)
def analyse(job: outbox.Job) -> None:
    """The analysis is on record, exactly once."""
    wanted = select(ItemAnalysis).where(ItemAnalysis.public_id == job.payload["analysis"])
    with job.database.reading() as session:
        forms = item_responses.gather(session, session.scalars(wanted).one())
    found = [computing.computed(form.document, MODULE) for form in forms]
    pairs = list(zip(forms, found, strict=True))
    content = {
        "schema": SCHEMA,
        "forms": [{"code": form.code, "kind": form.kind, "bank": form.bank, **each} for form, each in pairs],
    }
    remembered: dict[int, list[Any]] = {}
    for form, each in pairs:
        if form.bank_id is not None and (rows := item_responses.statistics_of(form, each)):
            remembered.setdefault(form.bank_id, []).extend(rows)
    with job.database.writing() as session:
        if job.finish(session):
            analysis = session.scalars(wanted).one()
            item_analysis.keep(session, job.now, analysis=analysis, content=content, remembered=remembered)
