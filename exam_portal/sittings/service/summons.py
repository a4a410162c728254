# SPDX-License-Identifier: Apache-2.0
"""Summoning: every candidate knows day, room and seat, so many working days before (rule set, calendar)."""

from datetime import datetime

from sqlalchemy import select

from exam_portal.competitions import calendar
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, Milestone, MilestoneKind
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.registration import service as registration
from exam_portal.sittings import admission, errors, letters
from exam_portal.sittings.models import Sitting, SittingEvent, SittingEventKind
from exam_portal.sittings.service import arranging, locking


def summon(
    session: Session, actor: Actor, now: datetime, *, competition: Competition, reason: str = ""
) -> Milestone:
    """The candidates are summoned: their seats stand, and who stays away from here on is absent.

    Everybody with an e-mail address is written to; the others get the printed summons.
    Fewer working days before the first sitting than the rule set asks need a reason (E-old, TT 6/2020: 5).
    """
    locking.competition(session, competition)
    for vacancy in competition.vacancies:
        registration.refuse_below_minimum(session, vacancy.id)
    _require_seated(session, competition)
    found = notice_of(session, competition, now)
    if found is not None and found.is_short and not reason:
        raise errors.SummonsTooShort(found.days, found.required)
    payload = {
        "sittings": [sitting.public_id for sitting in sittings_of(session, competition.id)],
        "working_days": found.days if found is not None else None,
        "required": found.required if found is not None else None,
    }
    letters.send(session, now, competition=competition, kind=letters.Kind.SUMMONS)
    return course.reach(
        session, actor, now, competition, MilestoneKind.SUMMONED, payload=payload, words=reason
    )


class NoticePeriod:
    """How many working days lie before the first sitting, and how many the rule set asks."""

    def __init__(self, days: int, required: int) -> None:
        self.days = days
        self.required = required

    @property
    def is_short(self) -> bool:
        """Whether the rule set asks for more."""
        return self.days < self.required


def notice_of(session: Session, competition: Competition, now: datetime) -> NoticePeriod | None:
    """Return the notice that a summons of today would give; None while no sitting is planned."""
    found = sittings_of(session, competition.id)
    if not found:
        return None
    first = calendar.local_day(min(sitting.starts_at for sitting in found))
    return NoticePeriod(
        days=calendar.working_days_between(calendar.local_day(now), first),
        required=competitions.ruleset(competition).calendar.summons_working_days,
    )


def sittings_of(session: Session, competition_id: int) -> list[Sitting]:
    """Return the sittings of a competition that were not cancelled, in the order of their times."""
    cancelled = select(SittingEvent.sitting_id).where(SittingEvent.kind == SittingEventKind.CANCELLED.value)
    query = select(Sitting).where(Sitting.competition_id == competition_id, Sitting.id.not_in(cancelled))
    return list(session.scalars(query.order_by(Sitting.starts_at, Sitting.id)))


def _require_seated(session: Session, competition: Competition) -> None:
    """Everybody has a seat in the first part that is sat in rooms; later parts may depend on its gate."""
    parts = [
        part.key for part in competitions.ruleset(competition).parts if part.kind in admission.SEATED_KINDS
    ]
    if parts and (waiting := arranging.unseated(session, competition.id, parts[0])):
        raise errors.NotSeated(len(waiting))
