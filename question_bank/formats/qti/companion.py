# SPDX-License-Identifier: Apache-2.0
"""What an item says and QTI has no word for, in the manifest beside the file of the item.

Texts are Markdown here and HTML there. The companion keeps the Markdown as it was spelt, and it counts only
where its HTML is the HTML of the file: who changes the question elsewhere changes it here too.
"""

from question_bank.formats import companion as usual
from question_bank.item import Item


def line_of(item: Item) -> str | None:
    """The line for this item; how it is marked stands in the rules of its file alone."""
    return usual.line_of(item, but=("grading",))


def joined(draft: dict[str, object], line: str | None) -> dict[str, object]:
    """The draft with what the companion adds."""
    return usual.joined(draft, line) if line else draft
