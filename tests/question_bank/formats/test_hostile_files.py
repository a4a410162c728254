# SPDX-License-Identifier: Apache-2.0
"""One list of tricks, tried on every format that strangers hand in (T26, T27, T28, T33).

Each file is read in a process of its own that has no socket, writes nothing, and may take 10 seconds of a
processor and 256 MB.
"""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
from markdown_it import MarkdownIt

from tests.question_bank.formats import isolation
from tests.question_bank.formats.qti_files import CHOICE, a_package, an_item
from tests.question_bank.formats.test_hostile_office import BOOK, HEAD, RELATIONS, a_row, a_text

ESSAY = (
    '<quiz><question type="essay"><questiontext format="html"><text>{}</text></questiontext>'
    "</question></quiz>"
)
ROWS = "<worksheet><sheetData>{}</sheetData></worksheet>"
PARTS: Mapping[str, Callable[[str], dict[str, str]]] = {
    "qti22": lambda document: {"q.xml": document},
    "xlsx": lambda document: {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/s.xml": document,
    },
    "docx": lambda document: {"word/document.xml": document},
}
DOCUMENTS: Mapping[str, Callable[[str], str]] = {
    "moodle_xml": ESSAY.format,
    "qti22": lambda text: an_item(body=f"<p>{text}</p>{CHOICE}").decode().partition("?>")[2],
    "xlsx": lambda text: ROWS.format(a_row(*HEAD) + a_row(f"Câu {text}", "Một", "Hai", "A")),
    "docx": lambda text: a_text(f"Câu 1. Một {text}", "A. a", "B. b", "Đáp án: A"),
}
FORMATS = tuple(DOCUMENTS)


def packed(format: str, document: str | bytes) -> bytes:
    """The file of the format that holds this document."""
    content = document if isinstance(document, bytes) else document.encode()
    if format == "moodle_xml":
        return content
    if format == "qti22":
        return a_package({"q.xml": content})
    return archive({name: part or content for name, part in PARTS[format]("").items()})


