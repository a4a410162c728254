# SPDX-License-Identifier: Apache-2.0
"""Long answers as typed: splices over code points, checked against the length and hash they lead to."""

import hashlib
from collections.abc import Mapping
from typing import Any

from exam_portal.sittings.attempts.errors import JournalBroken


def after(text: str, content: Mapping[str, Any]) -> str:
    """Return the text that this event leads to, or raise JournalBroken when the digest says otherwise."""
    found = content["snapshot"] if "snapshot" in content else spliced(text, content["splices"])
    if len(found) != content["length"] or digest(found) != content["digest"]:
        raise JournalBroken("a text does not have the length and hash that its event names")
    return str(found)


def spliced(text: str, splices: list[list[Any]]) -> str:
    """Return the text after each splice in turn: at ``place`` delete so many code points, then insert."""
    for place, deleted, inserted in splices:
        if place + deleted > len(text):
            raise JournalBroken("a splice reaches behind the end of its text")
        text = text[:place] + inserted + text[place + deleted :]
    return text


def digest(text: str) -> str:
    """Return the hash of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()
