# SPDX-License-Identifier: Apache-2.0
"""One thing that waits for somebody, and what every collector of such things is given."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from exam_portal.admin.queries import Reached
from exam_portal.competitions.models import Competition
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.competitions.queries import Standing
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.web import filters, hooks, policy


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What waits, why, and where it is done."""

    title: str
    text: str
    href: str
    act: str
    place: str = ""  # the competition, as its code and title
    count: int | None = None
    is_urgent: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who asks, when, and the competitions in whose course the person has a part."""

    session: Session
    actor: Actor
    now: datetime
    standings: Sequence[Standing]
    reached: Mapping[int, Reached]

    def where(
        self, permission: str, *, after: Collection[Kind] = (), before: Collection[Kind] = ()
    ) -> Iterator[Competition]:
        """Yield the competitions in which the person may do this and which stand between these points."""
        for standing in self.standings:
            kinds = set(self.reached[standing.competition.id])
            stands_there = kinds.issuperset(after) and not kinds & set(before)
            if stands_there and policy.may(permission, standing.competition, actor=self.actor):
                yield standing.competition

    def clock(self, competition: Competition) -> datetime:
        """Return what the clock of the competition shows: a rehearsal's runs ahead."""
        return self.now + hooks.current().clock_offset(competition)


def place(competition: Competition) -> str:
    """Return code and title of a competition in the reader's language."""
    title = competition.title_en if filters.language() == "en" else competition.title
    return f"{competition.code} · {title}"
