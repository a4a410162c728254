# SPDX-License-Identifier: Apache-2.0
"""GIFT, Moodle's format for typing questions by hand: read and written.

Ids and tags stand in comments as Moodle writes them; a category gives its steps as topics.
"""

import re

from question_bank.formats.encoding import NotText, decode
from question_bank.formats.format import Format
from question_bank.formats.gift.reading import read
from question_bank.formats.gift.writing import write

_LOOKS_LIKE = re.compile(
    r"^\s*(?:::[^\n]{1,500}?::|\$CATEGORY:)|(?<!\\)\{[^{}]{0,20000}(?<!\\)\}", re.MULTILINE
)
_SAMPLE = 200_000


def recognises(content: bytes) -> bool:
    """True when there is a title, a category or a pair of braces."""
    try:
        text = decode(content).text
    except NotText:
        return False
    return _LOOKS_LIKE.search(text[:_SAMPLE]) is not None


FORMAT = Format(
    name="gift",
    title="GIFT",
    endings=("gift", "txt"),
    media_type="text/plain",
    recognises=recognises,
    read=read,
    write=write,
)
