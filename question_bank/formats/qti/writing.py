# SPDX-License-Identifier: Apache-2.0
"""Items as a package of QTI 2.2 or 3.0: a manifest, a file for each item, and pictures beside them."""

import base64
import io
import re
import zipfile
from collections.abc import Mapping

from lxml import etree

from question_bank.formats import companion, pictures
from question_bank.formats.qti.building import add, writable
from question_bank.formats.qti.item_writing import ItemWriter
from question_bank.formats.qti.package import COMPANION_SPACE, MANIFEST
from question_bank.item import Item

_SPACES = {
    "qti22": "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "qti30": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
_TYPES = {"qti22": "imsqti_item_xmlv2p2", "qti30": "imsqti_item_xmlv3p0"}
_MANIFESTS = "http://www.imsglobal.org/xsd/imscp_v1p1"
_METADATA = "http://ltsc.ieee.org/xsd/LOM"
_WRITTEN_AT = (1980, 1, 1, 0, 0, 0)  # the same items are the same bytes
_TEXT = ("a", "br", "code", "em", "img", "li", "p", "pre", "span", "strong", "td", "th", "tr")
_BLOCK = (
    "blockquote",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "table",
    "tbody",
    "thead",
    "ul",
)
_HTML = frozenset({*_TEXT, *_BLOCK})
_HUMP = re.compile(r"([A-Z])")


def write(items: tuple[Item, ...], version: str) -> bytes:
    """The package; raises `NotHeld` for what the version has no words for."""
    media: dict[str, bytes] = {}
    manifest = etree.Element("manifest", {"identifier": "manifest"}, nsmap={None: _MANIFESTS})
    add(manifest, "organizations")
    resources = add(manifest, "resources")
    parts: dict[str, bytes] = {}
    for place, item in enumerate(items, start=1):
        href = f"items/{place:05}.xml"
        parts[href] = _item(item, version, media)
        _resource(resources, item, href, version)
    return _archive({MANIFEST: _bytes(_spaced(manifest, _MANIFESTS)), **parts, **media})


def _item(item: Item, version: str, media: dict[str, bytes]) -> bytes:
    def name_of(picture: pictures.Picture) -> str:
        media[f"media/{picture.name}"] = base64.b64decode(picture.encoded)
        return f"../media/{picture.name}"

    root = ItemWriter(item, name_of).write()
    return _bytes(_spaced(_renamed(root) if version == "qti30" else root, _SPACES[version]))


def _resource(resources: etree._Element, item: Item, href: str, version: str) -> None:
    resource = add(resources, "resource", identifier=f"R{href[6:11]}", type=_TYPES[version], href=href)
    said = add(resource, "metadata")
    lom = etree.SubElement(said, f"{{{_METADATA}}}lom", nsmap={None: _METADATA})
    general = etree.SubElement(lom, f"{{{_METADATA}}}general")
    for tag in item.tags:
        _string(etree.SubElement(general, f"{{{_METADATA}}}keyword"), tag)
    if item.topics:
        path = etree.SubElement(lom, f"{{{_METADATA}}}classification")
        path = etree.SubElement(path, f"{{{_METADATA}}}taxonPath")
        for topic in item.topics:
            taxon = etree.SubElement(path, f"{{{_METADATA}}}taxon")
            _string(etree.SubElement(taxon, f"{{{_METADATA}}}entry"), topic)
    if line := companion.line_of(item):
        own = etree.SubElement(said, f"{{{COMPANION_SPACE}}}companion", nsmap={None: COMPANION_SPACE})
        own.text = line
    add(resource, "file", href=href)


def _string(parent: etree._Element, text: str) -> None:
    etree.SubElement(parent, f"{{{_METADATA}}}string").text = writable(text)


def _spaced(root: etree._Element, space: str) -> etree._Element:
    """The tree with every bare name in this namespace, declared once."""
    for element in root.iter():
        if not str(element.tag).startswith("{"):
            element.tag = f"{{{space}}}{element.tag!s}"
    made = etree.Element(root.tag, dict(root.attrib), nsmap={None: space})
    made.text = root.text
    made.extend(list(root))
    etree.cleanup_namespaces(made)
    return made


def _renamed(root: etree._Element) -> etree._Element:
    """The tree in the names of 3.0."""
    for element in root.iter():
        name = str(element.tag)
        if name in _HTML:
            continue
        element.tag = "qti-" + _dashed(name)
        for key, value in list(element.attrib.items()):
            spelt = _dashed(str(key)) if not str(key).startswith("{") else str(key)
            if spelt != key:
                del element.attrib[key]
                element.set(spelt, str(value))
    return root


def _dashed(name: str) -> str:
    return _HUMP.sub(lambda found: "-" + found[1].lower(), name)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _archive(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _WRITTEN_AT), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
