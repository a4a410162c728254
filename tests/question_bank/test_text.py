# SPDX-License-Identifier: Apache-2.0
"""Vietnamese text is compared, searched and counted as people would."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import text


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà bình", "Hòa  bình"), ("thuỷ", "thủy"), ("UỶ QUYỀN", "ủy quyền"), ("khoẻ", "khỏe"), ("quý", "qúy")],
)
def test_the_place_of_the_tone_mark_makes_no_other_word(one: str, other: str) -> None:
    assert text.comparison_key(one) == text.comparison_key(other)


@pytest.mark.parametrize(("one", "other"), [("hòa", "hỏa"), ("của", "cùa"), ("đa", "da"), ("mã", "mả")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert text.comparison_key(one) != text.comparison_key(other)


def test_search_finds_words_typed_without_marks() -> None:
    assert text.search_key("Luật Đầu tư công, Điều 5") == "luat dau tu cong dieu 5"


def test_words_are_counted_as_written_apart() -> None:
    assert text.count_words("Ủy ban nhân dân — tỉnh,\n Sở  Nội vụ") == 8


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_keys_do_not_depend_on_how_characters_were_composed(typed: str) -> None:
    for form in (unicodedata.normalize("NFC", typed), unicodedata.normalize("NFD", typed)):
        assert text.comparison_key(form) == text.comparison_key(typed)
        assert text.search_key(form) == text.search_key(typed)
    assert unicodedata.is_normalized("NFC", text.comparison_key(typed))
    assert text.stored(text.stored(typed)) == text.stored(typed)
