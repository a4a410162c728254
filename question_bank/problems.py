# SPDX-License-Identifier: Apache-2.0
"""What reading found wrong, with file, line, item, code and reason."""

from dataclasses import dataclass
from typing import Literal

from question_bank.json_values import Json

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]

MOST_PROBLEMS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. `code`, `path` and `detail` let a page word it in the reader's language."""

    severity: Severity
    file: str
    line: int
    item: str
    code: str
    message: str
    path: str = ""
    detail: str = ""

    def report(self) -> dict[str, Json]:
        """The entry of the import report; path and detail are already part of its message."""
        names = ("severity", "file", "line", "item", "code", "message")
        return {name: getattr(self, name) for name in names}


def path_text(path: Path) -> str:
    """The path as people write it: ``items[3].options[0].fraction``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


class Problems:
    """Collects findings while one file is read; `item` is the item being read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.item = ""
        self.errors = 0
        self._found: list[Problem] = []

    def error(self, line: int, code: str, message: str, *, path: Path = (), detail: str = "") -> None:
        """An error is on record; the item being read will be refused."""
        self.errors += 1
        self._add("error", line, code, message, path, detail)

    def warn(self, line: int, code: str, message: str, *, path: Path = (), detail: str = "") -> None:
        """A warning is on record; the item is still read."""
        self._add("warning", line, code, message, path, detail)

    def found(self) -> tuple[Problem, ...]:
        """Everything found so far, in the order of the file."""
        return tuple(self._found)

    @property
    def count(self) -> int:
        """How many findings there are so far."""
        return len(self._found)

    def reasons(self, since: int) -> tuple[str, ...]:
        """The codes of the errors after so many findings, each once."""
        codes = [found.code for found in self._found[since:] if found.severity == "error"]
        return tuple(dict.fromkeys(codes)) or ("too_many_problems",)

    def _add(self, severity: Severity, line: int, code: str, message: str, path: Path, detail: str) -> None:
        if len(self._found) > MOST_PROBLEMS:
            return
        if len(self._found) == MOST_PROBLEMS:
            code, message, severity = "too_many_problems", "More problems follow and are not listed.", "error"
        place = path_text(path)
        text = f"{place}: {message}" if place else message
        self._found.append(
            Problem(
                severity=severity,
                file=self.file,
                line=line,
                item=self.item,
                code=code,
                message=text,
                path=place,
                detail=detail[:200],
            )
        )
