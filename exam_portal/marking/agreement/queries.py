# SPDX-License-Identifier: Apache-2.0
"""The marks of a part as the statistics read them: masked scripts, codes of markers, the order of marking."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import pseudonyms, queries
from exam_portal.marking.models import Mark, MarkingReport
from exam_portal.marking.standing import Rule
from exam_portal.marking.training import queries as training
from exam_portal.marking.training.models import TrainingMark
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from scoring.rounding import plain

WHOLE = ""  # the view of the part as a whole; a question's is its key


def report(session: Session, competition_id: int, public_id: str) -> MarkingReport:
    """Return a report of this competition, else NotFound."""
    found = session.scalar(
        select(MarkingReport).where(
            MarkingReport.competition_id == competition_id, MarkingReport.public_id == public_id
        )
    )
    if found is None:
        raise NotFound
    return found


def bags_of(session: Session, found: MarkingReport) -> list[BagView]:
    """Return the bags that a report is about."""
    return queries.bags(session, found.competition_id, found.part, found.purpose)


def marks_since(session: Session, bags: Sequence[BagView], newest: MarkingReport | None) -> int:
    """Return how many marks of these bags, those of control scripts too, the newest report does not know."""
    scripts = [script.id for script in handover.scripts_of(session, [bag.id for bag in bags])]
    basis, controls_basis = (newest.basis, newest.controls_basis) if newest else (0, 0)
    later = select(func.count()).where(Mark.masked_script_id.in_(scripts), Mark.id > basis)
    controls = select(func.count()).where(training.is_control_mark(bags), TrainingMark.id > controls_basis)
    return (session.scalar(later) or 0) + (session.scalar(controls) or 0)


def document(session: Session, found: MarkingReport) -> dict[str, Any]:
    """Return the marks up to the report's, as `scoring.statistics.marking` reads them."""
    bags = bags_of(session, found)
    brief = handover.brief(session, bags[0].id)
    rule = Rule.of(brief.ruleset, found.part, is_review=bags[0].is_review)
    controls = [] if bags[0].is_review else _controls(session, bags[0], found)
    return {"views": views(rule), "marks": _marks(session, bags, found.basis), "controls": controls}


def _controls(session: Session, bag: BagView, found: MarkingReport) -> list[dict[str, str]]:
    """Return the marks of control scripts up to the report's."""
    given = training.control_marks(session, bag.competition_id, bag.competition_public_id, bag.part)
    return [
        {"key": WHOLE, "marker": one.marker, "mark": plain(one.mark), "agreed": plain(one.agreed)}
        for one in given
        if one.id <= found.controls_basis
    ]


def views(rule: Rule) -> list[dict[str, str]]:
    """Return the part as a whole, and each question (criterion) of its rubric."""
    numbers = rule.ruleset.numbers
    rows = [(WHOLE, numbers.scale), *((row.key, row.max) for row in rule.part.rubric)]
    return [{"key": key, "max": plain(maximum), "step": plain(numbers.step)} for key, maximum in rows]


def code_of(session: Session, bag: BagView, signer: str) -> str:
    """Return the code under which who signs for a mark is known in the competition, at a desk or on paper."""
    return pseudonyms.of_signer(session, bag.competition_public_id, signer)


def _marks(session: Session, bags: Sequence[BagView], basis: int) -> list[dict[str, Any]]:
    """Return the marks that stood when the mark `basis` had come, in the order in which they were given.

    A corrected mark keeps its place in the order; what stands is its figure.
    """
    scripts = {script.id: script for script in handover.scripts_of(session, [bag.id for bag in bags])}
    rows = session.scalars(
        select(Mark).where(Mark.masked_script_id.in_(scripts), Mark.id <= basis).order_by(Mark.id)
    ).all()
    first: dict[int, int] = {}
    latest: dict[int, Mark] = {}
    for row in rows:
        place = first[row.id] = first.get(row.supersedes_id or 0, row.id)
        latest[place] = row
    codes: dict[str, str] = {}
    for row in latest.values():
        if row.signer not in codes:
            codes[row.signer] = code_of(session, bags[0], row.signer)
    return [
        {
            "script": scripts[row.masked_script_id].mask_code,
            "marker": codes[row.signer],
            "round": row.round,
            "values": _values(row),
        }
        for _, row in sorted(latest.items())
    ]


def _values(row: Mark) -> Mapping[str, str]:
    return {WHOLE: row.value, **{key: plain(Decimal(score)) for key, score in row.scores.items()}}
