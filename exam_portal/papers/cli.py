# SPDX-License-Identifier: Apache-2.0
"""Drawing forms from an item file, printing them, and recomputing revealed papers: without an installation.

Exit status: 0 forms were found, 3 no forms satisfy the blueprint (the output says what is missing), 2 the
input cannot be used.
"""

import hashlib
import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from exam_portal.items.cli import EXISTING, FINE, FOR_A_PERSON, UNUSABLE, read_items
from exam_portal.papers import booklet_files, fsck, redrawing
from exam_portal.papers.drawing import FIRST_CODE
from question_bank import assembly, blueprint, booklets, placing
from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.paper import PaperForm
from question_bank.problems import Problem
from question_bank.shuffling import SEED_BYTES

__all__ = ["commands", "fsck"]  # importing the second adds its part to ``exam-portal fsck``


@click.group("papers")
def group() -> None:
    """Assemble papers from item files; recompute papers that were revealed."""


@group.command()
@click.option("--bank", "source", type=EXISTING, required=True, help="File with the items to draw from.")
@click.option("--blueprint", "plan", type=EXISTING, required=True, help="Blueprint (TOML).")
@click.option("--forms", type=click.IntRange(1, 64), default=1, show_default=True, help="Number of forms.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draw; a fresh one when left out.")
def assemble(source: Path, plan: Path, forms: int, seed: int | None) -> None:
    """Draw forms from the items of a file; each comes with the check of every constraint.

    Where there are none, the output says what is missing and which rule bars; `unknown` is no proof.
    """
    wanted = _blueprint(plan)
    items = read_items(source)
    if not items:
        _refuse(f"{source.name}: the file holds no items")
    _name(plan, blueprint.strangers(wanted, assembly.bank_of(items), plan.name))
    if undecided := [item.id for item in items if placing.standing(item) in {"open", "undecided"}]:
        click.echo(f"{source.name}: options that name others, not decided: {', '.join(undecided)}", err=True)
    try:
        found = assembly.assemble(items, wanted, forms, secrets.randbits(63) if seed is None else seed)
    except assembly.SolverFailed as problem:
        _refuse(f"Nothing is known about these forms: {problem}")
    except assembly.AssemblyBroken as problem:
        _refuse(f"The forms that were found do not pass their own check, and are not printed: {problem}")
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    sys.exit(FINE if found.forms else FOR_A_PERSON)


def _blueprint(plan: Path) -> Blueprint:
    try:
        return blueprint.parse(plan.read_text(encoding="utf-8-sig"), plan.name)
    except blueprint.BlueprintMistakes as problem:
        _name(plan, problem.mistakes)
    except UnicodeDecodeError:
        _refuse(f"{plan.name}: the file is not UTF-8 text")
    except OSError as problem:
        _refuse(f"{plan.name}: the file cannot be read: {problem.strerror}")
    raise AssertionError("every mistake ends the command")


def _name(plan: Path, mistakes: Sequence[Problem]) -> None:
    """End the command where there are mistakes, with one line for each."""
    if mistakes:
        _refuse(*(f"{plan.name}:{mistake.line}: {mistake.message}" for mistake in mistakes))


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(" ".join(line.split()), err=True)
    sys.exit(UNUSABLE)


@group.command("print")
@click.option("--bank", "source", type=EXISTING, required=True, help="File with the items.")
@click.option(
    "--drawn", type=EXISTING, help="What `papers assemble` printed; without it all items are one form."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="New folder.")
