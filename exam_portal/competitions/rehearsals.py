# SPDX-License-Identifier: Apache-2.0
"""The token of a rehearsal: requests that carry it draw on the rehearsal's own budget, and on nothing else.

Hundreds of people of a rehearsal share one address. The token opens no page and proves no identity; every
other check runs as ever. A real competition has none, and there is no other way to make one.
"""

import hmac

from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.core.keystore import Keystore

HEADER = "Rehearsal-Token"
PURPOSE = "rehearsal-token/1"


def token(keys: Keystore, competition: Competition) -> str | None:
    """Return the token of a rehearsal; nothing for a real competition."""
    if competition.kind != CompetitionKind.REHEARSAL:
        return None
    return f"{competition.public_id}.{_mac(keys, competition.public_id)}"


def named_by(keys: Keystore, token: str) -> str | None:
    """Return the public id of the rehearsal whose token this is; nothing when nobody here wrote it."""
    public_id, _, mac = token.partition(".")
    expected = _mac(keys, public_id)
    return public_id if hmac.compare_digest(expected.encode(), mac.encode(errors="replace")) else None


def _mac(keys: Keystore, public_id: str) -> str:
    return hmac.digest(keys.secret(PURPOSE), public_id.encode(errors="replace"), "sha256").hex()
