# SPDX-License-Identifier: Apache-2.0
"""Ed25519 verification (RFC 8032) in whole numbers, for machines that have Python and nothing else.

It only verifies: nothing here is secret, so nothing needs to take constant time.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

PRIME = 2**255 - 19
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

Point = tuple[int, int, int, int]  # x, y, z and t with x/z, y/z on the curve and t = xy/z
NEUTRAL: Point = (0, 1, 1, 0)


@lru_cache(maxsize=1024)
def verify_ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is this key's on this message. Any malformed input is a plain no.

    Answers are kept: the bundles of one competition share their checkpoints.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, nonce = _decompress(public_key), _decompress(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= GROUP_ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % GROUP_ORDER
    return _same(_times(scalar, BASE_POINT), _plus(nonce, _times(challenge, key)))


def _plus(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * CURVE_D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(scalar: int, point: Point) -> Point:
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = _plus(result, point)
        point, scalar = _plus(point, point), scalar >> 1
    return result


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % PRIME == 0 and (p[1] * q[2] - q[1] * p[2]) % PRIME == 0


def _decompress(encoded: bytes) -> Point | None:
    """The point of 32 bytes; None for bytes that are no point or not its one encoding."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    if y >= PRIME:
        return None
    x = _x_of(y, odd)
    return None if x is None else (x, y, 1, x * y % PRIME)


def _x_of(y: int, odd: int) -> int | None:
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    if square == 0:
        return None if odd else 0
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME:
        return None
    return PRIME - x if x & 1 != odd else x


BASE_Y = 4 * pow(5, -1, PRIME) % PRIME
BASE_X = _x_of(BASE_Y, 0) or 0
BASE_POINT: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)
