# SPDX-License-Identifier: Apache-2.0
"""What the child tells of a stack: for each page its codes and two pictures, then why it ended."""

import json
import re
import struct
from collections.abc import Callable
from typing import Any, BinaryIO, Final

BROKEN: Final = "broken"
TOO_LONG: Final = "too_long"
TOO_LARGE: Final = "too_large"
STOPPED: Final = "stopped"  # a limit of time, memory or processor ended the child
PROBLEMS: Final = (BROKEN, TOO_LONG, TOO_LARGE, STOPPED)
LARGEST_HEAD: Final = 64 * 1024
LARGEST_PICTURE: Final = 32 * 1024 * 1024
OURS: Final = re.compile(r"(?P<code>[A-Z2-9]{8})(?:/(?P<number>[1-9][0-9]{0,2}))?")
_SIZE: Final = struct.Struct(">I")

Read = Callable[[int], bytes]


def is_ours(text: str) -> bool:
    """Whether a code is built as those on our sheets are: a sheet code, and on answer pages their number."""
    return OURS.fullmatch(text) is not None


def write_page(target: BinaryIO, codes: list[str], picture: bytes, copy: bytes) -> None:
    """Write one page."""
    _write(target, {"codes": codes, "picture": len(picture), "copy": len(copy)})
    target.write(picture + copy)
    target.flush()


def write_end(target: BinaryIO, problem: str) -> None:
    """Write that no page follows, and why if not all could be read."""
    _write(target, {"problem": problem})
    target.flush()


def read_head(read: Read) -> dict[str, Any]:
    """Return the next head: of a page, or of the end."""
    (size,) = _SIZE.unpack(read(_SIZE.size))
    if size > LARGEST_HEAD:
        raise ValueError("the head is longer than any page's")
    head: dict[str, Any] = json.loads(read(size))
    if max(head.get("picture", 0), head.get("copy", 0)) > LARGEST_PICTURE:
        raise ValueError("the picture is larger than any page's")
    return head


def _write(target: BinaryIO, head: dict[str, Any]) -> None:
    content = json.dumps(head).encode()
    target.write(_SIZE.pack(len(content)) + content)
