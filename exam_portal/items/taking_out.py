# SPDX-License-Identifier: Apache-2.0
"""Taking questions out of a bank as files: what a format can hold, the files, and the leaf that tells it."""

import dataclasses
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.items import errors, imports, queries, service
from exam_portal.items.models import ItemBank
from question_bank import formats
from question_bank.formats import Held
from question_bank.item import Item, content_hash

NATIVE: Final = "native"
OFFERED: Final = ("xlsx", "docx", NATIVE, "moodle_xml", "gift", "aiken", "qti22", "qti30", "csv")
MOST_AT_ONCE: Final = 1_000  # of a format of other programs: each question is read back before it is given
MOST_NATIVE: Final = 15_000  # as many as one file brings in


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A file of questions, ready to be given."""

    format: str
    items: Sequence[Item]
    left_out: int
    content: bytes
    ending: str


def chosen(session: Session, bank: ItemBank, wanted: queries.Filter, format: str) -> list[Item]:
    """Return the questions that the search finds, restricted ones opened; only for who may read the bank.

    Raises NothingToTake, and TooManyToTake where there are more than one file is made of.
    """
    most = MOST_NATIVE if format == NATIVE else MOST_AT_ONCE
    versions = queries.found_versions(session, bank.id, wanted, most=most + 1)
    if not versions:
        raise errors.NothingToTake
    if len(versions) > most:
        raise errors.TooManyToTake(most)
    return [service.content_of(session, version, bank) for version in versions]


def made(held: Held, format: str, *, left_out: int) -> TakenOut:
    """Return the file of what the format holds; of several languages an archive with a file of each."""
    languages = sorted({item.language for item in held.items})
    endings = formats.FORMATS[format].endings
    files = {
        language: formats.write_held([item for item in held.items if item.language == language], format)
        for language in languages
    }
    if len(files) == 1:
        ((_, content),) = files.items()
        ending = endings[0]
    else:
        content, ending = _archive({f"{name}.{endings[0]}": made for name, made in files.items()}), "zip"
    return TakenOut(format=format, items=held.items, left_out=left_out, content=content, ending=ending)


def record(session: Session, actor: Actor, now: datetime, *, bank: ItemBank, taken: TakenOut) -> None:
    """It is on record who took what out: the format, how many, which versions, and the hash of the file."""
    facts = {
        "bank": bank.public_id,
        "format": taken.format,
        "count": len(taken.items),
        "restricted": sum(item.restricted for item in taken.items),
        "left_out": taken.left_out,
        "hashes": imports.hash_of_all(map(content_hash, taken.items)),
        "file": hashlib.sha256(taken.content).hexdigest(),
    }
    audit.record(session, actor, now, type="items.taken_out", subject=bank.public_id, content=facts)


def _archive(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()
