# SPDX-License-Identifier: Apache-2.0
"""Under which code a marker at a desk appears."""

from exam_portal.core.db import Session
from exam_portal.sittings.handover import BagView


def of(session: Session, competition_public_id: str, account_id: int) -> str:
    """Return the name under which a marker's marks are published: one per competition, telling nobody who."""
    digest = session.keys.index(f"{competition_public_id}/{account_id}", "marking.pseudonym")
    return f"GK-{digest.hex()[:6].upper()}"


def pseudonym(session: Session, bag: BagView, account_id: int) -> str:
    """Return the code of a marker in the competition of this bag."""
    return of(session, bag.competition_public_id, account_id)
