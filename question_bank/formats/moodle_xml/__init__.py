# SPDX-License-Identifier: Apache-2.0
"""Moodle XML, the format in which Moodle hands out whole question banks: read and written."""

import re

from question_bank.formats.format import Format
from question_bank.formats.moodle_xml.reading import read
from question_bank.formats.moodle_xml.writing import write

_ROOT = re.compile(rb"<(?:quiz|question)[\s>/]")
_SAMPLE = 65_536


def recognises(content: bytes) -> bool:
    """True when the first element is that of Moodle's questions."""
    start = content[:_SAMPLE].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and _ROOT.search(start) is not None


FORMAT = Format(
    name="moodle_xml",
    title="Moodle XML",
    endings=("xml",),
    media_type="application/xml",
    recognises=recognises,
    read=read,
    write=write,
)
