# SPDX-License-Identifier: Apache-2.0
"""What the pages of the training show to the head and to a marker."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import pseudonyms
from exam_portal.marking.training import queries
from exam_portal.marking.training.models import TrainingMark, TrainingRule, TrainingScript
from exam_portal.marking.training.qualification import State
from exam_portal.marking.training.queries import ControlMark
from exam_portal.sittings.handover import PartView
from question_bank.text import count_words


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """Where one marker stands, by code."""

    marker: str
    state: State


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the head sees."""

    rule: TrainingRule | None
    scripts: Sequence[TrainingScript]
    trained: Sequence[Trained]
    controls: Sequence[ControlMark]

    @property
    def training_count(self) -> int:
        """How many scripts a try has."""
        return sum(one.purpose == "training" for one in self.scripts)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TrainingTask:
    """One script of a marker's training, with the mark of the try under way."""

    number: int
    script: TrainingScript
    mark: TrainingMark | None
    words: int

    @property
    def difference(self) -> Decimal | None:
        """How far the mark lies from the agreed one."""
        return None if self.mark is None else Decimal(self.mark.value) - Decimal(self.script.value)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnTraining:
    """What a marker sees of the own training."""

    rule: TrainingRule | None
    state: State | None
    tasks: Sequence[TrainingTask]
    before: int | None  # where a try has just failed and the next one has not begun: how many were right

    @property
    def following(self) -> TrainingTask | None:
        """The next script to mark."""
        if self.state is None or self.state.is_qualified or self.state.is_over:
            return None
        return next((task for task in self.tasks if task.script.id not in self.state.done), None)


def overview(session: Session, part: PartView) -> Overview:
    """Return rule, scripts, markers by code, and what the control scripts show."""
    rule = queries.rule(session, part.competition_id, part.key)
    people = queries.markers_in_training(session, part.competition_id, part.key) if rule else []
    return Overview(
        rule=rule,
        scripts=queries.scripts(session, part.competition_id, part.key),
        trained=[
            Trained(
                marker=pseudonyms.of(session, part.competition_public_id, person),
                state=queries.state(session, rule, person),
            )
            for person in people
            if rule is not None
        ],
        controls=queries.control_marks(session, part.competition_id, part.competition_public_id, part.key),
    )


def own(session: Session, part: PartView, marker_id: int, try_number: int | None = None) -> OwnTraining:
    """Return a marker's training of the part: nothing of the agreed marks but of what is marked.

    Shown are the marks of the try under way, or of one that is over.
    """
    rule = queries.rule(session, part.competition_id, part.key)
    found = queries.scripts(session, part.competition_id, part.key, "training")
    state = queries.state(session, rule, marker_id) if rule and found else None
    marks = queries.training_marks(session, [one.id for one in found], marker_id)
    number = min(try_number or state.try_number, state.try_number) if state else 0
    given = {one.training_script_id: one for one in marks if one.try_number == number}
    tasks = [
        TrainingTask(number=place, script=one, mark=given.get(one.id), words=count_words(one.answer))
        for place, one in enumerate(found, start=1)
    ]
    agreed = {one.id: Decimal(one.value) for one in found}
    before = _right_before(rule, state, agreed, marks) if rule and state else None
    return OwnTraining(rule=rule, state=state, tasks=tasks, before=before)


def task(
    session: Session, part: PartView, marker_id: int, public_id: str, try_number: int | None = None
) -> tuple[OwnTraining, TrainingTask]:
    """Return one script of a marker's training, with the whole of it, else NotFound."""
    shown = own(session, part, marker_id, try_number)
    found = next((one for one in shown.tasks if one.script.public_id == public_id), None)
    if found is None or shown.state is None:
        raise NotFound
    return shown, found


def _right_before(
    rule: TrainingRule, state: State, agreed: Mapping[int, Decimal], marks: Sequence[TrainingMark]
) -> int | None:
    if state.is_qualified or state.done or state.try_number == 1:
        return None
    gaps = [
        abs(Decimal(one.value) - agreed[one.training_script_id])
        for one in marks
        if one.try_number == state.try_number - 1
    ]
    return sum(gap <= Decimal(rule.tolerance) for gap in gaps)
