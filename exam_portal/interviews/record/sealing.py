# SPDX-License-Identifier: Apache-2.0
"""An entry of the sealed record: pure. The public key makes one; only the private key reads it.

HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM. Every entry is made with a fresh key of its own, so
that nobody finds one out by sealing every guess; the hearing is bound to it. All have the same length.
"""

import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from scoring.verify.canonical import canonical_bytes

LENGTH = 64  # member (26 letters) and slip (8) with what stands around them, and room
DOMAIN = "exam/ballot-record/v1"


class Unreadable(Exception):
    """The entry was changed, or made for another key or hearing."""


def new_pair() -> tuple[bytes, bytes]:
    """Return a fresh private key and its public one, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def sealed(public_key: bytes, *, hearing: str, member: str, slip: str) -> bytes:
    """Return who gave which slip in this hearing, for the holder of the private key alone."""
    content = canonical_bytes([member, slip])
    if len(content) > LENGTH:
        raise ValueError("an entry is longer than the others")
    key = X25519PublicKey.from_public_bytes(public_key)
    return _suite().encrypt(content.ljust(LENGTH), key, info=_info(hearing))


def opened(private_key: bytes, entry: bytes, *, hearing: str) -> tuple[str, str]:
    """Return member and slip, or raise Unreadable."""
    key = X25519PrivateKey.from_private_bytes(private_key)
    try:
        member, slip = json.loads(_suite().decrypt(entry, key, info=_info(hearing)))
    except (InvalidTag, ValueError, TypeError) as problem:
        raise Unreadable from problem
    return str(member), str(slip)


def is_pair(private_key: bytes, public_key: bytes) -> bool:
    """Whether the two belong together."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw() == public_key


def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _info(hearing: str) -> bytes:
    return f"{DOMAIN}/{hearing}".encode()
