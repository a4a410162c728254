# SPDX-License-Identifier: Apache-2.0
"""The seed of a panel's lots: a half bound when the panel is seated, and words called out at the draw.

Who says the words does not know the bound half, and who keeps it has bound it before: nobody chooses who is
heard first (the scheme of `question_bank.draw_seed`). The bound half follows from the panel and a key of the
installation, so no second panel gives another try.
"""

import hashlib
from collections.abc import Sequence

from exam_portal.core.db import Session
from exam_portal.interviews.models import LotDraw
from question_bank import draw_seed

CONTEXT = "interviews.lots"


def bound_half(session: Session, panel_public_id: str) -> bytes:
    """Return the half of the seed (32 bytes) that nobody sees before the lots of the panel are drawn."""
    return session.keys.index(panel_public_id, CONTEXT)


def seed(secret: bytes, words: str) -> str:
    """Return the seed that the bound half gives with the words of the witnesses, as hexadecimal digits."""
    return draw_seed.seed(secret, words).hex()


def shuffled(entries: Sequence[int], seed: str) -> list[int]:
    """Return the entries in the order that the seed gives; anyone with the seed gets the same."""
    keyed = [
        (hashlib.sha256(f"exam/lots/v1|{seed}|{place}".encode()).digest(), entry)
        for place, entry in enumerate(sorted(entries))
    ]
    return [entry for _, entry in sorted(keyed)]


def follows(lot: LotDraw, commitment: str, order: Sequence[int]) -> bool:
    """Whether an order drawn here follows from the words and the bound half; one from paper may be any."""
    if not lot.seed:
        return True
    secret = bytes.fromhex(lot.secret)
    is_bound = draw_seed.commitment(secret) == commitment and seed(secret, lot.words) == lot.seed
    return is_bound and shuffled(order, lot.seed) == list(order)
