# SPDX-License-Identifier: Apache-2.0
"""Declared relations between staff and candidates as the record tells them: that there is one, not which."""

from exam_portal.core.db import Session

PURPOSE = "competitions.relation"


def kept_back(session: Session, account_id: int, candidate_account_id: int, relation: str) -> str:
    """Return what the record holds in place of the kind: nobody guesses it, and fsck computes it again.

    There are so few kinds that a plain hash would name them; this one needs the key of the installation.
    """
    return session.keys.index(f"{account_id}/{candidate_account_id}/{relation}", PURPOSE).hex()
