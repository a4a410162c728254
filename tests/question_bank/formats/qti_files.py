# SPDX-License-Identifier: Apache-2.0
"""Small QTI files and packages for tests."""

import io
import zipfile

CHOICE = """<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1" shuffle="true">
<prompt>Cơ quan nào ban hành luật?</prompt>
<simpleChoice identifier="a">Chính phủ</simpleChoice><simpleChoice identifier="b">Quốc hội</simpleChoice>
<simpleChoice identifier="c" fixed="true">Bộ Tư pháp</simpleChoice></choiceInteraction>"""
SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p2"


def rules(template: str) -> str:
    """The rules of a template."""
    address = f"http://www.imsglobal.org/question/qti_v2p2/rptemplates/{template}"
    return f'<responseProcessing template="{address}"/>'


def declaration(
    *right: str,
    kind: str = "identifier",
    cardinality: str = "single",
    name: str = "RESPONSE",
    mapping: str = "",
) -> str:
    """A response and what is right."""
    values = "".join(f"<value>{each}</value>" for each in right)
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    own = f'identifier="{name}" cardinality="{cardinality}" baseType="{kind}"'
    return f"<responseDeclaration {own}>{correct}{mapping}</responseDeclaration>"


def an_item(
    processing: str = "",
    *,
    body: str = CHOICE,
    declared: str = "",
    own: str = "",
    space: str = f' xmlns="{SPACE}"',
    id: str = "Q1",
) -> bytes:
    """One item of QTI 2.2."""
    score = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem{space} identifier="{id}" title="Luật" adaptive="false" timeDependent="false"{own}>
{declared or declaration("b")}{score}<itemBody>{body}</itemBody>{processing}</assessmentItem>"""
    return text.encode()


MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations/>
<resources>{}</resources></manifest>"""
RESOURCE = '<resource identifier="R{0}" type="imsqti_item_xmlv2p2" href="{1}"><file href="{1}"/></resource>'


def a_package(parts: dict[str, bytes], manifest: str | None = None) -> bytes:
    """A package whose manifest names every XML file in it."""
    items = [name for name in parts if name.endswith(".xml")]
    resources = "".join(RESOURCE.format(number, name) for number, name in enumerate(items))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", manifest or MANIFEST.format(resources))
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()
