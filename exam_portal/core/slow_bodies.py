# SPDX-License-Identifier: Apache-2.0
"""No visitor holds every thread of a worker by sending bodies that never come.

A thread reads the body of its request, and nothing ends that wait but the sender. So of one network at most
three quarters of the threads wait for bodies at the same time; what is more is told to come again. Behind a
proxy that gathers bodies first nobody waits, and everybody has the proxy's address: there this is left off.
"""

import io
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from exam_portal.core import networks

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

SHORT = 65_536  # bytes that are read whole before the application is asked
_REFUSED = b"Too many requests of this network wait for their bodies.\n"
_HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(_REFUSED))),
    ("Cache-Control", "no-store"),
    ("Retry-After", "2"),
]


class SlowBodies:
    """Stands before the application and counts, network by network, the bodies that have not come whole."""

    def __init__(self, application: "WSGIApplication", most: int) -> None:
        self._application = application
        self._most = max(1, most)
        self._waiting: Counter[str] = Counter()
        self._mutex = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request, or refuse to wait for its body."""
        length = environ.get("CONTENT_LENGTH") or ""
        if length in {"", "0"} and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start)
        network = networks.of(environ.get("REMOTE_ADDR", ""))
        if not self._enter(network):
            start("503 Service Unavailable", list(_HEADERS))
            return [_REFUSED]
        body = _Body(environ["wsgi.input"], length, lambda: self._leave(network))
        environ["wsgi.input"] = body
        try:
            if body.left is not None and body.left <= SHORT:
                environ["wsgi.input"] = io.BytesIO(body.read(body.left))
                body.came()
            return self._application(environ, start)
        finally:
            body.came()

    def _enter(self, network: str) -> bool:
        with self._mutex:
            if self._waiting[network] >= self._most:
                return False
            self._waiting[network] += 1
            return True

    def _leave(self, network: str) -> None:
        with self._mutex:
            self._waiting[network] -= 1
            if not self._waiting[network]:
                del self._waiting[network]


class _Body:
    """The body of a request; once all of it has come, or nobody reads it any more, it says so, once."""

    def __init__(self, stream: "InputStream", length: str, tell: Callable[[], None]) -> None:
        self._stream = stream
        self.left = int(length) if length.isascii() and length.isdigit() else None
        self._tell: Callable[[], None] | None = tell

    def came(self) -> None:
        """Nobody waits for this body any more."""
        tell, self._tell = self._tell, None
        if tell is not None:
            tell()

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or all that are left."""
        return self._taken(self._stream.read(size) if size >= 0 else self._stream.read())

    def readline(self, size: int = -1, /) -> bytes:
        """Return one line."""
        return self._taken(self._stream.readline(size) if size >= 0 else self._stream.readline())

    def readlines(self, _hint: int = -1, /) -> list[bytes]:
        """Return all lines that are left."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines."""
        return iter(self.readline, b"")

    def _taken(self, part: bytes) -> bytes:
        if self.left is not None:
            self.left -= len(part)
        if self.left == 0 or not part:
            self.came()
        return part
