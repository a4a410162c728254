# SPDX-License-Identifier: Apache-2.0
"""What is read is written back equal; a file is taken whole or not at all."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import formats
from question_bank.formats import native
from question_bank.item import content_hash
from tests.question_bank import builders, strategies
from tests.question_bank.builders import an_item, item_file, raw_item, read_raw


@given(strategies.items())
def test_an_item_read_and_written_is_read_again_as_the_same_item(raw: strategies.Raw) -> None:
    first = read_raw(raw)
    assert first.errors == ()
    again = formats.read(formats.write(first.items))
    assert again.items == first.items
    assert [content_hash(item) for item in again.items] == [content_hash(item) for item in first.items]


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_the_reader_fall_over(content: bytes) -> None:
    for name in (None, *formats.FORMATS):
        result = formats.read(content, name)
        assert result.items or result.problems
        assert all(problem.line >= 1 for problem in result.problems)
    assert formats.read(content, "native").items == ()


@given(strategies.items(), st.data())
def test_a_file_with_one_byte_changed_is_read_or_refused_but_never_breaks(
    raw: strategies.Raw, data: st.DataObject
) -> None:
    content = bytearray(item_file(raw))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    result = formats.read(bytes(content), "native")
    assert all(problem.line >= 1 for problem in result.problems)


@pytest.mark.skipif(not builders.REAL_ITEMS.exists(), reason="the shared item file is not on this machine")
def test_the_real_items_of_the_public_service_are_read_without_error() -> None:
    result = formats.read(builders.REAL_ITEMS)
    document = json.loads(builders.REAL_ITEMS.read_text(encoding="utf-8"))
    assert (len(result.items), result.refused, result.errors) == (221, 0, ())
    assert json.loads(formats.write(result.items)) == document


@pytest.mark.skipif(not builders.REAL_ITEMS.exists(), reason="the shared item file is not on this machine")
def test_the_warning_finds_exactly_the_real_options_that_name_places() -> None:
    document = json.loads(builders.REAL_ITEMS.read_text(encoding="utf-8"))
    marked = {
        item["id"] for item in document["items"] if any(option.get("fixed") for option in item["options"])
    }
    result = formats.read(builders.REAL_ITEMS)
    assert {problem.item for problem in result.warnings} == marked
    assert all(not item.shuffle for item in result.items if item.id in marked)


def test_the_report_has_the_published_shape() -> None:
    result = read_raw(raw_item(), raw_item(id="Q-2", marks=2))
    assert result.report() == {
        "schema": "exam-portal/import-report/1",
        "read": 1,
        "refused": 1,
        "warnings": 0,
        "problems": [
            {
                "severity": "error",
                "file": "items.json",
                "line": 3,
                "item": "Q-2",
                "code": "number_not_text",
                "message": 'items[1].marks: A number stands in quotes here, such as "0.5".',
            }
        ],
    }
    assert not result.complete


def test_a_path_gives_the_same_as_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "cau-hoi.json"
    path.write_bytes(item_file(raw_item()))
    assert formats.read(path).items == formats.read(path.read_bytes()).items
    path.write_bytes(b"{")
    assert formats.read(path).problems[0].file == "cau-hoi.json"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert formats.read(b"\xef\xbb\xbf" + item_file(raw_item())).complete


def test_an_unknown_format_is_refused_by_name() -> None:
    result = formats.read(item_file(raw_item()), "word_perfect")
    assert result.problems[0].code == "unknown_format"
    assert "word_perfect" in result.problems[0].message
    with pytest.raises(formats.UnknownFormat, match="word_perfect"):
        formats.write((), "word_perfect")


def test_content_that_no_format_knows_is_refused() -> None:
    assert formats.read(b"1. A question?\nA) yes").problems[0].code == "unrecognised_format"


def test_a_file_over_the_bound_is_refused_before_it_is_parsed() -> None:
    result = formats.read(b"[" * (formats.MOST_BYTES + 1))
    assert [problem.code for problem in result.problems] == ["too_large"]


def test_text_is_stored_composed_and_hashed_alike_however_it_was_typed() -> None:
    composed, decomposed = an_item(stem="Nhiệm kỳ"), an_item(stem=unicodedata.normalize("NFD", "Nhiệm kỳ"))
    assert composed == decomposed
    assert content_hash(composed) == content_hash(decomposed)


def test_another_language_is_another_content() -> None:
    vietnamese = formats.read(item_file(raw_item())).items[0]
    english = formats.read(item_file(raw_item(), language="en")).items[0]
    assert content_hash(vietnamese) != content_hash(english)
    with pytest.raises(native.MixedLanguages):
        formats.write((vietnamese, english))


def test_two_versions_of_one_item_may_stand_in_a_file() -> None:
    assert read_raw(raw_item(), raw_item(version=2)).complete
