# SPDX-License-Identifier: Apache-2.0
"""QTI files and packages as items: single items, tests, and packages with their manifest and pictures."""

import posixpath
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from question_bank.formats import xml
from question_bank.formats.archive import ArchiveRefused, is_archive
from question_bank.formats.format import ReadResult, failed
from question_bank.formats.intake import Intake, Notes, TooMany, Unreadable, too_many
from question_bank.formats.qti import companion, items, names, package, v1
from question_bank.formats.qti.package import Package, Resource
from question_bank.formats.qti.stimuli import Stimuli

_PARTS_OF_TESTS = frozenset({"assessmentTest", "assessmentSection", "testPart"})
_SILENT = frozenset({"manifest", "lom", "assessmentResult", "quiz", "course", "assessmentStimulus"})


@dataclass(slots=True)
class _Taken:
    """A draft that waits until the whole file is read."""

    draft: dict[str, object]
    line: int
    notes: Notes
    label: str


@dataclass(slots=True)
class _Reader:
    file: str
    intake: Intake
    waiting: list[_Taken] = field(default_factory=list)
    topics: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    stimuli: Stimuli = field(default_factory=Stimuli)

    def document(self, content: bytes, held: Package | None, resource: Resource | None) -> None:
        """The items of one XML file; raises `XmlRefused`."""
        root, code_page = xml.parse(content)
        if code_page:
            self.intake.warn_of_code_page(code_page)
        self.root(names.plain(root), held, resource)

    def root(self, root: etree._Element, held: Package | None, resource: Resource | None) -> None:
        """The items below a root element in plain names."""
        kind = str(root.tag)
        self.kinds[kind] += 1
        if kind == "assessmentItem":
            self._item(root, held, resource)
        elif kind in {"questestinterop", "item"}:
            self._old_items(root, held, resource)
        elif kind in _PARTS_OF_TESTS:
            self._test(root, held, resource)
        elif held is None:
            message = f"The file begins with <{kind[:60]}>, which holds no items of QTI."
            self.intake.refuse(Unreadable(1, "unknown_root", message, kind), self.intake.notes())

    def finish(self) -> ReadResult:
        """Every draft is taken; items that name no language have that of their neighbours."""
        spoken = Counter(str(each.draft["language"]) for each in self.waiting if each.draft.get("language"))
        usual = spoken.most_common(1)[0][0] if spoken else None
        for each in self.waiting:
            self.intake.problems.file = each.label
            self.intake.take(
                {**each.draft, "language": each.draft.get("language") or usual}, each.line, each.notes
            )
        self.intake.problems.file = self.file
        return self.intake.result()

    def _item(self, root: etree._Element, held: Package | None, resource: Resource | None) -> None:
        notes = self.intake.notes()
        try:
            self.stimuli.put_into(root, held, resource, notes)
            draft = items.draft(root, notes, _pictures(held, resource), self.intake)
        except Unreadable as problem:
            self.intake.refuse(problem, notes, root.get("identifier", ""))
            return
        self._wait(draft, names.line_of(root), notes, resource)

    def _old_items(self, root: etree._Element, held: Package | None, resource: Resource | None) -> None:
        for element, topics in v1.questions(root):
            notes = self.intake.notes()
            try:
                draft = v1.draft(element, notes, _pictures(held, resource), self.intake)
            except Unreadable as problem:
                self.intake.refuse(problem, notes, element.get("ident", ""))
            else:
                self._wait({"topics": list(topics), **draft}, names.line_of(element), notes, resource)

    def _wait(self, draft: dict[str, object], line: int, notes: Notes, resource: Resource | None) -> None:
        if resource is not None:
            found = resource.topics or self.topics.get(posixpath.normpath(resource.href), ())
            if found and not draft.get("topics"):
                draft["topics"] = list(found)
            if resource.tags:
                draft["tags"] = list(resource.tags)
            draft = companion.joined(draft, resource.companion)
        language = draft.get("language")
        if isinstance(language, str):
            draft["language"] = language.split("-")[0].lower() or None
        self.waiting.append(_Taken(draft, line, notes, self.intake.problems.file))

    def _test(self, root: etree._Element, held: Package | None, resource: Resource | None) -> None:
        """A test gives its items their topics; how many of them it draws belongs to a blueprint here."""
        folder = posixpath.dirname(resource.href) if resource else ""
        for href, titles in package.topics_of(root).items():
            self.topics.setdefault(posixpath.normpath(posixpath.join(folder, href)), titles)
        for name in (
            "selection",
            "preCondition",
            "branchRule",
            "weight",
            "outcomeProcessing",
            "testFeedback",
        ):
            for element in root.iter(name):
                self.intake.leave_out(f"<{name}>", names.line_of(element))
        if held is None:
            message = "The file is a test: its questions stand in other files. Hand in the whole package."
            self.intake.warn(1, "test_alone", message)


def read(content: bytes, file: str, format: str) -> ReadResult:
    """The items of a QTI file or package, and a problem for each that could not become one."""
    intake = Intake(file, format)
    reader = _Reader(file, intake)
    try:
        if is_archive(content):
            _read_package(content, reader)
        else:
            reader.document(content, None, None)
    except xml.XmlRefused as problem:
        return failed(file, problem.code, str(problem), line=problem.line)
    except ArchiveRefused as problem:
        return failed(file, problem.code, str(problem), problem.part)
    except TooMany as problem:
        return too_many(file, problem)
    try:
        return reader.finish()
    except TooMany as problem:
        return too_many(file, problem)


def _read_package(content: bytes, reader: _Reader) -> None:
    held = package.opened(content)
    intake = reader.intake
    if not held.has_manifest:
        message = f"The package has no {package.MANIFEST}: every XML file in it was read."
        intake.warn(1, "manifest_missing", message)
    documents = []
    for resource in held.resources:
        name = held.part(resource.href)
        intake.problems.file = f"{reader.file}/{name}"
        try:
            root, code_page = xml.parse(held.text(resource.href))
        except (xml.XmlRefused, ArchiveRefused) as problem:
            _refuse_part(problem, reader, resource)
            continue
        if code_page:
            intake.warn_of_code_page(code_page)
        names.plain(root)
        if root.tag in _PARTS_OF_TESTS:
            reader.root(root, held, resource)
        elif root.tag not in _SILENT:
            documents.append((root, resource, intake.problems.file))
    for root, resource, label in documents:
        intake.problems.file = label
        reader.root(root, held, resource)
    intake.problems.file = reader.file


def _refuse_part(problem: Exception, reader: _Reader, resource: Resource) -> None:
    """A file that cannot be read is one question less; what harms the whole package ends the reading."""
    if isinstance(problem, ArchiveRefused) and problem.code != "part_missing":
        raise problem
    line = problem.line if isinstance(problem, xml.XmlRefused) else resource.line
    code = getattr(problem, "code", "not_xml")
    refused = Unreadable(line, code, str(problem), resource.href)
    reader.intake.refuse(refused, reader.intake.notes(), resource.href)


def _pictures(held: Package | None, resource: Resource | None) -> Callable[[str], str | None]:
    if held is None or resource is None:
        return lambda _address: None
    return lambda address: held.picture(resource.href, address)
