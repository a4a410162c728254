# SPDX-License-Identifier: Apache-2.0
"""What the marking of any number of competitions waits for: for the homes of those who run it."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from exam_portal.core.db import Session
from exam_portal.marking import access, presentation, queries, slip_queries
from exam_portal.marking.access import Course
from exam_portal.marking.models import CorrectionProposal, LockRequest
from exam_portal.marking.presentation import BagProgress
from exam_portal.marking.standing import Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from scoring.ruleset import RuleSet


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartWaiting:
    """A part (or a review) and what it waits for."""

    competition_id: int
    part: str
    purpose: str
    course: Course  # as the person who asks looks at it
    bags: Sequence[BagProgress]
    is_locked: bool
    request: LockRequest | None
    proposals: Sequence[CorrectionProposal]

    @property
    def unmanned(self) -> int:
        """How many bags nobody has for a round whose marks are missing."""
        return sum(one.is_free for one in self.bags)

    @property
    def undistributed(self) -> int:
        """How many bags nobody has for one of the blind rounds, whatever marks there are."""
        return sum(not {1, 2}.isdisjoint(one.free_rounds) for one in self.bags)

    @property
    def is_complete(self) -> bool:
        """Whether every script has all its marks."""
        return all(one.done == one.bag.count for one in self.bags)


def parts(
    session: Session, account_id: int, rulesets: Mapping[int, RuleSet], organisations: Mapping[int, int]
) -> list[PartWaiting]:
    """Return each part of these competitions: a fixed number of queries, whatever their number."""
    bags = handover.bags_within(session, rulesets)
    if not bags:
        return []
    scripts = handover.scripts_of(session, [bag.id for bag in bags])
    marks = queries.marks_of_scripts(session, [one.id for one in scripts])
    given, locked = queries.assignments(session, [bag.id for bag in bags]), queries.locked_bags(session, bags)
    on_slips = slip_queries.rounds_on_slips(session, bags)
    requests = queries.lock_requests_within(session, rulesets)
    proposed = queries.proposals(session, [entry.id for entries in marks.values() for entry in entries])
    courses = _courses(session, account_id, bags, {one.id: one.bag_id for one in scripts}, organisations)
    found: dict[tuple[int, str, str], list[BagProgress]] = {}
    wanted: dict[tuple[int, str, str], list[CorrectionProposal]] = {}
    for bag in bags:
        rule = Rule.of(rulesets[bag.competition_id], bag.part, is_review=bag.is_review)
        entries = [marks[script.id] for script in scripts if script.bag_id == bag.id]
        rounds = dict.fromkeys(given.get(bag.id, {}), "")
        progress = presentation.progress_of(
            bag, rule, entries, rounds, on_slips=on_slips.get(bag.id, ()), is_locked=bag.id in locked
        )
        place = (bag.competition_id, bag.part, bag.purpose)
        found.setdefault(place, []).append(progress)
        ids = [entry.id for one in entries for entry in one]
        wanted.setdefault(place, []).extend(proposed[one] for one in ids if one in proposed)
    return [
        PartWaiting(
            competition_id=place[0],
            part=place[1],
            purpose=place[2],
            course=courses[place[0]],
            bags=of_part,
            is_locked=of_part[0].bag.id in locked,
            request=requests.get(place),
            proposals=wanted[place],
        )
        for place, of_part in found.items()
    ]


def _courses(
    session: Session,
    account_id: int,
    bags: Collection[BagView],
    bag_of: Mapping[int, int],
    organisations: Mapping[int, int],
) -> dict[int, Course]:
    """Return each competition with whether this person was given a bag of it, or signed a slip."""
    own = queries.bags_given(session, account_id)
    own |= {bag_of[one] for one in slip_queries.signed_by(session, bag_of, account_id)}
    marked = {bag.competition_id for bag in bags if bag.id in own}
    return {
        one: access.Course(organisation_id=organisations[one], competition_id=one, has_marked=one in marked)
        for one in {bag.competition_id for bag in bags}
    }
