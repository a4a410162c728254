# SPDX-License-Identifier: Apache-2.0
"""Another key for an item that was sat: what candidates saw stays, what counts as right changes.

A form gives options ids of its own, so a key is said in what the candidates read: the texts of the right
options, or ``true`` and ``false``. The same key then fits every form that holds the item.
"""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from question_bank.fields import Fields
from question_bank.item import Item, native, view
from question_bank.json_reader import node_of
from question_bank.json_values import decimal_of
from question_bank.kinds.body import Body
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.options import Option
from question_bank.kinds.true_false import TrueFalse
from question_bank.problems import Problems
from question_bank.registry import read_item

TRUTHS = ("true", "false")
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


def rekeyed(item: Item, right: Collection[str]) -> Item:
    """The item with exactly these answers as its key; everything a candidate saw of it is the same.

    Credit of other options of a single choice stays, except of the one that was right before: it earns
    nothing. In a multiple choice each right option earns the same part, and every other costs what a wrong
    one cost at most before. The item is read again as from a file: its kind's own rules say whether it can
    have this key.
    """
    changed = replace(item, body=_body(item.body, frozenset(right), answers_of(item)))
    problems = Problems("")
    read = read_item(Fields(node_of(native(changed)), (), problems), item.language)
    if read is None or problems.errors or view(read) != view(item):
        raise KeyDoesNotFit(problems.found()[0].code if problems.errors else "view")
    return changed


def _body(body: Body, right: frozenset[str], known: Collection[str]) -> Body:
    if not right or not right <= set(known):
        raise KeyDoesNotFit("unknown answer")
    if isinstance(body, SingleChoice):
        return replace(body, options=tuple(_one(option, right) for option in body.options))
    if isinstance(body, MultipleChoice):
        least = min(NOTHING, *(option.fraction for option in body.options))
        each = decimal_of(Fraction(1, len(right)))
        return replace(
            body,
            options=tuple(
                replace(option, fraction=each if option.text in right else least) for option in body.options
            ),
        )
    if isinstance(body, TrueFalse) and len(right) == 1:
        return replace(body, answer="true" in right)
    raise KeyDoesNotFit("several right answers")


def _one(option: Option, right: frozenset[str]) -> Option:
    if option.text in right:
        return replace(option, fraction=ONE)
    return replace(option, fraction=NOTHING) if option.fraction == ONE else option
