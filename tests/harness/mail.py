# SPDX-License-Identifier: Apache-2.0
"""A mail server that keeps what it is given."""

import dataclasses
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from exam_portal.core.ports import free_port


@dataclasses.dataclass(slots=True)
class Post:
    """What has arrived, in order of arrival."""

    port: int
    letters: list[EmailMessage] = dataclasses.field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the letter and say so."""
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the letters to this address."""
        return [letter for letter in self.letters if address in str(letter["To"])]


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server on a free loopback port; ``post.port`` says which."""
    kept = Post(port=free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, ready_timeout=60)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
