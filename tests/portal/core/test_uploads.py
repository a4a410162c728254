# SPDX-License-Identifier: Apache-2.0
"""A file is taken for what its bytes say, and only after the scanner has looked at it."""

import io
import zipfile

import pytest

from exam_portal.core import antivirus, filetypes
from exam_portal.core.antivirus import FileInfected, ScannerSilent
from exam_portal.core.filetypes import FileTypeRefused, media_type_of
from exam_portal.core.settings import Antivirus
from tests.harness.clamd import Scanner


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


def test_a_clean_file_passes(scanner: Scanner) -> None:
    antivirus.check(scanner.settings, b"clean" * 50_000)


def test_an_infected_file_is_refused(scanner: Scanner) -> None:
    with pytest.raises(FileInfected):
        antivirus.check(scanner.settings, b"x" * 100_000 + b"VIRUS")


def test_a_scanner_that_could_not_look_refuses_the_file(scanner: Scanner) -> None:
    with pytest.raises(ScannerSilent):
        antivirus.check(scanner.settings, b"LARGE")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl"])
def test_a_scanner_that_is_away_refuses_every_file(address: str) -> None:
    with pytest.raises(ScannerSilent):
        antivirus.check(Antivirus(mode="clamd", address=address, timeout_seconds=1), b"clean")


def test_without_a_scanner_nothing_is_asked() -> None:
    antivirus.check(Antivirus(mode="off", address="127.0.0.1:1"), b"VIRUS")
