# SPDX-License-Identifier: Apache-2.0
"""Rows of a table that knows its columns, so that each cell can carry its heading on a narrow screen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import flask
from markupsafe import Markup, escape

Column: TypeAlias = str | Mapping[str, object]
CELL = "ep-table__cell"
SOME_ID = "a" * 26


class Columns:
    """The columns of one table, which write the cells of each of its rows."""

    def __init__(self, columns: Sequence[Column], *, row_header: bool = True) -> None:
        self._columns = [_around(column, is_header=False) for column in columns]
        if row_header:
            self._columns[0] = _around(columns[0], is_header=True)

    def cells(self) -> "Cells":
        """Return what writes the cells of the next row."""
        return Cells(iter(self._columns))


class Cells:
    """Writes one row's cells in the order of the columns: ``{{ td(value) }}`` or ``{% call td() %}``."""

    __slots__ = ("_columns",)

    def __init__(self, columns: Iterator[tuple[str, str]]) -> None:
        self._columns = columns

    def __call__(
        self,
        value: object = "",
        *,
        href: str | None = None,
        classes: str = "",
        caller: Callable[[], Markup] | None = None,
    ) -> Markup:
        """Return the next cell; ``href`` makes its value a link."""
        start, end = next(self._columns)
        if classes:
            start = start.replace(CELL, f"{CELL} {escape(classes)}", 1)
        # One box: as a card on a narrow screen, a cell has its heading and one thing beside it.
        written = escape(value) if caller is None else caller()
        if not written.strip():  # on a narrow screen its heading would stand there alone
            start = start.replace(CELL, f"{CELL} {CELL}--blank", 1)
        content = written if caller is None else Markup("<div>{}</div>").format(written)
        if href is not None:
            content = Markup('<a class="govuk-link" href="{}">{}</a>').format(href, content)
        return Markup(f"{start}{content}{end}")  # noqa: S704 - each of the three is escaped


def _around(column: Column, *, is_header: bool) -> tuple[str, str]:
    """Return what stands before and behind the content of a cell: made once for the whole table."""
    is_numeric = isinstance(column, Mapping) and bool(column.get("numeric"))
    names = f"{CELL} {CELL}--numeric" if is_numeric else CELL
    tag, scope = ("th", ' scope="row"') if is_header else ("td", "")
    return f'<{tag}{scope} class="{names}" data-label="{escape(heading(column))}">', f"</{tag}>"


def heading(column: Column) -> object:
    """Return the column's heading."""
    return column if not isinstance(column, Mapping) else column["text"]


def addresses(endpoint: str, name: str) -> Callable[[str], str]:
    """Return a function from a row's public id to its address, which is built once for all the rows."""
    row: dict[str, Any] = {name: SOME_ID}
    start, end = flask.url_for(endpoint, **row).split(SOME_ID)
    return lambda public_id: f"{start}{public_id}{end}"


def page_numbers(current: int, last: int) -> list[int | None]:
    """Return the pages worth a link around the current one; ``None`` stands for those left out."""
    shown = sorted({1, last, *range(max(1, current - 1), min(last, current + 1) + 1)})
    pages: list[int | None] = []
    for page in shown:
        previous = pages[-1] if pages else None
        if previous is not None and page - previous > 1:
            pages.append(None)
        pages.append(page)
    return pages
