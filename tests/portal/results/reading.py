# SPDX-License-Identifier: Apache-2.0
"""A result sheet as somebody reads it: the words of each cell by candidate number."""

from collections.abc import Mapping

from lxml import html

Cells = Mapping[str, str]  # what a candidate's row says, by the heading of its column


def rows(page: str) -> Mapping[str, Cells]:
    """Return the rows of the result sheet on this page."""
    (table,) = html.fromstring(page).xpath("//table[contains(@class, 'ep-sheet')]")
    headings = [_words(one) for one in table.xpath("./thead//th")]
    found: dict[str, Cells] = {}
    for row in table.xpath("./tbody/tr"):
        cells = dict(zip(headings, [_words(cell) for cell in row.xpath("./td|./th")], strict=True))
        found[cells["Số báo danh"]] = cells
    return found


def lacking(page: str) -> dict[str, str]:
    """Return what is still lacking before the result is certain: where it is settled, and the words."""
    items = html.fromstring(page).xpath("//ul[@class='govuk-list govuk-list--bullet']/li[a]")
    return {str(one.xpath("./a/@href")[0]).split("kind=")[-1].split("&")[0]: _words(one) for one in items}


def _words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())
