# SPDX-License-Identifier: Apache-2.0
"""Questions in Word files, as papers are written: "Câu 1. … A. … B. … C. … D. …"."""

import re

from question_bank.formats import archive
from question_bank.formats.format import Format
from question_bank.formats.word import reading, writing

_PARTS = re.compile(rb"word[/\\]document\d*\.xml", re.IGNORECASE)


def _recognises(content: bytes) -> bool:
    return archive.is_archive(content) and _PARTS.search(content) is not None


FORMAT = Format(
    name="docx",
    title="Word",
    endings=("docx",),
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    recognises=_recognises,
    read=reading.read,
    write=writing.write,
)