@click.option(
    "--codes",
    type=click.IntRange(1, booklets.MOST_CODES),
    default=4,
    show_default=True,
    help="Orders of each form.",
)
@click.option("--seed", help="Secret seed of the orders, 64 hexadecimal digits; a fresh one when left out.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(booklet_files.KINDS),
    default="pdf",
    show_default=True,
    help="Kind of files.",
)
@click.option("--title", default="", help="Title of the part.")
@click.option("--body", default="", help="Who holds the examination.")
@click.option("--parent-body", default="", help="The authority above.")
@click.option("--examination", default="", help="Name of the examination.")
@click.option(
    "--minutes", type=click.IntRange(1, 1440), default=60, show_default=True, help="Time to answer."
)
@click.option("--marks", default="100", show_default=True, help="Scale of the part.")
@click.option("--shuffle-items", is_flag=True, help="Shuffle the questions too, not only their options.")
def print_(source: Path, drawn: Path | None, out: Path, codes: int, seed: str | None, **facts: Any) -> None:
    """Print booklets for several paper codes and one key sheet; the output names seed and digests."""
    secret = secrets.token_bytes(32) if seed is None else _seed(seed)
    try:
        forms = _forms(read_items(source), drawn, facts)
        shown = [(form, secret, booklets.codes_of(form.id, codes, is_only=len(forms) == 1)) for form in forms]
        heading = booklets.Heading(
            body=facts["body"], parent_body=facts["parent_body"], examination=facts["examination"]
        )
        printed = booklets.of(shown, heading)
        out.mkdir(parents=True)
    except (ValueError, KeyError, TypeError, ArithmeticError) as problem:
        click.echo(f"Nothing can be printed of this: {problem}", err=True)
        sys.exit(UNUSABLE)
    except FileExistsError:
        click.echo(f"{out}: is there already; nothing was written", err=True)
        sys.exit(UNUSABLE)
    kind: booklet_files.FileKind = facts["kind"]
    digests = {}
    for name, content in (
        *booklet_files.booklets(printed, kind),
        (f"key.{kind}", booklet_files.key_sheet(printed.key_sheet, kind)),
    ):
        (out / name).write_bytes(content)
        digests[name] = hashlib.sha256(content).hexdigest()
    click.echo(json.dumps({"seed": secret.hex(), "files": digests}, indent=1))


@group.command()
@click.argument("revealed", type=EXISTING)
@click.option("--journal", type=EXISTING, help="The candidate's own journal, whose order is compared.")
@click.option("--form", "code", help="Code of the form, where no journal is given.")
@click.option("--candidate", help="Number of the attempt, or the code of a printed booklet.")
def rederive(revealed: Path, journal: Path | None, code: str | None, candidate: str | None) -> None:
    """Print the order in which a candidate met a revealed paper, derived again; exit status 1: another one.

    REVEALED is the file for everybody. The number of an attempt stands on its receipt and in its journal.
    """
    if (journal is None) == (code is None or candidate is None):
        click.echo("either --journal, or --form and --candidate", err=True)
        sys.exit(UNUSABLE)
    try:
        checks = redrawing.order_of(
            _json(revealed), _json(journal) if journal else None, code or "", candidate or ""
        )
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        click.echo(f"Nothing can be derived from this: {problem}", err=True)
        sys.exit(UNUSABLE)
    _told(checks)


@group.command()
@click.argument("draw", type=EXISTING)
@click.option("--bank", "source", type=EXISTING, required=True, help="File with the items of the pool.")
@click.option("--key", help="Public key of the installation, 64 hexadecimal digits, to compare.")
@click.option(
    "--apart",
    type=EXISTING,
    help="The same file of the part's other paper, which was drawn first: none of its items was drawn again.",
)
def redraw(draw: Path, source: Path, key: str | None, apart: Path | None) -> None:
    """Draw a revealed paper again and recompute its commitments; exit status 1: something differs.

    DRAW is the file for the parties.
    """
    items = read_items(source)
    try:
        checks = redrawing.checks(_json(draw), items, _json(apart) if apart else None, key or "")
    except assembly.SolverFailed as problem:
        click.echo(f"The solver gave no answer: {problem}", err=True)
        sys.exit(UNUSABLE)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
        click.echo(f"Nothing can be drawn from this: {problem}", err=True)
        sys.exit(UNUSABLE)
    _told(checks)


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _told(checks: Sequence[tuple[bool, str]]) -> None:
    for holds, line in checks:
        click.echo(f"{'OK  ' if holds else 'FAIL'} {line}")
    sys.exit(FINE if all(holds for holds, _ in checks) else 1)


def _seed(typed: str) -> bytes:
    try:
        found = bytes.fromhex(typed)
    except ValueError:
        found = b""
    if len(found) != SEED_BYTES:
        click.echo("--seed: 64 hexadecimal digits are expected", err=True)
        sys.exit(UNUSABLE)
    return found


def _forms(items: Sequence[Item], drawn: Path | None, facts: Mapping[str, Any]) -> list[PaperForm]:
    bank = assembly.bank_of(items)
    chosen = (
        [list(bank)]
        if drawn is None
        else [form["items"] for form in json.loads(drawn.read_text(encoding="utf-8"))["forms"]]
    )
    return [
        PaperForm(
            id=str(FIRST_CODE["official"] + number),
            title=facts["title"],
            kind="official",
            language=items[0].language,
            minutes=facts["minutes"],
            marks=Decimal(facts["marks"]),
            items=tuple(bank[name] for name in names),
            shuffle_items=facts["shuffle_items"],
        )
        for number, names in enumerate(chosen)
    ]


commands = [group]
