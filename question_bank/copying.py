# SPDX-License-Identifier: Apache-2.0
"""Passages that two texts have in common, found among thousands of texts without comparing each with each.

Words are compared without case and Vietnamese marks, so that neither a lost mark nor the place of a tone
hides a copy. Of each text some runs of eight words are remembered, chosen by winnowing (Schleimer, Wilkerson
and Aiken 2003). A run that many texts share is common knowledge (a law that everybody quotes), and a run of
the question itself is nobody's: they lead from no text to another, and their words are not counted, so that
a word beside a quoted law, alike by chance, makes no copy of the law; a copy goes on through such words. A
passage with fifteen words of its own in a row is always found.
"""

import re
from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

from question_bank import text

RUN = 8  # words
WINDOW = 8  # runs, of which one is remembered
LEAST = RUN + WINDOW - 1  # words of a passage
MOST_COMMON = 10  # texts; a run that more of them share is common knowledge
NOBODYS = (1 << 63) - 1  # above every fingerprint: chosen only where nothing else is
JOINED = 4  # words between two passages, at most, that make them one

_WORD = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Where it stands in each text, in code points, and how many words of the first it has."""

    one: Span
    other: Span
    words: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Two texts, by their names in order, and what they have in common."""

    one: str
    other: str
    passages: tuple[Passage, ...]

    @property
    def words(self) -> int:
        """How many words they share."""
        return sum(passage.words for passage in self.passages)


class Words:
    """The words of a text as numbers, each with its place; one vocabulary for all texts that are compared."""

    def __init__(self, written: str, vocabulary: dict[str, int]) -> None:
        found = [
            (vocabulary.setdefault(_bare(one[0]), len(vocabulary)), one.span())
            for one in _WORD.finditer(written)
        ]
        self.numbers = [number for number, _ in found]
        self.spans = [span for _, span in found]
        self.common: set[int] = set()  # places of words that are nobody's own

    def runs(self) -> list[int]:
        """Return a fingerprint of each run of words."""
        return [hash(tuple(self.numbers[at : at + RUN])) for at in range(len(self.numbers) - RUN + 1)]

    def own_runs(self, common: AbstractSet[int]) -> list[int]:
        """Return the runs with `NOBODYS` in place of common ones, whose words are noted as nobody's own."""
        runs = [NOBODYS if run in common else run for run in self.runs()]
        self.common = {at + after for at, run in enumerate(runs) if run == NOBODYS for after in range(RUN)}
        return runs

    def own(self, start: int, end: int) -> int:
        """Return how many of these words are not common knowledge."""
        return sum(at not in self.common for at in range(start, end))


def shared(texts: Mapping[str, str], *, known: Iterable[str] = ()) -> list[Shared]:
    """Return every two texts with a passage in common, those that share most first.

    What stands in one of the `known` texts (the question) or in more than `MOST_COMMON` is nobody's.
    """
    vocabulary: dict[str, int] = {}
    words = {name: Words(written, vocabulary) for name, written in texts.items()}
    common = _common(words.values()).union(*(Words(one, vocabulary).runs() for one in known))
    places: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for name, one in words.items():
        for run, at in _winnowed(one.own_runs(common)):
            if run != NOBODYS:
                places[run].append((name, at))
    seeds: dict[tuple[str, str], set[Span]] = defaultdict(set)
    for found in places.values():
        for pair, seed in _pairs(found):
            seeds[pair].add(seed)
    pairs = (
        Shared(one, other, tuple(_passages(words[one], words[other], at)))
        for (one, other), at in seeds.items()
    )
    return sorted(
        (one for one in pairs if one.passages), key=lambda each: (-each.words, each.one, each.other)
    )


def _common(words: Iterable[Words]) -> set[int]:
    """Return the runs that stand in more than `MOST_COMMON` of the texts."""
    standing = array("q", (run for one in words for run in set(one.runs())))
    return {run for run, found in groupby(sorted(standing)) if sum(1 for _ in found) > MOST_COMMON}


def _winnowed(runs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the least fingerprint of each window with its place; a short text has them all."""
    if len(runs) <= WINDOW:
        yield from ((run, at) for at, run in enumerate(runs))
        return
    least: deque[int] = deque()
    told = -1
    for at, run in enumerate(runs):
        while least and runs[least[-1]] >= run:
            least.pop()
        least.append(at)
        if least[0] <= at - WINDOW:
            least.popleft()
        if at >= WINDOW - 1 and least[0] != told:
            told = least[0]
            yield runs[told], told


def _pairs(found: Sequence[tuple[str, int]]) -> Iterator[tuple[tuple[str, str], Span]]:
    """Yield each two places of different texts; of one text the first place is enough."""
    first: dict[str, int] = {}
    for name, at in found:
        first.setdefault(name, at)
    ordered = sorted(first.items())
    for number, (one, mine) in enumerate(ordered):
        for other, its in ordered[number + 1 :]:
            yield (one, other), (mine, its)


def _passages(one: Words, other: Words, seeds: Iterable[Span]) -> Iterator[Passage]:
    """Yield what grows from the seeds in both directions, near ones joined, the short left out."""
    grown: list[tuple[int, int, int]] = []  # place in one, place in other, words
    for mine, its in sorted(seeds):
        if grown and mine < grown[-1][0] + grown[-1][2] and its < grown[-1][1] + grown[-1][2]:
            continue
        grown.append(_grown(one.numbers, other.numbers, mine, its))
    joined: list[tuple[Span, Span]] = []
    for mine, its, size in grown:
        if joined and 0 <= mine - joined[-1][0][1] <= JOINED and 0 <= its - joined[-1][1][1] <= JOINED:
            joined[-1] = (joined[-1][0][0], mine + size), (joined[-1][1][0], its + size)
        else:
            joined.append(((mine, mine + size), (its, its + size)))
    for (start, end), (start_other, end_other) in joined:
        if (own := one.own(start, end)) >= LEAST:
            yield Passage(
                (one.spans[start][0], one.spans[end - 1][1]),
                (other.spans[start_other][0], other.spans[end_other - 1][1]),
                own,
            )


def _grown(one: Sequence[int], other: Sequence[int], mine: int, its: int) -> tuple[int, int, int]:
    back = 0
    while mine - back > 0 and its - back > 0 and one[mine - back - 1] == other[its - back - 1]:
        back += 1
    size = 0
    while mine + size < len(one) and its + size < len(other) and one[mine + size] == other[its + size]:
        size += 1
    return mine - back, its - back, back + size


def _bare(word: str) -> str:
    return text.search_key(word) or word
