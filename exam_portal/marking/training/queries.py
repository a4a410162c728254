# SPDX-License-Identifier: Apache-2.0
"""Reads of the training: the rule in force, scripts, where markers stand, what control scripts show."""

import dataclasses
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, select

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import pseudonyms
from exam_portal.marking.training import qualification
from exam_portal.marking.training.models import TrainingMark, TrainingRule, TrainingScript
from exam_portal.marking.training.qualification import State
from exam_portal.sittings.handover import BagView


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ControlMark:
    """A marker's mark of a control script beside the agreed one."""

    id: int
    marker: str  # the code under which the marker's marks are published
    round: int
    at: datetime
    mark: Decimal
    agreed: Decimal

    @property
    def difference(self) -> Decimal:
        """How far the mark lies above (below) the agreed one."""
        return self.mark - self.agreed


def control_marks(
    session: Session, competition_id: int, competition_public_id: str, part: str
) -> list[ControlMark]:
    """Return every mark of a control script of the part, in the order in which they were given."""
    rows = session.execute(
        select(TrainingMark, TrainingScript.value)
        .join(TrainingScript, TrainingScript.id == TrainingMark.training_script_id)
        .where(
            TrainingScript.competition_id == competition_id,
            TrainingScript.part == part,
            TrainingMark.bag_id.is_not(None),
        )
        .order_by(TrainingMark.at, TrainingMark.id)
    )
    return [
        ControlMark(
            id=mark.id,
            marker=pseudonyms.of(session, competition_public_id, mark.marker_id),
            round=mark.round or 1,
            at=mark.at,
            mark=Decimal(mark.value),
            agreed=Decimal(agreed),
        )
        for mark, agreed in rows
    ]


def is_control_mark(bags: Collection[BagView]) -> ColumnElement[bool]:
    """Return the condition for marks of control scripts that lay in these bags."""
    return TrainingMark.bag_id.in_([bag.id for bag in bags])


def rule(session: Session, competition_id: int, part: str, at: datetime | None = None) -> TrainingRule | None:
    """Return the rule of the part in force (then, or now)."""
    found = select(TrainingRule).where(
        TrainingRule.competition_id == competition_id, TrainingRule.part == part
    )
    if at is not None:
        found = found.where(TrainingRule.at <= at)
    return session.scalars(found.order_by(TrainingRule.id.desc()).limit(1)).first()


def scripts(
    session: Session, competition_id: int, part: str, purpose: str | None = None
) -> list[TrainingScript]:
    """Return the training (or control) scripts of the part that were not withdrawn."""
    found = select(TrainingScript).where(
        TrainingScript.competition_id == competition_id,
        TrainingScript.part == part,
        TrainingScript.withdrawn_at.is_(None),
    )
    if purpose is not None:
        found = found.where(TrainingScript.purpose == purpose)
    return list(session.scalars(found.order_by(TrainingScript.id)))


def script(session: Session, competition_id: int, public_id: str) -> TrainingScript:
    """Return a training script of the competition, else NotFound."""
    found = session.scalar(
        select(TrainingScript).where(
            TrainingScript.public_id == public_id, TrainingScript.competition_id == competition_id
        )
    )
    if found is None:
        raise NotFound
    return found


def written(session: Session, script_id: int) -> TrainingScript:
    """Return a training script by its row."""
    return session.get_one(TrainingScript, script_id)


def training_marks(session: Session, script_ids: Collection[int], marker_id: int) -> list[TrainingMark]:
    """Return this marker's marks of these training scripts, of every try."""
    rows = select(TrainingMark).where(
        TrainingMark.training_script_id.in_(script_ids),
        TrainingMark.marker_id == marker_id,
        TrainingMark.bag_id.is_(None),
    )
    return list(session.scalars(rows.order_by(TrainingMark.id)))


def state(session: Session, rule: TrainingRule, marker_id: int) -> State:
    """Return where a marker stands with the training of the part; who has passed it has passed it.

    Neither a script that is added or withdrawn afterwards nor another rule takes that away.
    """
    passed = _passed(session, rule, marker_id)
    if passed is not None:
        return passed
    found = {row.id: row for row in scripts(session, rule.competition_id, rule.part, "training")}
    differences: dict[int, dict[int, Decimal]] = {}
    for mark in training_marks(session, found, marker_id):
        gap = Decimal(mark.value) - Decimal(found[mark.training_script_id].value)
        differences.setdefault(mark.try_number, {})[mark.training_script_id] = gap
    return qualification.state(qualifies(rule), found, differences)


def qualifies(rule: TrainingRule) -> qualification.Rule:
    """Return what qualifies under a rule of the part."""
    return qualification.Rule(needed=rule.needed, tolerance=Decimal(rule.tolerance), tries=rule.tries)


def _passed(session: Session, today: TrainingRule, marker_id: int) -> State | None:
    """Return the try in which the marker passed, as it was then."""
    last = session.scalar(
        select(TrainingMark)
        .join(TrainingScript, TrainingScript.id == TrainingMark.training_script_id)
        .where(
            TrainingScript.competition_id == today.competition_id,
            TrainingScript.part == today.part,
            TrainingMark.marker_id == marker_id,
            TrainingMark.has_passed,
        )
        .limit(1)
    )
    if last is None:
        return None
    rows = session.execute(
        select(TrainingScript.id, TrainingMark.value, TrainingScript.value)
        .join(TrainingMark, TrainingMark.training_script_id == TrainingScript.id)
        .where(
            TrainingScript.competition_id == today.competition_id,
            TrainingScript.part == today.part,
            TrainingMark.marker_id == marker_id,
            TrainingMark.try_number == last.try_number,
            TrainingMark.id <= last.id,
        )
    ).all()
    then = rule(session, today.competition_id, today.part, last.at) or today
    gaps = {script: Decimal(value) - Decimal(agreed) for script, value, agreed in rows}
    return State(
        try_number=last.try_number,
        done=frozenset(gaps),
        within=sum(abs(gap) <= Decimal(then.tolerance) for gap in gaps.values()),
        count=len(gaps),
        is_qualified=True,
        is_over=False,
    )


def may_mark_live(session: Session, competition_id: int, part: str, marker_id: int) -> bool:
    """Whether the part asks for no qualification, or this marker has it."""
    found = rule(session, competition_id, part)
    return found is None or not found.is_required or state(session, found, marker_id).is_qualified


def may_try(session: Session, competition_id: int, part: str, marker_id: int) -> bool:
    """Whether a training script waits for this marker: the training is neither passed nor used up."""
    found = rule(session, competition_id, part)
    standing = state(session, found, marker_id) if found is not None else None
    return standing is not None and not standing.is_qualified and not standing.is_over


def control_is_marked(session: Session, desk_id: int, marker_id: int) -> bool:
    """Whether the script is a control script that this marker has marked; another's mark says nothing."""
    given = select(TrainingMark.id).where(
        TrainingMark.training_script_id == -desk_id,
        TrainingMark.marker_id == marker_id,
        TrainingMark.bag_id.is_not(None),
    )
    return desk_id < 0 and session.scalar(given.limit(1)) is not None


def markers_in_training(session: Session, competition_id: int, part: str) -> list[int]:
    """Return who has marked a training script of the part."""
    rows = session.scalars(
        select(TrainingMark.marker_id)
        .join(TrainingScript, TrainingScript.id == TrainingMark.training_script_id)
        .where(
            TrainingScript.competition_id == competition_id,
            TrainingScript.part == part,
            TrainingMark.bag_id.is_(None),
        )
        .distinct()
    )
    return sorted(rows)
