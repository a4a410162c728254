# SPDX-License-Identifier: Apache-2.0
"""What waits for the setting board and the officers of papers."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.core.actors import Role
from exam_portal.papers import queries
from exam_portal.papers.models import PaperContent


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield the drawn papers that this officer has not sealed, and the parts for which none is drawn."""
    for competition in scene.where("papers.seal", after={Kind.LIST_APPROVED}, before={Kind.MARKS_POSTED}):
        href = url_for("papers.index", competition_id=competition.public_id)
        standings = [
            found
            for found in queries.papers(scene.session, competition.id)
            if found.paper.content == PaperContent.INSIDE
        ]
        waiting = [
            found
            for found in standings
            if found.forms
            and len(found.seals) < 2
            and scene.actor.account_id not in {word.by for word in found.seals}
        ]
        if waiting:
            yield Task(
                title=gettext("Seal a drawn paper"),
                text=gettext("Two officers compare the fingerprints and seal the paper."),
                href=href,
                act=gettext("Open the papers"),
                place=place(competition),
                count=len(waiting),
            )
        elif not standings and Role.SETTING_BOARD in scene.actor.roles:
            yield Task(
                title=gettext("Prepare the papers"),
                text=gettext("A paper is drawn from the bank, or registered with its envelopes."),
                href=href,
                act=gettext("Open the papers"),
                place=place(competition),
            )
