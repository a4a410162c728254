# SPDX-License-Identifier: Apache-2.0
"""Content packages: a manifest names the files of items and tests, and says what they are about."""

import base64
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from question_bank.formats import categories, pictures, xml
from question_bank.formats.archive import Archive, ArchiveRefused
from question_bank.formats.qti import names

MANIFEST = "imsmanifest.xml"
MOST_XML = 16 * 1024 * 1024
COMPANION_SPACE = "https://exam-portal.example/ns/companion"

_NOISE = ("__MACOSX/", ".DS_Store", "._")
_MOST_SEARCHES = 500
_ENDINGS = (".xml", ".qti")
_FILE_BASE = re.compile(r"^\$IMS[-_]CC[-_]FILE_?BASE\$/?", re.IGNORECASE)
_KINDS = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "webp": "webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file the manifest names, with what is said of it."""

    href: str
    line: int
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    companion: str | None = None


@dataclass(slots=True)
class Package:
    """An archive with its resources; pictures are read once each."""

    archive: Archive
    base: str
    resources: tuple[Resource, ...]
    has_manifest: bool
    _searches: int = 0
    _pictures: dict[str, str | None] = field(default_factory=dict)

    def text(self, href: str) -> bytes:
        """The bytes of a file; raises `ArchiveRefused`."""
        return self.archive.read(self.part(href), MOST_XML)

    def part(self, href: str) -> str:
        """The name of the part in the archive; the name as written where there is none."""
        for spelt in (href, unquote(href)):
            name = posixpath.normpath(posixpath.join(self.base, spelt))
            if self.archive.has(name):
                return name
        return posixpath.join(self.base, href)

    def picture(self, href: str, address: str) -> str | None:
        """The picture an item names, as a data address, or None where there is none that can be kept."""
        key = posixpath.join(posixpath.dirname(self.part(href)), address)
        if key not in self._pictures:
            name = self._find(
                posixpath.dirname(self.part(href)), _FILE_BASE.sub("", address.split("?", maxsplit=1)[0])
            )
            self._pictures[key] = None if name is None else self._read_picture(name)
        return self._pictures[key]

    def _find(self, folder: str, address: str) -> str | None:
        """The part at the address, seen from the item, from the manifest, or as the end of one path only."""
        for tried in dict.fromkeys((address, unquote(address))):
            for place in (folder, self.base, ""):
                name = posixpath.normpath(posixpath.join(place, tried.lstrip("/")))
                if self.archive.has(name):
                    return name
            if self._searches >= _MOST_SEARCHES:
                continue
            self._searches += 1
            ends = [name for name in self.archive.names if name.endswith("/" + tried.lstrip("/"))]
            if len(ends) == 1 and tried:
                return ends[0]
        return None

    def _read_picture(self, name: str) -> str | None:
        try:
            content = self.archive.read(name, pictures.MOST_BYTES)
        except ArchiveRefused:
            return None
        kind = _KINDS.get(name.rsplit(".", 1)[-1].lower(), "png")
        return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def opened(content: bytes) -> Package:
    """The package; raises `ArchiveRefused` for a harmful archive and `XmlRefused` for a broken manifest."""
    archive = Archive(content)
    manifest = manifest_of(archive)
    if manifest is None:
        found = (Resource(href=name, line=1) for name in archive.names if _is_document(name))
        return Package(archive, "", tuple(found), has_manifest=False)
    root, _ = xml.parse(archive.read(manifest, MOST_XML))
    names.plain(root)
    return Package(archive, posixpath.dirname(manifest), tuple(_resources(root)), has_manifest=True)


def manifest_of(archive: Archive) -> str | None:
    """The name of the manifest, in the outermost folder that has one."""
    found = [
        name
        for name in archive.names
        if name.rsplit("/", 1)[-1].lower() == MANIFEST and not name.startswith(_NOISE)
    ]
    return min(found, key=lambda name: (name.count("/"), name), default=None)


def _is_document(name: str) -> bool:
    return name.lower().endswith(_ENDINGS) and not name.startswith(_NOISE) and "/._" not in name


def _resources(root: etree._Element) -> Iterator[Resource]:
    seen: set[str] = set()
    for element in root.iter("resource"):
        files = [file.get("href", "") for file in element.iterchildren("file")]
        hrefs = [element.get("href", ""), *(href for href in files if href.lower().endswith(_ENDINGS))]
        for href in hrefs:
            if href and _is_document(href) and href not in seen:
                seen.add(href)
                yield _resource(element, href)


def _resource(element: etree._Element, href: str) -> Resource:
    said = element.find("metadata")
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    companion = None
    if said is not None:
        tags = tuple(dict.fromkeys(text for each in said.iter("keyword") if (text := names.text_of(each))))
        taxons = [names.text_of(each.find("entry")) for each in said.iter("taxon")]
        topics = tuple(dict.fromkeys(text for text in taxons if text))
        companion = next((names.text_of(each) for each in said.iter("companion")), None)
    return Resource(href=href, line=names.line_of(element), topics=topics, tags=tags, companion=companion)


def topics_of(test: etree._Element) -> Mapping[str, tuple[str, ...]]:
    """For each item a test names, the titles of the sections it stands in."""
    found: dict[str, tuple[str, ...]] = {}
    for reference in test.iter("assessmentItemRef"):
        sections = list(reference.iterancestors("assessmentSection"))
        titles = [" ".join((each.get("title") or "").split()) for each in reversed(sections)]
        path = "/".join(title.replace("/", "//") for title in titles if title)
        found[posixpath.normpath(reference.get("href", ""))] = tuple(categories.topics(path))
    return found
