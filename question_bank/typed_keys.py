# SPDX-License-Identifier: Apache-2.0
"""A new key as somebody types it: accepted answers, numbers, an order, pairs, what belongs into gaps.

Entries that candidates choose from are typed as letters, in an order that says nothing of the key (`legend`);
what comes out names them by their texts, so that the key fits every form that holds the item.
"""

import re
from collections.abc import Mapping, Sequence

from question_bank.item import Item
from question_bank.json_values import decimal_text
from question_bank.kinds.body import Body
from question_bank.kinds.choice import Choice
from question_bank.kinds.gap_fill import Gap, GapFill
from question_bank.kinds.matching import Matching
from question_bank.kinds.numeric import AcceptedNumber, Numeric
from question_bank.kinds.ordering import Ordering
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.rekeying import GAP_LINE, KeyDoesNotFit

TYPED = ("short_answer", "numeric", "ordering", "matching", "gap_fill")
LETTERED = ("ordering", "matching", "gap_fill")  # nobody can type these who does not see the words
_SPLIT = re.compile(r"[\s,;]+")
_PAIR = re.compile(r"\s*(\d{1,2})\s*[-–—:=.]\s*([a-zA-Z])\s*")
_GAP = re.compile(r"\s*\(?(\d{1,2})\)?\s*[-–—:=.]\s*(.+)")
_MARKER = re.compile(r"\[\[([^\[\]]{1,64})\]\]")


def read(item: Item, typed: str) -> tuple[str, ...]:
    """The key that was typed, in the words of what candidates read; KeyDoesNotFit where it cannot be read."""
    lines = tuple(dict.fromkeys(line for each in typed.splitlines() if (line := " ".join(each.split()))))
    if not lines:
        raise KeyDoesNotFit("empty")
    body = item.body
    if isinstance(body, Ordering):
        return _texts(_entries(body), [each for each in _SPLIT.split(typed) if each])
    if isinstance(body, Matching):
        return _pairs(body, [part for line in lines for part in re.split(r"[,;]", line) if part.strip()])
    if isinstance(body, GapFill):
        return _gaps(body, _by_place(item, body), lines)
    return lines


def written(item: Item) -> str:
    """The key in force, as it would be typed."""
    body = item.body
    if isinstance(body, Ordering):
        names = {text: letter for letter, text in _entries(body).items()}
        return ", ".join(names[step.text] for step in body.sequence)
    if isinstance(body, Matching):
        names = {text: letter for letter, text in _targets(body).items()}
        return ", ".join(f"{place}-{names[pair.match]}" for place, pair in enumerate(body.pairs, start=1))
    if isinstance(body, GapFill):
        gaps = _by_place(item, body)
        return "\n".join(f"{place}: {' | '.join(_typed_of(gap))}" for place, gap in enumerate(gaps, start=1))
    return "\n".join(_accepted(body))


def legend(item: Item) -> list[tuple[str, str]]:
    """What the numbers and letters stand for, as candidates read it."""
    body = item.body
    if isinstance(body, Ordering):
        return list(_entries(body).items())
    if isinstance(body, Matching):
        prompts = [(str(place), pair.text) for place, pair in enumerate(body.pairs, start=1)]
        return [*prompts, *_targets(body).items()]
    if isinstance(body, GapFill):
        return [
            (f"{place}{letter}", text)
            for place, gap in enumerate(_by_place(item, body), start=1)
            for letter, text in _options(gap.body).items()
        ]
    return []


def number_text(answer: AcceptedNumber) -> str:
    """An accepted number as it is typed: 5, 5±0.1 or 4..6."""
    if answer.value is None:
        low, high = (decimal_text(each) if each is not None else "" for each in (answer.low, answer.high))
        return f"{low}..{high}"
    exact = decimal_text(answer.value)
    return exact if not answer.tolerance else f"{exact}±{decimal_text(answer.tolerance)}"


def _accepted(body: Body) -> list[str]:
    if isinstance(body, ShortAnswer):
        return [each.text for each in body.answers if each.fraction == 1]
    if isinstance(body, Numeric):
        return [number_text(each) for each in body.answers if each.fraction == 1]
    return []


def _typed_of(gap: Gap) -> list[str]:
    if not isinstance(gap.body, Choice):
        return _accepted(gap.body)
    right = {option.text for option in gap.body.options if option.fraction > 0}
    return [letter for letter, text in _options(gap.body).items() if text in right]


def _pairs(body: Matching, typed: Sequence[str]) -> tuple[str, ...]:
    found = [_PAIR.fullmatch(each) for each in typed]
    told = {int(each[1]): each[2] for each in found if each}
    if None in found or len(told) != len(typed) or sorted(told) != list(range(1, len(body.pairs) + 1)):
        raise KeyDoesNotFit("pairs")
    return _texts(_targets(body), [told[place] for place in sorted(told)])


def _gaps(body: GapFill, places: Sequence[Gap], lines: Sequence[str]) -> tuple[str, ...]:
    found = [_GAP.fullmatch(line) for line in lines]
    told = {int(each[1]): each[2] for each in found if each}
    if None in found or len(told) != len(lines) or sorted(told) != list(range(1, len(places) + 1)):
        raise KeyDoesNotFit("gaps")
    by_gap = {}
    for place, gap in enumerate(places, start=1):
        parts = [part.strip() for part in told[place].split("|") if part.strip()]
        by_gap[gap.id] = _texts(_options(gap.body), parts) if isinstance(gap.body, Choice) else tuple(parts)
    return tuple(GAP_LINE.join(by_gap[gap.id]) for gap in body.gaps)


def _texts(known: Mapping[str, str], letters: Sequence[str]) -> tuple[str, ...]:
    if not {each.lower() for each in letters} <= set(known):
        raise KeyDoesNotFit("letters")
    return tuple(known[each.lower()] for each in letters)


def _entries(body: Ordering) -> dict[str, str]:
    return _lettered(body.view()["entries"])


def _targets(body: Matching) -> dict[str, str]:
    return _lettered(body.view()["targets"])


def _options(body: Body) -> dict[str, str]:
    """The options in the order of their texts: every form has the same one."""
    texts = sorted(option.text for option in body.options) if isinstance(body, Choice) else []
    return {chr(ord("a") + place): text for place, text in enumerate(texts)}


def _lettered(entries: object) -> dict[str, str]:
    assert isinstance(entries, list)
    return {chr(ord("a") + place): str(each["text"]) for place, each in enumerate(entries)}


def _by_place(item: Item, body: GapFill) -> list[Gap]:
    """The gaps as they follow each other in the stem."""
    places = [found[1] for found in _MARKER.finditer(item.stem)]
    return sorted(body.gaps, key=lambda gap: places.index(gap.id))
