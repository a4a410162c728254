# SPDX-License-Identifier: Apache-2.0
"""The anchors of a criterion as the desk offers them: which marks each of them covers. Pure."""

import dataclasses
from collections.abc import Mapping
from decimal import Decimal

from scoring.ruleset.parts import Criterion


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What is seen of an answer that earns this mark, and from which to which mark that still holds."""

    mark: Decimal
    low: Decimal
    high: Decimal
    label: Mapping[str, str]
    words: Mapping[str, str]


def of(criterion: Criterion, step: Decimal) -> list[Anchor]:
    """Return the anchors, best first: each reaches down to the next one's mark, the last one to nought.

    The best also covers what lies above its own mark.
    """
    below = [*(level.mark + step for level in criterion.levels[1:]), Decimal(0)]
    return [
        Anchor(
            mark=level.mark,
            low=low,
            high=level.mark if number else criterion.max,
            label={"vi": level.label.vi, "en": level.label.en},
            words={"vi": level.words.vi, "en": level.words.en},
        )
        for number, (level, low) in enumerate(zip(criterion.levels, below, strict=False))
    ]
