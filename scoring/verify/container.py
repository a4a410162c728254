# SPDX-License-Identifier: Apache-2.0
"""The zip file around a bundle: written the same way every time, read with limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from scoring.verify.report import UnusableBundle

MOST_FILES = 200_000
MOST_BYTES = 2 * 1024**3
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip file of these files: same files, same bytes, whenever and wherever it is written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of a zip file, none of them written anywhere; UnusableBundle beyond the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            return {entry.filename: _entry_bytes(archive, entry) for entry in entries}
    except UnusableBundle:
        raise
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError) as error:
        raise UnusableBundle(f"not a readable zip file: {error}") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UnusableBundle("larger than a bundle may be")
    if len(set(names)) != len(names):
        raise UnusableBundle("a file name appears twice")
    for name in names:
        if not FILE_NAME.fullmatch(name):
            raise UnusableBundle(f"{name!r} is not a file name of a bundle")


def _entry_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise UnusableBundle(f"{entry.filename} is not as long as it says")
    return content
