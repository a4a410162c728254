# SPDX-License-Identifier: Apache-2.0
"""Scripts that are marked twice by markers whose severity, drift and favours are known, from a seed."""

from typing import Any

import numpy as np

VIEW = {"key": "", "max": "100", "step": "0.25"}


def marking(
    seed: int,
    *,
    markers: int = 4,
    scripts: int = 200,
    shift: float = 0.0,
    drift: float = 0.0,
    favoured: float = 0.0,
) -> dict[str, Any]:
    """Return a document; the first marker gives `shift` more, rises by `drift`, favours one script."""
    chance = np.random.default_rng(seed)
    truth = chance.normal(60, 12, scripts)
    wanted = [
        (script, int(marker), round_)
        for script in range(scripts)
        for round_, marker in enumerate(chance.choice(markers, 2, replace=False), start=1)
    ]
    favourite = next(script for script, marker, _ in wanted if marker == 0)
    counts = np.bincount([marker for _, marker, _ in wanted], minlength=markers)
    seen = [0] * markers
    marks = []
    for number in chance.permutation(len(wanted)):
        script, marker, round_ = wanted[number]
        value = truth[script] + chance.normal(0, 5)
        if marker == 0:
            value += shift + drift * (seen[0] / max(counts[0] - 1, 1) - 0.5)
            value += favoured if script == favourite else 0.0
        seen[marker] += 1
        marks.append(mark(f"S{script}", f"GK-{marker}", round_, round(min(100, max(0, value)) * 4) / 4))
    return {"views": [VIEW], "marks": marks, "favourite": f"S{favourite}"}


def mark(script: str, marker: str, round_: int, value: float, key: str = "") -> dict[str, Any]:
    """Return one mark as the document holds it."""
    return {"script": script, "marker": marker, "round": round_, "values": {key: str(value)}}