def archive(parts: Mapping[str, str | bytes], *links: zipfile.ZipInfo) -> bytes:
    """An archive with these parts and links."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        for link in links:
            made.writestr(link, "/etc/passwd")
    return written.getvalue()


def whole(format: str) -> bytes:
    """A harmless file of the format."""
    return packed(format, DOCUMENTS[format]("một"))


def test_what_the_tricks_are_played_on_is_read() -> None:
    found = isolation.read(*((format, whole(format)) for format in FORMATS))
    assert [(items, codes) for items, codes, _ in found] == [(1, [])] * len(FORMATS)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
TYPES = {
    "a file of this machine": '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "an address": '<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "a parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
    "multiplied": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY x "&l11;">]>',
    "an outside document type": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
}


@pytest.mark.parametrize("format", FORMATS)
def test_t27_no_entity_is_declared_fetched_or_expanded(format: str) -> None:
    files = [
        packed(format, f"{document_type}{DOCUMENTS[format]('&x;')}".encode(encoding))
        for document_type in TYPES.values()
        for encoding in ("utf-8", "utf-16")
    ]
    found = isolation.read(*((format, content) for content in files))
    assert [(items, codes) for items, codes, _ in found] == [(0, ["document_type"])] * len(files)


@pytest.mark.parametrize("format", FORMATS)
def test_t27_nesting_without_end_is_refused(format: str) -> None:
    document = DOCUMENTS[format]("CUT")
    files = [document.replace("CUT", "<b>" * depth + "</b>" * depth) for depth in (300, 100_000)]
    files += [document.partition("CUT")[0] + "<b>" * 200_000]
    found = isolation.read(*((format, packed(format, content)) for content in files))
    assert {items for items, _, _ in found} == {0}
    assert {code for _, codes, _ in found for code in codes} <= {"too_deep", "not_xml"}


@pytest.mark.parametrize("format", FORMATS)
def test_wrong_encodings_are_named_or_refused(format: str) -> None:
    document = DOCUMENTS[format]("luật")
    files = {
        "utf-7": f'<?xml version="1.0" encoding="utf-7"?>{document}'.encode(),
        "ebcdic": f'<?xml version="1.0" encoding="cp037"?>{document}'.encode("cp037", "replace"),
        "unsaid utf-16": document.encode("utf-16-le"),
        "half a sign": document.encode().replace("ậ".encode(), "ậ".encode()[:2]),
        "nul": document.replace("lu", "lu\0").encode(),
    }
    found = isolation.read(*((format, packed(format, content)) for content in files.values()))
    known = {"unknown_encoding", "not_text", "not_xml", "unrecognised_format", "unknown_root"}
    assert {code for _, codes, _ in found for code in codes} <= known
    assert [items for items, _, _ in found][:3] == [0, 0, 0]


@pytest.mark.parametrize("format", [format for format in FORMATS if format in PARTS])
def test_t28_archives_built_to_do_harm_are_refused(format: str) -> None:
    document = DOCUMENTS[format]("một")
    parts: dict[str, str | bytes] = {**PARTS[format](document)}
    link = zipfile.ZipInfo("media/x.png")
    link.external_attr = 0o120777 << 16
    good = archive(parts)
    bomb = document.replace("một", "một" + " " * 40_000_000)
    secret = bytearray(good)
    secret[secret.index(b"PK\x01\x02") + 8] |= 1
    harmful = [
        *(("unsafe_path", archive({**parts, name: b"x"})) for name in ("../../x", "/etc/x", "a\\..\\..\\x")),
        ("link_in_archive", archive(parts, link)),
        ("too_large", archive({**PARTS[format](bomb)})),
        ("too_many", archive({**parts, **{f"x{number}": b"" for number in range(6_000)}})),
        *(("not_archive", good[:end]) for end in (30, len(good) // 2, len(good) - 1)),
        ("encrypted_archive", bytes(secret)),
    ]
    found = isolation.read(*((format, content) for _, content in harmful))
    assert [(items, codes) for items, codes, _ in found] == [(0, [code]) for code, _ in harmful]


SCRIPTS = (
    "<script>alert(1)</script>", '<img src="x" onerror="alert(1)"/>', '<a href="javascript:alert(1)">x</a>',
    '<svg onload="alert(1)"/>', '<iframe src="javascript:alert(1)"></iframe>', "[x](javascript:alert(1))",
    '<a href="data:text/html,alert(1)">x</a>', "![x](javascript:alert(1))", '<b onclick="alert(1)">x</b>',
)  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_t26_no_script_of_a_text_reaches_a_page(format: str) -> None:
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in SCRIPTS]
    texts = [*SCRIPTS, *escaped] if format == "qti22" else escaped
    files = [(format, packed(format, DOCUMENTS[format](text))) for text in texts]
    shown = MarkdownIt("commonmark", {"html": False}).enable("table")
    for items, codes, stems in isolation.read(*files):
        assert items or codes
        page = "".join(shown.render(stem) for stem in stems).lower()
        assert not any(sign in page for sign in ("<script", "<svg", "<iframe", 'onclick="', "<img"))
        assert 'href="javascript' not in page
        assert 'href="data' not in page


def test_t33_the_costliest_texts_of_moodle_stay_within_bounds() -> None:
    units = {"<td>x</td>": 1, "<b>": 90, "<table><tr><td>": 22}
    files = []
    for opening, depth in units.items():
        closing = "".join(f"</{tag.split()[0].strip('>')}>" for tag in reversed(opening.split("<")[1:]))
        unit = opening * depth + "x" + closing * depth if "</" not in opening else opening
        text = f"<![CDATA[{unit * (490_000 // len(unit))}]]>"
        files.append("<quiz>" + ESSAY.format(text)[6:-7] * 30 + "</quiz>")
    option = '<answer fraction="{}" format="html"><text>&lt;b&gt;x{}&lt;/b&gt;</text></answer>'
    options = "".join(option.format(0 if number else 100, number) for number in range(20))
    question = f'<question type="multichoice"><questiontext><text>x</text></questiontext>{options}</question>'
    files.append(f"<quiz>{question * 9_000}</quiz>")
    found = isolation.read(*(("moodle_xml", content.encode()) for content in files))
    assert [codes[-1:] for _, codes, _ in found] == [["too_many"]] * len(files)
