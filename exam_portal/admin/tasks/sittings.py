# SPDX-License-Identifier: Apache-2.0
"""What waits at the sittings: those that run and those of the coming days; late answers to rule on."""

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import Competition
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.sittings import queries as sittings
from exam_portal.sittings.models import Sitting
from exam_portal.web import filters

SOON = timedelta(days=3)
TODAY = timedelta(hours=12)


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield the sittings that wait for this invigilator."""
    mine = {
        found.id: found
        for found in scene.where("sittings.invigilate", after={Kind.SUMMONED}, before={Kind.MARKS_POSTED})
    }
    for sitting, state, seats in queries.sittings_of(scene.session, mine) if mine else ():
        yield from _of(scene, mine[sitting.competition_id], sitting, state, seats)
    yield from _late_answers(scene)


def _late_answers(scene: Scene) -> Iterator[Task]:
    ruling = {found.id: found for found in scene.where("sittings.rule_late", after={Kind.SUMMONED})}
    for sitting, count in sittings.late_answers(scene.session, ruling) if ruling else ():
        yield Task(
            title=gettext("Rule on late answers"),
            text=ngettext("%(num)d late batch waits.", "%(num)d late batches wait.", count),
            href=url_for("sittings.late_answers", sitting_id=sitting.public_id),
            act=gettext("Open the late answers"),
            place=place(ruling[sitting.competition_id]),
            count=count,
            is_urgent=True,
        )


def _of(scene: Scene, competition: Competition, sitting: Sitting, state: str, seats: int) -> Iterator[Task]:
    starts, now = sitting.starts_at, scene.clock(competition)
    is_running = state in {"running", "paused"}
    if not is_running and (state != "planned" or starts - now > SOON):
        return
    yield Task(
        title=gettext("The sitting runs") if is_running else gettext("Check candidates in, then start"),
        text=gettext("%(when)s · %(seats)s seats", when=filters.instant(starts), seats=seats),
        href=url_for("sittings.board", sitting_id=sitting.public_id),
        act=gettext("Open the board"),
        place=place(competition),
        is_urgent=is_running or abs(starts - now) <= TODAY,
    )
