# SPDX-License-Identifier: Apache-2.0
"""The installation's signature: Ed25519, named as signed notes name their keys."""

import base64
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from exam_portal.core.files import write_once
from exam_portal.core.settings import Settings

ED25519 = b"\x01"  # the algorithm byte of signed notes


class Signer:
    """Signs acknowledgements and checkpoints; everybody can verify with the public key."""

    def __init__(self, name: str, private: bytes) -> None:
        self.name = name
        self._private = Ed25519PrivateKey.from_private_bytes(private)
        self.public_key: bytes = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def of(cls, settings: Settings) -> "Signer":
        """Open the signer of this installation; make its key at the first start."""
        path: Path = settings.path(settings.secrets.signing_key_file, "signing.key")
        fresh = Ed25519PrivateKey.generate()
        raw = fresh.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return cls(settings.audit.origin, write_once(path, raw))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of the message."""
        return self._private.sign(message)

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signed note names this key."""
        return key_id_of(self.name, self.public_key)

    @property
    def verifier_key(self) -> str:
        """The public key as signed notes write it: name, key id, algorithm and key."""
        encoded = base64.b64encode(ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


def key_id_of(name: str, public_key: bytes) -> bytes:
    """Return the four bytes by which a signed note names a key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
