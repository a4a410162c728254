# SPDX-License-Identifier: Apache-2.0
"""Reading result sheets: which figures stand there, and that each opens the page it came from."""

import re
from typing import Any

from exam_portal.rehearsal.browser import Page
from exam_portal.rehearsal.play import Play, last_segment

__all__ = ["Page", "cells", "in_rows", "open_every_page", "sheet"]
COLUMNS = 5  # the table of changes has fewer
MARK = re.compile(r"\d{1,3},\d{2}")


def sheet(play: Play, reader: Any) -> Page:
    """Return the result sheet of the one post."""
    links = reader.open(f"{play.place}/results").links("/results/vacancies/")
    found: Page = reader.open(next(link for link in links if "." not in last_segment(link)))
    return found


def cells(page: Page) -> dict[str, list[str]]:
    """Return the words of each cell of the result sheet's table, by candidate number."""
    found: dict[str, list[str]] = {}
    for row in page.tree.xpath("//table//tr[td or th[@scope='row']]"):
        words = [" ".join(str(cell.text_content()).split()) for cell in row.xpath("./td|./th")]
        number = next((match[0] for word in words if (match := re.search(r"\b\d{3}\b", word))), None)
        if number is not None and len(words) >= COLUMNS:
            found.setdefault(number, words)
    return found


def in_rows(page: Page, part: str) -> set[str]:
    """Return the first mark with two decimals of each candidate's row."""
    marks = {number: MARK.findall(" ".join(words)) for number, words in cells(page).items()}
    return {found[0] for found in marks.values() if found}


def open_every_page(reader: Any, page: Page) -> int:
    """Every figure that names its page opens a scan that has it; return how many there are."""
    links = [link for link in page.links("/papers/") if "#page=" in link]
    assert links, "no figure opens the page that it came from"
    for link in links:
        assert reader.get(link.split("#")[0]).startswith(b"%PDF")
    return len(links)
