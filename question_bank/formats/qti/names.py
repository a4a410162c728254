# SPDX-License-Identifier: Apache-2.0
"""One spelling for QTI 2.1, 2.2 and 3.0: no namespaces, and the names of 2.2 (`qti-choice-interaction` is
`choiceInteraction`, `response-identifier` is `responseIdentifier`).
"""

import re

from lxml import etree

_DASH = re.compile(r"-([a-z0-9])")
_NAMESPACE = re.compile(r"\{[^}]*\}")
_KEPT_WHOLE = ("data-", "aria-", "xml")


def plain(root: etree._Element) -> etree._Element:
    """The tree with every element and attribute in the spelling of 2.2; lines stay."""
    for element in root.iter(etree.Element):
        name = _NAMESPACE.sub("", str(element.tag))
        is_new = name.startswith("qti-")
        element.tag = _camel(name.removeprefix("qti-")) if is_new else name
        for key, value in list(element.attrib.items()):
            bare = _NAMESPACE.sub("", str(key))
            spelt = _camel(bare) if is_new and not bare.startswith(_KEPT_WHOLE) else bare
            if spelt != key:
                del element.attrib[key]
                element.set(spelt, str(value))
    etree.cleanup_namespaces(root)
    return root


def local(element: etree._Element) -> str:
    """The name of the element without its namespace."""
    return _NAMESPACE.sub("", str(element.tag))


def line_of(element: etree._Element) -> int:
    """The line on which the element starts."""
    return int(element.sourceline or 1)


def text_of(element: etree._Element | None) -> str:
    """Every text inside the element, without blanks at its ends."""
    return "" if element is None else "".join(element.itertext()).strip()


def _camel(name: str) -> str:
    return _DASH.sub(lambda found: found[1].upper(), name)
