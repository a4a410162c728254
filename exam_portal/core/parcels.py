# SPDX-License-Identifier: Apache-2.0
"""Files that travel between installations: signed by who packs, sealed for the one installation that opens.

Ed25519 over head and content, then HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM) to the receiver's key,
bound to the head. The head names sender and receiver, so that nobody can hand on as the own what was meant
for another. What is read is bounded, and canonical: it has exactly one spelling.
"""

import base64
import binascii
import dataclasses
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from exam_portal.core.keystore import Keystore
from exam_portal.core.signing import Signer, is_signed

SCHEMA = "exam-portal/parcel/1"
ADDRESS_SCHEMA = "exam-portal-address/1"
PURPOSE = "parcels/1"
MOST_BYTES = 256 * 1024 * 1024  # of the file, and of what it unfolds to
SIGNATURE = 64
HEAD_KEYS = {"_", "from", "kind", "subject", "to"}
LONGEST_HEAD = 2_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


class ParcelRefused(ValueError):
    """The file is not what it says, not from whom it says, or not for this installation."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An installation as others know it: its name, the key it signs with, the key that is sealed to."""

    name: str
    signing: bytes
    sealing: bytes

    @property
    def line(self) -> str:
        """The address in one line, to be carried to the other installation."""
        keys = " ".join(base64.b64encode(key).decode() for key in (self.signing, self.sealing))
        return f"{ADDRESS_SCHEMA} {self.name} {keys}"

    @classmethod
    def parse(cls, line: str) -> "Address":
        """Return the address that the line writes, or raise ParcelRefused."""
        try:
            schema, name, *keys = line.split()
            signing, sealing = (base64.b64decode(key, validate=True) for key in keys)
        except (ValueError, binascii.Error) as problem:
            raise ParcelRefused("address") from problem
        if schema != ADDRESS_SCHEMA or not NAME.fullmatch(name) or {len(signing), len(sealing)} != {32}:
            raise ParcelRefused("address")
        return cls(name=name, signing=signing, sealing=sealing)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An opened file: what it is, what it is about, who signed it, and its content."""

    kind: str
    subject: str
    sender: bytes
    content: Mapping[str, Any]
    sha256: str  # of head and content, the same however often it is sealed


class Parcels:
    """Packs and opens for one installation."""

    def __init__(self, signer: Signer, private: bytes) -> None:
        self._signer = signer
        self._private = X25519PrivateKey.from_private_bytes(private)
        sealing = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.address = Address(name=signer.name, signing=signer.public_key, sealing=sealing)

    @classmethod
    def of(cls, keys: Keystore, signer: Signer) -> "Parcels":
        """Return those of this installation; the key that is sealed to follows from its master key."""
        return cls(signer, keys.secret(PURPOSE))

    def pack(self, kind: str, subject: str, to: bytes, content: Mapping[str, Any]) -> tuple[bytes, str]:
        """Return the file for the receiver with this sealing key, and the hash by which it is known."""
        head = exact_bytes(
            {
                "_": SCHEMA,
                "from": self.address.signing.hex(),
                "kind": kind,
                "subject": subject,
                "to": to.hex(),
            }
        )
        said = exact_bytes(content)
        signature = self._signer.sign(_signed(head, said))
        sealed = _suite().encrypt(
            signature + zlib.compress(said), X25519PublicKey.from_public_bytes(to), info=head
        )
        return head + b"\n" + sealed, _hash(head, said)

    def open(self, file: bytes, kind: str) -> Parcel:
        """Return the parcel that is in the file, or raise ParcelRefused; whether its sender is the right one
        is for the caller to ask."""
        head, facts = _head(file, kind)
        if facts["to"] != self.address.sealing.hex():
            raise ParcelRefused("receiver")
        try:
            plain = _suite().decrypt(file[len(head) + 1 :], self._private, info=head)
        except (InvalidTag, ValueError) as problem:
            raise ParcelRefused("seal") from problem
        said = _unfolded(plain[SIGNATURE:])
        sender = bytes.fromhex(facts["from"])
        if not is_signed(sender, _signed(head, said), plain[:SIGNATURE]):
            raise ParcelRefused("signature")
        content = exact_loads(said)
        if not isinstance(content, dict):
            raise ParcelRefused("shape")
        return Parcel(
            kind=kind, subject=facts["subject"], sender=sender, content=content, sha256=_hash(head, said)
        )


def exact_bytes(value: object) -> bytes:
    """Return compact JSON with sorted keys and every character as it was typed (no normalisation)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def exact_loads(content: bytes) -> Any:
    """Return what the bytes spell; ParcelRefused unless writing it again gives the same bytes."""
    try:
        value = json.loads(content.decode(), parse_float=_refused, parse_constant=_refused)
        same = exact_bytes(value) == content  # a key that stands twice does not come back twice
    except (ValueError, RecursionError) as problem:
        raise ParcelRefused("shape") from problem
    if not same:
        raise ParcelRefused("shape")
    return value


def _head(file: bytes, kind: str) -> tuple[bytes, Mapping[str, str]]:
    if len(file) > MOST_BYTES:
        raise ParcelRefused("size")
    head, newline, _ = file[: LONGEST_HEAD + 1].partition(b"\n")
    if not newline:
        raise ParcelRefused("shape")
    facts = exact_loads(head)
    if not isinstance(facts, dict) or set(facts) != HEAD_KEYS or facts["_"] != SCHEMA:
        raise ParcelRefused("shape")
    if any(not isinstance(value, str) for value in facts.values()) or facts["kind"] != kind:
        raise ParcelRefused("kind")
    if not all(re.fullmatch(r"[0-9a-f]{64}", facts[name]) for name in ("from", "to")):
        raise ParcelRefused("shape")
    return head, facts


def _unfolded(folded: bytes) -> bytes:
    unfolding = zlib.decompressobj()
    try:
        said = unfolding.decompress(folded, MOST_BYTES)
    except zlib.error as problem:
        raise ParcelRefused("shape") from problem
    if not unfolding.eof or unfolding.unused_data:
        raise ParcelRefused("size" if len(said) >= MOST_BYTES else "shape")
    return said


def _signed(head: bytes, said: bytes) -> bytes:
    return SCHEMA.encode() + b"\n" + head + b"\n" + said


def _hash(head: bytes, said: bytes) -> str:
    return hashlib.sha256(_signed(head, said)).hexdigest()


def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _refused(text: str) -> float:
    raise ValueError(text)
