# SPDX-License-Identifier: Apache-2.0
"""What a format holds comes back equal; what it cannot hold is refused or named."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import formats
from question_bank.formats import CannotHold
from tests.question_bank import strategies
from tests.question_bank.builders import KINDS, an_item, options, raw_item, read_raw
from tests.question_bank.formats import held as held_items

FOREIGN = [name for name in formats.WRITTEN if name != "native"]
QUICK = [name for name in FOREIGN if name != "docx"]  # a Word file costs ten times the others
SHEETS = {
    "single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "essay", "description",
}  # fmt: skip
HELD = {
    "aiken": {"single_choice"},
    "gift": {
        "single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "matching", "ordering",
        "essay", "description",
    },
    "moodle_xml": set(KINDS) - {"case_study"},
    "xlsx": SHEETS,
    "csv": SHEETS,
    "docx": {"single_choice", "essay", "true_false"},
    "qti22": set(KINDS),
    "qti30": set(KINDS),
}  # fmt: skip


@pytest.mark.parametrize("format", QUICK)
@settings(max_examples=60)
@given(st.lists(strategies.items(), min_size=1, max_size=3, unique_by=lambda raw: raw["id"]))
def test_what_is_held_without_a_warning_is_read_again_as_the_same_items(
    format: str, raw: list[strategies.Raw]
) -> None:
    held = formats.holding(read_raw(*raw).items, format)
    named = {problem.item for problem in held.problems}
    whole = tuple(item for item in held.items if item.id not in named)
    assert formats.read(formats.write(whole, format), format).items == whole


@pytest.mark.parametrize("format", QUICK)
@settings(max_examples=60)
@given(st.lists(strategies.items(), min_size=1, max_size=3, unique_by=lambda raw: raw["id"]))
def test_what_was_read_from_the_format_is_written_and_read_as_the_same_items(
    format: str, raw: list[strategies.Raw]
) -> None:
    held = formats.holding(read_raw(*raw).items, format)
    first = formats.read(formats.write(held.items, format), format)
    assert len(first.items) == len(held.items)
    assert formats.holding(first.items, format).problems == ()
    assert formats.read(formats.write(first.items, format), format).items == first.items


@settings(max_examples=15, deadline=None)
@given(strategies.items())
def test_what_was_read_from_a_word_file_is_written_and_read_as_the_same_item(raw: strategies.Raw) -> None:
    held = formats.holding(read_raw(raw).items, "docx")
    first = formats.read(formats.write(held.items, "docx"), "docx")
    assert len(first.items) == len(held.items)
    assert formats.holding(first.items, "docx").errors == ()
    assert formats.read(formats.write(first.items, "docx"), "docx").items == first.items


@pytest.mark.parametrize("format", FOREIGN)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_held_or_refused_by_name(format: str, kind: str) -> None:
    item = an_item(kind, **PLAIN.get(kind, {}))
    held = formats.holding([item], format)
    assert bool(held.items) == (kind in HELD[format])
    if not held.items:
        assert held.errors[0].item == item.id
        with pytest.raises(CannotHold, match=item.id):
            formats.write([item], format)


def test_the_page_says_what_each_format_holds() -> None:
    assert held_items.table() in held_items.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("format", held_items.FOREIGN)
@pytest.mark.parametrize("name", held_items.EXAMPLES)
def test_every_kind_and_grading_comes_back_or_is_refused_by_name(format: str, name: str) -> None:
    item = held_items.EXAMPLES[name]
    held = formats.holding([item], format)
    if held.problems:
        assert all(problem.item == item.id and problem.code for problem in held.problems)
        return
    (back,) = formats.read(formats.write([item], format), format).items
    assert back == item


PLAIN: dict[str, dict[str, Any]] = {
    "essay": {"rubric": []},
    "case_study": {"stem": ""},
    "short_answer": {"answers": [{"text": "HĐND"}, {"text": "hội đồng*", "match": "pattern"}]},
    "gap_fill": {
        "stem": "Nhiệm kỳ [[g1]] năm.",
        "gaps": [{"id": "g1", "kind": "numeric", "answers": [{"value": "5"}]}],
    },
}


SURROUNDED: dict[str, Any] = {
    "level": "apply",
    "difficulty": "0.5",
    "source": {"article": "Điều 5 [id:x] [tag:y]", "valid_from": "2025-07-01"},
    "version": 3,
    "marks": "2.5",
    "shuffle": False,
    "positional_checked": True,
}


@pytest.mark.parametrize("format", ["gift", "moodle_xml", "xlsx", "csv", "qti22", "qti30"])
def test_what_surrounds_a_question_travels_in_a_line_of_its_own(format: str) -> None:
    fixed = options("1", "0", "0")
    fixed[2] |= {"id": "z", "fixed": True}
    items = (an_item(options=fixed, **SURROUNDED), replace(an_item("true_false"), language="en"))
    held = formats.holding(items, format)
    assert held.problems == ()
    assert formats.read(formats.write(items, format)).items == items


@pytest.mark.parametrize("format", ["gift", "moodle_xml"])
@pytest.mark.parametrize("line", ["{", "[]", '{"id": "X"}', '{"kind": "essay", "ids": ["a"], "fixed": 1}'])
def test_a_line_that_is_none_of_ours_changes_nothing(format: str, line: str) -> None:
    item = an_item(version=2)
    content = formats.write([item], format).decode().replace('{"version": 2}', line)
    assert formats.read(content.encode()).items == (replace(item, version=1),)


@pytest.mark.parametrize("format", ["gift", "moodle_xml"])
def test_such_a_line_obeys_the_rules_of_items(format: str) -> None:
    content = formats.write([an_item(version=2)], format).decode().replace('"version": 2', '"level": "dễ"')
    assert [error.code for error in formats.read(content.encode()).errors] == ["unknown_value"]


def test_what_surrounds_a_question_is_left_out_of_aiken_by_name() -> None:
    (warning,) = formats.holding([an_item(**SURROUNDED)], "aiken").problems
    assert (warning.severity, warning.code) == ("warning", "parts_left_out")
    assert {"version", "level", "difficulty", "source"} <= set(warning.detail.split(", "))


@pytest.mark.parametrize("format", FOREIGN)
def test_a_restricted_item_leaves_in_native_files_only(format: str) -> None:
    held = formats.holding([an_item(restricted=True)], format)
    assert (held.items, held.errors[0].code) == ((), "restricted_item")
    assert formats.holding([an_item(restricted=True)], "native").errors == ()


def test_a_file_is_written_whole_or_not_at_all() -> None:
    good, bad = read_raw(raw_item(id="Q1"), raw_item("case_study", id="Q2")).items
    with pytest.raises(CannotHold) as caught:
        formats.write([good, bad], "gift")
    assert [problem.item for problem in caught.value.problems] == ["Q2"]
    assert formats.holding([good, bad], "gift").items == (good,)


def test_a_formatted_stem_is_no_stem_for_aiken() -> None:
    held = formats.holding([an_item(stem="Điều **nào** đúng?", options=options("1", "0"))], "aiken")
    assert [problem.detail for problem in held.errors] == ["stem"]
