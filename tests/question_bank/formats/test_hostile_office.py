# SPDX-License-Identifier: Apache-2.0
"""Office files from strangers (T27, T28, T33): no entity, no socket, bounded time and memory."""

import io
import resource
import socket
import zipfile
from typing import Any

import pytest

from question_bank import formats
from question_bank.formats import ReadResult
from tests.harness.pace import Stopwatch

SECONDS = 10
MEMORY = 256 * 1024 * 1024
BOOK = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>'
)
HEAD = ("Câu hỏi", "Đáp án A", "Đáp án B", "Đáp án đúng")
ENTITY = (
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'
)


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails the test."""

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)


def read(content: bytes, format: str | None = None) -> ReadResult:
    """What reading gives, within the bounds of time and memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with Stopwatch() as watch:
        result = formats.read(content, format)
    assert watch.seconds < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before < MEMORY
    return result


def a_workbook(rows: str, **parts: str) -> bytes:
    """A workbook written by hand."""
    written = io.BytesIO()
    usual = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/s.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**usual, **parts}.items():
            archive.writestr(name, content)
    return written.getvalue()


def a_row(*cells: str) -> str:
    """A row of texts."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


GOOD = a_row(*HEAD) + a_row("Câu?", "Một", "Hai", "A")


def test_a_workbook_written_by_hand_is_read() -> None:
    assert len(read(a_workbook(GOOD)).items) == 1


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/s.xml"])
def test_t27_a_part_that_declares_a_document_type_is_refused(part: str) -> None:
    contents = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/s.xml": "<worksheet/>",
    }
    result = read(a_workbook(GOOD, **{part: ENTITY + contents[part]}))
    assert (result.items, result.errors[0].code) == ((), "document_type")


def test_t27_deep_nesting_in_a_workbook_is_refused() -> None:
    assert read(a_workbook("<row>" * 100_000)).errors[0].code in {"too_deep", "not_xml"}


def test_t28_a_workbook_that_unpacks_without_end_is_refused() -> None:
    result = read(a_workbook(GOOD + f"<!-- {' ' * 40_000_000} -->"))
    assert (result.items, result.errors[0].code) == ((), "too_large")


def test_t28_one_cell_in_the_last_corner_of_a_sheet_costs_nothing() -> None:
    corner = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    result = read(a_workbook(GOOD + corner))
    assert [error.code for error in result.errors] == ["too_many"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (a_row(*HEAD) + "<row><c><v>1</v></c></row>" * 700_000, "too_many"),
        (a_row(*HEAD) + a_row("x" * 50_000), "too_many"),
        (a_row(*HEAD) + a_row("Câu?", "Một", "Hai", "A") * 15_001, "too_many"),
    ],
    ids=["rows", "cell", "questions"],
)
def test_t28_a_workbook_has_bounds(rows: str, code: str) -> None:
    assert [error.code for error in read(a_workbook(rows)).errors][-1:] == [code]


def a_document(body: str) -> bytes:
    """A Word file written by hand."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
    return written.getvalue()


def a_text(*paragraphs: str) -> str:
    """A document with these paragraphs."""
    inside = "".join(f"<p><r><t>{text}</t></r></p>" for text in paragraphs)
    return f"<document><body>{inside}</body></document>"


HOSTILE = {
    "entity": (ENTITY + a_text("Câu 1. &e;"), {"document_type"}),
    "nested": ("<document><body>" + "<p><r>" * 100_000, {"too_deep", "not_xml"}),
    "tables": (
        "<document><body>" + "<tbl><tr><tc>" * 60 + "</tc></tr></tbl>" * 60 + "</body></document>",
        {"too_many"},
    ),
    "bomb": (a_text("Câu 1. x", " " * 40_000_000), {"too_large"}),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_t27_a_hostile_word_file_is_refused(how: str) -> None:
    body, codes = HOSTILE[how]
    result = read(a_document(body))
    assert (result.items, {error.code for error in result.errors} <= codes, bool(result.errors)) == (
        (),
        True,
        True,
    )


SLOW = [
    " " * 30_000 + "x", "A. " * 10_000, " A" * 15_000, "&lt;b&gt;" * 7_000, ";" * 30_000, "câu " * 8_000,
    "(A" * 9_000, "\n" * 30_000, "1=" * 15_000, "*" * 30_000, "C©u " * 7_000, "aâ" * 15_000,
]  # fmt: skip


@pytest.mark.parametrize("place", range(4))
def test_t33_no_text_makes_a_pattern_slow(place: int) -> None:
    for text in SLOW:
        cells = ["Câu?", "Một", "Hai", "A"]
        cells[place] = text
        with Stopwatch() as watch:
            read(a_workbook(a_row(*HEAD) + a_row(*cells)))
            read(a_workbook(a_row(text, *HEAD[1:]) + a_row(*cells)))
            read(
                a_document(
                    a_text("Câu 1. Một?", "A. a", "B. b", text, f"Câu 2. {text}", f"A. {text}", "Đáp án: B")
                )
            )
        assert watch.seconds < 4, text[:10]


def test_a_file_that_is_cut_anywhere_is_refused_and_breaks_nothing() -> None:
    whole = a_workbook(GOOD)
    for place in range(0, len(whole), 11):
        for broken in (whole[:place], whole[:place] + b"\xff\x00\x81" + whole[place + 3 :]):
            result = formats.read(broken, "xlsx")
            assert result.errors or len(result.items) <= 1
