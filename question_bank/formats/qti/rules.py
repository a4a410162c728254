# SPDX-License-Identifier: Apache-2.0
"""The response processing of a written item: what each response adds to SCORE."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from lxml import etree

from question_bank.formats.format import NotHeld
from question_bank.formats.qti import patterns
from question_bank.formats.qti.building import add
from question_bank.json_values import decimal_text
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.short_answer import AcceptedText

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
        _within(branch, response, low, high)
        base(_gain(branch), "float", amount(worth))


def ranges_of(body: Numeric) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Lowest and highest number of each accepted answer, and its fraction, the best paid first."""
    found = []
    for answer in sorted(body.answers, key=lambda answer: -answer.fraction):
        low = answer.low if answer.value is None else answer.value - answer.tolerance
        high = answer.high if answer.value is None else answer.value + answer.tolerance
        assert low is not None
        assert high is not None
        found.append((low, high, answer.fraction))
    return found


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


def whole(rules: etree._Element, responses: Sequence[str], marks: Decimal, *, adds: bool = False) -> None:
    """The right responses together earn the marks, whatever their rounded shares sum to.

    Where it `adds`, SCORE gains them: others have paid for other questions.
    """
    branch = add(add(rules, "responseCondition"), "responseIf")
    both = add(branch, "and")
    for response in responses:
        matched(both, response)
    base(_gain(branch) if adds else add(branch, "setOutcomeValue", identifier=SCORE), "float", amount(marks))


def matched(parent: etree._Element, response: str) -> None:
    """The response is the one declared right."""
    match = add(parent, "match")
    add(match, "variable", identifier=response)
    add(match, "correct", identifier=response)


def together(rules: etree._Element, marks: Decimal, *, adds: bool = False) -> etree._Element:
    """What stands in the element returned must all be true: then it earns the marks, or adds them."""
    branch = add(add(rules, "responseCondition"), "responseIf")
    both = add(branch, "and")
    base(_gain(branch) if adds else add(branch, "setOutcomeValue", identifier=SCORE), "float", amount(marks))
    return both


def by_count(rules: etree._Element, responses: Sequence[str], counter: str, marks: Sequence[Decimal]) -> None:
    """SCORE is what one, two … right responses earn together, as the counter has counted them."""
    for response in responses:
        branch = add(add(rules, "responseCondition"), "responseIf")
        matched(branch, response)
        base(_gain(branch, counter), "float", "1")
    condition = add(rules, "responseCondition")
    for count in range(len(marks), 0, -1):
        branch = add(condition, "responseElseIf" if count < len(marks) else "responseIf")
        enough = add(branch, "gte")
        add(enough, "variable", identifier=counter)
        base(enough, "float", str(count))
        base(add(branch, "setOutcomeValue", identifier=SCORE), "float", amount(marks[count - 1]))


def tests(rules: etree._Element, response: str, answers: Sequence[AcceptedText], worth: Decimal) -> None:
    """SCORE gains what the best answer that fits is worth; answers with stars are among them."""
    condition = add(rules, "responseCondition")
    for place, answer in enumerate(sorted(answers, key=lambda answer: -answer.fraction)):
        branch = add(condition, "responseElseIf" if place else "responseIf")
        _fits(branch, response, answer)
        base(_gain(branch), "float", amount(answer.fraction * worth))


def fits_in_full(parent: etree._Element, response: str, answers: Sequence[AcceptedText]) -> None:
    """The text is one of the answers that are right in full."""
    either = add(parent, "or")
    for answer in answers:
        if answer.fraction == 1:
            _fits(either, response, answer)


def _fits(parent: etree._Element, response: str, answer: AcceptedText) -> None:
    if answer.match == "pattern":
        spelt = patterns.written(answer.text)
        if spelt is None:
            raise NotHeld("pattern", "An answer with * has a letter without two plain cases.", answer.text)
        add(add(parent, "patternMatch", pattern=spelt), "variable", identifier=response)
        return
    test = add(parent, "stringMatch", caseSensitive=str(answer.match == "exact").lower(), substring="false")
    add(test, "variable", identifier=response)
    base(test, "string", answer.text)


def mapped_in_full(parent: etree._Element, response: str, full: Decimal) -> None:
    """The mapping of the response pays all of it."""
    test = add(parent, "gte")
    add(test, "mapResponse", identifier=response)
    base(test, "float", amount(full))


def in_ranges(parent: etree._Element, response: str, found: Sequence[tuple[Decimal, Decimal]]) -> None:
    """The number lies in one of the ranges."""
    either = add(parent, "or")
    for low, high in found:
        _within(either, response, low, high)


def base(parent: etree._Element, base_type: str, spelt: str) -> None:
    """A constant."""
    add(parent, "baseValue", spelt, baseType=base_type)


def _within(parent: etree._Element, response: str, low: Decimal, high: Decimal) -> None:
    both = add(parent, "and")
    for test, end in (("gte", low), ("lte", high)):
        comparison = add(both, test)
        add(comparison, "variable", identifier=response)
        base(comparison, "float", decimal_text(end))


def _gain(parent: etree._Element, outcome: str = SCORE) -> etree._Element:
    total = add(add(parent, "setOutcomeValue", identifier=outcome), "sum")
    add(total, "variable", identifier=outcome)
    return total
