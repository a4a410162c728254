# SPDX-License-Identifier: Apache-2.0
"""A table is read to its end: each mistake is kept with its path, and yields a value that does no harm."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scoring.reading import Problem, Table, UnusableInput, read_json


def table(content: object, path: str = "") -> Table:
    return Table(content, path, [])


def mistakes(read: Table) -> list[tuple[str, str]]:
    return [(each.path, each.message) for each in read.problems]


def test_broken_json_is_refused_with_its_place() -> None:
    with pytest.raises(UnusableInput) as refused:
        read_json('{"a": 1,\n "b" 2}', "marks.json")
    message = "not JSON: Expecting ':' delimiter"
    assert refused.value.pairs == (("line 2, column 6", message),)
    assert str(refused.value) == f"marks.json: line 2, column 6: {message}"


def test_json_that_is_too_deep_is_refused_as_a_whole() -> None:
    with pytest.raises(UnusableInput) as refused:
        read_json("[" * 100_000, "marks.json")
    ((path, message),) = refused.value.pairs
    assert path == "document"
    assert message.startswith("not JSON: maximum recursion depth")


def test_a_mistake_of_the_whole_document_names_the_document() -> None:
    assert mistakes(table([1])) == [("document", "must be a table (an object), not a list")]


@pytest.mark.parametrize(("path", "found"), [("", "a"), ("parts[0]", "parts[0].a")])
def test_a_path_has_a_point_only_between_two_names(path: str, found: str) -> None:
    assert table({}, path).at("a") == found
    assert table({}, "parts[0]").at("") == "parts[0]"


def test_what_is_taken_as_it_stands_is_known() -> None:
    read = table({"a": [1, None], "b": 2})
    assert (read.raw("a"), read.raw("b"), read.raw("c")) == ([1, None], 2, None)
    read.close()
    assert mistakes(read) == []


def test_what_nobody_asks_for_is_a_mistake() -> None:
    read = table({"a": 1, "b": 2})
    read.raw("a")
    read.close()
    assert mistakes(read) == [("b", "is not a known key")]


@pytest.mark.parametrize(
    ("content", "read", "harmless"),
    [
        ({}, lambda each: each.text("a"), ""),
        ({"a": 1}, lambda each: each.text("a"), ""),
        ({}, lambda each: each.texts("a"), ()),
        ({"a": "x"}, lambda each: each.texts("a"), ()),
        ({"a": ["x", ""]}, lambda each: each.texts("a"), ()),
        ({}, lambda each: each.whole("a", least=3), 3),
        ({"a": True}, lambda each: each.whole("a", least=3), 3),
        ({"a": 9}, lambda each: each.whole("a", least=3, most=8), 3),
        ({}, lambda each: each.decimal("a"), Decimal(0)),
        ({"a": 1.5}, lambda each: each.decimal("a"), Decimal(0)),
        ({"a": "-1"}, lambda each: each.decimal("a"), Decimal(0)),
        ({"a": "8.1"}, lambda each: each.decimal("a", most=Decimal(8)), Decimal(0)),
        ({"a": 1}, lambda each: each.flag("a", default=True), True),
        ({"a": "no"}, lambda each: each.flag("a", default=False), False),
        ({}, lambda each: each.tables("a", required=True), []),
        ({"a": "x"}, lambda each: each.tables("a"), []),
    ],
)
def test_a_mistake_yields_a_value_that_does_no_harm(content: object, read: Any, harmless: object) -> None:
    asked = table(content)
    value = read(asked)
    assert (value, type(value)) == (harmless, type(harmless))
    assert [each.path for each in asked.problems] == ["a"]


@pytest.mark.parametrize(("written", "read"), [("0", "0"), ("-0", "0"), ("0.5", "0.5"), ("8", "8")])
def test_a_decimal_may_lie_on_both_its_bounds(written: str, read: str) -> None:
    asked = table({"a": written})
    assert str(asked.decimal("a", most=Decimal(8))) == read
    assert mistakes(asked) == []


def test_a_bound_below_one_is_named_as_what_it_is() -> None:
    asked = table({"a": "0.7"})
    asked.decimal("a", most=Decimal("0.5"))
    assert mistakes(asked) == [("a", "may not be above 0.5, but is 0.7")]


def test_a_default_is_not_held_against_a_bound_that_is_for_what_is_given() -> None:
    asked = table({})
    assert asked.decimal("a", "10", most=Decimal(8)) == Decimal(10)
    assert asked.problems == []


def test_a_problem_is_a_path_and_words() -> None:
    read = table({}, "parts[1]")
    read.problem("max", "is wrong")
    assert read.problems == [Problem(path="parts[1].max", message="is wrong")]
