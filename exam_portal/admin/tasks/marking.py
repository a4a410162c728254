# SPDX-License-Identifier: Apache-2.0
"""What waits for those who run the marking: bags to give out, locks, corrections, masks to lift."""

from collections.abc import Iterator
from itertools import groupby

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.marking import waiting
from exam_portal.marking.waiting import PartWaiting
from exam_portal.web import filters, policy
from scoring.explain import Words

RUNS = ("marking.assign", "marking.lock", "marking.approve_correction")


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what the marking asks of this person."""
    yield from _marking(scene)
    yield from _masks(scene)


def _marking(scene: Scene) -> Iterator[Task]:
    there = {
        found.id: found
        for permission in RUNS
        for found in scene.where(permission, after={Kind.SUMMONED}, before={Kind.RECOGNISED})
    }
    if not there or scene.actor.account_id is None:
        return
    found = waiting.parts(
        scene.session,
        scene.actor.account_id,
        {one.id: competitions.ruleset(one) for one in there.values()},
        {one.id: one.organisation_id for one in there.values()},
    )
    for competition_id, of_one in groupby(found, key=lambda part: part.competition_id):
        yield from _of_competition(scene, there[competition_id], list(of_one))


def _of_competition(scene: Scene, competition: Competition, parts: list[PartWaiting]) -> Iterator[Task]:
    yield from _bags(scene, competition, parts)
    for part in parts:
        yield from _lock(scene, competition, part)
        yield from _corrections(scene, competition, part)


def _bags(scene: Scene, competition: Competition, parts: list[PartWaiting]) -> Iterator[Task]:
    """Who sees no counts is told of bags without a marker only, which no own act as a typist moves."""
    course = parts[0].course
    if not policy.may("marking.assign", course, actor=scene.actor):
        return
    sees = policy.may("marking.see_progress", course, actor=scene.actor)
    if count := sum(part.unmanned if sees else part.undistributed for part in parts):
        third = sum(bag.waiting for part in parts for bag in part.bags if 3 in bag.free_rounds) if sees else 0
        words = [ngettext("%(num)d bag waits", "%(num)d bags wait", count)]
        if third:
            words.append(
                ngettext(
                    "%(num)d script waits for a third mark", "%(num)d scripts wait for a third mark", third
                )
            )
        words.append(gettext("Markers on paper get blank slips there."))
        yield Task(
            title=gettext("Give bags to markers"),
            text=" · ".join(words),
            href=url_for("marking.board", competition_id=competition.public_id),
            act=gettext("Open the marking"),
            place=place(competition),
            count=count,
        )


def _lock(scene: Scene, competition: Competition, part: PartWaiting) -> Iterator[Task]:
    if part.is_locked or not policy.may("marking.lock", competition, actor=scene.actor):
        return
    if part.request is None:
        if not part.is_complete or not policy.may("marking.see_progress", part.course, actor=scene.actor):
            return
        title = gettext("Ask for the lock of the marks")
        text = gettext("Every script of “%(part)s” has all its marks.", part=_title(competition, part.part))
    elif part.request.by != scene.actor.account_id:
        title = gettext("Lock the marks")
        text = gettext(
            "Somebody found the marks of “%(part)s” complete, and asks another person to lock them.",
            part=_title(competition, part.part),
        )
    else:
        return
    yield Task(
        title=title,
        text=text,
        href=url_for("marking.board", competition_id=competition.public_id),
        act=gettext("Open the marking"),
        place=place(competition),
    )


def _corrections(scene: Scene, competition: Competition, part: PartWaiting) -> Iterator[Task]:
    count = sum(one.by != scene.actor.account_id for one in part.proposals)
    if count and policy.may("marking.approve_correction", competition, actor=scene.actor):
        yield Task(
            title=gettext("Decide corrections of marks"),
            text=gettext("The old mark stays on record. It takes the signed minute and your approval."),
            href=url_for(
                "marking.marks", competition_id=competition.public_id, part=part.part, purpose=part.purpose
            ),
            act=gettext("Open the locked marks"),
            place=place(competition),
            count=count,
        )


def _masks(scene: Scene) -> Iterator[Task]:
    there = {
        found.id: found
        for found in scene.where("results.unmask", after={Kind.SUMMONED}, before={Kind.RECOGNISED})
    }
    for competition_id, part in queries.masks_to_lift(scene.session, there) if there else ():
        competition = there[competition_id]
        yield Task(
            title=gettext("Lift the masks"),
            text=gettext(
                "The marks of “%(part)s” are locked. Masks are lifted before a witness of another board.",
                part=_title(competition, part),
            ),
            href=url_for("results.masks", competition_id=competition.public_id),
            act=gettext("Open the masks"),
            place=place(competition),
        )


def _title(competition: Competition, key: str) -> str:
    part = next(one for one in competitions.ruleset(competition).parts if one.key == key)
    return Words("en" if filters.language() == "en" else "vi").title(part)
