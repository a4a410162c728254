# SPDX-License-Identifier: Apache-2.0
"""Options that name others by letter or place ("Cả A, B, C đều đúng"), and what shuffling does to them.

Such an option keeps its meaning in a shuffled list where it stays in its place and names all the others, or
where those it names stay in theirs. Anything else changes its key from one candidate to the next.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from question_bank.item import Item
from question_bank.kinds.body import Body
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.gap_fill import GapFill
from question_bank.kinds.options import Option, is_positional
from question_bank.text import comparison_key

C = TypeVar("C", bound=Choice)
Standing = Literal["", "undecided", "open", "settled"]

_LETTER = re.compile(r"(?<!\w)([a-h])(?!\w)")
_NUMBER = re.compile(r"(?<![\w,.])([1-8])(?![\w,.]*\d)")
_ORDINAL = re.compile(r"(?<!\w)thứ (?=\w)")
_COUNT = re.compile(
    r"(?<!\w)(?:0?([2-8])(?= (?:ý|phương án|đáp án|câu|khẳng định|nhận định|lựa chọn))"
    r"|(hai|ba|bốn|năm|both|two|three)(?!\w))"
)
_WORDS = {"hai": 2, "ba": 3, "bốn": 4, "năm": 5, "both": 2, "two": 2, "three": 3}


def standing(item: Item) -> Standing:
    """How it stands with such options: none (""), shuffled so that keys change (`open`), not shuffled because
    nobody has decided yet (`undecided`), or `settled`.
    """
    naming = [
        each for each in _choices(item) if any(is_positional(option.text) for option in each[0].options)
    ]
    if not naming:
        return ""
    if any(owner.shuffle and not _is_safe(choice.options) for choice, owner in naming):
        return "open"
    return "settled" if all(owner.positional_checked for _, owner in naming) else "undecided"


def naming(item: Item) -> tuple[str, ...]:
    """The texts of the options that name others."""
    return tuple(o.text for choice, _ in _choices(item) for o in choice.options if is_positional(o.text))


def fixed(item: Item) -> Item:
    """The item with these options, and those whose places they rely on, in their places."""
    return _decided(item, is_shuffled=True)


def unshuffled(item: Item) -> Item:
    """The item whose options all stay as they were written."""
    return _decided(item, is_shuffled=False)


def _decided(item: Item, *, is_shuffled: bool) -> Item:
    body: Body = item.body
    if isinstance(body, CaseStudy):
        parts = tuple(_decided(each, is_shuffled=is_shuffled) for each in body.items)
        return replace(item, body=replace(body, items=parts))
    if not naming(item):
        return item
    if is_shuffled and isinstance(body, Choice):
        body = _with_fixed(body)
    elif is_shuffled and isinstance(body, GapFill):
        gaps = [
            replace(gap, body=_with_fixed(gap.body))
            if isinstance(gap.body, SingleChoice | MultipleChoice)
            else gap
            for gap in body.gaps
        ]
        body = replace(body, gaps=tuple(gaps))
    return replace(item, body=body, shuffle=is_shuffled, positional_checked=True)


def _choices(item: Item) -> Iterator[tuple[Choice, Item]]:
    """Yield every list of options with the item that says whether it is shuffled."""
    body = item.body
    if isinstance(body, CaseStudy):
        for part in body.items:
            yield from _choices(part)
    elif isinstance(body, GapFill):
        yield from ((gap.body, item) for gap in body.gaps if isinstance(gap.body, Choice))
    elif isinstance(body, Choice):
        yield body, item


def _is_safe(options: Sequence[Option]) -> bool:
    wanted = _to_fix(options)
    return all(option.fixed for option in options if option.id in wanted)


def _with_fixed(body: C) -> C:
    wanted = _to_fix(body.options)
    return replace(body, options=tuple(replace(o, fixed=o.fixed or o.id in wanted) for o in body.options))


def _to_fix(options: Sequence[Option]) -> set[str]:
    """The ids of options that have to keep their places so that no key changes."""
    found: set[str] = set()
    for place, option in enumerate(options):
        if is_positional(option.text):
            found |= {option.id, *(options[at].id for at in _relied_on(option.text, place, len(options)))}
    return found


def _relied_on(text: str, own: int, count: int) -> set[int]:
    """The places of the others whose order the option relies on: none where it speaks of all of them."""
    key = comparison_key(text)
    others = set(range(count)) - {own}
    if _ORDINAL.search(key):
        return others
    said = _COUNT.search(key)
    bare = key if said is None else key[: said.start()] + " " + key[said.end() :]
    named = {ord(letter) - ord("a") for letter in _LETTER.findall(bare)}
    named |= {int(number) - 1 for number in _NUMBER.findall(bare)}
    if named:
        return set() if named == others else named & others
    number = None if said is None else int(said[1]) if said[1] else _WORDS[said[2]]
    is_about_all = own == count - 1 and number in {None, count - 1}
    return set() if is_about_all else others
