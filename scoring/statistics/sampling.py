# SPDX-License-Identifier: Apache-2.0
"""Which scripts a model of severity is fitted to, where there are more than it needs.

Chosen by a hash of their names, so that neither the order of marking nor anybody's wish has a say. First come
scripts that lead from each marker to each other one; then every marker has an equal share; chance fills up.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from scoring.statistics.double_marks import Pair

LABEL = b"exam/severity-sample/v1"


def sample(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """Return about ``most`` of the pairs: no marker is missing, and who was connected stays so."""
    if len(pairs) <= most:
        return list(pairs)
    ordered = sorted(pairs, key=_place)
    chosen = {pair.script: pair for pair in _connecting(ordered)}
    markers = {given.marker for pair in pairs for given in (pair.first, pair.second)}
    share = max(0, most - len(chosen)) // len(markers)
    had: Counter[str] = Counter()
    for pair in ordered:
        own = (pair.first.marker, pair.second.marker)
        if min(had[marker] for marker in own) < share:
            chosen.setdefault(pair.script, pair)
            had.update(own)
    for pair in ordered:
        if len(chosen) >= most:
            break
        chosen.setdefault(pair.script, pair)
    return sorted(chosen.values(), key=_place)


def _connecting(ordered: Sequence[Pair]) -> list[Pair]:
    """Return the first pairs that join markers not connected before: fewer than there are markers."""
    of: dict[str, set[str]] = {}
    found = []
    for pair in ordered:
        one = of.setdefault(pair.first.marker, {pair.first.marker})
        other = of.setdefault(pair.second.marker, {pair.second.marker})
        if one is not other:
            joined = one | other
            of.update(dict.fromkeys(joined, joined))
            found.append(pair)
    return found


def _place(pair: Pair) -> bytes:
    return hashlib.sha256(LABEL + b"\0" + pair.script.encode()).digest()
