# SPDX-License-Identifier: Apache-2.0
"""How alike two items are, in per cent, and which items of a bank are nearly the same.

Words in their order are compared (pairs of neighbours, within the stem and within each option; the order of
the options says nothing). Vietnamese marks are part of the words: without them two texts are at most nine
tenths alike, because "bảo" is not "báo", though many a file has lost them. Numbers weigh three times: what
differs between "10 ngày" and "15 ngày" is the question. Options that only name others ("Cả A, B và C")
are left out: a quarter of all Vietnamese questions have one.
"""

import functools
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from question_bank import text
from question_bank.formats import pictures
from question_bank.item import Item, native
from question_bank.json_values import Json
from question_bank.kinds.options import is_positional

LEAST = 75  # per cent from which on two items are worth a look
MOST_COMMON = 300  # a pair of words that more items share leads from none of them to another

_WORD = re.compile(r"[^\W_]+(?:[.,/][^\W_]+)*")
_WITHOUT_MARKS_PERCENT = 90
_NUMBER_WEIGHT = 3
_TEXTS = ("text", "match", "value", "low", "high", "title")
_LISTS = ("options", "answers", "pairs", "extra_targets", "sequence", "gaps", "items", "rubric")


@dataclass(frozen=True, slots=True)
class Prints:
    """What an item is compared by: its pairs of neighbouring words, with their marks and without."""

    marked: frozenset[str]
    bare: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alike:
    """An item that is this much like another."""

    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items of a bank that are this much alike, by their ids in order."""

    one: str
    other: str
    percent: int


def prints_of(item: Item) -> Prints:
    """What the item is compared by: question, options, answers; not its topic, source or explanations."""
    return prints_of_texts(list(texts_of(native(item))))


def prints_of_native(content: Mapping[str, Json]) -> Prints:
    """The same of an item as a native file holds it."""
    return prints_of_texts(list(texts_of(content)))


def prints_of_texts(texts: Iterable[str]) -> Prints:
    """The prints of some texts, no pair of words reaching from one into the next."""
    marked: set[str] = set()
    bare: set[str] = set()
    for one in texts:
        words = _WORD.findall(text.comparison_key(pictures.in_words(one)))
        marked.update(_shingles(words))
        bare.update(_shingles([_bare(word) for word in words]))
    return Prints(frozenset(marked), frozenset(bare))


def percent(one: Prints, other: Prints) -> int:
    """How alike the two are, from 0 to 100, rounded down: equal items are 100.

    >>> marked, bare = (prints_of_texts([each]) for each in ("Ai bổ nhiệm giám đốc?", "ai bo nhiem giam doc"))
    >>> percent(marked, marked), percent(marked, bare)
    (100, 90)
    """
    bare = _WITHOUT_MARKS_PERCENT * len(one.bare & other.bare) // max(1, len(one.bare | other.bare))
    return max(bare, 100 * len(one.marked & other.marked) // max(1, len(one.marked | other.marked)))


class Bank:
    """Many items, among which the ones like another are found without comparing it with each.

    Two sets that have 75 % in common share one of the rarest quarter of each other's members: only the rarest
    members of an item lead to it, and only those of the item that is asked about are followed.
    """

    def __init__(self, items: Mapping[str, Prints], *, least: int = LEAST) -> None:
        self._items = items
        self._least = least
        self._common = Counter(print_ for prints in items.values() for print_ in prints.bare)
        self._leading: dict[str, list[str]] = defaultdict(list)
        for name, prints in items.items():
            for print_ in self._rarest(prints):
                self._leading[print_].append(name)

    def like(self, prints: Prints, *, most: int = 5) -> list[Alike]:
        """The items most like this one, the likest first."""
        found = (Alike(name, percent(prints, self._items[name])) for name in self._candidates(prints))
        likest = sorted((each for each in found if each.percent >= self._least), key=_by_percent)
        return likest[:most]

    def pairs(self) -> Iterator[Pair]:
        """Every two items of the bank that are alike, each pair once."""
        for name, prints in self._items.items():
            for other in self._candidates(prints):
                if name < other and (found := percent(prints, self._items[other])) >= self._least:
                    yield Pair(name, other, found)

    def _rarest(self, prints: Prints) -> Sequence[str]:
        """As many members, the rarest first, as two sets cannot both lack when they are alike enough."""
        size = len(prints.bare)
        needed = size - -(-size * self._least // 100) + 1
        ordered = sorted(prints.bare, key=lambda each: (self._common[each], each))
        return [each for each in ordered[:needed] if self._common[each] <= MOST_COMMON]

    def _candidates(self, prints: Prints) -> set[str]:
        size = len(prints.bare)
        names = {name for each in self._rarest(prints) for name in self._leading.get(each, ())}
        least = self._least
        return {
            name
            for name in names
            if size * least <= 100 * len(self._items[name].bare)
            and len(self._items[name].bare) * least <= 100 * size
        }


def _by_percent(each: Alike) -> tuple[int, str]:
    return -each.percent, each.name


def texts_of(content: Mapping[str, Json], *, places: bool = False) -> Iterator[str]:
    """Everything that a native item asks and accepts, of every kind, parts of a case study included.

    With `places` also options such as "Cả A, B và C", which say nothing of their own.
    """
    for name in ("stimulus", "stem"):
        if isinstance(found := content.get(name), str):
            yield found
    for name in _LISTS:
        entries = content.get(name)
        for entry in entries if isinstance(entries, Sequence) and not isinstance(entries, str) else ():
            if isinstance(entry, Mapping):
                yield from _entry(entry, places)
            elif isinstance(entry, str):
                yield entry


def _entry(entry: Mapping[str, Json], places: bool) -> Iterator[str]:
    for name in _TEXTS:
        found = entry.get(name)
        if isinstance(found, str) and (places or not is_positional(found)):
            yield found
    yield from texts_of(entry, places=places)


def _shingles(words: Sequence[str]) -> Iterator[str]:
    """Each two neighbours, the first and the last word as such, and numbers as often as they weigh."""
    if words:
        yield f"^ {words[0]}"
        yield f"{words[-1]} $"
    yield from (f"{one} {other}" for one, other in itertools.pairwise(words))
    for word in words:
        if word[0].isdigit():
            yield from (f"#{weight} {word}" for weight in range(_NUMBER_WEIGHT))


@functools.lru_cache(maxsize=20_000)  # a bank says the same few thousand syllables over and over
def _bare(word: str) -> str:
    return text.search_key(word).replace(" ", ".") or word
