# SPDX-License-Identifier: Apache-2.0
"""Checkpoints as signed notes (C2SP signed-note, tlog-checkpoint): a log's name, its size, its root, signed.

Whoever keeps a checkpoint can show later that the log's past was changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from scoring.verify.ed25519 import verify_ed25519
from scoring.verify.merkle import HASH_BYTES

ED25519_NOTE = 1
SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")


class NoteError(ValueError):
    """Some text is not a key, a signed note or a checkpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteKey:
    """An Ed25519 key by name: who signs notes."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, algorithm and key: what signature lines begin with."""
        tagged = self.name.encode() + b"\n" + bytes([ED25519_NOTE]) + self.public_key
        return hashlib.sha256(tagged).digest()[:4]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """What a checkpoint says: this log has this many leaves and this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A signed text and its signatures: (name, key id and signature)."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]

    def signed_by(self, key: NoteKey) -> bool:
        """Whether a line of this key is there, and every line of this key verifies."""
        own = [raw for name, raw in self.signatures if name == key.name and raw[:4] == key.key_id]
        return bool(own) and all(verify_ed25519(key.public_key, self.text.encode(), raw[4:]) for raw in own)


def parse_key(text: str) -> NoteKey:
    """The key of `name+id+base64`, or NoteError when its parts do not fit together."""
    found = VERIFIER_KEY.fullmatch(text)
    raw = _base64(found[3]) if found else b""
    if found is None or len(raw) != 33 or raw[0] != ED25519_NOTE:
        raise NoteError("not an Ed25519 verifier key")
    key = NoteKey(name=found[1], public_key=raw[1:])
    if key.key_id.hex() != found[2]:
        raise NoteError("the id of the verifier key is not that of its name and key")
    return key


def parse_note(text: str) -> Note:
    """The text and signatures of a signed note, or NoteError."""
    body, separator, tail = text.rpartition("\n\n")
    if not separator or not tail.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise NoteError("a signed note is a text, an empty line and signature lines")
    signatures = []
    for line in tail[:-1].split("\n"):
        found = SIGNATURE_LINE.fullmatch(line)
        raw = _base64(found[2]) if found else b""
        if found is None or len(raw) < 5:
            raise NoteError("a signature line is malformed")
        signatures.append((found[1], raw))
    return Note(text=body + "\n", signatures=tuple(signatures))


def parse_head(text: str) -> LogHead:
    """The log head of a checkpoint's text; extension lines are not accepted here."""
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0] or lines[3] or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise NoteError("a checkpoint is three lines: the log's name, its size, its root")
    root = _base64(lines[2])
    if len(root) != HASH_BYTES:
        raise NoteError("the root of a checkpoint has 32 bytes")
    return LogHead(origin=lines[0], size=int(lines[1]), root=root)


def sign_head(head: LogHead, key: NoteKey, sign: Callable[[bytes], bytes]) -> str:
    """The signed note of a log head; `sign` is whatever holds the private key."""
    signature = base64.b64encode(key.key_id + sign(head.text().encode())).decode()
    return f"{head.text()}\n— {key.name} {signature}\n"


def _base64(text: str) -> bytes:
    """The bytes of strict base64; NoteError for any other spelling of them."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise NoteError("not the one base64 spelling of its bytes")
    return raw
