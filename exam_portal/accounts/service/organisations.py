# SPDX-License-Identifier: Apache-2.0
"""The tree of authorities grows."""

from datetime import datetime

from exam_portal.accounts.models import Organisation
from exam_portal.audit import service as audit
from exam_portal.core import names
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session


def create_organisation(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    name: str,
    name_en: str,
    place: str,
    parent: Organisation | None = None,
    governing_name: str | None = None,
) -> Organisation:
    """The organisation exists below its parent (or as a root); nobody holds a role for it alone yet."""
    organisation = Organisation(
        parent_id=parent.id if parent is not None else None,
        name=names.normalised(name),
        name_en=names.normalised(name_en) or names.normalised(name),
        place=names.normalised(place),
        governing_name=names.normalised(governing_name) if governing_name else None,
        created_at=now,
    )
    session.add(organisation)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        type="accounts.organisation_created",
        subject=organisation.public_id,
        content={
            "organisation": organisation.public_id,
            "parent": parent.public_id if parent is not None else None,
            "name": organisation.name,
        },
    )
    return organisation
