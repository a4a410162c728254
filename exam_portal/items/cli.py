# SPDX-License-Identifier: Apache-2.0
"""Commands on item files. They need no installation: a setting board may use them in isolation.

Exit status: 0 everything is fine, 3 something is left for a person, 2 the input cannot be used.
"""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from question_bank import formats
from question_bank import item as items
from question_bank.formats.native import MixedLanguages
from question_bank.grading import InvalidResponse
from question_bank.item import Item
from question_bank.json_reader import JsonProblem, read_json
from question_bank.json_values import Json

__all__ = ["commands"]

FINE, UNUSABLE, FOR_A_PERSON = 0, 2, 3
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
FORMATS = click.Choice(sorted(formats.FORMATS))


@click.group("items")
def group() -> None:
    """Convert and score item files."""


@group.command()
@click.argument("source", type=EXISTING)
@click.option("--from", "read_as", type=FORMATS, help="Format of the file; guessed when left out.")
@click.option("--to", "write_as", type=FORMATS, default="native", show_default=True, help="Format to write.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write the items to.")
def convert(source: Path, read_as: str | None, write_as: str, out: Path | None) -> None:
    """Read a file of items, print the report, write the items that were read.

    Exit status 3 when some items were refused: they are named in the report and not written.
    """
    result = formats.read(source, read_as)
    _print(result.report())
    if not result.items and result.errors:
        sys.exit(UNUSABLE)
    if out is not None:
        _write(out, result.items, write_as)
    sys.exit(FOR_A_PERSON if result.errors else FINE)


@group.command()
@click.argument("source", type=EXISTING)
@click.option("--response", "response_file", type=EXISTING, required=True, help="File with the response.")
@click.option("--id", "item_id", help="Id of the item, where the file holds several.")
def score(source: Path, response_file: Path, item_id: str | None) -> None:
    """Print what a response to an item earns.

    The response is {"response": …} in the form of the item's kind. Exit status 3 when a person has to mark.
    """
    item = _only(source, item_id)
    try:
        found = items.score(item, _response(response_file))
    except InvalidResponse as problem:
        _refuse(f"{response_file.name}: {problem}")
    _print(found.as_dict())
    sys.exit(FOR_A_PERSON if found.needs_person else FINE)


def read_items(source: Path) -> tuple[Item, ...]:
    """Return the items of a file; a file with mistakes ends the command, naming each of them."""
    result = formats.read(source)
    if not result.complete:
        _refuse(*(f"{p.file}:{p.line}: {p.message}" for p in result.errors))
    return result.items


def _only(source: Path, item_id: str | None) -> Item:
    found = [item for item in read_items(source) if item_id is None or item.id == item_id]
    if len(found) != 1:
        what = "no item of this id" if item_id else f"{len(found)} items: name one with --id"
        _refuse(f"{source.name}: {what}")
    return found[0]


def _response(path: Path) -> Json:
    try:
        text = path.read_text(encoding="utf-8")
        read_json(text)  # bounded, and no key twice
        document = json.loads(text)
    except (UnicodeDecodeError, JsonProblem) as problem:
        _refuse(f"{path.name}: {problem}")
    if not isinstance(document, dict) or set(document) != {"response"}:
        _refuse(f"{path.name}: response: one object with the key response is expected")
    found: Json = document["response"]
    return found


def _write(out: Path, found: tuple[Item, ...], write_as: str) -> None:
    try:
        out.write_bytes(formats.write(found, write_as))
    except (MixedLanguages, OSError) as problem:
        _refuse(f"{out.name}: {problem}")


def _print(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _refuse(*sentences: str) -> NoReturn:
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(UNUSABLE)


commands = [group]
