# SPDX-License-Identifier: Apache-2.0
"""The signed promise that a save is stored: made after the COMMIT, the same whenever asked for again."""

import base64
import dataclasses
from datetime import UTC, datetime

from exam_portal.core.signing import Signer
from exam_portal.sittings.attempts.chain import exact_bytes

SCHEMA = "exam-portal/ack/1"


@dataclasses.dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The journal of this attempt stood at this head when this batch had been stored, at this server time."""

    attempt: str
    seq: int
    head: bytes
    at: datetime

    def statement(self) -> bytes:
        """Return the canonical bytes that are signed."""
        return exact_bytes(
            {
                "_": SCHEMA,
                "at": instant(self.at),
                "attempt": self.attempt,
                "head": self.head.hex(),
                "seq": self.seq,
            }
        )

    def signed(self, signer: Signer) -> dict[str, object]:
        """Return what the player receives."""
        return {
            "seq": self.seq,
            "head": self.head.hex(),
            "at": instant(self.at),
            "signature": base64.b64encode(signer.sign(self.statement())).decode("ascii"),
        }


def instant(at: datetime) -> str:
    """Return an instant as the contracts write it: RFC 3339, UTC, with microseconds."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
