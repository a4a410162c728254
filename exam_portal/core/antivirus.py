# SPDX-License-Identifier: Apache-2.0
"""Scanning uploads with clamd; when scanning is on, a scanner that cannot answer refuses the upload."""

import socket
import struct
from collections.abc import Iterator

from exam_portal.core.errors import DomainError
from exam_portal.core.settings import Antivirus

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class FileInfected(DomainError):
    """The scanner found something in the file."""

    status = 422


class ScannerSilent(DomainError):
    """The scanner is on and did not answer: what nobody has looked at is not taken."""

    status = 503


def check(settings: Antivirus, content: bytes) -> None:
    """Return if the file may be taken; otherwise raise FileInfected or ScannerSilent."""
    if settings.mode == "off":
        return
    try:
        answer = _ask(settings, content)
    except OSError as problem:
        raise ScannerSilent(type(problem).__name__) from problem
    if answer.endswith(b"FOUND"):
        raise FileInfected
    if not answer.endswith(b"OK"):
        raise ScannerSilent("unexpected answer")


def _ask(settings: Antivirus, content: bytes) -> bytes:
    with _connect(settings) as connection:
        connection.sendall(b"zINSTREAM\0")
        for chunk in _chunks(content):
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            part = connection.recv(LONGEST_ANSWER)
            if not part:
                break
            answer += part
    return answer.rstrip(b"\0").strip()


def _connect(settings: Antivirus) -> socket.socket:
    if settings.address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(settings.timeout_seconds)
        try:
            connection.connect(settings.address)
        except BaseException:
            connection.close()
            raise
        return connection
    host, _, port = settings.address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=settings.timeout_seconds)


def _chunks(content: bytes) -> Iterator[bytes]:
    """Yield the content in pieces, then the empty piece that ends the stream."""
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]
    yield b""
