# SPDX-License-Identifier: Apache-2.0
"""Texts of their own files that items of QTI 3.0 share: each item has its text in front of its question."""

import copy
import posixpath
from dataclasses import dataclass, field

from lxml import etree

from question_bank.formats import xml
from question_bank.formats.archive import ArchiveRefused
from question_bank.formats.intake import Notes, Unreadable
from question_bank.formats.qti import names
from question_bank.formats.qti.package import Package, Resource

_SIGNS_AS_ONE = 100  # so many characters cost as much as a tag


@dataclass(slots=True)
class Stimuli:
    """The shared texts of a package, each read once."""

    _bodies: dict[str, etree._Element] = field(default_factory=dict)

    def put_into(
        self, root: etree._Element, held: Package | None, resource: Resource | None, notes: Notes
    ) -> None:
        """The item begins with the texts it refers to; raises `Unreadable` where one cannot be read."""
        body = root.find("itemBody")
        if body is None:
            return
        for reference in reversed(list(root.iterchildren("assessmentStimulusRef"))):
            line, href = names.line_of(reference), reference.get("href", "")
            if held is None or resource is None:
                message = f"The text {href!r} stands in another file. Hand in the whole package."
                raise Unreadable(line, "stimulus_missing", message, href)
            shared = self._body(posixpath.join(posixpath.dirname(resource.href), href), held, line)
            text = "".join(shared.itertext())
            notes.spend(1 + sum(1 for _ in shared.iter()) + len(text) // _SIGNS_AS_ONE, line)
            own = copy.deepcopy(shared)
            _point_from(posixpath.dirname(href), own)
            own.tail, body.text = body.text, None
            body.insert(0, own)

    def _body(self, path: str, held: Package, line: int) -> etree._Element:
        name = held.part(posixpath.normpath(path))
        if name not in self._bodies:
            try:
                root, _ = xml.parse(held.text(posixpath.normpath(path)))
            except (xml.XmlRefused, ArchiveRefused) as problem:
                if isinstance(problem, ArchiveRefused) and problem.code != "part_missing":
                    raise
                message = f"The text {path!r} that the question is about cannot be read: {problem}"
                raise Unreadable(line, "stimulus_missing", message, path) from problem
            found = names.plain(root).find("stimulusBody")
            if found is None:
                message = f"The file {path!r} holds no text for the question."
                raise Unreadable(line, "stimulus_missing", message, path)
            found.tag = "div"
            found.attrib.clear()
            self._bodies[name] = found
        return self._bodies[name]


def _point_from(folder: str, body: etree._Element) -> None:
    """Addresses of pictures are seen from the item and no longer from the file of the text."""
    for element in body.iter("img", "object"):
        for name in ("src", "data"):
            address = element.get(name)
            if folder and address and ":" not in address and not address.startswith("/"):
                element.set(name, posixpath.join(folder, address))
