# SPDX-License-Identifier: Apache-2.0
"""Who has a seat on the panel: its members, and the substitutes called for those who were replaced."""

from collections.abc import Mapping, Sequence

from exam_portal.core.db import Session
from exam_portal.interviews import admission, queries, relations
from exam_portal.interviews.models import Hearing, MemberAbsence, Occasion, PanelMember, PanelSession

BEGUN = frozenset({"opened", "ballot_opened"})
ENDED = queries.BALLOT_OVER | queries.UNHEARD


def taken(session: Session, panel: PanelSession) -> Sequence[PanelMember]:
    """Return who sits, by place: nobody who was replaced, and no substitute who stands by."""
    changes = queries.substitutions(session, panel.id)
    gone, called = {one.member_id for one in changes}, {one.substitute_id for one in changes}
    return [
        one for one in panel.members if one.id not in gone and (one.id in called or not one.is_substitute)
    ]


def may_change(session: Session, panel: PanelSession, needed: int) -> bool:
    """Whether seats may change hands: until the first hearing has begun, since the same people hear all.

    Afterwards only between two hearings, where too few are left for one that has yet to begin.
    """
    happened = queries.events(session, [one.id for one in panel.hearings])
    if all(kinds.keys().isdisjoint(BEGUN) for kinds in happened.values()):
        return True
    if any(
        not kinds.keys().isdisjoint(BEGUN) and kinds.keys().isdisjoint(ENDED) for kinds in happened.values()
    ):
        return False
    gone, related = queries.absences(session, panel.id), relations.members(session, panel)
    may = admission.eligible(session, panel)
    return any(
        hears(panel, one, gone, related.get(one.candidate_id, frozenset())) < needed
        for one in panel.hearings
        if not happened[one.id] and one.occasion != Occasion.SECOND_BALLOT and one.candidate_id in may
    )


def begun(session: Session, panel: PanelSession) -> list[int]:
    """Return the places of the hearings that have begun."""
    happened = queries.events(session, [one.id for one in panel.hearings])
    return [one.order_no for one in panel.hearings if not happened[one.id].keys().isdisjoint(BEGUN)]


def hears(
    panel: PanelSession,
    hearing: Hearing,
    gone: Mapping[tuple[int, int | None], MemberAbsence],
    related: frozenset[int],
) -> int:
    """Return how many would get a slip for the hearing, with the absences and relations of the panel."""
    return sum(
        member.id not in related and not queries.missed(gone, member.id, hearing) for member in panel.members
    )
