# SPDX-License-Identifier: Apache-2.0
"""Enemies: items that never stand in one form, because one gives the other's answer away or asks the same.

An item says so itself, by a tag that begins with ``enemies:``. All items that carry the same such tag are a
group, of which a form holds one at most. A tag travels with the item through every format that has tags, is
part of what its reviewers approved, and needs no other item to exist.
"""

from collections.abc import Iterable, Mapping

from question_bank.item import Item
from question_bank.text import comparison_key

PREFIX = "enemies:"


def names(item: Item) -> frozenset[str]:
    """The groups that the item belongs to, as they are compared: in one case, without the prefix."""
    return names_in(item.tags)


def names_in(tags: Iterable[str]) -> frozenset[str]:
    """The groups that an item with these tags belongs to."""
    own = (tag.strip()[len(PREFIX) :] for tag in tags if is_group(tag))
    return frozenset(filter(None, map(comparison_key, own)))


def is_group(tag: str) -> bool:
    """Whether the tag names a group of enemies."""
    return tag.strip().lower().startswith(PREFIX)


def groups(items: Iterable[Item]) -> Mapping[str, tuple[str, ...]]:
    """The ids of each group by its name; a group of one item forbids nothing and is left out."""
    found: dict[str, set[str]] = {}
    for item in items:
        for name in names(item):
            found.setdefault(name, set()).add(item.id)
    return {name: tuple(sorted(ids)) for name, ids in sorted(found.items()) if len(ids) > 1}
