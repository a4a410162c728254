# SPDX-License-Identifier: Apache-2.0
"""What differs between two versions of an item: fact by fact, and in texts word by word.

A fact is known by its path in the native form, in which the entries of a list go by their own ids: an option
that has moved is the same option, and one that was put before it is a new one.
"""

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from question_bank.formats import pictures
from question_bank.item import Item, native
from question_bank.json_values import Json

Path: TypeAlias = tuple[str, ...]
Kind: TypeAlias = Literal["same", "removed", "added"]

_UNCOMPARED = frozenset({"id", "version"})
_NAMES = ("id", "key")
_ORDER = "order"  # of the entries of a list, told apart from what each of them says
_TOKEN = re.compile(r"(\s*)(\w+|[^\w\s]|\Z)")
_MOST_TOKENS = 4_000  # beyond any of these a text is told as replaced
_MOST_PAIRS = 200_000  # of a word of the one text with the same word of the other
_MOST_WORK = 20_000_000  # of such pairs, times the steps that each may look at them again
_ALIKE_PERCENT = 30  # texts that have less in common are told as one replaced by the other


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that differs; None where the version does not have it."""

    path: Path
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words that both texts have, or only the one before, or only the one after."""

    kind: Kind
    text: str


class _Token(NamedTuple):
    blank: str
    word: str


def changes(before: Item, after: Item) -> tuple[Change, ...]:
    """Every fact in which two versions differ, in the order in which an item holds them.

    The ids and versions of the items themselves are not facts of their content.
    """
    old, new = dict(_facts_of(before)), dict(_facts_of(after))
    return tuple(
        Change(path, old.get(path), new.get(path))
        for path in _in_order(list(old), list(new))
        if _differs(path, old.get(path), new.get(path))
    )


def words(before: str, after: str) -> tuple[Segment, ...]:
    """The two texts as one: what stayed, what was taken out and what was put in, word by word.

    >>> [(part.kind, part.text) for part in words("trong 10 ngày", "trong 15 ngày")]
    [('same', 'trong '), ('removed', '10'), ('added', '15'), ('same', ' ngày')]
    """
    if is_too_much(before, after):
        return _replaced(before, after)
    old, new = _tokens(before), _tokens(after)
    matcher = difflib.SequenceMatcher(
        None, [token.word for token in old], [token.word for token in new], False
    )
    kept = 2 * sum(block.size for block in matcher.get_matching_blocks())
    if 100 * kept < _ALIKE_PERCENT * (len(old) + len(new)):
        return _replaced(before, after)
    return tuple(_merged(_steps(matcher, old, new)))


def is_too_much(before: str, after: str) -> bool:
    """Whether the texts are told as one replaced by the other because comparing their words takes too long.

    A step of the comparison looks at every pair of the same word, of which a repeated word makes many;
    there are at most as many steps as words that could stay.
    """
    old, new = (Counter(token.word for token in _tokens(text)) for text in (before, after))
    pairs = sum(count * new[word] for word, count in old.items())
    steps = (old & new).total()
    return pairs > _MOST_PAIRS or pairs * steps > _MOST_WORK or old.total() + new.total() > _MOST_TOKENS


def _differs(path: Path, before: Json, after: Json) -> bool:
    """Whether the fact differs; entries that came or went leave the order of the others as it was."""
    if path[-1] != _ORDER or not isinstance(before, str) or not isinstance(after, str):
        return path[-1] != _ORDER and before != after
    old, new = before.split(", "), after.split(", ")
    return [name for name in old if name in new] != [name for name in new if name in old]


def _tokens(text: str) -> list[_Token]:
    """The words and signs of a text, each with the blanks before it; last the blanks at the end, if any."""
    return [_Token(*found) for found in _TOKEN.findall(text) if any(found)]


def _steps(
    matcher: difflib.SequenceMatcher[str], old: Sequence[_Token], new: Sequence[_Token]
) -> Iterator[Segment]:
    removed = added = ""
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag != "equal":
            removed += "".join(map("".join, old[start:end]))
            added += "".join(map("".join, new[other_start:other_end]))
            continue
        for token, other in zip(old[start:end], new[other_start:other_end], strict=True):
            if token.blank != other.blank:
                removed, added = removed + token.blank, added + other.blank
            yield from _closed(removed, added)
            removed = added = ""
            yield Segment("same", token.word if token.blank != other.blank else token.blank + token.word)
    yield from _closed(removed, added)


def _closed(removed: str, added: str) -> Iterator[Segment]:
    """The change, with the blanks in which both of its sides begin given back to what stayed."""
    pairs = zip(removed, added, strict=False)
    blank = "".join(
        one for one, _ in itertools.takewhile(lambda pair: pair[0] == pair[1] and pair[0].isspace(), pairs)
    )
    removed, added = removed[len(blank) :], added[len(blank) :]
    yield from (Segment("same", blank), Segment("removed", removed), Segment("added", added))


def _merged(steps: Iterator[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind as one, and none that is empty."""
    told = (step for step in steps if step.text)
    for kind, parts in itertools.groupby(told, key=lambda step: step.kind):
        yield Segment(kind, "".join(part.text for part in parts))


def _replaced(before: str, after: str) -> tuple[Segment, ...]:
    return tuple(part for part in (Segment("removed", before), Segment("added", after)) if part.text)


def _facts_of(item: Item) -> Iterator[tuple[Path, Json]]:
    fields = {name: value for name, value in native(item).items() if name not in _UNCOMPARED}
    yield from _facts(fields, ())
    yield ("language",), item.language


def _facts(value: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield from _facts(held, (*path, str(name)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _entries(value, path)
    elif value is not None and value != "":
        yield path, _shown(value)


def _entries(values: Sequence[Json], path: Path) -> Iterator[tuple[Path, Json]]:
    if not any(isinstance(value, Mapping) for value in values):
        if values:
            yield path, "; ".join(str(value) for value in values)
        return
    names = [_name(value, place) for place, value in enumerate(values, start=1)]
    if any(isinstance(value, Mapping) and "id" in value for value in values):
        yield (*path, _ORDER), ", ".join(names)
    for name, value in zip(names, values, strict=True):
        bare = (
            {key: held for key, held in value.items() if key not in _NAMES}
            if isinstance(value, Mapping)
            else value
        )
        yield from _facts(bare, (*path, name))


def _name(value: Json, place: int) -> str:
    if isinstance(value, Mapping):
        return next((str(value[name]) for name in _NAMES if value.get(name)), str(place))
    return str(place)


def _shown(value: Json) -> Json:
    """A picture goes by a mark of its bytes, so that another picture is a change that can be read."""
    if not isinstance(value, str):
        return value
    return pictures.IMAGE.sub(
        lambda found: f"[{found[1]} {pictures.Picture(found[2], found[3]).name}]", value
    )


def _in_order(old: list[Path], new: list[Path]) -> list[Path]:
    """The paths of both: the new ones in their order, each lost one after that which it followed."""
    merged = list(new)
    held = set(new)
    for place, path in enumerate(old):
        if path in held:
            continue
        before = next((other for other in reversed(old[:place]) if other in held), None)
        merged.insert(merged.index(before) + 1 if before is not None else 0, path)
        held.add(path)
    return merged
