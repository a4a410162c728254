# SPDX-License-Identifier: Apache-2.0
"""Who may do what in marking, and the only functions that hand out bags, scripts and places to pages."""

import dataclasses
from typing import Any

from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, queries, slip_queries
from exam_portal.marking.training import controls
from exam_portal.marking.training import queries as training
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MarkingBrief, MaskedScriptView, PartView
from exam_portal.web import hooks, policy


def _is_assigned(actor: Actor, target: Any) -> bool:
    return actor.account_id is not None and getattr(target, "marker_id", None) == actor.account_id


is_assigned = policy.Check("assigned bag", _is_assigned, lambda actor: actor.is_known)


def _marks_nothing(actor: Actor, target: Any) -> bool:
    if target is None or target.competition_id is None or getattr(target, "has_marked", False):
        return False
    return not actor.holds_any(
        MARKERS, organisation_id=target.organisation_id, competition_id=target.competition_id
    )


marks_nothing = policy.Check(
    "neither marks nor has marked there", _marks_nothing, lambda actor: actor.is_known
)
MARKERS = (Role.MARKER, Role.REVIEW_BOARD)


def _works_on_no_mark(actor: Actor, target: Any) -> bool:
    if not isinstance(target, Course) or target.has_marked:
        return False
    return not actor.holds_any(
        (*MARKERS, Role.TYPIST),
        organisation_id=target.organisation_id,
        competition_id=target.competition_id,
    )


works_on_no_mark = policy.Check(
    "neither marks nor keys nor has marked there", _works_on_no_mark, lambda actor: actor.is_known
)


def _sits_no_examination(actor: Actor, _target: Any) -> bool:
    return actor.is_known and not actor.is_candidate


no_candidate = policy.Check(
    "signed in, no candidate",
    _sits_no_examination,
    lambda actor: _sits_no_examination(actor, None),
    needs_target=False,
)

PERMISSIONS: policy.Permissions = {
    "marking.home": policy.any_of(
        no_candidate, doc="Open My marking: also without a role any more, for the slips of marks one gave."
    ),
    "marking.own": policy.any_of(policy.holds_anywhere(*MARKERS), doc="See the bags one has to mark."),
    "marking.mark": policy.any_of(
        policy.all_of(policy.holds(*MARKERS), is_assigned), doc="Read and mark the scripts of one's own bag."
    ),
    "marking.print_own_slips": policy.any_of(
        is_assigned,
        doc="Print the slips of the marks one gave, to be signed; also without the role any more.",
    ),
    "marking.train": policy.any_of(
        policy.all_of(policy.holds(Role.SECRETARY, Role.CHAIR), marks_nothing),
        doc="Set training and control scripts of a part, see how markers do; nobody who marks or has marked.",
    ),
    "marking.learn": policy.any_of(
        policy.holds(Role.MARKER), doc="Mark the training scripts of a part, and see the agreed marks."
    ),
    "marking.follow": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR, Role.TYPIST, Role.OVERSIGHT, Role.ORGANISER),
        doc="See which bags there are and who has them, by code; no count of marks.",
    ),
    "marking.see_progress": policy.any_of(
        policy.all_of(
            policy.holds(Role.SECRETARY, Role.CHAIR, Role.OVERSIGHT, Role.ORGANISER), works_on_no_mark
        ),
        doc="See how many marks there are and how far they differ; nobody whose own act would move a figure.",
    ),
    "marking.see_agreement": policy.any_of(
        policy.all_of(policy.holds(Role.SECRETARY, Role.CHAIR), works_on_no_mark),
        doc="See how far markers agree, by code; nobody who marks, keys or has marked in the competition.",
    ),
    "marking.see_hints": policy.any_of(
        policy.all_of(policy.holds(Role.SECRETARY, Role.CHAIR), works_on_no_mark),
        doc="See which masked scripts have passages in common; nobody who marks, keys or has marked in it.",
    ),
    "marking.assign": policy.any_of(
        policy.all_of(policy.holds(Role.SECRETARY, Role.CHAIR), marks_nothing),
        doc="Give a bag to a marker, or take it back; print the slips. Nobody who marks or has marked.",
    ),
    "marking.file_slips": policy.any_of(
        policy.holds(Role.SECRETARY, Role.TYPIST), doc="File the scan of signed slips."
    ),
    "marking.key": policy.any_of(policy.holds(Role.TYPIST), doc="Key marks from signed slips."),
    "marking.ask_lock": policy.any_of(
        policy.all_of(policy.holds(Role.SECRETARY, Role.CHAIR), marks_nothing),
        doc="Find the marks of a part complete and ask for the lock; nobody who marks or has marked.",
    ),
    "marking.lock": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR),
        doc="Lock the marks of a part once another person has found them complete.",
    ),
    "marking.read_marks": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR, Role.AUTHORITY, Role.OVERSIGHT),
        doc="See the locked marks by code, each with its page.",
    ),
    "marking.propose_correction": policy.any_of(
        policy.holds(Role.SECRETARY), doc="Propose to correct a locked mark."
    ),
    "marking.approve_correction": policy.any_of(
        policy.holds(Role.CHAIR, Role.AUTHORITY), doc="Approve a correction that somebody else proposed."
    ),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A bag in the hands of a marker."""

    bag: BagView
    round: int
    marker_id: int
    organisation_id: int
    competition_id: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The marking of a competition as somebody looks at it who has, or has not, marked in it."""

    organisation_id: int
    competition_id: int
    has_marked: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnClock:
    """What the clock of a page needs to know: whether this is a rehearsal, and how far ahead it runs."""

    kind: str
    clock_offset_seconds: int


