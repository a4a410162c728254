# SPDX-License-Identifier: Apache-2.0
"""Canonical bytes: one spelling, refused otherwise."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.verify.canonical import (
    LARGEST_WHOLE,
    CanonicalError,
    canonical_bytes,
    canonical_loads,
    canonical_object,
    sha256_of,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.text("abcÀđ_ 1\U0001f600", max_size=6)  # no two of these become one in NFC
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_WHOLE, LARGEST_WHOLE) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("content", "spelling"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"é": "e\u0301"}, '{"é":"é"}'),
        ('\u2028 \x7f / \x01\n"\\', '"\u2028 \x7f / \\u0001\\n\\"\\\\"'),
        ({"_": "s", "Z": 0, "a": 0}, '{"Z":0,"_":"s","a":0}'),
        (("x",), '["x"]'),
    ],
)
def test_content_has_one_spelling(content: object, spelling: str) -> None:
    assert canonical_bytes(content) == spelling.encode()


@given(VALUES)
def test_what_is_written_reads_back_to_the_same_bytes(content: object) -> None:
    written = canonical_bytes(content)
    assert canonical_bytes(canonical_loads(written)) == written


@pytest.mark.parametrize(
    "content", [1.0, float("nan"), Decimal(1), b"x", {1: 2}, "\ud800", 2**53, {"é": 1, "e\u0301": 2}]
)
def test_content_without_a_canonical_form_is_refused(content: object) -> None:
    with pytest.raises(CanonicalError):
        canonical_bytes({"a": [content]} if not isinstance(content, dict) else content)


@pytest.mark.parametrize(
    "spelling",
    [
        '{"a": 1}',
        '{"b":1,"a":1}',
        '{"a":1,"a":1}',
        "1.0",
        "1e2",
        "NaN",
        '"\\u0061"',
        '"e\u0301"',
        "[1,]",
        "",
        "01",
        '{"a":1}\n',
        "-0",
        "9007199254740992",
        "[" * 5000,
    ],
)
def test_another_spelling_is_refused(spelling: str) -> None:
    with pytest.raises(CanonicalError):
        canonical_loads(spelling.encode())


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(CanonicalError):
        canonical_loads(b'"\xff"')


def test_the_path_of_what_has_no_form_is_named() -> None:
    with pytest.raises(CanonicalError) as caught:
        canonical_bytes({"parts": [{"mark": 1.5}]})
    assert caught.value.path == "parts[0].mark"


def test_the_schema_is_the_first_key_of_a_log_object() -> None:
    assert canonical_object("s/1", type="x", seq=1) == b'{"_":"s/1","seq":1,"type":"x"}'
    with pytest.raises(CanonicalError):
        canonical_object("s/1", Upper="x")


def test_a_hash_names_its_function() -> None:
    assert sha256_of({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
