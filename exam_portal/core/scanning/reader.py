# SPDX-License-Identifier: Apache-2.0
"""The parent's side of reading scans: a child for each stack, killed when it takes too long."""

import contextlib
import dataclasses
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from exam_portal.core.scanning import wire
from exam_portal.core.settings import Scans

MODULE: Final = "exam_portal.core.scanning.child"
KEPT_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL")


class ScanNotRead(Exception):
    """The stack cannot be read; the problem is one of ``wire.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: what its codes say, how it looks, and its copy without the strip that names the script."""

    codes: tuple[str, ...]
    picture: bytes
    copy: bytes  # empty where no strip of ours was found


def read_pages(content: bytes, media_type: str, settings: Scans) -> Iterator[Page]:
    """Yield the pages of the stack in their order, one in memory at a time; raise ScanNotRead."""
    child = _spawn(media_type, settings)
    feeder = threading.Thread(target=_feed, args=(child, content), daemon=True)
    feeder.start()
    until = time.monotonic() + settings.timeout_seconds
    try:
        while (head := _head(child, until)).get("problem") is None:
            picture, copy = _read(child, head["picture"], until), _read(child, head["copy"], until)
            yield Page(codes=tuple(head["codes"]), picture=picture, copy=copy)
        if head["problem"]:
            raise ScanNotRead(head["problem"])
    finally:
        child.kill()
        child.wait()
        feeder.join()
        assert child.stdout is not None
        child.stdout.close()


def _spawn(media_type: str, settings: Scans) -> "subprocess.Popen[bytes]":
    limits = (settings.timeout_seconds, settings.memory_megabytes, settings.pages, settings.megapixels)
    return subprocess.Popen(
        [sys.executable, "-m", MODULE, media_type, *map(str, limits)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
        close_fds=True,
    )


def _feed(child: "subprocess.Popen[bytes]", content: bytes) -> None:
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # the child ended: what it says, or does not say, tells why
        child.stdin.write(content)
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()


def _head(child: "subprocess.Popen[bytes]", until: float) -> dict[str, Any]:
    try:
        return wire.read_head(lambda size: _read(child, size, until))
    except (ValueError, struct.error) as problem:
        raise ScanNotRead(wire.STOPPED) from problem


def _read(child: "subprocess.Popen[bytes]", size: int, until: float) -> bytes:
    assert child.stdout is not None
    descriptor = child.stdout.fileno()
    parts: list[bytes] = []
    while size:
        left = until - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise ScanNotRead(wire.STOPPED)
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            raise ScanNotRead(wire.STOPPED)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
