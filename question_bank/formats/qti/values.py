# SPDX-License-Identifier: Apache-2.0
"""Values of QTI variables, exact: numbers are fractions, NULL is None."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from question_bank.json_values import Json, decimal_of, decimal_text

MOST_DIGITS = 4_000  # bits of a number that is still reckoned with
NUMBERS = frozenset({"float", "integer", "duration"})
PAIRS = frozenset({"pair", "directedPair"})

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_DURATION = re.compile(
    r"P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6}(?:\.[0-9]{1,9})?)S)?)?"
)
_SECONDS = (86_400, 3_600, 60, 1)

Single: TypeAlias = str | bool | Fraction | tuple[str, str] | tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Many:
    """A container; every expression takes an empty one for NULL."""

    values: tuple[Single, ...]
    is_ordered: bool = False


Value: TypeAlias = "Single | Many | Mapping[str, Value] | None"


def many(values: tuple[Single, ...], *, is_ordered: bool) -> Many | None:
    """The container, or NULL where it would be empty."""
    return Many(values, is_ordered) if values else None


def single(base_type: str, spelt: str) -> Single | None:
    """The value these characters spell, or None for what is none of the type."""
    bare = spelt.strip()
    if base_type in {"float", "integer"}:
        return number(bare)
    if base_type == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(bare.lower())
    if base_type in PAIRS:
        words = bare.split()
        return _pair(base_type, words[0], words[1]) if len(words) == 2 else None
    if base_type == "point":
        found = [number(word) for word in bare.split()]
        return (
            (found[0], found[1])
            if len(found) == 2 and found[0] is not None and found[1] is not None
            else None
        )
    if base_type == "duration":
        return _duration(bare)
    return (spelt if base_type == "string" else bare) or None


def number(spelt: str) -> Fraction | None:
    """The number, with a point or a comma before its decimals, or None."""
    bare = spelt.strip()
    return Fraction(Decimal(bare.replace(",", "."))) if _NUMBER.fullmatch(bare) else None


def of_json(base_type: str, cardinality: str, given: Json) -> Value:
    """A response as a candidate's program sends it."""
    if isinstance(given, Mapping):
        return {str(key): _loose(entry) for key, entry in given.items()} or None
    if cardinality in {"multiple", "ordered"}:
        entries = given if isinstance(given, list | tuple) else [given]
        if base_type in PAIRS and len(entries) == 2 and all(_is_word(entry) for entry in entries):
            entries = [entries]
        if given is not None and not entries:
            return Many((), cardinality == "ordered")  # answered with nothing, and printed as such
        found = tuple(value for entry in entries if (value := _one(base_type, entry)) is not None)
        return many(found, is_ordered=cardinality == "ordered")
    if isinstance(given, list | tuple) and len(given) == 1 and base_type != "point":
        given = given[0]
    return _one(base_type, given)


def as_json(value: Value) -> Json:
    """The value as it is printed: numbers as decimals in quotes."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Fraction):
        return decimal_text(decimal_of(value))
    if isinstance(value, Many):
        return [as_json(entry) for entry in value.values]
    if isinstance(value, Mapping):
        return {key: as_json(entry) for key, entry in value.items()}
    return " ".join(str(as_json(part)) for part in value)


def entries(value: Value) -> tuple[Single, ...]:
    """The members of a container, or the one value; none for NULL."""
    if value is None or isinstance(value, Mapping):
        return ()
    return value.values if isinstance(value, Many) else (value,)


def _one(base_type: str, given: Json) -> Single | None:
    if isinstance(given, bool):
        return given if base_type == "boolean" else single(base_type, str(given).lower())
    if isinstance(given, list | tuple):
        return single(base_type, " ".join(str(entry) for entry in given))
    return None if given is None or isinstance(given, Mapping) else single(base_type, str(given))


def _loose(given: Json) -> Value:
    """The field of a record, whose type nobody declares."""
    if isinstance(given, bool):
        return given
    return None if given is None else number(str(given)) or str(given)


def _is_word(entry: Json) -> bool:
    return isinstance(entry, str) and len(entry.split()) == 1


def _pair(base_type: str, first: str, second: str) -> tuple[str, str]:
    return (second, first) if base_type == "pair" and second < first else (first, second)


def _duration(spelt: str) -> Fraction | None:
    """The seconds of a duration, which is spelt as ISO 8601 or as plain seconds."""
    found = _DURATION.fullmatch(spelt)
    if found is None or not any(found.groups()):
        return number(spelt)
    parts = zip(found.groups(), _SECONDS, strict=True)
    return sum((Fraction(part) * worth for part, worth in parts if part), Fraction(0))
