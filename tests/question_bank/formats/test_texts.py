# SPDX-License-Identifier: Apache-2.0
"""Encodings, plain text and HTML: the words and marks of a text survive whatever program saved it."""

import contextlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from question_bank import formats
from question_bank.formats import markdown, texts
from question_bank.formats.intake import Notes, Unreadable
from question_bank.formats.texts import Source
from question_bank.text import stored

SHOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
SENTENCE = "Ủy ban nhân dân gồm những ai?"


def _gift(text: str, encoding: str) -> bytes:
    return f"{text}{{=Chủ tịch ~Thư ký}}".encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_spelling_of_unicode_gives_the_same_text(encoding: str) -> None:
    result = formats.read(_gift(SENTENCE, encoding))
    assert (result.items[0].stem, result.problems) == (SENTENCE, ())


@pytest.mark.parametrize(
    ("content", "page", "stem"),
    [
        (b"U\xd2y ban nh\xe2n d\xe2n g\xf4\xccm ai?{T}", "windows-1258", "Ủy ban nhân dân gồm ai?"),
        (b"Qu\xf4\xecc h\xf4\xf2i b\xe2\xccu ai?{T}", "windows-1258", "Quốc hội bầu ai?"),
        (
            "Qui élit le président à Hanoï?{T}".encode("cp1252"),
            "windows-1252",
            "Qui élit le président à Hanoï?",
        ),
    ],
)
def test_old_code_pages_are_guessed_and_named(content: bytes, page: str, stem: str) -> None:
    result = formats.read(content, "gift")
    assert [(warning.code, warning.detail) for warning in result.warnings] == [("legacy_encoding", page)]
    assert result.items[0].stem == stem


@pytest.mark.parametrize(
    "content", [b"\x00\x01{T}", b"\xff\xfeA", b"\x81\x8d{T}", b"a\x00{T}", b"\xe9\x02{T}"]
)
@pytest.mark.parametrize("format", ["gift", "aiken"])
def test_what_is_no_text_is_refused(content: bytes, format: str) -> None:
    result = formats.read(content, format)
    assert (result.items, result.errors[0].code) == ((), "not_text")


@given(st.text(st.sampled_from(list("ab1 \n*_`~[]()<>#+-.!|\\&;:=\"'đ")), max_size=40))
def test_plain_text_is_shown_exactly_as_it_was_typed(text: str) -> None:
    lines = [line.strip() for line in text.split("\n")]
    expected = re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip("\n")
    shown = SHOWN.render(markdown.from_plain(text)).replace("</p>\n<p>", "\n\n").replace("<br />\n", "\n")
    bare = re.sub(r"^<p>|</p>\n$", "", shown)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        bare = bare.replace(entity, char)
    assert " ".join(bare.split(" ")) == expected


HTML = [
    ("<p>Một <b>hai</b>, <i>ba</i> <u>bốn</u></p>", "Một **hai**, *ba* **bốn**"),
    ("b<u>ea</u>ch <b>h<u>ea</u>d</b>", "b**ea**ch **h*ea*d**"),
    ('<span style="text-decoration: underline;">ea</span>', "**ea**"),
    ('<ol start="3"><li>ba</li><li>bốn</li></ol>', "3. ba\n4. bốn"),
    ("a<b>(b)</b>c <strong> d </strong>e", "a(b)c  **d** e"),
    ("<h1>Tên</h1>x<hr>y<br>z", "## Tên\n\nx\n\n---\n\ny  \nz"),
    ("<ol><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ol>", "1. a\n\n   - b\n2. c\n\n   d"),
    (
        "<table><tr><th>A</th><th>B|C</th></tr><tr><td>1</td></tr></table>",
        "| A | B\\|C |\n| --- | --- |\n| 1 |  |",
    ),
    ("<table><tr><td>a<table><tr><td>b<td>c</table></table>", "| a b \\| c |\n| --- |"),
    ("<table><caption>Bảng <b>1</b></caption><tr><td>A</td></tr></table>", "Bảng **1**\n\n| A |\n| --- |"),
    ("<pre>a\n  b</pre><code>x*y*z</code>", "```\na\n  b\n```\n\n`x*y*z`"),
    ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
    ('<a href="https://vbpl.vn/x">luật</a> <a href="/y">z</a>', "[luật](https://vbpl.vn/x) z"),
    ("H<sub>2</sub>O, 10<sup>-3</sup>, x<sup>ab</sup>", "H₂O, 10⁻³, x^(ab)"),
    ("1 &lt; 2 &amp;amp; &nbsp;<!-- kín --><style>p{}</style>3", "1 < 2 \\&amp; 3"),
    ("", ""),
    ("<p></p>", ""),
]


