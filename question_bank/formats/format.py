# SPDX-License-Identifier: Apache-2.0
"""What a format is, and what reading one gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from question_bank.item import Item
from question_bank.json_values import Json
from question_bank.problems import Problem
from question_bank.text import one_line

REPORT_SCHEMA = "exam-portal/import-report/1"
_OPENING = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question as it stands in its file; `item` is the id that it has, `reasons` are the codes if refused.

    The opening words are kept of a refused one only, and of none that is restricted. Where the file names no
    id, `derived` is the one that follows from title and stem.
    """

    number: int
    line: int
    item: str
    derived: str = ""
    is_refused: bool = False
    opening: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """The items without errors, the number of items refused, and every problem in the order of the file."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    refused: int
    format: str | None
    rows: tuple[Row, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> "ReadResult":
        """The same with other ids for these items, in everything that is said of them."""
        return replace(
            self,
            items=tuple(replace(item, id=names.get(item.id, item.id)) for item in self.items),
            rows=tuple(replace(row, item=names.get(row.item, row.item)) for row in self.rows),
            problems=tuple(replace(each, item=names.get(each.item, each.item)) for each in self.problems),
        )

    @property
    def complete(self) -> bool:
        """True when nothing was refused: only then may a file be imported."""
        return not self.errors

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refused an item or the whole file."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems a reviewer should look at."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    def report(self) -> Mapping[str, Json]:
        """The import report, as ``items convert`` writes it."""
        return {
            "schema": REPORT_SCHEMA,
            "read": len(self.items),
            "refused": self.refused,
            "warnings": len(self.warnings),
            "problems": [problem.report() for problem in self.problems],
        }


class NotHeld(ValueError):
    """The format has no way to say what this item says; the message names what."""

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A file format: what it is called, how its files end, whether bytes look like it, reader and writer.

    The writer raises `NotHeld` for what it knows it cannot write; `formats.holding` finds the rest by reading
    back what was written.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    media_type: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str], ReadResult]
    write: Callable[[tuple[Item, ...]], bytes] | None


def opening_of(stem: str) -> str:
    """The first words of a question on one line, by which somebody who has the file finds it."""
    return one_line(stem[: 2 * _OPENING])[:_OPENING]


def failed(file: str, code: str, message: str, detail: str = "", *, line: int = 1) -> ReadResult:
    """The result for a file of which nothing can be read."""
    problem = Problem(
        severity="error", file=file, line=line, item="", code=code, message=message, detail=detail
    )
    return ReadResult(items=(), problems=(problem,), refused=0, format=None)
