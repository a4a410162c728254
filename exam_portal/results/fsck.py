# SPDX-License-Identifier: Apache-2.0
"""Every run still follows from its marks, and every publication says what was approved."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit.fsck import Difference, also
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.results import marks_input, standards_record
from exam_portal.results.models import ItemAnalysis, Publication, Run
from scoring.verify.canonical import sha256_of


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each run that its marks do not give, and each publication that is not what was approved."""
    for run in session.scalars(select(Run).order_by(Run.id)):
        competition = session.get_one(Competition, run.competition_id)
        if not _holds(competition, run):
            yield Difference(where="results", code="run", place=run.public_id)
    for publication in session.scalars(select(Publication).order_by(Publication.id)):
        if sha256_of(publication.content) != publication.content_hash:
            yield Difference(where="results", code="publication", place=publication.public_id)
    yield from _analyses(session)
    yield from standards_record.differences(session)


def _analyses(session: Session) -> Iterator[Difference]:
    """Each analysis of items that was computed is what was recorded, and none that was recorded is gone."""
    computed = ItemAnalysis.computed_at.is_not(None)
    for found in session.scalars(select(ItemAnalysis).where(computed).order_by(ItemAnalysis.id)):
        if sha256_of(found.content) != found.content_hash:
            yield Difference(where="results", code="item analysis", place=found.public_id)
    rows = select(
        ItemAnalysis.public_id.label("_about"),
        ItemAnalysis.computed_at.label("_at"),
        ItemAnalysis.part,
        ItemAnalysis.content_hash.label("hash"),
    ).where(computed)
    types = ("results.items_analysed",)
    yield from acts.compare(session, "results", "item analysis unrecorded", types, rows)


def _holds(competition: Competition, run: Run) -> bool:
    if sha256_of(run.input) != run.input_hash or sha256_of(run.output) != run.output_hash:
        return False
    return marks_input.compute(competition, run.input).to_json() == run.output
