# SPDX-License-Identifier: Apache-2.0
"""Published tables, read where they lie; a test skips, and says so, where they are not."""

import json
from typing import Any

import pytest

from tests.question_bank.builders import SHARED


def published(name: str) -> tuple[Any, Any, Any]:
    """Return input, expected values and tolerances of a table."""
    path = SHARED / "data" / "published" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the published table is not at {path}")
    found = json.loads(path.read_text(encoding="utf-8"))
    return found["input"], found["expected"], found["tolerance"]


def by_person(patterns: list[list[float]], counts: list[float]) -> list[list[float]]:
    """Return a row for each person of a table of patterns with their counts."""
    return [row for row, count in zip(patterns, counts, strict=True) for _ in range(int(count))]
