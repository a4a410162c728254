# SPDX-License-Identifier: Apache-2.0
"""XML from strangers (T27): no entity, no network, no file, no unbounded tree, in bounded time and memory."""

import resource
import socket
from pathlib import Path
from typing import Any

import pytest

from question_bank import formats
from question_bank.formats import ReadResult

MEMORY = 256 * 1024 * 1024
ITEM = '<question type="essay"><questiontext format="html"><text>{}</text></questiontext></question>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def read(content: str, encoding: str = "utf-8") -> ReadResult:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result = formats.read(content.encode(encoding), "moodle_xml")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before < MEMORY
    return result


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails the test."""

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)


def test_a_file_of_this_machine_is_not_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("CANARY")
    for how in (f'SYSTEM "file://{secret}"', f'PUBLIC "x" "{secret}"'):
        result = read(f"<!DOCTYPE quiz [<!ENTITY x {how}>]><quiz>{ITEM.format('&x;')}</quiz>")
        assert (result.items, result.errors[0].code) == ((), "document_type")
        assert "CANARY" not in str(result)


DOCUMENT_TYPES = [
    f'<!DOCTYPE quiz [<!ENTITY l0 "ha">{LAUGHS}]>',
    '<!DOCTYPE quiz [<!ENTITY a "' + "x" * 100_000 + '">]>',
    '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/x.dtd">',
    '<!DOCTYPE quiz [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
    '<!-- x --><?y z?>\n<!-- w -->\n<!DOCTYPE quiz [<!ATTLIST quiz a CDATA "b">]>',
]


@pytest.mark.parametrize("document_type", DOCUMENT_TYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_it_is_parsed(document_type: str, encoding: str) -> None:
    result = read(f"{document_type}<quiz>{ITEM.format('&l11;&a;')}</quiz>", encoding)
    assert (result.items, result.errors[0].code) == ((), "document_type")
    assert result.errors[0].line == document_type[: document_type.index("<!DOCTYPE")].count("\n") + 1


def test_an_entity_that_nobody_declared_is_a_mistake_with_its_line() -> None:
    result = read(f"<quiz>\n{ITEM.format('&nbsp;')}</quiz>")
    assert (result.errors[0].code, result.errors[0].line) == ("not_xml", 2)


NESTED = [
    "<quiz>" + "<question>" * 200_000,
    "<quiz>" + "<question>" * 200 + "</question>" * 200 + "</quiz>",
    "<quiz>" * 100_000 + "</quiz>" * 100_000,
    f"<quiz>{ITEM.format('&lt;div&gt;' * 90_000)}</quiz>",
    f"<quiz>{ITEM.format('&lt;ul&gt;&lt;li&gt;' * 40_000)}</quiz>",
    f"<quiz>{ITEM.format('<x>' * 240 + '</x>' * 240)}</quiz>",
]


@pytest.mark.parametrize("content", NESTED, ids=range(len(NESTED)))
def test_deep_nesting_is_refused(content: str) -> None:
    result = read(content)
    assert result.items == ()
    assert result.errors or content.startswith("<quiz><quiz>") or not result.refused


WIDE = [
    f"<quiz>{ITEM.format('x' * 12_000_000)}</quiz>",
    "<quiz " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>",
    f"<quiz>{ITEM.format('')}".replace("<text>", "<text>" + "{1:SA:=" * 200_000) + "</quiz>",
    "<!--" + "-" * 1_000_000,
    "<?" + "?" * 1_000_000,
    "<quiz>" + "<question/>" * 100_000 + "</quiz>",
]


@pytest.mark.parametrize("content", WIDE, ids=range(len(WIDE)))
def test_wide_or_endless_content_is_refused(content: str) -> None:
    assert read(content).items == ()


@pytest.mark.parametrize("unit", ["<b>x</b>", "a*", "{1:SA:=a}"])
def test_a_file_has_a_bound_on_what_costs_time(unit: str) -> None:
    one = ITEM.format("<![CDATA[" + unit * 6_000 + "]]>").replace(
        "essay", "cloze" if "SA" in unit else "essay"
    )
    result = read("<quiz>" + one * 180 + "</quiz>")
    assert (result.items, [error.code for error in result.errors][-1]) == ((), "too_many")


BROKEN = [
    ("<quiz>\n<question>\n</quiz>", "not_xml", 3),
    ('<?xml version="1.0" encoding="utf-7"?><quiz/>', "unknown_encoding", 1),
    ("<html><quiz/></html>", "unknown_root", 1),
    ("<quiz>\x01</quiz>", "not_xml", 1),
    ("", "not_xml", 1),
]


@pytest.mark.parametrize(("content", "code", "line"), BROKEN)
def test_what_is_no_file_of_questions_is_refused_with_its_line(content: str, code: str, line: int) -> None:
    result = read(content)
    assert (result.errors[0].code, result.errors[0].line) == (code, line)


def test_scripts_in_texts_are_taken_out_and_named() -> None:
    text = (
        "&lt;p onload='x'&gt;Ai?&lt;script&gt;fetch()&lt;/script&gt;"
        "&lt;a href='javascript:x'&gt;đây&lt;/a&gt;&lt;/p&gt;"
    )
    result = read(f"<quiz>{ITEM.format(text)}</quiz>")
    assert result.items[0].stem == "Ai?đây"
    assert len([w for w in result.warnings if w.code == "active_content"]) == 3
