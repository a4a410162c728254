# SPDX-License-Identifier: Apache-2.0
"""Whether the council's decision to go on still counts: only if nobody has been lost since it was recorded.

The rule set says when the number of candidates is looked at again (domain 2.5): a decision that is older
than the last withdrawal, exclusion, absence or gate knew of more candidates than are left.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.interviews.models import Hearing, HearingEvent, PanelSession
from exam_portal.results import points, unmasking
from exam_portal.results.people import Person
from exam_portal.sittings.models import Attendance, Script, Seat, TestMark
from scoring.ruleset import Part, RuleSet

GATES = frozenset({"gate", "qualifying"})


def last_loss(
    session: Session,
    competition: Competition,
    ruleset: RuleSet,
    found: Sequence[Person],
    *,
    absent: Collection[str],
    failed_by_review: bool,
) -> datetime | None:
    """Return when the number of candidates of a vacancy was last to be looked at again; None if never.

    ``absent``: the numbers of those who count as absent. ``failed_by_review``: a review has cost somebody a
    gate; as long as none has, a review is no reason to ask the council again.
    """
    again = ruleset.vacancy.recheck_min_after
    instants: list[datetime] = []
    if "withdrawal" in again:
        instants += [one.left_at for one in found if one.left_at is not None]
        instants += _absences(session, [one.id for one in found if one.candidate_no in absent])
    if "gate" in again:
        for part in (part for part in ruleset.parts if part.role in GATES):
            ids = {one.id for one in found}
            if part.kind == "test":
                instants += _tested(session, ruleset, part, ids)
            else:
                instants += _decided(session, competition, part, ids, failed_by_review)
    return max(instants, default=None)


def _absences(session: Session, candidate_ids: Collection[int]) -> list[datetime]:
    rows = session.scalars(
        select(Attendance.at)
        .join(Seat, Seat.id == Attendance.seat_id)
        .where(Seat.candidate_id.in_(candidate_ids), Attendance.status != "present")
    )
    heard = session.scalars(
        select(HearingEvent.at)
        .join(Hearing, Hearing.id == HearingEvent.hearing_id)
        .where(Hearing.candidate_id.in_(candidate_ids), HearingEvent.kind == "candidate_absent")
    )
    return [*rows, *heard]


def _decided(
    session: Session,
    competition: Competition,
    part: Part,
    candidate_ids: set[int],
    failed_by_review: bool,
) -> Iterator[datetime]:
    """Yield when it became known who of these passed the gate."""
    if part.panel is not None:
        yield from session.scalars(
            select(HearingEvent.at)
            .join(Hearing, Hearing.id == HearingEvent.hearing_id)
            .join(PanelSession, PanelSession.id == Hearing.panel_id)
            .where(
                PanelSession.part == part.key,
                Hearing.candidate_id.in_(candidate_ids),
                HearingEvent.kind == "counted",
            )
        )
    else:
        for (key, purpose), lifted in unmasking.lifted_of(session, competition.id).items():
            is_review = purpose != unmasking.MARKING
            if key == part.key and (not is_review or failed_by_review):
                written = unmasking.opened(session, competition.id, key, purpose).values()
                if not candidate_ids.isdisjoint(written):
                    yield lifted.at


def _tested(
    session: Session, ruleset: RuleSet, part: Part, candidate_ids: Collection[int]
) -> Iterator[datetime]:
    """Yield when a test was marked by its key, and when the correction of an item has cost somebody the gate.

    As long as it has cost nobody the gate, a correction is no reason to ask the council again.
    """
    rows = session.execute(
        select(Script.candidate_id, TestMark)
        .join(TestMark, TestMark.script_id == Script.id)
        .where(Script.part == part.key, Script.candidate_id.in_(candidate_ids))
        .order_by(TestMark.script_id, TestMark.run)
    )
    passed: dict[int, bool] = {}
    for candidate_id, mark in rows:
        passes = points.passes(ruleset, part, {"value": mark.value, "max": mark.max})
        if not mark.corrections or (passed.get(candidate_id) and not passes):
            yield mark.at
        passed[candidate_id] = passes
