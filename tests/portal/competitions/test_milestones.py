# SPDX-License-Identifier: Apache-2.0
"""The order of a competition, walked exhaustively: from every point, exactly these next ones are open."""

import itertools

import pytest

from exam_portal.competitions import milestones
from exam_portal.competitions.errors import MilestoneRefused
from exam_portal.competitions.milestones import Course
from exam_portal.competitions.models import MilestoneKind as Kind

COURSE = Course(masked_parts=("written",))
Step = tuple[Kind, str]

# The whole course of a competition with one masked part, and what else is open at each point of it.
COURSE_OF_ALL: list[tuple[Step, set[Step]]] = [
    ((Kind.SUBMITTED, "1"), set()),
    ((Kind.RETURNED, "1"), {(Kind.APPROVED, "1")}),
    ((Kind.SUBMITTED, "2"), set()),
    ((Kind.APPROVED, "1"), {(Kind.RETURNED, "2")}),
    ((Kind.ANNOUNCED, ""), {(Kind.RETURNED, "2")}),
    ((Kind.AMENDED, "1"), {(Kind.REGISTRATION_CLOSED, "")}),
    ((Kind.REGISTRATION_CLOSED, ""), {(Kind.AMENDED, "2")}),
    ((Kind.LIST_APPROVED, ""), {(Kind.AMENDED, "2")}),
    ((Kind.SUMMONED, ""), {(Kind.AMENDED, "2")}),
    ((Kind.MARKS_LOCKED, "written"), {(Kind.AMENDED, "2")}),
    ((Kind.UNMASKED, "written"), {(Kind.AMENDED, "2")}),
    ((Kind.MARKS_POSTED, ""), {(Kind.AMENDED, "2")}),
    ((Kind.REVIEWS_CLOSED, ""), {(Kind.AMENDED, "2")}),
    ((Kind.OPINION_RECORDED, ""), {(Kind.AMENDED, "2")}),
    ((Kind.RECOGNISED, ""), {(Kind.AMENDED, "2")}),
    ((Kind.PUBLISHED, "1"), {(Kind.AMENDED, "2")}),
    (
        (Kind.ARCHIVED, ""),
        {(Kind.AMENDED, "2"), (Kind.PUBLISHED, "2"), (Kind.OPINION_RECORDED, "2"), (Kind.RECOGNISED, "2")},
    ),
]
ANNULLABLE_FROM = 5  # once announced, and until archived


def candidates(reached: list[Step]) -> set[Step]:
    """Every kind that could be asked for now, with the occurrence it would have."""
    found: set[Step] = set()
    for kind in Kind:
        found.add(
            (kind, "written" if kind in milestones.PER_PART else milestones.next_occurrence(kind, reached))
        )
    return found


@pytest.mark.parametrize("place", range(len(COURSE_OF_ALL)))
def test_at_every_point_exactly_the_next_steps_are_open(place: int) -> None:
    reached = [step for step, _ in COURSE_OF_ALL[:place]]
    step, besides = COURSE_OF_ALL[place]
    expected = {step} | besides | ({(Kind.ANNULLED, "")} if place >= ANNULLABLE_FROM else set())
    open_now = {s for s in candidates(reached) if milestones.may_reach(*s, reached, COURSE)}
    assert open_now == expected


def test_nothing_follows_the_archive() -> None:
    reached = [step for step, _ in COURSE_OF_ALL]
    assert not [s for s in candidates(reached) if milestones.may_reach(*s, reached, COURSE)]


@pytest.mark.parametrize("place", range(ANNULLABLE_FROM, len(COURSE_OF_ALL)))
def test_after_an_annulment_only_the_archive_is_left(place: int) -> None:
    reached = [*[step for step, _ in COURSE_OF_ALL[:place]], (Kind.ANNULLED, "")]
    open_now = {s for s in candidates(reached) if milestones.may_reach(*s, reached, COURSE)}
    assert open_now == {(Kind.ARCHIVED, "")}


@pytest.mark.parametrize(
    ("kind", "place"), [(k, p) for k, p in itertools.product(milestones.PUBLICATION, range(4, 12))]
)
def test_no_step_of_publication_overtakes_what_comes_before_it(kind: Kind, place: int) -> None:
    reached = [step for step, _ in COURSE_OF_ALL[:place]]
    if (kind, place) == (Kind.MARKS_POSTED, 11):
        return
    with pytest.raises(MilestoneRefused) as refused:
        milestones.check(kind, milestones.next_occurrence(kind, reached), reached, COURSE)
    missing = [step for step, _ in COURSE_OF_ALL[place:] if step[0] not in {Kind.AMENDED, Kind.MARKS_LOCKED}]
    first = missing[0] if missing[0] != (Kind.ANNOUNCED, "") else (Kind.ANNOUNCED, "")
    assert refused.value.needs[0] == first


@pytest.mark.parametrize("left_out", [Kind.OPINION_RECORDED, Kind.REVIEWS_CLOSED])
def test_a_step_that_the_rule_set_leaves_out_is_not_asked_for(left_out: Kind) -> None:
    steps = tuple(step for step in milestones.PUBLICATION if step is not left_out)
    course = Course(masked_parts=("written",), publication=steps)
    reached = [s for s, _ in COURSE_OF_ALL[:15] if s[0] is not left_out]
    assert milestones.may_reach(Kind.PUBLISHED, "1", reached, course)
    assert not milestones.may_reach(Kind.PUBLISHED, "1", reached, COURSE)


def test_every_masked_part_is_unmasked_before_marks_are_posted() -> None:
    course = Course(masked_parts=("written", "professional"))
    reached = [step for step, _ in COURSE_OF_ALL[:11]]
    with pytest.raises(MilestoneRefused) as refused:
        milestones.check(Kind.MARKS_POSTED, "", reached, course)
    assert list(refused.value.needs) == [(Kind.UNMASKED, "professional")]


def test_the_state_is_the_last_stage_and_a_returned_draft_says_so() -> None:
    reached = [step for step, _ in COURSE_OF_ALL]
    assert milestones.state([]) == "draft"
    assert milestones.state(reached[:2]) == "returned"
    assert milestones.state(reached[:6]) == "announced"
    assert milestones.state(reached[:11]) == "summoned"
    assert milestones.state(reached) == "archived"
