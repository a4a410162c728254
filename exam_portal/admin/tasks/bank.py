# SPDX-License-Identifier: Apache-2.0
"""What waits for the setting board in its banks: drafts of others to review, reviewed items to approve."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin.tasks.task import Scene, Task
from exam_portal.items import access, queries
from exam_portal.items.models import ItemStage
from exam_portal.web import policy


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what somebody else than the author, and then somebody else than the reviewer, has to read."""
    if scene.actor.account_id is None or not policy.may_ever("items.review"):
        return
    organisations = access.organisation_ids(scene.session, scene.actor)
    for found in queries.waiting(scene.session, organisations, scene.actor.account_id):
        if found.drafts:
            yield Task(
                title=gettext("Review drafts of questions"),
                text=ngettext(
                    "%(num)d draft by others waits for a review",
                    "%(num)d drafts by others wait for a review",
                    found.drafts,
                ),
                href=url_for("items.bank", bank_id=found.bank.public_id, stage=ItemStage.DRAFT.value),
                act=gettext("Open the drafts"),
                place=found.bank.title,
                count=found.drafts,
            )
        if found.reviewed:
            yield Task(
                title=gettext("Approve reviewed questions"),
                text=ngettext(
                    "%(num)d question reviewed by others waits for an approval",
                    "%(num)d questions reviewed by others wait for an approval",
                    found.reviewed,
                ),
                href=url_for("items.bank", bank_id=found.bank.public_id, stage=ItemStage.REVIEWED.value),
                act=gettext("Open what is reviewed"),
                place=found.bank.title,
                count=found.reviewed,
            )
