# SPDX-License-Identifier: Apache-2.0
"""Commands on item files. They need no installation: a setting board may use them in isolation.

Exit status: 0 everything is fine, 3 something is left for a person, 2 the input cannot be used.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click

from exam_portal.items import fsck
from question_bank import formats
from question_bank import item as items
from question_bank.formats import qti
from question_bank.formats.format import ReadResult
from question_bank.formats.intake import Unreadable
from question_bank.formats.native import DEFAULT_LANGUAGE, SCHEMA, MixedLanguages
from question_bank.grading import InvalidResponse, Score
from question_bank.item import Item
from question_bank.json_reader import JsonProblem, read_json
from question_bank.json_values import Json

__all__ = ["commands", "fsck"]  # importing the second adds its part to ``exam-portal fsck``

FINE, UNUSABLE, FOR_A_PERSON = 0, 2, 3
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITTEN = click.Path(dir_okay=False, path_type=Path)


def _format(_context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """Return the name of a format that can be read and written; refuse others by name."""
    known_here = formats.WRITTEN if parameter.name == "write_as" else tuple(formats.FORMATS)
    if name is None or name in known_here:
        return name
    if name in formats.FORMATS:
        raise click.BadParameter(f"{name} is read and not written; written are {', '.join(known_here)}")
    known = ", ".join(sorted(known_here))
    raise click.BadParameter(f"{name} is no format; this version knows {known}")


@click.group("items")
def group() -> None:
    """Convert and score item files."""


@group.command()
@click.argument("source", type=EXISTING)
@click.option("--from", "read_as", callback=_format, help="Format of the file; guessed when left out.")
@click.option(
    "--to", "write_as", callback=_format, default="native", show_default=True, help="Format to write."
)
@click.option("--out", type=WRITTEN, help="File to write the items to; standard output when left out.")
@click.option("--report", type=WRITTEN, help="File to write the report to; standard error when left out.")
def convert(source: Path, read_as: str | None, write_as: str, out: Path | None, report: Path | None) -> None:
    """Read a file of items and write those that were read; every problem stands in the report.

    Exit status 3 when some items were refused, on reading or by the format to write; 2 when nothing could be
    read.
    """
    read = formats.read(source, read_as)
    held = formats.holding(read.items, write_as)
    result = held.after(read)
    _report(report, json.dumps(result.report(), ensure_ascii=False, indent=1))
    if read.errors and not read.items and not read.refused:
        sys.exit(UNUSABLE)
    _write(out, held.items, write_as)
    sys.exit(FOR_A_PERSON if result.errors else FINE)


@group.command()
@click.argument("source", type=EXISTING)
@click.option("--response", "response_file", type=EXISTING, required=True, help="File with the response.")
@click.option("--id", "item_id", help="Id of the item, where the file holds several.")
def score(source: Path, response_file: Path, item_id: str | None) -> None:
    """Print what a response to an item earns.

    The response is {"response": …} as the item's kind has it; ``needs_person`` says that no key marks it.
    An item of QTI takes {"RESPONSE": …} by response identifier too: then its own rules give the outcomes.
    """
    given = _given(response_file)
    found: Score | qti.Outcomes
    try:
        if set(given) == {"response"}:
            found = items.score(_only(source, item_id), given["response"])
        else:
            found = _by_own_rules(source, item_id, given, response_file)
    except InvalidResponse as problem:
        _refuse(f"{response_file.name}: {problem}")
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))


def _by_own_rules(
    source: Path, item_id: str | None, given: Mapping[str, Json], response_file: Path
) -> qti.Outcomes:
    content = source.read_bytes()
    if formats.guess(content) not in qti.NAMES:
        _refuse(f"{response_file.name}: response: one object with the key response is expected")
    try:
        return qti.score(content, given, item_id)
    except Unreadable as problem:
        _refuse(f"{source.name}:{problem.line}: {problem}")


def read_items(source: Path) -> tuple[Item, ...]:
    """Return the items of a file; a file with mistakes ends the command, naming each of them."""
    return _complete(formats.read(source))


def _complete(result: ReadResult) -> tuple[Item, ...]:
    if not result.complete:
        _refuse(*(f"{p.file}:{p.line}: {p.message}" for p in result.errors))
    return result.items


def _only(source: Path, item_id: str | None) -> Item:
    everything = _complete(formats.read(_as_file(source.read_bytes()), name=source.name))
    found = [item for item in everything if item_id is None or item.id == item_id]
    if len(found) != 1:
        what = "no item of this id" if item_id else f"{len(found)} items: name one with --id"
        _refuse(f"{source.name}: {what}")
    return found[0]


def _as_file(content: bytes) -> bytes:
    """Return a bare item as the file that would hold it; a file stays as it is."""
    try:
        document = json.loads(content)
    except ValueError:
        return content
    if not isinstance(document, dict) or "kind" not in document or "items" in document:
        return content
    file = {"schema": SCHEMA, "language": DEFAULT_LANGUAGE, "items": [document]}
    return json.dumps(file, ensure_ascii=False).encode()


def _given(path: Path) -> Mapping[str, Json]:
    try:
        text = path.read_text(encoding="utf-8")
        read_json(text)  # bounded, and no key twice
        document = json.loads(text)
    except (UnicodeDecodeError, JsonProblem) as problem:
        _refuse(f"{path.name}: {problem}")
    if not isinstance(document, dict):
        _refuse(f"{path.name}: response: one object with the key response is expected")
    found: Mapping[str, Json] = document
    return found


def _write(out: Path | None, found: tuple[Item, ...], write_as: str) -> None:
    try:
        content = formats.write(found, write_as)
        if out is None:
            click.echo(content, nl=False)
        else:
            out.write_bytes(content)
    except (MixedLanguages, OSError) as problem:
        _refuse(str(problem))


def _report(target: Path | None, text: str) -> None:
    if target is None:
        click.echo(text, err=True)
        return
    try:
        target.write_text(text + "\n", encoding="utf-8")
    except OSError as problem:
        _refuse(str(problem))


def _refuse(*sentences: str) -> NoReturn:
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(UNUSABLE)


commands = [group]
