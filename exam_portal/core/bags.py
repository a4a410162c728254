# SPDX-License-Identifier: Apache-2.0
"""How many scripts lie in a bag, at the least: who gives out bags must not learn in which one a script lies.

That a marker may not have a bag is told, though not why. Where the reason is a relation, one of the scripts
of the bag is a relative's: among five or more that says little, as in counts that statistics offices publish
from five on. Fewer lie in a bag only where the whole part has no more.
"""

from collections.abc import Sequence
from typing import TypeVar

LEAST = 5
Script = TypeVar("Script")


def divided(scripts: Sequence[Script], size: int) -> list[Sequence[Script]]:
    """Return the scripts in bags of this size; what is left over joins the last bag where it is too small."""
    starts = list(range(0, len(scripts), size)) or [0]
    if len(starts) > 1 and len(scripts) - starts[-1] < LEAST:
        starts.pop()
    return [scripts[start:end] for start, end in zip(starts, [*starts[1:], len(scripts)], strict=True)]


def is_too_small(count: int, of: int) -> bool:
    """Whether a bag holds fewer scripts than the least, though the part has more."""
    return count < min(LEAST, of)
