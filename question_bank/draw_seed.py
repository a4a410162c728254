# SPDX-License-Identifier: Apache-2.0
"""The seed of a draw: a secret that was committed to, and words that witnesses added afterwards.

Neither side chooses the outcome. Whoever keeps the secret has bound it before the words are said; whoever
says the words does not know the secret. The secret stays as secret as the answer key, since with the bank it
gives the composition away; once it is revealed, everybody can draw again.
"""

import hashlib
import hmac

from question_bank.text import one_line

SECRET_BYTES = 32
SECRET_DOMAIN = b"exam/draw-secret/v1"
SEED_DOMAIN = b"exam/draw-seed/v2"
DRAW_LABEL = b"exam/draw/v1"


def commitment(secret: bytes) -> str:
    """What the record holds of the secret before the draw."""
    return f"sha256:{hashlib.sha256(SECRET_DOMAIN + secret).hexdigest()}"


def seed(secret: bytes, words: str) -> bytes:
    """The seed (32 bytes) that the secret gives with these words; blanks at their ends do not count."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"the secret of a draw has {SECRET_BYTES} bytes, not {len(secret)}")
    return hmac.new(secret, DRAW_LABEL + b"\0" + one_line(words).encode(), hashlib.sha256).digest()


def seed_commitment(of: bytes) -> str:
    """What the record of the draw holds of its seed."""
    return f"sha256:{hashlib.sha256(SEED_DOMAIN + of).hexdigest()}"


def number(of: bytes) -> int:
    """The seed as the assembler and ``papers assemble --seed`` take it."""
    return int.from_bytes(of)
