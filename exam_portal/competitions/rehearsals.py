# SPDX-License-Identifier: Apache-2.0
"""What a rehearsal has and a real competition has not: a token for its own budget, a clock that runs ahead.

Hundreds of people of a rehearsal share one address; requests that carry its token draw on its own budget, and
on nothing else. The token opens no page and proves no identity; every other check runs as ever.
"""

import hmac
from datetime import timedelta

from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.core.keystore import Keystore
from exam_portal.core.settings import Settings

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


def clock_offset(settings: Settings, target: object) -> timedelta:
    """Return how far the clock of a rehearsal's target runs ahead: not at all where none may be held."""
    is_rehearsal = getattr(target, "kind", "") == CompetitionKind.REHEARSAL
    if not (is_rehearsal and settings.rehearsal.enabled):
        return timedelta(0)
    return timedelta(seconds=getattr(target, "clock_offset_seconds", 0))


def _mac(keys: Keystore, public_id: str) -> str:
    return hmac.digest(keys.secret(PURPOSE), public_id.encode(errors="replace"), "sha256").hex()
