# SPDX-License-Identifier: Apache-2.0
"""Encrypted files: bytes on disk under random names, a row in the database that says what they are."""

import dataclasses
import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from exam_portal.core.db import Base, Code, Hash, Key, PublicId, Session, append_only
from exam_portal.core.errors import DomainError
from exam_portal.core.files import write_new
from exam_portal.core.ids import new_public_id
from exam_portal.core.keystore import Keystore, SealBroken
from exam_portal.core.settings import Settings


class Blob(Base):
    """One encrypted file. The row never changes; erasing the key erases the content."""

    __tablename__ = "blobs"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    key_id: Mapped[Code]
    path: Mapped[Code]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[Hash]
    created_at: Mapped[datetime]


append_only(Blob)


class FileTooLarge(DomainError):
    """The file is larger than this installation keeps."""

    status = 413

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"{size} bytes, at most {limit}")
        self.size = size
        self.limit = limit


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A file that is on disk and that no row names yet."""

    key_id: str
    path: str
    media_type: str
    size: int
    sha256: bytes


class Storage:
    """The encrypted files of one installation.

    The bytes are durable before the row is written: a rolled-back transaction leaves a file that no row
    names, never a row without its file. ``prepare`` belongs before ``Database.writing()``, ``add`` inside it.
    """

    def __init__(self, directory: Path, keys: Keystore, *, max_bytes: int) -> None:
        self.directory = directory
        self.keys = keys
        self.max_bytes = max_bytes

    @classmethod
    def of(cls, settings: Settings, keys: Keystore) -> "Storage":
        """Open the file store of this installation."""
        directory = settings.path(settings.storage.directory, "files")
        return cls(directory, keys, max_bytes=settings.storage.max_bytes)

    def prepare(self, plaintext: bytes, *, media_type: str, key_id: str) -> Prepared:
        """Return what a row needs of a file that is now on disk, sealed under the key."""
        if len(plaintext) > self.max_bytes:
            raise FileTooLarge(len(plaintext), self.max_bytes)
        name = new_public_id()
        write_new(self._path(name), self.keys.seal(key_id, plaintext, _context(name)))
        return Prepared(
            key_id=key_id,
            path=name,
            media_type=media_type,
            size=len(plaintext),
            sha256=hashlib.sha256(plaintext).digest(),
        )

    def add(self, session: Session, prepared: Prepared, *, now: datetime) -> Blob:
        """Return the row of a prepared file."""
        blob = Blob(**dataclasses.asdict(prepared), created_at=now)
        session.add(blob)
        session.flush()
        return blob

    def read(self, session: Session, blob: Blob) -> bytes:  # noqa: ARG002 - reading needs a right to the row
        """Return the content, verified against its hash; raise KeyErased when its person was erased."""
        plaintext = self.keys.open(blob.key_id, self._path(blob.path).read_bytes(), _context(blob.path))
        if hashlib.sha256(plaintext).digest() != blob.sha256:
            raise SealBroken(f"file {blob.public_id}")
        return plaintext

    def _path(self, name: str) -> Path:
        return self.directory / name[:2] / name


def _context(name: str) -> str:
    return f"file/{name}"
