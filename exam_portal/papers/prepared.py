# SPDX-License-Identifier: Apache-2.0
"""Shares made ready before anything is written: each sealed under a key of its own until it is copied."""

import dataclasses
from collections.abc import Sequence

from exam_portal.core.keystore import Keystore
from exam_portal.papers import shares


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PreparedShare:
    """One holder's share, sealed."""

    holder: int
    fingerprint: bytes
    sealed: bytes
    key_id: str


def sealed(keys: Keystore, holders: Sequence[int], words: Sequence[str], purpose: str) -> list[PreparedShare]:
    """Return the shares, one to each holder, that lie readable nowhere; each has made its own key."""
    kept = []
    for holder, share in zip(holders, words, strict=True):
        key_id = keys.create()
        content = keys.seal(key_id, share.encode(), purpose)
        kept.append(
            PreparedShare(holder=holder, fingerprint=shares.fingerprint(share), sealed=content, key_id=key_id)
        )
    return kept
