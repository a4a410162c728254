# SPDX-License-Identifier: Apache-2.0
"""The response processing of a written item: what each response adds to SCORE."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from lxml import etree

from question_bank.formats.qti.building import add
from question_bank.json_values import decimal_text

SCORE = "SCORE"
_FINEST = Decimal("0.000000001")


def amount(value: Decimal) -> str:
    """Marks as they are written."""
    return decimal_text(value.quantize(_FINEST))


def mapped(rules: etree._Element, response: str) -> None:
    """SCORE gains what the mapping of a response pays."""
    add(_gain(rules), "mapResponse", identifier=response)


def ranges(rules: etree._Element, response: str, found: Sequence[tuple[Decimal, Decimal, Decimal]]) -> None:
    """SCORE gains the worth of the first range the number lies in."""
    condition = add(rules, "responseCondition")
    for place, (low, high, worth) in enumerate(found):
        branch = add(condition, "responseElseIf" if place else "responseIf")
        both = add(branch, "and")
        for test, end in (("gte", low), ("lte", high)):
            comparison = add(both, test)
            add(comparison, "variable", identifier=response)
            base(comparison, "float", decimal_text(end))
        base(_gain(branch), "float", amount(worth))


def places(rules: etree._Element, response: str, right: Sequence[str], worth: Decimal) -> None:
    """SCORE gains an equal share for each entry in its place."""
    for place, entry in enumerate(right, start=1):
        branch = add(add(rules, "responseCondition"), "responseIf")
        match = add(branch, "match")
        add(add(match, "index", n=str(place)), "variable", identifier=response)
        base(match, "identifier", entry)
        base(_gain(branch), "float", amount(worth / len(right)))


def neighbours(rules: etree._Element, response: str, right: Sequence[str], worth: Decimal) -> None:
    """SCORE gains an equal share for each entry that its successor follows directly."""
    for first, second in pairwise(right):
        branch = add(add(rules, "responseCondition"), "responseIf")
        contains = add(branch, "contains")
        add(contains, "variable", identifier=response)
        both = add(contains, "ordered")
        base(both, "identifier", first)
        base(both, "identifier", second)
        base(_gain(branch), "float", amount(worth / (len(right) - 1)))


def whole(rules: etree._Element, responses: Sequence[str], marks: Decimal) -> None:
    """The right responses together earn the marks, whatever their rounded shares sum to."""
    branch = add(add(rules, "responseCondition"), "responseIf")
    both = add(branch, "and")
    for response in responses:
        match = add(both, "match")
        add(match, "variable", identifier=response)
        add(match, "correct", identifier=response)
    base(add(branch, "setOutcomeValue", identifier=SCORE), "float", amount(marks))


def base(parent: etree._Element, base_type: str, spelt: str) -> None:
    """A constant."""
    add(parent, "baseValue", spelt, baseType=base_type)


def _gain(parent: etree._Element) -> etree._Element:
    total = add(add(parent, "setOutcomeValue", identifier=SCORE), "sum")
    add(total, "variable", identifier=SCORE)
    return total
