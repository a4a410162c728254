# SPDX-License-Identifier: Apache-2.0
"""How Moodle marks an ordering question, and what of that our three ways can say."""

from question_bank.formats.intake import Notes
from question_bank.kinds.ordering import Grading

_NATIVE: dict[str, Grading] = {
    "ABSOLUTE": "position",
    "ABSOLUTE_POSITION": "position",
    "ABS": "position",
    "ALL_OR_NOTHING": "exact",
    "EXACT": "exact",
    "RELATIVE_NEXT_EXCLUDE_LAST": "adjacent",
}
_WRITTEN: dict[Grading, str] = {
    "position": "ABSOLUTE_POSITION",
    "exact": "ALL_OR_NOTHING",
    "adjacent": "RELATIVE_NEXT_EXCLUDE_LAST",
}


def is_grading(word: str) -> bool:
    """True for a word that names a way of marking."""
    return word.upper() in _NATIVE or word.upper().startswith(("RELATIVE", "LONGEST"))


def native(word: str, line: int, notes: Notes) -> Grading:
    """Our name for the way; `position`, with a warning, for those we do not have."""
    found = _NATIVE.get(word.upper())
    if found is None and word:
        message = f"The grading {word} is not known here: every entry in its place earns an equal share."
        notes.warn(line, "grading_changed", message, word)
    return found or "position"


def written(grading: Grading) -> str:
    """Moodle's name for our way."""
    return _WRITTEN[grading]


def check_selection(select: str, count: str, line: int, notes: Notes) -> None:
    """A warning where candidates would have got a part of the entries only."""
    if select.upper() not in {"", "ALL"}:
        message = f"The question shows {count} of its entries ({select}); here it shows all of them."
        notes.warn(line, "selection_changed", message, select)
