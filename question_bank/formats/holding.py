# SPDX-License-Identifier: Apache-2.0
"""What a format can hold of an item, found by writing the item and reading it back.

Nothing is lost in silence: where the question or its key would come back different the item is refused by
name; where only what surrounds it is lost (level, source, feedback …) a warning names each part.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from question_bank.formats.format import Format, NotHeld, ReadResult
from question_bank.item import Item, native
from question_bank.json_values import Json, decimal_text
from question_bank.problems import Problem, Severity

_SURROUNDING = (
    "id", "version", "title", "marks", "shuffle", "topics", "level", "difficulty", "source", "tags",
    "feedback", "positional_checked", "language", "min_words", "max_words",
)  # fmt: skip
_PORTION = 500
_LESSER = frozenset({"id", "fixed", "feedback", "feedback_true", "feedback_false"})


class CannotHold(ValueError):
    """The format cannot hold these items; `problems` names each and why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.item}: {problem.message}" for problem in problems[:20]))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The items that can be written, and what is said of these and of the others."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems of items that are not written."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def after(self, read: ReadResult) -> ReadResult:
        """What reading gave, with what writing adds to it: one report about both."""
        file = next((problem.file for problem in read.problems), "")
        lost = len(read.items) - len(self.items)
        added = tuple(replace(problem, file=file) for problem in self.problems)
        return replace(read, items=self.items, problems=(*read.problems, *added), refused=read.refused + lost)


def holding_of(format: Format, items: tuple[Item, ...]) -> Held:
    """The items the format can hold; the native format holds all of them."""
    if format.name == "native":
        return Held(items=items, problems=())
    held: list[Item] = []
    problems: list[Problem] = []
    for portion, backs in _portions(format, items):
        for item, back in zip(portion, backs, strict=True):
            found = _found(format, item, back)
            problems += found
            if all(problem.severity == "warning" for problem in found):
                held.append(item)
    return Held(items=tuple(held), problems=tuple(problems))


def _portions(
    format: Format, items: tuple[Item, ...]
) -> Iterator[tuple[tuple[Item, ...], Sequence[Item | None]]]:
    """The items in portions, each with what comes back of its items; None where that has to be asked alone.

    Most come back, and a workbook or Word file of five hundred costs little more than one of one.
    """
    for start in range(0, len(items), _PORTION):
        waiting = [items[start : start + _PORTION]]
        while waiting:
            portion = waiting.pop()
            backs = _read_back(format, portion)
            if backs is not None:
                yield portion, backs
            elif len(portion) == 1:
                yield portion, (None,)
            else:
                half = len(portion) // 2
                waiting += [portion[half:], portion[:half]]


def _read_back(format: Format, items: tuple[Item, ...]) -> tuple[Item, ...] | None:
    if any(item.restricted for item in items):
        return None
    assert format.write is not None  # formats that are only read hold nothing
    try:
        read = format.read(format.write(items), "")
    except NotHeld:
        return None
    return read.items if len(read.items) == len(items) and not read.refused else None


def _found(format: Format, item: Item, back: Item | None) -> list[Problem]:
    """What is said of an item that came back like this among others; what refuses it is found alone."""
    if back == item:
        return []
    found = [] if back is None else _differences(format.name, item, back)
    is_told = found and all(problem.severity == "warning" for problem in found)
    return found if is_told else _lacks(format, item)


def _lacks(format: Format, item: Item) -> list[Problem]:
    if item.restricted:
        message = "The item is restricted: it leaves its bank in a native file only."
        return [_problem(item, "error", "restricted_item", message)]
    try:
        assert format.write is not None  # formats that are only read hold nothing
        read = format.read(format.write((item,)), "")
    except NotHeld as problem:
        return [_problem(item, "error", problem.code, str(problem), problem.detail)]
    if len(read.items) != 1 or read.refused:
        reason = read.errors[0].message if read.errors else "it would not be read back as one item"
        return [_problem(item, "error", "not_held", f"{format.name} cannot hold this item: {reason}")]
    return _differences(format.name, item, read.items[0])


def _differences(name: str, item: Item, back: Item) -> list[Problem]:
    before = {**native(item), "language": item.language, "restricted": False}
    after = {**native(back), "language": back.language, "restricted": False}
    found = []
    lost = [key for key in _SURROUNDING if (before.get(key) or None) != (after.get(key) or None)]
    for key in [key for key in {**before, **after} if key not in _SURROUNDING]:
        old, new = _bare(before.get(key)), _bare(after.get(key))
        if old != new and _core(old) != _core(new):
            message = f"{name} cannot hold the {key} of this item as they are."
            found.append(_problem(item, "error", "not_held", message, key))
        elif before.get(key) != after.get(key):
            lost += [f"{key}: {part}" for part in _lesser_parts(before.get(key), after.get(key))]
    if lost:
        message = f"{name} has no place for everything; left out or changed: {', '.join(lost)}."
        found.append(_problem(item, "warning", "parts_left_out", message, ", ".join(lost)))
    return found


def _lesser_parts(old: Json, new: Json) -> list[str]:
    """The names of the parts that differ, or of the spelling where only that does."""
    names = [part for part in sorted(_LESSER) if _values(_bare(old), part) != _values(_bare(new), part)]
    if not names and _bare(old) != _bare(new):
        is_order = _sorted(_bare(old)) == _sorted(_bare(new))
        return ["the order of answers" if is_order else "the spelling of ranges"]
    return names or ["blanks at the ends of texts"]


def _sorted(value: Json) -> Json:
    return sorted(value, key=str) if isinstance(value, list) else value


def _values(value: Json, name: str) -> list[Json]:
    if isinstance(value, Mapping):
        own: list[Json] = [value.get(name)]
        return own + [found for entry in value.values() for found in _values(entry, name)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [found for entry in value for found in _values(entry, name)]
    return []


def _bare(value: Json) -> Json:
    """The value without blanks at the ends of texts; an empty text is none."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Mapping):
        return {key: _bare(entry) for key, entry in value.items()}
    return [_bare(entry) for entry in value] if isinstance(value, Sequence) else value


def _core(value: Json) -> Json:
    """The value without ids and feedback: what is asked and what is right."""
    if isinstance(value, Mapping):
        kept = {key: _core(entry) for key, entry in value.items() if key not in _LESSER}
        if isinstance(
            answers := kept.get("answers"), list
        ):  # the best one that fits pays, wherever it stands
            kept["answers"] = sorted(answers, key=str)
        return _as_value(kept) if {"low", "high"} <= set(kept) else kept
    return (
        [_core(entry) for entry in value]
        if isinstance(value, Sequence) and not isinstance(value, str)
        else value
    )


def _as_value(answer: dict[str, Json]) -> dict[str, Json]:
    """A range as its middle and how far it reaches: two spellings of one key."""
    low, high = Decimal(str(answer.pop("low"))), Decimal(str(answer.pop("high")))
    middle = (low + high) / 2
    return {**answer, "value": decimal_text(middle), "tolerance": decimal_text(high - middle)}


def _problem(item: Item, severity: Severity, code: str, message: str, detail: str = "") -> Problem:
    return Problem(
        severity=severity, file="", line=1, item=item.id, code=code, message=message, detail=detail[:200]
    )
