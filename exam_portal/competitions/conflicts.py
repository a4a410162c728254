# SPDX-License-Identifier: Apache-2.0
"""Declared relations between staff and candidates as the record tells them: that there is one, not which."""

from exam_portal.core import names
from exam_portal.core.db import Session

PURPOSE = "competitions.relation"


def person_kept_back(session: Session, person: str) -> str:
    """Return what the record holds in place of the name of somebody without an account."""
    return session.keys.index(names.reading(person), PURPOSE).hex()


def kept_back(session: Session, account_id: int | str, candidate_account_id: int, relation: str) -> str:
    """Return what the record holds in place of the kind: nobody guesses it, and fsck computes it again.

    There are so few kinds that a plain hash would name them; this one needs the key of the installation.
    """
    return session.keys.index(f"{account_id}/{candidate_account_id}/{relation}", PURPOSE).hex()


def told(session: Session, person: str, candidate_account_id: int, relation: str) -> dict[str, object]:
    """Return what the record says of a relation on paper: neither who is meant by name, nor which it is."""
    return {
        "person": person_kept_back(session, person),
        "candidate_account": candidate_account_id,
        "relation": kept_back(session, names.reading(person), candidate_account_id, relation),
    }