@pytest.mark.parametrize(("html", "expected"), HTML)
def test_html_becomes_the_markdown_that_shows_the_same(html: str, expected: str) -> None:
    assert texts.stem(Source(html, "html", 1), Notes()) == expected


def test_t28_tables_in_tables_are_read_once_each() -> None:
    notes = Notes()
    nested = "<table><tr><td>x" * 80 + "</table>" * 80
    assert texts.stem(Source(nested, "html", 1), notes).count("x") == 80
    assert [note.code for note in notes.found] == ["table_simplified"]
    deeper = "<table><tr><td>x" * 90  # what the parser would leave out in silence
    with pytest.raises(Unreadable, match="nested deeper"):
        texts.stem(Source(deeper, "html", 1), Notes())


def test_an_option_is_plain_text_and_says_what_it_lost() -> None:
    notes = Notes()
    assert (
        texts.option(Source("<p>Cả <b>hai</b> *ý*<br>H<sub>2</sub></p>", "html", 4), notes)
        == "Cả hai *ý*\nH₂"
    )
    assert [(note.line, note.code) for note in notes.found] == [(4, "left_out")]


@given(st.text(max_size=200), st.sampled_from(["moodle", "html", "markdown", "plain"]))
def test_no_text_breaks_the_reader(text: str, format: texts.TextFormat) -> None:
    source = Source(stored(text), format, 1)
    for read in (texts.stem, texts.feedback, texts.option):
        with contextlib.suppress(Unreadable):
            read(source, Notes())


def test_an_underlined_part_or_a_count_that_cannot_be_kept_is_told() -> None:
    for source in ('<ol type="a"><li>một</li></ol>', "một<u>.</u>hai", "<u>một<br>hai</u>"):
        notes = Notes()
        texts.stem(Source(source, "html", 1), notes)
        assert [note.code for note in notes.found] == ["left_out"], source


@pytest.mark.parametrize("sign", ["\x0b", "\x0c"])
def test_a_break_of_a_word_processor_is_a_line_end(sign: str) -> None:
    content = f"STT;Câu hỏi;A;B;Đáp án\n1;Ai ký?{sign}Chọn một;Một;Hai;B\n"
    result = formats.read(content.encode(), name="de.csv")
    assert ([item.stem for item in result.items], result.problems) == (["Ai ký?  \nChọn một"], ())
    assert stored(f"a{sign}b") == "a\nb"


def test_a_text_with_a_control_character_is_refused_whatever_its_file() -> None:
    sheet = "STT;Câu hỏi;A;B;Đáp án\n1;Ai ký?;M\x01ột;Hai;B\n2;Ai đọc?;Một;Hai;A\n"
    native = json.dumps(
        {
            "schema": "exam-portal/items/1",
            "items": [{"id": "A", "kind": "true_false", "stem": "x\x1fy", "answer": True}],
        }
    )
    for content, read in ((sheet, 1), (native, 0), ("A\x01i?{T}", 0)):
        result = formats.read(content.encode())
        assert (len(result.items), [error.code for error in result.errors]) == (read, ["control_inside"])
