# SPDX-License-Identifier: Apache-2.0
"""The process that compares a bank with itself or with a file: one JSON document in, one out.

In: ``bank`` and ``file``, native items by their ids (``file`` null: the bank with itself), and ``most``, how
many findings are told. Out: ``pairs``, the likest first, each ``[one, other, percent, "bank" or "file"]``, of
which the last says where the other stands; and ``found``, how many there were in all.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from question_bank import likeness

BANK, FILE = "bank", "file"
MOST_OF_ONE = 3  # like one item of a file

Row = tuple[str, str, int, str]


def main() -> None:
    """Compare what stands on the standard input."""
    os.nice(5)  # whoever answers questions at this moment goes first
    asked = json.loads(sys.stdin.read())
    json.dump(compared(asked), sys.stdout)


def compared(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The findings of one document."""
    bank = {name: likeness.prints_of_native(item) for name, item in asked["bank"].items()}
    if asked["file"] is None:
        found = [(pair.one, pair.other, pair.percent, BANK) for pair in likeness.Bank(bank).pairs()]
    else:
        file = {name: likeness.prints_of_native(item) for name, item in asked["file"].items()}
        found = list(_of_file(bank, file))
    found.sort(key=lambda row: (-row[2], row[0], row[1]))
    return {"pairs": found[: asked["most"]], "found": len(found)}


def _of_file(bank: Mapping[str, likeness.Prints], file: Mapping[str, likeness.Prints]) -> Iterator[Row]:
    """What in the bank, or earlier in the file, the items of the file are like; no item is like itself."""
    held = {f"{BANK}/{name}": prints for name, prints in bank.items() if name not in file}
    both = likeness.Bank({**held, **{f"{FILE}/{name}": prints for name, prints in file.items()}})
    for name, prints in file.items():
        told = dict.fromkeys((BANK, FILE), 0)  # each place has its own: copies in a file hide no older item
        for other in both.like(prints, most=len(held) + len(file)):
            where, _, other_name = other.name.partition("/")
            if told[where] < MOST_OF_ONE and (where == BANK or other_name < name):
                told[where] += 1
                yield name, other_name, other.percent, where


if __name__ == "__main__":
    main()
