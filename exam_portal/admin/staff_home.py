# SPDX-License-Identifier: Apache-2.0
"""The staff's home: what waits for this person now, duty by duty, and where the competitions stand."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from exam_portal.admin import queries
from exam_portal.admin.tasks import (
    bank,
    boards,
    council,
    course,
    keying,
    marking,
    office,
    panels,
    papers,
    questions,
    sittings,
)
from exam_portal.admin.tasks.task import Scene, Task
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.competitions.queries import Standing
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.web import policy

COLLECTORS: Sequence[Callable[[Scene], Iterator[Task]]] = (
    sittings.tasks,
    council.tasks,
    panels.tasks,
    questions.tasks,
    boards.tasks,
    keying.tasks,
    marking.tasks,
    course.tasks,
    bank.tasks,
    papers.tasks,
    office.tasks,
)
OVER = frozenset({Kind.ARCHIVED, Kind.ANNULLED})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the home of a member of staff shows."""

    urgent: Sequence[Task]
    tasks: Sequence[Task]
    standings: Sequence[Standing]
    is_overseer: bool


def desk(session: Session, actor: Actor, now: datetime) -> Desk:
    """Return what waits for the person: a fixed number of queries, whatever the number of competitions.

    Panels alone cost some each while they are being seated or heard: what each waits for is looked up.
    """
    standings = competitions.visible(session, actor)
    reached = queries.reached(session, [found.competition.id for found in standings])
    scene = Scene(
        session=session,
        actor=actor,
        now=now,
        standings=[s for s in standings if not OVER & set(reached[s.competition.id])],
        reached=reached,
    )
    found = [task for collect in COLLECTORS for task in collect(scene)]
    return Desk(
        urgent=[task for task in found if task.is_urgent],
        tasks=[task for task in found if not task.is_urgent],
        standings=standings,
        is_overseer=policy.may_ever("admin.read_log"),
    )
