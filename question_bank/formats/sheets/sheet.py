# SPDX-License-Identifier: Apache-2.0
"""A sheet of cells as a person sees it: every cell a text, every row with its number."""

from collections.abc import Iterable
from dataclasses import dataclass

from question_bank.formats.intake import TooMany

MOST_COLUMNS = 120
MOST_CELLS = 450_000
MOST_IN_CELL = 40_000  # Excel itself stops at 32,767


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something, with its number in the file."""

    line: int
    cells: tuple[str, ...]
    looks: tuple[frozenset[str], ...] = ()

    def cell(self, column: int | None) -> str:
        """The text of the cell without blanks around it; empty where there is none."""
        return self.cells[column].strip() if column is not None and column < len(self.cells) else ""

    @property
    def filled(self) -> tuple[int, ...]:
        """The columns that hold something."""
        return tuple(place for place, cell in enumerate(self.cells) if cell.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of one sheet. `merged` names cells that reach down: first row, column, last row.

    `pictures` are the lines at which a picture lies.
    """

    name: str
    rows: tuple[Row, ...]
    merged: tuple[tuple[int, int, int], ...] = ()
    pictures: tuple[int, ...] = ()


class Counter:
    """Counts cells over a whole file, so that reading it takes bounded time and memory."""

    def __init__(self) -> None:
        self._left = MOST_CELLS

    def row(self, line: int, cells: Iterable[str]) -> Row | None:
        """The row, or None where nothing stands in it."""
        kept = list(cells)
        while kept and not kept[-1].strip():
            kept.pop()
        self._left -= len(kept) + 1
        if self._left < 0:
            raise TooMany(line, f"{MOST_CELLS} cells")
        if len(kept) > MOST_COLUMNS:
            raise TooMany(line, f"{MOST_COLUMNS} columns")
        if any(len(cell) > MOST_IN_CELL for cell in kept):
            raise TooMany(line, f"{MOST_IN_CELL} characters in one cell")
        return Row(line, tuple(kept)) if kept else None
