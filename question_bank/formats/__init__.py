# SPDX-License-Identifier: Apache-2.0
"""Item files in and out: one function to read, one to write, one table of formats.

Reading never raises for what a file holds: whatever is wrong is a `Problem` with its line, and an item with
an error is left out whole. ``ReadResult.complete`` says whether everything was read; an import takes all that
was read or nothing, and less than the file holds only on somebody's word.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from question_bank.formats import aiken, gift, moodle_xml, native, qti, sheets, word
from question_bank.formats.format import Format, ReadResult, Row, failed
from question_bank.formats.holding import CannotHold, Held, holding_of
from question_bank.item import Item

MOST_BYTES = 16_000_000

FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        native.FORMAT,
        *qti.FORMATS,
        moodle_xml.FORMAT,
        sheets.XLSX,
        word.FORMAT,
        sheets.CSV,
        aiken.FORMAT,
        gift.FORMAT,
    )
}

WRITTEN = tuple(name for name, format in FORMATS.items() if format.write is not None)

__all__ = [
    "FORMATS",
    "MOST_BYTES",
    "WRITTEN",
    "CannotHold",
    "Format",
    "Held",
    "ReadResult",
    "Row",
    "UnknownFormat",
    "failed",
    "guess",
    "holding",
    "read",
    "write",
    "write_held",
]


class UnknownFormat(ValueError):
    """No format of that name can be written."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The format {name!r} is not one of those written: {', '.join(WRITTEN)}.")
        self.name = name


def read(
    source: str | Path | bytes,
    format: str | None = None,
    *,
    name: str | None = None,
) -> ReadResult:
    """The items of a file or of its bytes, and every problem found; the format is guessed when not named.

    `name` is what problems call the file. Raises OSError where a path cannot be read.
    """
    content = source if isinstance(source, bytes) else _bounded(Path(source))
    label = name or ("" if isinstance(source, bytes) else Path(source).name)
    if len(content) > MOST_BYTES:
        return failed(
            label, "too_large", f"The file is larger than {MOST_BYTES // 1_000_000} MB.", str(MOST_BYTES)
        )
    if format is not None and format not in FORMATS:
        known = ", ".join(FORMATS)
        return failed(label, "unknown_format", f"The format {format!r} is not one of {known}.", format)
    chosen = format or guess(content)
    if chosen is None:
        message = f"The content is none of the formats {', '.join(FORMATS)}."
        return failed(label, "unrecognised_format", message, ", ".join(FORMATS))
    return FORMATS[chosen].read(content, label)


def write(items: Iterable[Item], format: str = "native") -> bytes:
    """The items as a file of the format.

    Raises `UnknownFormat` where there is no writer, `CannotHold` where the format cannot say what an item
    asks.
    """
    held = holding(items, format)
    if held.errors:
        raise CannotHold(held.errors)
    return write_held(held.items, format)


def write_held(items: Iterable[Item], format: str) -> bytes:
    """The items, of which `holding` has said that the format holds them, as a file of it."""
    made = FORMATS[format].write
    if made is None:
        raise UnknownFormat(format)
    return made(tuple(items))


def holding(items: Iterable[Item], format: str) -> Held:
    """The items the format can hold; of the others, and of lesser parts that are left out, each by name."""
    if format not in WRITTEN:
        raise UnknownFormat(format)
    return holding_of(FORMATS[format], tuple(items))


def guess(content: bytes) -> str | None:
    """The name of the first format that recognises the content, or None."""
    found = next((name for name, candidate in FORMATS.items() if candidate.recognises(content)), None)
    return found or (native.FORMAT.name if native.may_be(content) else None)


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
