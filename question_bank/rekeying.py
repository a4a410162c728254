# SPDX-License-Identifier: Apache-2.0
"""Another key for an item that was sat: what candidates saw stays, what counts as right changes.

A form gives options ids of its own, so a key is said in what the candidates read: the texts of the right
options, ``true`` or ``false``, accepted texts and numbers, the entries of an order. The same key then fits
every form that holds the item. Essays and case studies have no key that could be changed here.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from question_bank.fields import Fields
from question_bank.item import Item, native, view
from question_bank.json_reader import node_of
from question_bank.json_values import decimal_of
from question_bank.kinds.body import Body
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.gap_fill import Gap, GapFill
from question_bank.kinds.matching import Matching
from question_bank.kinds.numeric import AcceptedNumber, Numeric
from question_bank.kinds.options import Option
from question_bank.kinds.ordering import Ordering
from question_bank.kinds.short_answer import AcceptedText, Match, ShortAnswer
from question_bank.kinds.true_false import TrueFalse
from question_bank.problems import Problems
from question_bank.registry import read_item

TRUTHS = ("true", "false")
GAP_LINE = "\n"  # between several answers of one gap
_FIGURE = r"([+-]?\d{1,12}(?:[.,]\d{1,9})?)"
_VALUE = re.compile(rf"{_FIGURE}(?:\s*±\s*{_FIGURE})?")
_RANGE = re.compile(rf"{_FIGURE}\s*\.\.\s*{_FIGURE}")
ONE, NOTHING = Decimal(1), Decimal(0)


class KeyDoesNotFit(ValueError):
    """The item has no such key: another kind, an option it does not have, or a key its kind refuses."""


def answers_of(item: Item) -> tuple[str, ...]:
    """What a key can name: the texts of the options, true and false; nothing where a kind has another key."""
    if isinstance(item.body, Choice):
        return tuple(option.text for option in item.body.options)
    return TRUTHS if isinstance(item.body, TrueFalse) else ()


def right_of(item: Item) -> tuple[str, ...]:
    """The key as it stands, in the same words."""
    if isinstance(item.body, SingleChoice):
        return tuple(option.text for option in item.body.options if option.fraction == 1)
    if isinstance(item.body, Choice):
        return tuple(option.text for option in item.body.options if option.fraction > 0)
    return ("true" if item.body.answer else "false",) if isinstance(item.body, TrueFalse) else ()


def rekeyed(item: Item, right: Sequence[str]) -> Item:
    """The item with exactly these answers as its key; everything a candidate saw of it is the same.

    ``right`` holds the texts of right options (several of a single choice: each of them is right), accepted
    texts or numbers (``5``, ``5±0.1``, ``4..6``), the entries of an ordering in their order, the target of
    each pair, or for each gap its answers joined by `GAP_LINE`.

    Credit of other answers stays, except of those that were right before: they earn nothing. In a multiple
    choice each right option earns the same part, and every other costs what a wrong one cost at most before.
    The item is read again as from a file: its kind's own rules say whether it can have this key.
    """
    changed = replace(item, body=_body(item.body, right))
    problems = Problems("")
    alone = replace(item, body=_body(item.body, right, alone=True))  # a file names one right option
    read = read_item(Fields(node_of(native(alone)), (), problems), item.language)
    if read is None or problems.errors or view(changed) != view(item):
        raise KeyDoesNotFit(problems.found()[0].code if problems.errors else "view")
    return changed


def _body(body: Body, right: Sequence[str], *, alone: bool = False) -> Body:
    if not right or (len(set(right)) != len(right) and not isinstance(body, Matching | GapFill)):
        raise KeyDoesNotFit("unknown answer")
    match body:
        case SingleChoice() | MultipleChoice():
            return _choice(body, right[:1] if alone and isinstance(body, SingleChoice) else right)
        case TrueFalse() if len(right) == 1 and right[0] in TRUTHS:
            return replace(body, answer=right[0] == "true")
        case ShortAnswer():
            return replace(body, answers=_texts(body, right))
        case Numeric():
            return replace(body, answers=_numbers(body, right))
        case Ordering() if sorted(right) == sorted(step.text for step in body.sequence):
            steps = {step.text: step for step in body.sequence}
            return replace(body, sequence=tuple(steps[text] for text in right))
        case Matching() if len(right) == len(body.pairs):
            return _matching(body, right)
        case GapFill() if len(right) == len(body.gaps):
            own = zip(body.gaps, right, strict=True)
            return replace(body, gaps=tuple(_gap(gap, text.split(GAP_LINE), alone) for gap, text in own))
    raise KeyDoesNotFit("no such key")


def _gap(gap: Gap, right: Sequence[str], alone: bool) -> Gap:
    body = _body(gap.body, right, alone=alone)
    assert isinstance(body, SingleChoice | MultipleChoice | ShortAnswer | Numeric)
    return replace(gap, body=body)


def _choice(body: SingleChoice | MultipleChoice, right: Sequence[str]) -> Body:
    known = {option.text for option in body.options}
    if not set(right) <= known:
        raise KeyDoesNotFit("unknown answer")
    if isinstance(body, SingleChoice):
        if set(right) == known:
            raise KeyDoesNotFit("every option")  # it would tell nobody apart: it is neutralised
        return replace(body, options=tuple(_one(option, right) for option in body.options))
    least = min(NOTHING, *(option.fraction for option in body.options))
    each = decimal_of(Fraction(1, len(right)))
    options = [replace(one, fraction=each if one.text in right else least) for one in body.options]
    return replace(body, options=tuple(options))


def _one(option: Option, right: Sequence[str]) -> Option:
    if option.text in right:
        return replace(option, fraction=ONE)
    return replace(option, fraction=NOTHING) if option.fraction == ONE else option


def _texts(body: ShortAnswer, right: Sequence[str]) -> tuple[AcceptedText, ...]:
    """A text that was known keeps how it is compared; a new one is exact where all are."""
    known = {each.text: each for each in body.answers}
    match: Match = "exact" if all(each.match == "exact" for each in body.answers) else "casefold"
    full = [
        replace(known[text], fraction=ONE)
        if text in known
        else AcceptedText(text=text, fraction=ONE, match=match)
        for text in right
    ]
    return (*full, *(each for each in body.answers if each.fraction != ONE and each.text not in right))


def _numbers(body: Numeric, right: Sequence[str]) -> tuple[AcceptedNumber, ...]:
    full = [_number(text) for text in right]
    return (*full, *(each for each in body.answers if each.fraction != ONE))


def _number(text: str) -> AcceptedNumber:
    found = _RANGE.fullmatch(text) or _VALUE.fullmatch(text)
    if found is None:
        raise KeyDoesNotFit("no number")
    first, second = (None if each is None else Decimal(each.replace(",", ".")) for each in found.groups())
    if found.re is _RANGE:
        return AcceptedNumber(value=None, tolerance=NOTHING, low=first, high=second, fraction=ONE)
    return AcceptedNumber(value=first, tolerance=second or NOTHING, low=None, high=None, fraction=ONE)


def _matching(body: Matching, right: Sequence[str]) -> Body:
    """The prompts with other targets; all targets stay what candidates saw."""
    every = set(body.targets().values())
    if not set(right) <= every:
        raise KeyDoesNotFit("unknown answer")
    pairs = tuple(replace(pair, match=text) for pair, text in zip(body.pairs, right, strict=True))
    return replace(body, pairs=pairs, extra_targets=tuple(sorted(every - set(right))))
