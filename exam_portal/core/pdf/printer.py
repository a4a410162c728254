# SPDX-License-Identifier: Apache-2.0
"""The parent's side of printing: one warm child, one document at a time, killed when it takes too long."""

import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Final

from exam_portal.core.pdf import wire
from exam_portal.core.settings import Pdf

KEPT_ENVIRONMENT: Final = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)
MODULE: Final = "exam_portal.core.pdf.child"


class PrintingFailed(Exception):
    """No document was made; the message says why (an asset that is not there, a limit, a timeout)."""


class Printer:
    """Prints one document after the other. The child starts with the first one and is replaced in time."""

    def __init__(self, settings: Pdf) -> None:
        self._settings = settings
        self._mutex = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._printed = 0

    def render(
        self, html: str, *, assets: Mapping[str, bytes] | None = None, variant: str | None = "pdf/ua-1"
    ) -> bytes:
        """Return the PDF of this page.

        ``asset:NAME`` in it means an entry of ``assets``; any other address stops the document.
        """
        request = wire.pack_request(html, assets or {}, variant)
        with self._mutex:
            child = self._ready_child()
            try:
                status, body = self._exchange(child, request)
            except BaseException:
                self._end(child)
                raise
        if status != wire.DONE:
            raise PrintingFailed(body.decode("utf-8", "replace"))
        return body

    def warm(self) -> None:
        """Start the child before the first document is wanted."""
        with self._mutex:
            self._ready_child()

    def close(self) -> None:
        """End the child."""
        with self._mutex:
            if self._child is not None:
                self._end(self._child)

    def _ready_child(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._printed >= self._settings.documents_per_child:
            self._end(self._child)
        if self._child is None or self._child.poll() is not None:
            self._child = self._spawn()
            self._printed = 0
        return self._child

    def _spawn(self) -> "subprocess.Popen[bytes]":
        limits = (self._settings.cpu_seconds, self._settings.memory_megabytes)
        return subprocess.Popen(
            [sys.executable, "-m", MODULE, *map(str, limits)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            close_fds=True,
        )

    def _exchange(self, child: "subprocess.Popen[bytes]", request: bytes) -> tuple[bytes, bytes]:
        assert child.stdin is not None
        assert child.stdout is not None
        until = time.monotonic() + self._settings.timeout_seconds
        try:
            child.stdin.write(request)
            child.stdin.flush()
        except BrokenPipeError as problem:
            raise PrintingFailed("the printing child ended before the document") from problem
        status, body = wire.unpack_answer(lambda size: self._read(child, size, until))
        self._printed += 1
        return status, body

    def _read(self, child: "subprocess.Popen[bytes]", size: int, until: float) -> bytes:
        assert child.stdout is not None
        descriptor = child.stdout.fileno()
        parts: list[bytes] = []
        while size:
            left = until - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise PrintingFailed(f"the document took longer than {self._settings.timeout_seconds} s")
            part = os.read(descriptor, min(size, 1 << 20))
            if not part:
                raise PrintingFailed(
                    "the printing child ended: a limit of processor time or memory was reached"
                )
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _end(self, child: "subprocess.Popen[bytes]") -> None:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):  # what a dead child did not read is of no use
                    stream.close()
        self._child = None


class _Default:
    printer: Printer | None = None
    mutex = threading.Lock()


def configure(settings: Pdf) -> None:
    """Use these limits for ``render`` in this process."""
    with _Default.mutex:
        if _Default.printer is not None:
            _Default.printer.close()
        _Default.printer = Printer(settings)


def render(
    html: str, *, assets: Mapping[str, bytes] | None = None, variant: str | None = "pdf/ua-1"
) -> bytes:
    """Return the PDF of this page, made by the process's own printer."""
    if _Default.printer is None:
        configure(Pdf())
    assert _Default.printer is not None
    return _Default.printer.render(html, assets=assets, variant=variant)
