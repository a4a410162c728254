# SPDX-License-Identifier: Apache-2.0
"""QTI files and packages built to do harm: refused with a reason, in bounded time and memory.

Each is read in a process of its own that may hold 256 MB beyond what it began with, has no socket and writes
nothing.
"""

import io
import zipfile

from question_bank import formats
from tests.question_bank.formats import isolation
from tests.question_bank.formats.qti_files import CHOICE, a_package, an_item, declaration, rules


def read(*contents: bytes) -> list[tuple[int, list[str]]]:
    """For each file the number of items and the codes of errors; fails where one takes more than it may."""
    found = isolation.read(*(("qti22", content) for content in contents))
    return [(items, codes) for items, codes, _ in found]


def archive_of(*parts: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return written.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
TYPES = {
    "outside entity": '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "multiplying entities": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
    "outside document type": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
}


def test_t27_entities_of_an_item_and_of_a_manifest_are_refused() -> None:
    contents = []
    for document_type in TYPES.values():
        item = an_item().replace(b"<assessmentItem", f"{document_type}<assessmentItem".encode(), 1)
        manifest = archive_of(("imsmanifest.xml", f"{document_type}<manifest/>".encode()))
        contents += [item, a_package({"q.xml": item}), manifest]
    assert read(*contents) == [(0, ["document_type"])] * len(contents)


def test_t27_a_file_nested_without_end_is_refused() -> None:
    deep = (
        an_item(body="<div>" * count + "x" + "</div>" * count + CHOICE) for count in (200, 5_000, 200_000)
    )
    assert {code for _, codes in read(*deep) for code in codes} <= {"too_deep", "not_xml"}


def test_t27_an_undeclared_entity_and_a_bare_document_type_stay_harmless() -> None:
    undeclared = formats.read(an_item(body=f"<p>&x;</p>{CHOICE}"), "qti22")
    assert [error.code for error in undeclared.errors] == ["not_xml"]
    bare = an_item().replace(b"<assessmentItem", b"<!DOCTYPE a><assessmentItem", 1)
    assert len(formats.read(bare, "qti22").items) == 1


def test_t28_a_package_built_to_do_harm_is_refused() -> None:
    link = zipfile.ZipInfo("q.xml")
    link.external_attr = 0o120777 << 16
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    whole = a_package({f"{number}.xml": an_item(id=f"Q{number}") for number in range(5)})
    outside = [
        archive_of((MANIFEST_NAME, manifest_of(href).encode()))
        for href in ("/etc/passwd.xml", "file:///etc/x.xml", "../../etc/x.xml", "http://127.0.0.1:9/q.xml")
    ]
    harmful = {
        "unsafe_path": [archive_of((MANIFEST_NAME, b"<manifest/>"), ("../../x.xml", an_item()))],
        "too_large": [
            a_package({"q.xml": b"<assessmentItem>" + b" " * 40_000_000}),
            a_package({f"{number}.xml": b" " * 15_000_000 for number in range(12)}),
        ],
        "link_in_archive": [written.getvalue()],
        "not_archive": [whole[:end] for end in (10, len(whole) // 2, len(whole) - 1)],
        "part_missing": outside,
    }
    contents = [(code, content) for code, found in harmful.items() for content in found]
    assert read(*(content for _, content in contents)) == [(0, [code]) for code, _ in contents]


MANIFEST_NAME = "imsmanifest.xml"


def manifest_of(href: str) -> str:
    return f'<manifest><resources><resource href="{href}" type="imsqti_item_xmlv2p2"/></resources></manifest>'


def test_t33_large_files_are_read_or_refused_within_bounds() -> None:
    many = "".join(f'<simpleChoice identifier="c{n}">Lựa chọn {n}</simpleChoice>' for n in range(20_000))
    choice = f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0">{many}</choiceInteraction>'
    declared = declaration(*(f"c{n}" for n in range(20_000)), cardinality="multiple")
    entries = "".join(f'<mapEntry mapKey="{n}" mappedValue="1"/>' for n in range(50_000))
    typed = '<p>?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    mapped = declaration(kind="string", mapping=f"<mapping>{entries}</mapping>")
    tests = "".join(f'<equal toleranceMode="absolute" tolerance="{n}"><variable identifier="RESPONSE"/>'
                    f'<baseValue baseType="float">{n}</baseValue></equal>' for n in range(9_000))  # fmt: skip
    long = INLINED.format(f"<or>{tests}</or>")
    found = read(
        an_item(rules("match_correct"), body=choice, declared=declared),
        an_item(rules("map_response"), body=typed, declared=mapped),
        an_item(rules("map_response"), body=typed, declared=mapped.replace('"string"', '"float"')),
        an_item(long, body=typed, declared=declaration("1", kind="float")),
        an_item(body="<p>" + "a<b>b</b>" * 500_000 + "</p>" + CHOICE),
        a_package({f"{number}.xml": an_item(id=f"Q{number}") for number in range(1_000)}),
    )
    assert found[-1] == (1_000, [])
    assert [items for items, _ in found[:4]] == [0, 1, 0, 0]


INLINED = """<responseProcessing><responseCondition><responseIf>{}<setOutcomeValue identifier="SCORE">
<baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>
</responseProcessing>"""


def test_t26_scripts_and_handlers_never_reach_a_text() -> None:
    hostile = """<p onclick="alert(1)">Nên chọn <script>alert(2)</script><a href="javascript:alert(3)">gì</a>
    <img src="x" onerror="alert(4)" alt=""/></p>"""
    body = CHOICE.replace("Chính phủ", '<span onload="alert(5)">Chính phủ</span>')
    result = formats.read(
        an_item(body=hostile.replace('<img src="x" onerror="alert(4)" alt=""/>', "") + body)
    )
    assert "alert" not in str(result.items)
    assert {warning.code for warning in result.warnings} >= {"active_content"}
    assert formats.read(an_item(body=hostile + body)).errors[0].code == "picture_lost"
