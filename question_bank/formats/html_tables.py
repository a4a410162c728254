# SPDX-License-Identifier: Apache-2.0
"""Rows of cells as a Markdown table, or as lines of plain text."""


def table_text(rows: list[list[str]], *, is_plain: bool) -> str:
    """The rows, all of the same width; the first one is the head, as Markdown wants one."""
    filled = [row for row in rows if any(row)]
    if not filled:
        return ""
    if is_plain:
        return "\n".join(" | ".join(row) for row in filled)
    width = max(len(row) for row in filled)
    lines = [_line([*row, *[""] * (width - len(row))]) for row in filled]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
