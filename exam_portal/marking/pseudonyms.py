# SPDX-License-Identifier: Apache-2.0
"""Under which code a marker at a desk appears."""

import re

from exam_portal.core import names
from exam_portal.core.db import Session
from exam_portal.sittings.handover import BagView

DIGITS = 8  # of forty markers two would share a code of six in one competition of twenty thousand
_CODE = re.compile(rf"GK-[0-9A-F]{{{DIGITS}}}")


def of(session: Session, competition_public_id: str, account_id: int) -> str:
    """Return the name under which a marker's marks are published: one per competition, telling nobody who."""
    digest = session.keys.index(f"{competition_public_id}/{account_id}", "marking.pseudonym")
    return _code(digest)


def is_code(signer: str) -> bool:
    """Whether a signature reads like the code of a marker at a desk: on a slip nobody signs with one."""
    return _CODE.fullmatch(names.normalised(signer).upper()) is not None


def of_signer(session: Session, competition_public_id: str, signer: str) -> str:
    """Return the code under which who signs for a mark is known there, at a desk or by name on a slip.

    A name is hashed for a purpose of its own: one that reads like an account's number is not that account.
    """
    if _CODE.fullmatch(signer):
        return signer
    named = f"{competition_public_id}/{names.reading(signer)}"
    return _code(session.keys.index(named, "marking.pseudonym-on-paper"))


def pseudonym(session: Session, bag: BagView, account_id: int) -> str:
    """Return the code of a marker in the competition of this bag."""
    return of(session, bag.competition_public_id, account_id)


def _code(digest: bytes) -> str:
    return f"GK-{digest.hex()[:DIGITS].upper()}"
