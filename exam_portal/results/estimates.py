# SPDX-License-Identifier: Apache-2.0
"""What a judge gives in a round: a share by item (Angoff), or cells with shares and a cell by item (Ebel)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, cast

from exam_portal.results import errors
from question_bank.json_values import decimal_text

ANGOFF, EBEL = "angoff", "ebel"
METHODS: Final = (ANGOFF, EBEL)
RELEVANCE: Final = ("essential", "important", "acceptable", "questionable")  # Ebel 1972
DIFFICULTY: Final = ("easy", "medium", "hard")
CELLS: Final = tuple(f"{row}.{column}" for row in RELEVANCE for column in DIFFICULTY)


def complete(method: str, wanted: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a judge, in the order of the form; EstimateIncomplete."""
    if method == ANGOFF:
        return _shares(given, wanted)
    sorted_into: Mapping[str, str] = given.get("items", {})
    if set(sorted_into) != set(wanted) or not set(sorted_into.values()) <= set(CELLS):
        raise errors.EstimateIncomplete
    return {
        "cells": _shares(given.get("cells", {}), CELLS),
        "items": {name: sorted_into[name] for name in wanted},
    }


def document(
    method: str, items: Sequence[Mapping[str, Any]], given: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the estimates of a complete round as `scoring.statistics.judging` reads them; names nobody."""
    if method == ANGOFF:
        rows = [[_chance(one[item["id"]]) for item in items] for one in given]
        return {"items": list(items), "ratings": rows}
    judges = [
        {
            "shares": {cell: _chance(one["cells"][cell]) for cell in CELLS},
            "cells": [one["items"][item["id"]] for item in items],
        }
        for one in given
    ]
    return {"items": list(items), "sorted": judges}


def of_item(method: str, shares: Mapping[str, Any], item: str) -> str:
    """Return what was said of an item: a number, or the name of a cell."""
    return str(shares[item] if method == ANGOFF else shares["items"][item])


def is_share(text: str) -> bool:
    """Whether this is a whole number from 0 to 100."""
    return text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100


def _shares(given: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, int]:
    if set(given) != set(wanted) or not all(0 <= share <= 100 for share in given.values()):
        raise errors.EstimateIncomplete
    return {name: cast("int", given[name]) for name in wanted}


def _chance(share: int) -> str:
    return decimal_text(Decimal(share) / 100)
