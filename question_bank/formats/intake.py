# SPDX-License-Identifier: Apache-2.0
"""The one way from a foreign question to an item.

A reader hands in drafts: the keys of the native format, each value with its line where it has one of its
own. From there on a draft goes the way of a native item, so that every rule holds for every format.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from question_bank.fields import IDENTIFIER, Fields
from question_bank.formats.encoding import Decoded, NotText, decode
from question_bank.formats.format import ReadResult, Row, failed, opening_of
from question_bank.formats.native import DEFAULT_LANGUAGE, LANGUAGE, MOST_ITEMS
from question_bank.item import Item
from question_bank.json_reader import MOST_TEXT, Node, node_of
from question_bank.problems import Problems, Severity
from question_bank.registry import read_item
from question_bank.text import one_line

MOST_SIGNS = 800_000
_NOT_IN_IDS = re.compile(r"[^\w.:-]+")
_LONGEST_CLEANED = 48


class Unreadable(ValueError):
    """This question cannot become an item; the message names what stands in the way."""

    def __init__(self, line: int, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to say about a question once it has its id."""

    severity: Severity
    line: int
    code: str
    message: str
    detail: str = ""


class TooMany(ValueError):
    """The file holds more than a file may."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"More than {what}.")
        self.line = line


@dataclass(slots=True)
class Budget:
    """What is left of the tags, marks, texts and answers one file may hold: reading takes bounded time."""

    left: int = MOST_SIGNS


@dataclass(slots=True)
class Notes:
    """Collects what is found while one question is read."""

    found: list[Note] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)

    def spend(self, signs: int, line: int) -> None:
        """The signs are counted; raises `TooMany` where the file holds more than it may."""
        self.budget.left -= signs
        if self.budget.left < 0:
            raise TooMany(line, f"{MOST_SIGNS} tags, marks, texts and answers")

    def warn(self, line: int, code: str, message: str, detail: str = "") -> None:
        """A warning is kept for the question."""
        self.found.append(Note(severity="warning", line=line, code=code, message=message, detail=detail))


class Intake:
    """Takes drafts, gives items: ids for those without one, repeated ids refused, everything counted."""

    def __init__(self, file: str, format: str) -> None:
        self.problems = Problems(file)
        self._format = format
        self._items: dict[str, Item] = {}
        self._derived: dict[str, int] = {}
        self._budget = Budget()
        self._refused = 0
        self._rows: list[Row] = []
        self._left_out: dict[str, tuple[int, int]] = {}

    def notes(self) -> Notes:
        """Notes for the next question; all of them draw on one budget."""
        return Notes(budget=self._budget)

    def warn(self, line: int, code: str, message: str, detail: str = "") -> None:
        """A warning about the file stands in the report."""
        self.problems.item = ""
        self.problems.warn(line, code, message, detail=detail)

    def warn_of_code_page(self, name: str) -> None:
        """The report says that the encoding of the file was guessed."""
        message = f"The file is not UTF-8; it was read as {name}. Check the letters with marks."
        self.warn(1, "legacy_encoding", message, name)

    def take(self, draft: Mapping[str, object], line: int, notes: Notes) -> None:
        """The draft is an item, or refused with every reason."""
        self._count(line)
        made = {key: value for key, value in draft.items() if value is not None}
        language = _text(made.pop("language", "")) or DEFAULT_LANGUAGE
        name, derived = self._name(made, line, notes)
        self.problems.item = name
        for note in notes.found:
            self.problems.warn(note.line, note.code, note.message, detail=note.detail)
        found = self.problems.count
        item = self._read(node_of({**made, "id": name}, line), language)
        if item is None:
            self._leave(line, name, found, opening=opening_of(_text(draft.get("stem", ""))))
        else:
            self._rows.append(Row(number=len(self._rows) + 1, line=line, item=item.id, derived=derived))
            self._items[item.id] = item

    def refuse(self, problem: Unreadable, notes: Notes, name: str = "") -> None:
        """The question is left out, with the reason and what was said of it before."""
        self._count(problem.line)
        self.problems.item = one_line(name)[:64]
        for note in notes.found:
            self.problems.warn(note.line, note.code, note.message, detail=note.detail)
        found = self.problems.count
        self.problems.error(problem.line, problem.code, str(problem), detail=problem.detail)
        self._leave(problem.line, self.problems.item, found)

    def leave_out(self, what: str, line: int) -> None:
        """Count a part of the format that items have no place for; it is named once in the report.

        `what` is its name in the file, so that a page can say it in any language.
        """
        first, count = self._left_out.get(what, (line, 0))
        self._left_out[what] = (first, count + 1)

    def result(self) -> ReadResult:
        """Everything taken and everything found."""
        self.problems.item = ""
        if not self._items and not self._refused:
            self.problems.warn(1, "no_questions", "The file holds no question.")
        for what, (line, count) in self._left_out.items():
            message = f"Items have no place for {what}: left out {count} times."
            self.problems.warn(line, "left_out", message, detail=what)
        return ReadResult(
            items=tuple(self._items.values()),
            problems=self.problems.found(),
            refused=self._refused,
            format=self._format,
            rows=tuple(self._rows),
        )

    def _leave(self, line: int, name: str, found: int, *, opening: str = "") -> None:
        self._refused += 1
        reasons = self.problems.reasons(found)
        number = len(self._rows) + 1
        row = Row(number=number, line=line, item=name, is_refused=True, opening=opening, reasons=reasons)
        self._rows.append(row)

    def _count(self, line: int) -> None:
        if len(self._items) + self._refused >= MOST_ITEMS:
            raise TooMany(line, f"{MOST_ITEMS} items")

    def _read(self, node: Node, language: str) -> Item | None:
        if not LANGUAGE.fullmatch(language):
            self.problems.error(node.line, "bad_language", f"{language!r} is no language tag such as vi.")
            return None
        if long := _too_long(node):
            self.problems.error(long.line, "too_long", f"A text of more than {MOST_TEXT} characters.")
            return None
        item = read_item(Fields(node, (), self.problems), language)
        if item is not None and item.id in self._items:
            message = f"An item with the id {item.id!r} stands further up in the file."
            self.problems.error(node.line, "repeated_id", message, detail=item.id)
            return None
        return item

    def _name(self, draft: dict[str, object], line: int, notes: Notes) -> tuple[str, str]:
        """The id of the file where it has one; else one that stays the same when the file is read again.

        The second is the one that follows from title and stem, empty where the file names one.
        """
        given = one_line(_text(draft.pop("id", "")))
        if given and not IDENTIFIER.fullmatch(given):
            name = _cleaned(given)
            message = f"The id {given!r} has characters that an id may not have: it is {name} here."
            notes.warn(line, "id_changed", message, given)
            return name, ""
        if given:
            return given, ""
        derived = derived_id(_text(draft.get("title", "")), _text(draft.get("stem", "")))
        return self._free(derived), derived

    def _free(self, wanted: str) -> str:
        number = self._derived.get(wanted, 0) + 1
        self._derived[wanted] = number
        return wanted if number == 1 else f"{wanted}-{number}"


def text_of(content: bytes, file: str, format: str) -> tuple[Decoded, Intake] | ReadResult:
    """The text of a file and an intake that knows its code page, or the result for what is no text."""
    try:
        decoded = decode(content)
    except NotText as problem:
        return failed(file, "not_text", str(problem), line=problem.line)
    intake = Intake(file, format)
    if decoded.code_page:
        intake.warn_of_code_page(decoded.code_page)
    return decoded, intake


def too_many(file: str, problem: TooMany) -> ReadResult:
    """The result for a file with more questions than a file may hold."""
    return failed(file, "too_many", str(problem), line=problem.line)


def derived_id(title: str, stem: str) -> str:
    """An id that follows from title and stem; what is under it in a bank, `question_bank.derived` says."""
    digest = hashlib.sha256(f"{one_line(title)}\0{one_line(stem)}".encode("utf-8", "surrogatepass"))
    return "q-" + digest.hexdigest()[:12]


def option_ids(count: int) -> list[str]:
    """The ids of options in the order of the file: a, b, c …"""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [letters[place] if place < len(letters) else f"o{place + 1}" for place in range(count)]


def _cleaned(given: str) -> str:
    kept = _NOT_IN_IDS.sub("-", given).strip("-.:_")[:_LONGEST_CLEANED]
    return f"{kept or 'q'}-{hashlib.sha256(given.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _text(value: object) -> str:
    found = value.value if isinstance(value, Node) else value
    return found if isinstance(found, str) else ""


def _too_long(node: Node) -> Node | None:
    if isinstance(node.value, str):
        return node if len(node.value) > MOST_TEXT else None
    inside: Iterable[Node] = ()
    if isinstance(node.value, dict):
        inside = node.value.values()
    elif isinstance(node.value, list):
        inside = node.value
    return next((found for entry in inside if (found := _too_long(entry))), None)
