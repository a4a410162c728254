# SPDX-License-Identifier: Apache-2.0
"""The job that analyses items: a child process does the arithmetic, so that no server loads its libraries."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from exam_portal.core import outbox
from exam_portal.results import item_analysis, item_responses
from exam_portal.results.models import ItemAnalysis

MODULE: Final = "scoring.statistics.analysis"
KEPT_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL")
ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
SECONDS: Final = 600
SCHEMA: Final = "exam-portal/item-analyses/1"


@outbox.handler(item_analysis.JOB)
def analyse(job: outbox.Job) -> None:
    """The analysis is on record, exactly once."""
    wanted = select(ItemAnalysis).where(ItemAnalysis.public_id == job.payload["analysis"])
    with job.database.reading() as session:
        forms = item_responses.gather(session, session.scalars(wanted).one())
    found = [computed(form.document) for form in forms]
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


def computed(document: Mapping[str, Any], module: str = MODULE) -> dict[str, Any]:
    """Return what a module of the statistics says of the document, computed by a child that ends with it."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(document).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept | ONE_THREAD,
        timeout=SECONDS,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
