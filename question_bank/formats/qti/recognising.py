# SPDX-License-Identifier: Apache-2.0
"""Which version of QTI a file or package is, from its first element and its manifest."""

import re

from question_bank.formats import xml
from question_bank.formats.archive import Archive, ArchiveRefused, is_archive
from question_bank.formats.qti.package import manifest_of

_SAMPLE = 65_536
_MOST_TRIED = 20
_SKIPPED = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", re.DOTALL)
_FIRST = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)([^>]*)")
_OLD = (b"questestinterop",)
_NEW = (b"assessmentItem", b"assessmentTest", b"assessmentSection")
_MARKS = (
    ("qti30", (b"imsqtiasi_v3p0", b"qtiv3p0", b"xmlv3p0", b"qti-assessment-")),
    ("qti22", (b"imsqti_v2p2", b"xmlv2p2", b"qtiv2p2")),
    ("qti21", (b"imsqti_v2p1", b"xmlv2p1", b"imsqti_v2p0", b"xmlv2p0", b"qtiv2p1")),
    ("qti12", (b"imsqti_xmlv1p2", b"ims_qtiasiv1p2", b"questestinterop", b"imsqti_xmlv1p")),
)


def version_of(content: bytes) -> str | None:
    """The name of the format, or None for what is no QTI."""
    if not is_archive(content):
        return _of_document(content)
    try:
        return _of_archive(Archive(content))
    except (ArchiveRefused, xml.XmlRefused):
        return None


def _of_document(content: bytes) -> str | None:
    start = content[:_SAMPLE].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    at = 0
    while found := _SKIPPED.match(start, at):
        at = found.end()
    first = _FIRST.match(start, at)
    if first is None:
        return None
    if first[1].startswith(b"qti-assessment-"):
        return "qti30"
    if first[1] in _OLD or (first[1] == b"item" and b"ident" in first[2]):
        return "qti12"
    return _marked(first[2]) or "qti21" if first[1] in _NEW else None


def _of_archive(archive: Archive) -> str | None:
    manifest = manifest_of(archive)
    if manifest is not None:
        found = _marked(archive.read(manifest))
        if found is not None:
            return found
    documents = [
        name for name in archive.names if name.lower().endswith((".xml", ".qti")) and "__MACOSX" not in name
    ]
    for name in documents[:_MOST_TRIED]:
        found = _of_document(archive.read(name))
        if found is not None:
            return found
    return None


def _marked(text: bytes) -> str | None:
    return next((name for name, marks in _MARKS if any(mark in text for mark in marks)), None)
