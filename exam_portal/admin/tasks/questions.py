# SPDX-License-Identifier: Apache-2.0
"""What waits for council and setting board about the questions that candidates draw at a panel."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.interviews import ballots
from exam_portal.interviews.room import outstanding
from exam_portal.interviews.room.outstanding import Outstanding, Wanted
from exam_portal.web import policy

FILE, APPROVE = "interviews.file_questions", "interviews.approve_questions"


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield the panels whose questions this person may file or approve, with the page on which it is done."""
    account_id = scene.actor.account_id
    there = {
        one.id: one
        for permission in (FILE, APPROVE)
        for one in scene.where(permission, after={Kind.ANNOUNCED}, before={Kind.MARKS_POSTED})
    }
    if account_id is None or not there:
        return
    for one in outstanding.outstanding(scene.session, there):
        competition = there[one.panel.competition_id]
        if one.wanted is Wanted.APPROVAL:
            is_asked = _may(scene, APPROVE, competition) and outstanding.may_approve(
                scene.session, one, account_id
            )
        else:
            is_asked = _is_asked_to_file(scene, one, competition)
        if is_asked:
            yield _task(one, competition)


def _is_asked_to_file(scene: Scene, one: Outstanding, competition: Competition) -> bool:
    """Whether the task is this person's: a set is optional, so only the setting board is reminded of one."""
    is_vote = ballots.part_of(competitions.ruleset(competition), one.panel.part).kind == "vote"
    if one.wanted is Wanted.SET and (is_vote or _may(scene, "interviews.run", competition)):
        return False
    return _may(scene, FILE, competition)


def _may(scene: Scene, permission: str, competition: Competition) -> bool:
    return policy.may(permission, competition, actor=scene.actor)


def _task(one: Outstanding, competition: Competition) -> Task:
    words = {
        Wanted.SET: (
            gettext("File the questions of the panel for %(post)s", post=one.post),
            gettext("Where candidates draw questions, they are filed and approved before the first draw."),
        ),
        Wanted.MORE: (
            gettext("Add questions for the panel for %(post)s", post=one.post),
            gettext("Too few are left for those who have yet to draw, or a hearing was added since."),
        ),
        Wanted.APPROVAL: (
            gettext("Read and approve the questions of the panel for %(post)s", post=one.post),
            gettext("Somebody else has filed them; candidates draw only from approved questions."),
        ),
    }
    title, text = words[one.wanted]
    return Task(
        title=title,
        text=text,
        href=url_for(
            "interviews.questions", competition_id=competition.public_id, panel_id=one.panel.public_id
        ),
        act=gettext("Open the questions"),
        place=place(competition),
        is_urgent=one.wanted is not Wanted.SET,
    )
