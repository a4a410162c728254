# SPDX-License-Identifier: Apache-2.0
"""The mail sink as the people of the rehearsal read it: who was sent which link."""

import email
import email.policy
import re
import threading
import time
from email.message import EmailMessage
from pathlib import Path

from exam_portal.rehearsal.browser import local_path

LINK = re.compile(r"https?://\S+/(?:confirm|reset)/\S+")
WAIT_SECONDS = 60.0


class LetterMissing(Exception):
    """No letter with a link has come; the message says to whom."""


class Letters:
    """Reads each letter of the directory once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: set[str] = set()
        self._links: dict[str, str] = {}
        self._lock = threading.Lock()

    def link_for(self, address: str) -> str:
        """Return the path of the last link sent to this address, waiting for the letter."""
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            with self._lock:
                self._look()
                found = self._links.pop(address.casefold(), None)
            if found is not None:
                return local_path(found)
            time.sleep(0.1)
        raise LetterMissing(address)

    def _look(self) -> None:
        if not self._directory.is_dir():
            return
        for path in sorted(self._directory.glob("*.eml")):
            if path.name not in self._read:
                self._read.add(path.name)
                self._keep(path)

    def _keep(self, path: Path) -> None:
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        body = letter.get_body(preferencelist=("plain",))
        links = LINK.findall(body.get_content()) if body is not None else []
        if links:
            self._links[str(letter["To"]).casefold()] = links[-1]
