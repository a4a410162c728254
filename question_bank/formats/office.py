# SPDX-License-Identifier: Apache-2.0
"""What Word and Excel files have in common: archives of XML parts that point at each other."""

import posixpath
from collections.abc import Mapping

from lxml import etree

from question_bank.formats import xml
from question_bank.formats.archive import Archive, ArchiveRefused
from question_bank.formats.format import ReadResult, failed

OLD_START = b"\xd0\xcf\x11\xe0"  # binary Word and Excel, and whatever is protected by a password


def is_old(content: bytes) -> bool:
    """True for the binary files of older programs and for files with a password."""
    return content.startswith(OLD_START)


def refused(file: str, problem: ArchiveRefused | xml.XmlRefused) -> ReadResult:
    """The result for an office file of which nothing can be read."""
    line = problem.line if isinstance(problem, xml.XmlRefused) else 1
    return failed(file, problem.code, str(problem), getattr(problem, "part", ""), line=line)


def refused_as_old(file: str) -> ReadResult:
    """The result for a binary file of an older program, or one with a password."""
    message = (
        "The file is in the old binary form of Word or Excel, or protected by a password: save it without a"
        " password as .docx or .xlsx."
    )
    return failed(file, "old_office", message)


def relations(archive: Archive, part: str) -> Mapping[str, str]:
    """The parts that a part points at, by the ids it uses for them; what lies outside is left out."""
    folder, name = posixpath.split(part)
    beside = posixpath.join(folder, "_rels", f"{name}.rels")
    if not archive.has(beside):
        return {}
    root, _ = xml.parse(archive.read(beside))
    return {
        relation.get("Id", ""): resolved(folder, relation.get("Target", ""))
        for relation in root
        if relation.get("TargetMode") != "External"
    }


def main_part(archive: Archive, usual: str) -> str:
    """The name of the part that holds the document itself."""
    if archive.has(usual):
        return usual
    root, _ = xml.parse(archive.read("_rels/.rels"))
    for relation in root:
        if relation.get("Type", "").endswith("/officeDocument"):
            return resolved("", relation.get("Target", ""))
    raise ArchiveRefused("part_missing", "The archive holds no document.", usual)


def resolved(folder: str, target: str) -> str:
    """The name of a part as another one in the folder spells it."""
    target = target.replace("\\", "/")
    return (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    )


def named(element: etree._Element) -> str:
    """The name of the element without its namespace, which two editions of the standard spell differently."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute of this name, whatever its namespace."""
    found = element.get(name)
    if found is not None:
        return found
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"}}{name}")), None)
