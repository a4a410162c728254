# SPDX-License-Identifier: Apache-2.0
"""Commit now, reveal later: papers and answer keys are sealed under a commitment that anyone can check.

The commitment is SHA-256(schema || nonce || canonical content). The nonce keeps a short paper from being
guessed; the commitment is the associated data of the encryption, so that no ciphertext can be passed off
under another one. The plaintext is nonce || content: whoever gets the key can check the commitment.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from question_bank.paper import KEY_SCHEMA, PAPER_SCHEMA, PaperForm, content, key
from scoring.verify.canonical import CanonicalError, canonical_bytes, canonical_loads

KEY_BYTES = 32
NONCE_BYTES = 32
IV_BYTES = 12


class SealBroken(ValueError):
    """The seal does not open: another key, changed bytes, or content that is not what was committed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSecrets:
    """Fresh random bytes for one seal; none of them may ever be used for a second one."""

    key: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    iv: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """The lengths are right; a shorter secret is refused, never stretched."""
        if (len(self.key), len(self.nonce), len(self.iv)) != (KEY_BYTES, NONCE_BYTES, IV_BYTES):
            raise ValueError(f"key, nonce and iv have {KEY_BYTES}, {NONCE_BYTES} and {IV_BYTES} bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Safe to hand out before the start: the commitment, and `blob` = iv || ciphertext || tag."""

    schema: str
    commitment: bytes
    blob: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The content under a checked commitment, and the nonce that proves it to others."""

    nonce: bytes
    content: Mapping[str, Any]


def commitment(schema: str, nonce: bytes, canonical: bytes) -> bytes:
    """SHA-256 over the schema name, the nonce and the canonical content."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    return hashlib.sha256(schema.encode("ascii") + nonce + canonical).digest()


def commit(form: PaperForm, nonce: bytes) -> bytes:
    """The commitment to what candidates will see."""
    return commitment(PAPER_SCHEMA, nonce, canonical_bytes(content(form)))


def commit_key(form: PaperForm, nonce: bytes) -> bytes:
    """The commitment to the answer key and rubrics."""
    return commitment(KEY_SCHEMA, nonce, canonical_bytes(key(form)))


def seal_paper(form: PaperForm, secrets: SealSecrets) -> Sealed:
    """The paper is ciphertext; only whoever gets the key reads it."""
    return _seal(PAPER_SCHEMA, canonical_bytes(content(form)), secrets)


def seal_key(form: PaperForm, secrets: SealSecrets) -> Sealed:
    """The answer key is ciphertext, under secrets of its own."""
    return _seal(KEY_SCHEMA, canonical_bytes(key(form)), secrets)


def open_sealed(sealed: Sealed, key_bytes: bytes) -> Opened:
    """The content, decrypted and held against its commitment; raises `SealBroken` at any difference."""
    iv, body = sealed.blob[:IV_BYTES], sealed.blob[IV_BYTES:]
    try:
        plain = AESGCM(key_bytes).decrypt(iv, body, sealed.commitment)
    except (InvalidTag, ValueError) as problem:
        raise SealBroken("the key does not fit, or the sealed bytes were changed") from problem
    return _checked(sealed, plain[:NONCE_BYTES], plain[NONCE_BYTES:])


def _seal(schema: str, canonical: bytes, secrets: SealSecrets) -> Sealed:
    committed = commitment(schema, secrets.nonce, canonical)
    body = AESGCM(secrets.key).encrypt(secrets.iv, secrets.nonce + canonical, committed)
    return Sealed(schema=schema, commitment=committed, blob=secrets.iv + body)


def _checked(sealed: Sealed, nonce: bytes, canonical: bytes) -> Opened:
    if len(nonce) != NONCE_BYTES:
        raise SealBroken("the sealed bytes are too short")
    if not hmac.compare_digest(commitment(sealed.schema, nonce, canonical), sealed.commitment):
        raise SealBroken("the content is not what was committed to")
    try:
        opened = canonical_loads(canonical)
    except CanonicalError as problem:
        raise SealBroken("the content is not canonical") from problem
    if not isinstance(opened, dict) or opened.get("_") != sealed.schema:
        raise SealBroken(f"the content is no {sealed.schema}")
    return Opened(nonce=nonce, content=opened)
