# SPDX-License-Identifier: Apache-2.0
"""ZIP archives from strangers, read in memory: nothing is unpacked onto a disk, and everything is bounded.

Office files and packages of questions are such archives. Sizes are counted while reading: what the archive
says of itself is a stranger's word.
"""

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

MOST_PARTS = 5_000
MOST_PART = 32 * 1024 * 1024
MOST_UNPACKED = 96 * 1024 * 1024

_START = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_OFFICE = frozenset({"[content_types].xml", "_rels", "docprops", "xl", "word", "customxml"})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


class ArchiveRefused(ValueError):
    """The archive is damaged, or is built to do harm; `code` says which and `part` where."""

    def __init__(self, code: str, message: str, part: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.part = part


class Archive:
    """An archive whose names are safe and whose parts are read within bounds.

    `is_office`: parts go by the names of the office standards, which know no capital letters; some writers
    put a slash before them, or backslashes into them.
    """

    def __init__(self, content: bytes, *, is_office: bool = False) -> None:
        self._is_office = is_office
        if content.count(_ENTRY) > MOST_PARTS:
            raise ArchiveRefused("too_many", f"The archive has more than {MOST_PARTS} parts.")
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except (*_BROKEN, IndexError) as problem:
            raise ArchiveRefused(
                "not_archive", "The file is damaged: it is no whole ZIP archive."
            ) from problem
        self._parts: dict[str, zipfile.ZipInfo] = {}
        self._left = MOST_UNPACKED
        for entry in self._file.infolist():
            self._add(entry)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts that are files, in the order of the archive."""
        return tuple(self._parts)

    def has(self, name: str) -> bool:
        """True when there is such a part."""
        return self._known_as(name) in self._parts

    def read(self, name: str, most: int = MOST_PART) -> bytes:
        """The bytes of a part; raises `ArchiveRefused` where it is missing, damaged or too large."""
        entry = self._parts.get(self._known_as(name))
        if entry is None:
            raise ArchiveRefused("part_missing", f"The archive has no part {name[:100]!r}.", name)
        most = min(most, self._left)
        try:
            with self._file.open(entry) as part:
                content = part.read(most + 1)
        except _BROKEN as problem:
            raise ArchiveRefused("not_archive", f"The part {name[:100]!r} is damaged.", name) from problem
        if len(content) > most:
            message = f"The part {name[:100]!r} unpacks to more than is read here."
            raise ArchiveRefused("too_large", message, name)
        self._left -= len(content)
        return content

    def _add(self, entry: zipfile.ZipInfo) -> None:
        name = _office_name(entry.filename) if self._is_office else entry.filename
        if not _is_safe(name):
            message = f"The archive has a part that reaches outside of it: {name[:100]!r}."
            raise ArchiveRefused("unsafe_path", message, name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ArchiveRefused("link_in_archive", f"The archive holds a link: {name[:100]!r}.", name)
        if entry.flag_bits & 0x1:
            raise ArchiveRefused("encrypted_archive", "The archive is protected by a password.", name)
        if entry.compress_type not in _METHODS:
            raise ArchiveRefused(
                "unknown_packing", f"The part {name[:100]!r} is packed in an unusual way.", name
            )
        if not entry.is_dir():
            if self.has(name):
                raise ArchiveRefused("repeated_part", f"The part {name[:100]!r} stands there twice.", name)
            self._parts[self._known_as(name)] = entry

    def _known_as(self, name: str) -> str:
        return name.lower() if self._is_office else name


def is_archive(content: bytes) -> bool:
    """True when the content begins as a ZIP archive does."""
    return content.startswith(_START)


def _office_name(name: str) -> str:
    """The name without a slash before the folders that office files have, and with slashes between them."""
    plain = name.replace("\\", "/")
    bare = plain.removeprefix("/")
    return bare if bare.split("/")[0].lower() in _OFFICE else plain


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    steps = name.rstrip("/").split("/")
    is_inside = not path.is_absolute() and "\\" not in name and ":" not in steps[0] and "\0" not in name
    return is_inside and all(step not in {"", ".", ".."} for step in steps)
