# SPDX-License-Identifier: Apache-2.0
"""What parent and child say to each other: lengths and bytes, nothing that could run code."""

import json
import struct
from collections.abc import Callable, Mapping

DONE = b"P"
FAILED = b"E"
LARGEST_DOCUMENT = 256 * 1024 * 1024
_HEAD = struct.Struct(">cQ")
_SIZE = struct.Struct(">Q")

Read = Callable[[int], bytes]


def pack_request(html: str, assets: Mapping[str, bytes], variant: str | None) -> bytes:
    """Return one request: a JSON head with the sizes, then the bytes."""
    page = html.encode()
    sizes = {name: len(content) for name, content in assets.items()}
    head = json.dumps({"html": len(page), "assets": sizes, "variant": variant}).encode()
    return b"".join((_SIZE.pack(len(head)), head, page, *assets.values()))


def unpack_request(read: Read) -> tuple[str, dict[str, bytes], str | None]:
    """Return html, assets and variant of the next request; EOFError when there is none."""
    (size,) = _SIZE.unpack(read(_SIZE.size))
    head = json.loads(read(size))
    html = read(head["html"]).decode()
    return html, {name: read(length) for name, length in head["assets"].items()}, head["variant"]


def pack_answer(status: bytes, body: bytes) -> bytes:
    """Return one answer."""
    return _HEAD.pack(status, len(body)) + body


def unpack_answer(read: Read) -> tuple[bytes, bytes]:
    """Return status and body of the answer."""
    status, size = _HEAD.unpack(read(_HEAD.size))
    if size > LARGEST_DOCUMENT:
        raise ValueError("the answer is longer than any document")
    return status, read(size)
