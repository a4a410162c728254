# SPDX-License-Identifier: Apache-2.0
"""The keys of a paper in shares: any k of n officers open it, fewer open nothing, nor does the machine alone.

The keys are locked under a fresh secret of 128 bits; the secret is split by Shamir's scheme (SLIP-39), so
that each share is twenty words that a person can copy by hand and that carry their own checksum.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

SECRET_BYTES = 16
NONCE = 12
FEWEST, MOST = 2, 16
WORDS = 20
UNIQUE = 4  # letters by which a word of the list is known
_BY_START = {word[:UNIQUE]: word for word in WORDLIST}


class SharesBroken(Exception):
    """The shares do not open what is locked."""


def split(keys: Mapping[str, bytes], *, threshold: int, count: int, context: str) -> tuple[bytes, list[str]]:
    """Return the keys (by id) locked, and ``count`` shares of which any ``threshold`` unlock them.

    ``context`` says what is locked; it is bound to the locked bytes. Raises ValueError unless
    2 <= threshold <= count <= 16.
    """
    if not FEWEST <= threshold <= count <= MOST:
        raise ValueError("2 <= threshold <= count <= 16")
    secret = secrets.token_bytes(SECRET_BYTES)
    plain = json.dumps({key_id: key.hex() for key_id, key in sorted(keys.items())}).encode()
    nonce = secrets.token_bytes(NONCE)
    locked = nonce + _cipher(secret).encrypt(nonce, plain, context.encode())
    (shares,) = generate_mnemonics(1, [(threshold, count)], secret, iteration_exponent=0)
    return locked, shares


def join(locked: bytes, shares: Sequence[str], *, context: str) -> dict[str, bytes]:
    """Return the keys by id; SharesBroken where these shares do not unlock exactly these bytes."""
    try:
        secret = combine_mnemonics(shares)
        plain = _cipher(secret).decrypt(locked[:NONCE], locked[NONCE:], context.encode())
    except (MnemonicError, InvalidTag, ValueError) as problem:
        raise SharesBroken from problem
    return {key_id: bytes.fromhex(key) for key_id, key in json.loads(plain).items()}


def spelled(typed: str) -> str:
    """Return a share as it was given out: four letters a word are enough, whatever stands between."""
    words = "".join(letter if letter.isalpha() else " " for letter in typed.lower()).split()
    return " ".join(_BY_START.get(word[:UNIQUE], word) for word in words)


def fingerprint(share: str) -> bytes:
    """Return by what a share is known again (32 bytes); 128 random bits stand behind it."""
    return hashlib.sha256(b"exam/share/v1" + share.encode()).digest()


def _cipher(secret: bytes) -> AESGCM:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"exam-portal/papers/shares/1").derive(secret)
    return AESGCM(key)
