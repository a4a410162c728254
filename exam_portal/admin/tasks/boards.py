# SPDX-License-Identifier: Apache-2.0
"""What waits for the boards: vetting, masking, marking."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.marking import own_work
from exam_portal.web import policy


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what waits for the boards."""
    yield from _vetting(scene)
    yield from _masking(scene)
    yield from _bags(scene)


def _vetting(scene: Scene) -> Iterator[Task]:
    open_now = list(
        scene.where("registration.vet", after={Kind.REGISTRATION_CLOSED}, before={Kind.LIST_APPROVED})
    )
    undecided = queries.undecided_counts(scene.session, [found.id for found in open_now]) if open_now else {}
    for competition in open_now:
        if count := undecided[competition.id]:
            yield Task(
                title=gettext("Read dossiers and conclude"),
                text=ngettext("%(num)d dossier waits", "%(num)d dossiers wait", count),
                href=url_for("registration.applications", competition_id=competition.public_id),
                act=gettext("Open the dossiers"),
                place=place(competition),
                count=count,
            )


def _masking(scene: Scene) -> Iterator[Task]:
    open_now = list(scene.where("sittings.mask", after={Kind.SUMMONED}, before={Kind.MARKS_POSTED}))
    waiting = queries.scripts_to_mask(scene.session, [found.id for found in open_now]) if open_now else {}
    for competition in open_now:
        if (count := waiting[competition.id]) > 0:
            yield Task(
                title=gettext("Receive, scan and mask scripts"),
                text=ngettext("%(num)d script waits", "%(num)d scripts wait", count),
                href=url_for("sittings.masking", competition_id=competition.public_id),
                act=gettext("Open the masking"),
                place=place(competition),
                count=count,
            )


def _bags(scene: Scene) -> Iterator[Task]:
    if scene.actor.account_id is None or not policy.may_ever("marking.own"):
        return
    for own in own_work.own_bags(scene.session, scene.actor.account_id):  # as the desk counts: n of m
        if not own.is_locked and (left := own.count - own.done) > 0:
            yield Task(
                title=gettext("Mark bag %(bag)s", bag=own.bag.label),
                text=ngettext("%(num)d script to mark", "%(num)d scripts to mark", left),
                href=url_for("marking.bag", bag_id=own.bag.public_id),
                act=gettext("Open the bag"),
                place=own.bag.competition_code,
                count=left,
            )