def load_place(session: Session, actor: Actor, competition_id: str, permission: str) -> hooks.Place:
    """Return the competition's place if the actor may do this there, else NotFound."""
    place = hooks.current().competition(session, competition_id)
    if place is None or place.competition_id is None:
        raise NotFound
    policy.authorise(actor, permission, course(session, actor, place), view="marking.follow")
    return place


def course(session: Session, actor: Actor, place: hooks.Place | BagView) -> Course:
    """Return the marking of the place, with whether this person was given scripts of it or signed a slip."""
    competition_id = place.competition_id
    assert competition_id is not None
    own = queries.has_marked(session, competition_id, actor.account_id) or slip_queries.has_signed(
        session, competition_id, actor.account_id
    )
    return Course(organisation_id=place.organisation_id, competition_id=competition_id, has_marked=own)


def load_bag(session: Session, actor: Actor, competition_id: str, bag_id: str, permission: str) -> BagView:
    """Return a bag of the competition if the actor may do this with it, else NotFound."""
    bag = handover.bag(session, bag_id)
    if bag.competition_public_id != competition_id:
        raise NotFound
    policy.authorise(actor, permission, course(session, actor, bag), view="marking.follow")
    return bag


def load_assigned(session: Session, actor: Actor, bag_id: str, permission: str = "marking.mark") -> Assigned:
    """Return the bag if it is in the actor's hands, who may do this with it, else NotFound."""
    bag = handover.bag(session, bag_id)
    if actor.account_id is None:
        raise errors.NotAssigned
    assigned = Assigned(
        bag=bag,
        round=queries.assigned_round(session, bag.id, actor.account_id),
        marker_id=actor.account_id,
        organisation_id=bag.organisation_id,
        competition_id=bag.competition_id,
    )
    policy.authorise(actor, permission, assigned)
    return assigned


def load_handed_back(session: Session, actor: Actor, bag_id: str) -> Assigned:
    """Return a bag that was taken back from the actor, for the slips of marks that stand, else NotFound."""
    bag, own = handover.bag(session, bag_id), queries.handed_back(session, actor.account_id or 0)
    if bag.id not in own or actor.account_id is None:
        raise errors.NotAssigned
    handed_back = Assigned(
        bag=bag,
        round=own[bag.id],
        marker_id=actor.account_id,
        organisation_id=bag.organisation_id,
        competition_id=bag.competition_id,
    )
    policy.authorise(actor, "marking.print_own_slips", handed_back)
    return handed_back


def script(session: Session, bag: BagView, script_id: str) -> MaskedScriptView:
    """Return a masked script of the bag, else NotFound."""
    found = handover.script(session, bag.id, script_id)
    if found is None:
        raise NotFound
    return found


def own_script(session: Session, assigned: Assigned, script_id: str) -> MaskedScriptView:
    """Return a script of the marker's bag under the code and address of his stage, a control script too.

    Where the part asks for a training that this marker has not passed, NotQualified is raised.
    """
    require_qualified(session, assigned)
    bag = assigned.bag
    at_desk = handover.scripts_at_desk(session, bag, assigned.round)
    hidden = controls.in_bag(session, bag, assigned.round, assigned.marker_id)
    own = next((one for one in (*at_desk, *hidden) if one.public_id == script_id), None)
    if own is None:
        raise NotFound
    return own


def require_qualified(session: Session, assigned: Assigned) -> None:
    """The marker has passed the training that the part asks for, or NotQualified is raised."""
    bag = assigned.bag
    is_open = bag.is_review or training.may_mark_live(
        session, bag.competition_id, bag.part, assigned.marker_id
    )
    if not is_open:
        raise errors.NotQualified


def load_part(session: Session, actor: Actor, competition_id: str, key: str, permission: str) -> PartView:
    """Return a part whose markers are trained if the actor may do this there, else NotFound."""
    load_place(session, actor, competition_id, permission)
    return handover.part(session, competition_id, key)


def clock_of(part: PartView) -> OwnClock:
    """Return by which clock acts of the training are dated."""
    kind = "rehearsal" if part.is_rehearsal else "real"
    return OwnClock(kind=kind, clock_offset_seconds=part.clock_offset_seconds)


def clock(brief: MarkingBrief) -> OwnClock:
    """Return by which clock acts on the bag are dated."""
    kind = "rehearsal" if brief.is_rehearsal else "real"
    return OwnClock(kind=kind, clock_offset_seconds=brief.clock_offset_seconds)
