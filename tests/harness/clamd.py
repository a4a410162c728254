# SPDX-License-Identifier: Apache-2.0
"""A virus scanner that speaks as clamd does: infected when the stream holds the word."""

import dataclasses
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the pure parts are tested without loading the portal
    from exam_portal.core.settings import Antivirus


@dataclasses.dataclass(slots=True)
class Scanner:
    """A running scanner: how it is reached, what it has looked at, what happens while it looks."""

    settings: "Antivirus"
    seen: list[bytes]
    meanwhile: Callable[[], None] = lambda: None


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    """A scanner of this test's own."""
    from exam_portal.core.settings import Antivirus

    class Clamd(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(self.rfile.read(4), "big"):
                content += self.rfile.read(size)
            started.seen.append(content)
            started.meanwhile()
            if b"VIRUS" in content:
                self.wfile.write(b"stream: Eicar-Test FOUND\0")
            elif b"LARGE" in content:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
            else:
                self.wfile.write(b"stream: OK\0")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
    address = f"127.0.0.1:{server.server_address[1]}"
    started = Scanner(Antivirus(mode="clamd", address=address, timeout_seconds=60), [])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield started
    server.shutdown()
    server.server_close()
    thread.join()
