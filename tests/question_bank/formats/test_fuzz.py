# SPDX-License-Identifier: Apache-2.0
"""Damaged files of every format are read or refused, and never break a reader (T27, scripted fuzzing).

``./dev fuzz 100000`` tries that many files of each kind instead of the everyday few.
"""

import io
import os
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import formats
from tests.question_bank import strategies
from tests.question_bank.builders import read_raw
from tests.question_bank.formats.qti_files import a_package, an_item, rules

TRIES = int(os.environ.get("EXAM_PORTAL_FUZZ", "60"))
PIECES = [
    b"{", b"}", b"\\", b"=", b"~", b"#", b"####", b"->", b"::", b"\n", b"\n\n", b"//", b"$CATEGORY:", b"%50%",
    b"[html]", b"{1:SA:", b"<", b">", b"<![CDATA[", b"]]>", b"&amp;", b"&#0;", b"<text>", b"</question>",
    b"A) ", b"ANSWER: ", b"\xff", b"\x00", b"\xef\xbb\xbf", b"<b>", b"<table>", b"<script>",
    b'fraction="1e9"', b"&lt;img src=x onerror=y&gt;",
]  # fmt: skip
CUTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.sampled_from(PIECES)), max_size=8)


@pytest.mark.parametrize("format", [name for name in formats.WRITTEN if name not in {"native", "docx"}])
@settings(max_examples=TRIES)
@given(strategies.items(), CUTS)
def test_a_damaged_file_is_read_or_refused(
    format: str, raw: strategies.Raw, cuts: list[tuple[float, int, bytes]]
) -> None:
    held = formats.holding(read_raw(raw).items, format)
    content = formats.write(held.items, format)
    for place, length, piece in cuts:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + length :]
    result = formats.read(content, format)
    assert all(problem.line >= 1 and problem.code for problem in result.problems)
    assert formats.read(formats.write(result.items, "native"), "native").items == result.items


@pytest.mark.parametrize("format", ["xlsx", "docx", "qti22", "qti30"])
@settings(max_examples=TRIES)
@given(strategies.items(), st.integers(0, 99), CUTS)
def test_a_package_with_a_damaged_part_is_read_or_refused(
    format: str, raw: strategies.Raw, part: int, cuts: list[tuple[float, int, bytes]]
) -> None:
    held = formats.holding(read_raw(raw).items, format)
    content = formats.write(held.items, format)
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    name = sorted(parts)[part % len(parts)]
    for place, length, piece in cuts:
        at = int(place * len(parts[name]))
        parts[name] = parts[name][:at] + piece + parts[name][at + length :]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for each, inside in parts.items():
            made.writestr(each, inside)
    result = formats.read(written.getvalue(), format)
    assert all(problem.line >= 1 and problem.code for problem in result.problems)
    assert formats.read(formats.write(result.items, "native"), "native").items == result.items


WHOLE = (
    an_item(rules("match_correct")),
    a_package({"1.xml": an_item(id="Q1"), "m/2.xml": an_item(rules("map_response"), id="Q2")}),
)


@pytest.mark.parametrize("content", WHOLE, ids=["item", "package"])
@settings(max_examples=TRIES)
@given(cuts=CUTS)
def test_a_damaged_file_of_qti_is_read_or_refused(
    content: bytes, cuts: list[tuple[float, int, bytes]]
) -> None:
    for place, length, piece in cuts:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + length :]
    result = formats.read(content, "qti22")
    assert all(problem.line >= 1 and problem.code for problem in result.problems)
    assert formats.read(formats.write(result.items, "native"), "native").items == result.items
