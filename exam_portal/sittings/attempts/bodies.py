# SPDX-License-Identifier: Apache-2.0
"""Event bodies are stored sealed under a subkey that only the person's key and this attempt give."""

import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exam_portal.core.keystore import NONCE, Keystore
from exam_portal.sittings.attempts.chain import exact_bytes
from exam_portal.sittings.attempts.errors import JournalBroken

CONTEXT = "attempt/{}"
REMEMBERED = 20_000
REMEMBERED_SECONDS = 60.0  # an erased key stops sealing after that


class Bodies:
    """Seals and opens event bodies; an attempt's cipher is derived once a minute, not at each save."""

    def __init__(self, keys: Keystore) -> None:
        self._keys = keys
        self._ciphers: OrderedDict[str, tuple[float, AESGCM]] = OrderedDict()
        self._mutex = threading.Lock()

    def seal(self, key_id: str, attempt: str, event: Mapping[str, Any]) -> bytes:
        """Return the event's exact bytes, sealed to its attempt and its client sequence."""
        nonce = os.urandom(NONCE)
        context = f"{attempt}/{event['client_seq']}".encode()
        return nonce + self._cipher(key_id, attempt).encrypt(nonce, exact_bytes(event), context)

    def open(self, key_id: str, attempt: str, client_seq: int, body: bytes) -> dict[str, Any]:
        """Return the event, or raise KeyErased, or JournalBroken when the bytes were changed or moved."""
        cipher = self._cipher(key_id, attempt)
        try:
            plain = cipher.decrypt(body[:NONCE], body[NONCE:], f"{attempt}/{client_seq}".encode())
        except (InvalidTag, ValueError) as problem:
            raise JournalBroken(f"the body of event {client_seq} of {attempt} cannot be opened") from problem
        event: dict[str, Any] = json.loads(plain)
        return event

    def _cipher(self, key_id: str, attempt: str) -> AESGCM:
        now = time.monotonic()
        with self._mutex:
            kept = self._ciphers.get(attempt)
        if kept is not None and now < kept[0]:
            return kept[1]
        cipher = AESGCM(self._keys.subkey(key_id, CONTEXT.format(attempt)))
        with self._mutex:
            self._ciphers[attempt] = (now + REMEMBERED_SECONDS, cipher)
            self._ciphers.move_to_end(attempt)
            while len(self._ciphers) > REMEMBERED:
                self._ciphers.popitem(last=False)
        return cipher
