# SPDX-License-Identifier: Apache-2.0
"""What waits for the boards: vetting, masking, marking."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.marking import queries as marking
from exam_portal.sittings import handover
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
    rounds = marking.rounds_of(scene.session, scene.actor.account_id)
    marks = marking.marks_of_bags(scene.session, rounds)
    marked = {masked_id: {entry.round for entry in entries} for masked_id, entries in marks.items()}
    scripts = handover.scripts_of(scene.session, rounds)
    for bag in handover.bags_by_id(scene.session, rounds):
        own = [script.id for script in scripts if script.bag_id == bag.id]
        done = sum(rounds[bag.id] in marked.get(masked_id, ()) for masked_id in own)
        if done < bag.count:
            left = bag.count - done
            yield Task(
                title=gettext("Mark bag %(bag)s", bag=bag.label),
                text=ngettext("%(num)d script to mark", "%(num)d scripts to mark", left),
                href=url_for("marking.bag", bag_id=bag.public_id),
                act=gettext("Open the bag"),
                place=bag.competition_code,
                count=left,
            )
