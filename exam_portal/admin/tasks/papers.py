# SPDX-License-Identifier: Apache-2.0
"""What waits for the setting board and the officers of papers."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.core.actors import Role


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield the drawn papers that this officer has not sealed, and the competitions that have none."""
    open_now = list(scene.where("papers.seal", after={Kind.LIST_APPROVED}, before={Kind.MARKS_POSTED}))
    if not open_now or scene.actor.account_id is None:
        return
    ids = [found.id for found in open_now]
    waiting = queries.papers_to_seal(scene.session, ids, scene.actor.account_id)
    named = queries.with_papers(scene.session, ids)
    for competition in open_now:
        href = url_for("papers.index", competition_id=competition.public_id)
        if count := waiting[competition.id]:
            yield Task(
                title=gettext("Seal a drawn paper"),
                text=gettext("Two officers compare the fingerprints and seal the paper."),
                href=href,
                act=gettext("Open the papers"),
                place=place(competition),
                count=count,
            )
        elif competition.id not in named and Role.SETTING_BOARD in scene.actor.roles:
            yield Task(
                title=gettext("Prepare the papers"),
                text=gettext("A paper is drawn from the bank, or registered with its envelopes."),
                href=href,
                act=gettext("Open the papers"),
                place=place(competition),
            )
