# SPDX-License-Identifier: Apache-2.0
"""What the demonstration is made of: people, authorities and posts, read from its content files."""

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
ITEMS = CONTENT / "items.json"
ESSAYS = CONTENT / "essays.json"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody invented."""

    name: str
    gender: str
    born: int
    post: str
    unit: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An organisation with the units below it, each by key."""

    key: str
    parent: str | None
    name: Mapping[str, str]
    units: Mapping[str, Mapping[str, str]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post with what it asks."""

    key: str
    organisation: str
    unit: str
    level: str
    title: Mapping[str, str]
    places: int
    criteria: Sequence[Mapping[str, Any]]


@functools.cache
def people() -> Sequence[Person]:
    """Return the people in the order of the file: applicants are taken from its front, staff from its end."""
    return tuple(Person(**person) for person in _read("people.json")["people"])


@functools.cache
def authorities() -> Sequence[Authority]:
    """Return the authorities, those above before those below."""
    return tuple(
        Authority(
            key=found["key"],
            parent=found["parent"],
            name=found["name"],
            units={unit["key"]: unit["name"] for unit in found["units"]},
        )
        for found in _read("posts.json")["organisations"]
    )


@functools.cache
def posts() -> Mapping[str, Post]:
    """Return the posts by key."""
    return {found["key"]: Post(**found) for found in _read("posts.json")["posts"]}


def unit_of(post: Post) -> str:
    """Return the name of the unit to which a post belongs."""
    units = next(found.units for found in authorities() if found.key == post.organisation)
    return units[post.unit]["vi"]


def _read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))
