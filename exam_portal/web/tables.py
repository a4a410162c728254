# SPDX-License-Identifier: Apache-2.0
"""Rows of a table that knows its columns, so that each cell can carry its heading on a narrow screen."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from markupsafe import Markup, escape

Column: TypeAlias = str | Mapping[str, object]


class Cells:
    """Writes one row's cells in the order of the columns: ``{{ td(value) }}`` or ``{% call td() %}``."""

    def __init__(self, columns: Sequence[Column], *, row_header: bool = True) -> None:
        self._columns = columns
        self._row_header = row_header
        self._written = 0

    def __call__(
        self,
        value: object = "",
        *,
        href: str | None = None,
        classes: str = "",
        caller: Callable[[], object] | None = None,
    ) -> Markup:
        """Return the next cell; ``href`` makes its value a link."""
        column = self._columns[self._written]
        is_header = self._row_header and self._written == 0
        self._written += 1
        content = caller() if caller is not None else value
        if href is not None:
            content = Markup('<a class="govuk-link" href="{}">{}</a>').format(href, content)
        numeric = isinstance(column, Mapping) and bool(column.get("numeric"))
        start, end = _tags(str(heading(column)), classes, is_header=is_header, numeric=numeric)
        return Markup(f"{start}{escape(content)}{end}")  # noqa: S704 - each of the three is escaped


@functools.lru_cache(maxsize=1024)
def _tags(label: str, classes: str, *, is_header: bool, numeric: bool) -> tuple[str, str]:
    """Return what stands around a cell: made once, for a table has thousands of equal ones."""
    names = " ".join(filter(None, ["ep-table__cell", "ep-table__cell--numeric" if numeric else "", classes]))
    start = Markup('<th scope="row"') if is_header else Markup("<td")
    attributes = Markup(' class="{}" data-label="{}">').format(names, label)
    return str(start + attributes), "</th>" if is_header else "</td>"


def heading(column: Column) -> object:
    """Return the column's heading."""
    return column if not isinstance(column, Mapping) else column["text"]


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
