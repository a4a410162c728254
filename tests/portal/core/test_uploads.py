# SPDX-License-Identifier: Apache-2.0
"""A file is taken for what its bytes say, and only after the scanner has looked at it."""

import io
import socketserver
import threading
import zipfile
from collections.abc import Iterator

import pytest

from exam_portal.core import antivirus, filetypes
from exam_portal.core.antivirus import FileInfected, ScannerSilent
from exam_portal.core.filetypes import FileTypeRefused, media_type_of
from exam_portal.core.settings import Antivirus


def a_docx(*extra: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *extra):
            archive.writestr(name, "<x/>")
    return target.getvalue()


def a_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"\0" * (filetypes.LARGEST_UNPACKED + 1))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n...", filetypes.PDF),
        (b"%PDF-2.0\n...", filetypes.PDF),
        (b"\xff\xd8\xff\xe0...", filetypes.JPEG),
        (b"\x89PNG\r\n\x1a\n...", filetypes.PNG),
        (a_docx(), filetypes.DOCX),
    ],
)
def test_allowed_documents_are_recognised(content: bytes, kind: str) -> None:
    assert media_type_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\0 program",
        b"<html><script>",
        b"<svg onload=alert(1)>",
        b"GIF89a",
        b" %PDF-1.7",
        b"PK\x03\x04 broken",
        a_docx("word/vbaProject.bin"),
        a_docx(*(f"word/{n}.xml" for n in range(filetypes.MOST_PARTS))),
        a_bomb(),
    ],
    ids=[
        "empty",
        "program",
        "html",
        "svg",
        "gif",
        "shifted pdf",
        "broken zip",
        "macros",
        "many parts",
        "bomb",
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(FileTypeRefused):
        media_type_of(content)


def test_a_form_may_allow_less() -> None:
    with pytest.raises(FileTypeRefused):
        media_type_of(a_docx(), allowed=frozenset({filetypes.PDF}))


class Clamd(socketserver.StreamRequestHandler):
    """Answers as clamd does: infected when the stream holds the word."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        if b"VIRUS" in content:
            self.wfile.write(b"stream: Eicar-Test FOUND\0")
        elif b"LARGE" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture
def scanner() -> Iterator[Antivirus]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Antivirus(mode="clamd", address=f"127.0.0.1:{server.server_address[1]}", timeout_seconds=5)
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_clean_file_passes(scanner: Antivirus) -> None:
    antivirus.check(scanner, b"clean" * 50_000)


def test_an_infected_file_is_refused(scanner: Antivirus) -> None:
    with pytest.raises(FileInfected):
        antivirus.check(scanner, b"x" * 100_000 + b"VIRUS")


def test_a_scanner_that_could_not_look_refuses_the_file(scanner: Antivirus) -> None:
    with pytest.raises(ScannerSilent):
        antivirus.check(scanner, b"LARGE")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl"])
def test_a_scanner_that_is_away_refuses_every_file(address: str) -> None:
    with pytest.raises(ScannerSilent):
        antivirus.check(Antivirus(mode="clamd", address=address, timeout_seconds=1), b"clean")


def test_without_a_scanner_nothing_is_asked() -> None:
    antivirus.check(Antivirus(mode="off", address="127.0.0.1:1"), b"VIRUS")
