# SPDX-License-Identifier: Apache-2.0
"""What waits for the boards: vetting, masking, marking."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.marking import own_work
from exam_portal.marking.training import queries as training
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
    yield from _trainings(scene, scene.actor.account_id)
    names = {one.competition.id: place(one.competition) for one in scene.standings}
    for own in own_work.own_bags(scene.session, scene.actor.account_id):  # as the desk counts: n of m
        if own.is_qualified and not own.is_locked and (left := own.count - own.done) > 0:
            yield Task(
                title=gettext("Mark bag %(bag)s", bag=own.bag.label),
                text=ngettext("%(num)d script to mark", "%(num)d scripts to mark", left),
                href=url_for("marking.bag", bag_id=own.bag.public_id),
                act=gettext("Open the bag"),
                place=names.get(own.bag.competition_id, own.bag.competition_code),
                count=left,
            )


def _trainings(scene: Scene, account_id: int) -> Iterator[Task]:
    """Yield the parts of which this person gets no script before the training is passed."""
    names = {one.competition.id: place(one.competition) for one in scene.standings}
    mine = [
        bag
        for bag in handover.bags(scene.session, scene.actor)
        if policy.may("marking.learn", bag, actor=scene.actor)
    ]
    for bag in own_work.trainings(scene.session, account_id, mine):
        if not training.may_try(scene.session, bag.competition_id, bag.part, account_id):
            continue
        yield Task(
            title=gettext("Go through the training of markers"),
            text=gettext("Nobody is given a script to mark before passing it."),
            href=url_for("marking.own_training", competition_id=bag.competition_public_id, part=bag.part),
            act=gettext("Open my training"),
            place=names.get(bag.competition_id, bag.competition_code),
        )
