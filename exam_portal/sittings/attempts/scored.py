# SPDX-License-Identifier: Apache-2.0
"""What responses earn by a form's key, and by the corrections that are in force after the test."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.sittings.attempts import opened
from exam_portal.sittings.models import Attempt, TestCorrection
from question_bank import item as items
from question_bank.grading import InvalidResponse, Score
from question_bank.json_values import decimal_text
from question_bank.paper import PaperForm as OpenedForm
from question_bank.paper import numbers_of
from question_bank.rekeying import rekeyed
from scoring.correction import Correction, ItemPoints, Neutralised, Rekeyed, corrected

CONTEXT = "sittings.correction"
NEUTRALISED, KEY, RESTORED = "neutralised", "key", "restored"


@dataclasses.dataclass(frozen=True, slots=True)
class Marked:
    """What one script earned; `corrections` as the mark keeps them, with the questions' own numbers."""

    score: str
    max: str
    detail: Mapping[str, Any]
    needs_person: bool
    corrections: Sequence[Mapping[str, Any]] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A correction as the arithmetic needs it. `right`: the new key, in what candidates read.

    A restored item counts as it was sealed; that it was corrected meanwhile is told with the mark.
    """

    number: int
    item: str
    kind: str
    right: tuple[str, ...] = ()


def in_force(
    session: Session, competition_id: int, part: str, *, up_to: int | None = None
) -> tuple[InForce, ...]:
    """Return the approved corrections of a part in their order, the later one alone where an item has two."""
    found = select(TestCorrection).where(
        TestCorrection.competition_id == competition_id,
        TestCorrection.part == part,
        TestCorrection.number.is_not(None),
    )
    rows = session.scalars(found.order_by(TestCorrection.number))
    chosen = [row for row in rows if up_to is None or (row.number or 0) <= up_to]
    return latest([as_in_force(session, row, row.number or 0) for row in chosen])


def latest(corrections: Sequence[InForce]) -> tuple[InForce, ...]:
    """Return of each item the last correction."""
    return tuple({each.item: each for each in corrections}.values())


def as_in_force(session: Session, row: TestCorrection, number: int) -> InForce:
    """Return a correction as it would be in force under this number."""
    return InForce(number=number, item=row.item, kind=row.kind, right=tuple(read(session, row)["right"]))


def read(session: Session, row: TestCorrection) -> Mapping[str, Any]:
    """Return reason and new key of a correction, opened."""
    content: Mapping[str, Any] = json.loads(session.keys.open(row.key_id, row.sealed, CONTEXT))
    return content


def mark_responses(form: OpenedForm, responses: Mapping[str, Any]) -> Marked:
    """Return what the responses earn by the form's key; one of a shape the item cannot have earns nothing."""
    scores = {item.id: _score(item, responses.get(item.id)) for item in form.items}
    total = sum((score.score for score in scores.values()), form.weight() * 0)
    return Marked(
        score=decimal_text(total),
        max=decimal_text(form.weight()),
        detail={item_id: score.as_dict() for item_id, score in scores.items()},
        needs_person=any(score.needs_person for score in scores.values()),
    )


def mark_attempt(
    session: Session,
    form: OpenedForm,
    attempt: Attempt,
    responses: Mapping[str, Any],
    corrections: Sequence[InForce],
    neutralise: str,
) -> Marked:
    """Return what an attempt earns under the corrections; without one of its items, by the key alone."""
    held = {item.id for item in form.items}
    own = [each for each in corrections if each.item in held]
    if not own:
        return mark_responses(form, responses)
    numbers = numbers_of(form, opened.permutation_of(session, form, attempt))
    return mark_corrected(form, responses, own, neutralise, numbers)


def mark_corrected(
    form: OpenedForm,
    responses: Mapping[str, Any],
    corrections: Sequence[InForce],
    neutralise: str,
    numbers: Mapping[str, str],
) -> Marked:
    """Return what the responses earn under these corrections, each of an item of the form.

    Raises NothingLeft where nothing of worth remains, KeyDoesNotFit where the form's item has no such key.
    """
    before, after = mark_responses(form, responses), mark_responses(with_keys(form, corrections), responses)
    points = [
        ItemPoints(item=name, earned=Decimal(each["score"]), worth=Decimal(each["max"]))
        for name, each in before.detail.items()
    ]
    felt = [_correction(each, after) for each in corrections if each.kind != RESTORED]
    found = corrected(points, felt, neutralise)
    out = {each.item for each in corrections if each.kind == NEUTRALISED}
    return Marked(
        score=decimal_text(found.value),
        max=decimal_text(found.max),
        detail={
            name: {**each, "neutralised": True} if name in out else each
            for name, each in after.detail.items()
        },
        needs_person=after.needs_person,
        corrections=[
            {"number": each.number, "question": numbers[each.item], "kind": each.kind}
            for each in sorted(corrections, key=lambda each: each.number)
        ],
    )


def with_keys(form: OpenedForm, corrections: Sequence[InForce]) -> OpenedForm:
    """Return the form with the keys that were changed."""
    keys = {each.item: each.right for each in corrections if each.kind == KEY}
    return dataclasses.replace(
        form,
        items=tuple(rekeyed(item, keys[item.id]) if item.id in keys else item for item in form.items),
    )


def _correction(each: InForce, after: Marked) -> Correction:
    if each.kind == NEUTRALISED:
        return Neutralised(item=each.item)
    return Rekeyed(item=each.item, earned=Decimal(after.detail[each.item]["score"]))


def _score(item: items.Item, response: Any) -> Score:
    try:
        return items.score(item, response)
    except InvalidResponse:
        return items.score(item, None)
