# SPDX-License-Identifier: Apache-2.0
"""The rows that acts of registration hold, so that of two at once the second sees what the first has done.

Locking order of the slice: competition, application.
"""

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.registration.models import Application


def competition(session: Session, competition_id: int) -> None:
    """The competition's row is locked: receipts, identities, findings and the list come one after another."""
    session.execute(select(Competition.id).where(Competition.id == competition_id).with_for_update())


def application(session: Session, found: Application) -> None:
    """The application's row is locked and read afresh."""
    session.refresh(found, with_for_update=True)
