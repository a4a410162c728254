# SPDX-License-Identifier: Apache-2.0
"""Moodle's ordering questions, which GIFT got later: a line of settings, then one entry on each line."""

from collections.abc import Callable

from question_bank.formats import gradings
from question_bank.formats.intake import Notes
from question_bank.json_reader import node_of


def native(body: str, line: int, read_entry: Callable[[str, int], str], notes: Notes) -> dict[str, object]:
    """The keys of an ordering item; what cannot be held of the settings is named."""
    settings, *entries = body.split("\n")
    count, select, *rest = [*settings.split(), "", ""]
    gradings.check_selection(select, count, line, notes)
    grading = next((word for word in rest[1:] if gradings.is_grading(word)), "")
    sequence = [
        node_of({"id": str(number), "text": read_entry(text, line + number)}, line + number)
        for number, text in enumerate((entry for entry in entries if entry.strip()), start=1)
    ]
    return {"kind": "ordering", "sequence": sequence, "grading": gradings.native(grading, line, notes)}
