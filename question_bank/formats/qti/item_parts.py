# SPDX-License-Identifier: Apache-2.0
"""What every written item has: its element, its body and rules, and what it declares."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from lxml import etree

from question_bank.formats import pictures
from question_bank.formats.qti import rules
from question_bank.formats.qti.building import add, add_markdown, writable
from question_bank.item import Item

RESPONSE = "RESPONSE"


class ItemParts:
    """An item being written; `media` names the file of a picture."""

    def __init__(
        self, item: Item, media: Callable[[pictures.Picture], str], *, is_part: bool = False
    ) -> None:
        self._item = item
        self._is_part = is_part
        self._media = media
        self._root = etree.Element("assessmentItem")
        for key, value in (("identifier", item.id), ("title", item.title.strip() or item.id)):
            self._root.set(key, writable(value))
        self._root.set("adaptive", "false")
        self._root.set("timeDependent", "false")
        self._root.set("{http://www.w3.org/XML/1998/namespace}lang", item.language)
        self._outcomes = etree.Element("outcomes")
        self._body = etree.Element("itemBody")
        self._rules = etree.Element("responseProcessing")
        self._option_feedback = False
        self._modals: list[tuple[str, str]] = []  # what is said afterwards, by its outcome

    def _own(self, outcome: str) -> str:
        """The name of an outcome; that of one of several questions is its own."""
        return f"{outcome}.{self._item.id}" if self._is_part else outcome

    def _outcome(self, identifier: str, base_type: str, default: str) -> etree._Element:
        own = {"identifier": identifier, "cardinality": "single", "baseType": base_type}
        made = add(self._root, "outcomeDeclaration", **own)
        add(add(made, "defaultValue"), "value", default)
        return made

    def _declare(self, identifier: str, cardinality: str, base_type: str, right: list[str]) -> etree._Element:
        own = {"identifier": identifier, "cardinality": cardinality, "baseType": base_type}
        made = add(self._root, "responseDeclaration", **own)
        if right:
            holder = add(made, "correctResponse")
            for each in right:
                add(holder, "value", each)
        return made

    def _map(self, declared: etree._Element, worths: Mapping[str, Decimal], **own: str) -> None:
        mapping = add(declared, "mapping", defaultValue="0", **own)
        for key, worth in worths.items():
            add(mapping, "mapEntry", mapKey=key, mappedValue=rules.amount(worth))

    def _pay_whole(self, *, only: bool = False) -> None:
        """The right response earns exactly the marks; a part of a case adds them where nothing else does."""
        if only or not self._is_part:
            rules.whole(self._rules, [RESPONSE], self._item.marks, adds=self._is_part)

    def _stem(self) -> None:
        add_markdown(self._body, self._item.stem, self._media)
