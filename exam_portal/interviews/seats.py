# SPDX-License-Identifier: Apache-2.0
"""Who has a seat on the panel: its members, and the substitutes called for those who were replaced."""

from collections.abc import Sequence

from exam_portal.core.db import Session
from exam_portal.interviews import queries
from exam_portal.interviews.models import PanelMember, PanelSession

BEGUN = frozenset({"opened", "ballot_opened"})


def taken(session: Session, panel: PanelSession) -> Sequence[PanelMember]:
    """Return who sits, by place: nobody who was replaced, and no substitute who stands by."""
    changes = queries.substitutions(session, panel.id)
    gone, called = {one.member_id for one in changes}, {one.substitute_id for one in changes}
    return [
        one for one in panel.members if one.id not in gone and (one.id in called or not one.is_substitute)
    ]


def may_change(session: Session, panel: PanelSession) -> bool:
    """Whether seats may change hands: until the first hearing has begun."""
    happened = queries.events(session, [one.id for one in panel.hearings]).values()
    return all(kinds.keys().isdisjoint(BEGUN) for kinds in happened)
