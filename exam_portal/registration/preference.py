# SPDX-License-Identifier: Apache-2.0
"""Preference points: what the rule set gives, and what vetting found that an application is given."""

from decimal import Decimal

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration.models import Application, PreferenceFinding
from scoring.ruleset import PreferencePoints


def finding(session: Session, application_id: int) -> PreferenceFinding | None:
    """Return the standing word of the board on the preference of an application."""
    return session.scalar(_standing().where(PreferenceFinding.application_id == application_id))


def points(session: Session, competition_id: int) -> dict[int, Decimal]:
    """Return the points found in a competition by application, where there are any: one query."""
    rows = session.scalars(
        _standing()
        .join(Application, Application.id == PreferenceFinding.application_id)
        .where(Application.competition_id == competition_id, PreferenceFinding.points > Decimal(0))
    )
    return {row.application_id: row.points for row in rows}


def rules(session: Session, application: Application) -> PreferencePoints:
    """Return what the rule set of the application's competition gives."""
    competition = session.get_one(Competition, application.competition_id)
    return competitions.ruleset(competition).total.preference_points


def _standing() -> Select[PreferenceFinding]:
    later = aliased(PreferenceFinding)
    return select(PreferenceFinding).where(~exists().where(later.supersedes_id == PreferenceFinding.id))
