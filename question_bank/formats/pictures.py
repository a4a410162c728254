# SPDX-License-Identifier: Apache-2.0
"""Pictures inside a text: a Markdown image whose address is the picture itself.

An item is one document that is hashed, sealed and shown without a network; so the picture travels in it, as
``![alt](data:image/png;base64,…)``. Only raster pictures are taken, and only what their first bytes say
they are: a drawing in SVG can carry scripts.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 120_000
IMAGE = re.compile(r"!\[([^\[\]]*)\]\(data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/=]+)\)")

_SOURCE = re.compile(r"data:image/[a-z+.-]+;base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif"}
_ENDINGS = {"png": "png", "jpeg": "jpg", "gif": "gif", "webp": "webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its file name, which follows from its bytes."""

    kind: str
    encoded: str

    @property
    def name(self) -> str:
        """The name under which the picture is written beside a text."""
        digest = hashlib.sha256(self.encoded.encode("ascii")).hexdigest()[:16]
        return f"{digest}.{_ENDINGS[self.kind]}"

    def markdown(self, alt: str) -> str:
        """The picture as it stands in a text."""
        words = re.sub(r"[\[\]\\\s]+", " ", alt).strip()
        return f"![{words}](data:image/{self.kind};base64,{self.encoded})"


def from_base64(encoded: str) -> Picture | None:
    """The picture these characters spell, or None: no base64, no raster picture, or too large."""
    bare = "".join(encoded.split())
    if len(bare) > MOST_BYTES * 4 // 3 + 4:
        return None
    try:
        content = base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        return None
    kind = _kind(content)
    return Picture(kind, base64.b64encode(content).decode("ascii")) if kind else None


def from_address(address: str) -> Picture | None:
    """The picture inside a data address, or None."""
    found = _SOURCE.fullmatch(address.strip())
    return from_base64(found[1]) if found else None


def in_words(text: str) -> str:
    """The text with the words for each picture in its place: for lists, and for searching."""
    return IMAGE.sub(r"\1", text)


def in_text(text: str) -> Iterator[Picture]:
    """Every picture of a Markdown text."""
    for found in IMAGE.finditer(text):
        yield Picture(found[2], found[3])


def _kind(content: bytes) -> str | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), None)
