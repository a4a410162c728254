# SPDX-License-Identifier: Apache-2.0
"""The sitting token: this browser may write into this attempt. It saves the answer path every other look-up.

It says nothing about time: closing is decided by the attempt alone, the token only ends long afterwards.
"""

import base64
import binascii
import dataclasses
import functools
import hmac
import json
from datetime import datetime

from exam_portal.core.keystore import Keystore
from exam_portal.sittings.attempts.errors import TokenRefused

PURPOSE = "sitting-token/1"
LONGEST = 512
REMEMBERED = 5_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SittingToken:
    """Attempt, lease, form, the person's key, and how far a rehearsal's clock runs ahead."""

    attempt_id: int
    attempt: str
    lease: str
    form_id: int
    key_id: str
    offset_seconds: int
    expires: int


class TokenPress:
    """Writes and reads tokens with a secret of the installation that is derived once.

    What a cookie says, and that its code is ours, never changes; so each is taken apart once. Whether it is
    still of use is asked every time.
    """

    def __init__(self, keys: Keystore) -> None:
        self._secret = keys.secret(PURPOSE)
        self._genuine = functools.lru_cache(maxsize=REMEMBERED)(self._take_apart)

    def write(self, token: SittingToken) -> str:
        """Return the token as a cookie holds it."""
        payload = _encode(json.dumps(dataclasses.astuple(token), separators=(",", ":")).encode())
        return f"{payload}.{_encode(self._mac(payload))}"

    def read(self, cookie: str | None, attempt: str, now: datetime) -> SittingToken:
        """Return the token of this attempt or raise TokenRefused."""
        token = self._genuine((cookie or "")[:LONGEST])
        if token.attempt != attempt or token.expires < now.timestamp():
            raise TokenRefused
        return token

    def _take_apart(self, cookie: str) -> SittingToken:
        """Return the token of a cookie that we wrote, or raise TokenRefused (which is not remembered)."""
        payload, _, mac = cookie.partition(".")
        if not hmac.compare_digest(_encode(self._mac(payload)).encode(), mac.encode(errors="replace")):
            raise TokenRefused
        try:
            return SittingToken(**dict(zip(_FIELDS, json.loads(_decode(payload)), strict=True)))
        except (ValueError, TypeError, binascii.Error) as problem:
            raise TokenRefused from problem

    def _mac(self, payload: str) -> bytes:
        return hmac.digest(self._secret, payload.encode(errors="replace"), "sha256")


_FIELDS = tuple(field.name for field in dataclasses.fields(SittingToken))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
