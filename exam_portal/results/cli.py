# SPDX-License-Identifier: Apache-2.0
"""Commands that compute, explain, check and hand over: the arithmetic of the portal without the portal."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.core import schema
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.instance import InstanceHeld
from exam_portal.core.settings import load
from exam_portal.results import against_record, fsck
from exam_portal.results import bundle as bundles
from exam_portal.results.errors import NothingRecorded
from scoring import explain as words
from scoring.ranking import rank_json
from scoring.reading import Problem, UnusableInput
from scoring.refusals import in_language
from scoring.ruleset import parse
from scoring.verify import bundle as verifying

__all__ = ["against_record", "commands", "fsck"]

UNUSABLE = 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--ruleset", "ruleset_file", type=FILE, required=True, help="The rule set, in TOML.")
@click.option("--input", "input_file", type=FILE, required=True, help="Marks of one vacancy (marks/1).")
def rank(ruleset_file: Path, input_file: Path) -> None:
    """Print the ranking of one vacancy; exit 0 complete, 3 something is pending, 2 unusable input."""
    try:
        ranking, status = rank_json(_text(ruleset_file), _text(input_file))
    except UnusableInput as refused:
        _refuse(refused)
    click.echo(json.dumps(ranking, ensure_ascii=False, indent=1))
    raise SystemExit(status)


@click.group()
def rules() -> None:
    """Read rule sets."""


@rules.command()
@click.argument("file", type=FILE)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language.")
def explain(file: Path, lang: str) -> None:
    """Print a rule set in words, as the notice prints it; exit 2 when it cannot be used."""
    try:
        sections = words.explain(parse(_text(file)), lang)
    except UnusableInput as refused:
        _refuse(refused, lang)
    for number, section in enumerate(sections, start=1):
        click.echo(f"{number}. {section.title}\n")
        for letter, sentence in section.points:
            click.echo(f"{letter}) {sentence}")
        click.echo()


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--previous", type=FILE, help="An earlier bundle, or a checkpoint that somebody kept.")
def verify(bundle: Path, previous: Path | None) -> None:
    """Recompute a bundle; exit 0 everything holds, 1 a check failed, 2 there is nothing to check."""
    report = verifying.check(bundle, previous)
    click.echo(report.text(), err=report.unusable is not None)
    raise SystemExit(report.exit_status)


@click.command()
@click.argument("competition")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
def bundle(competition: str, out: Path) -> None:
    """Write the bundle of COMPETITION (its code or address id), with a checkpoint over its last leaf."""
    try:
        with schema.opened(load()) as database:
            _seal(database, competition)
            with database.reading() as session:
                content = bundles.packed(session, _find(session, competition))
    except NothingRecorded:
        raise click.ClickException("nothing of this competition has been recorded and signed yet") from None
    out.write_bytes(content)
    click.echo(f"{bundles.digest(content)}  {out}")


def _seal(database: Database, competition: str) -> None:
    """Sign a checkpoint over everything; while the server runs on SQLite, its own last one counts."""
    try:
        with database.writing(unhurried=True) as session:
            bundles.seal(session, datetime.now(UTC), _find(session, competition))
    except InstanceHeld:
        click.echo("the server is running: the bundle reaches up to its last checkpoint", err=True)


def _find(session: Session, name: str) -> Competition:
    found = session.scalars(
        select(Competition).where((Competition.public_id == name) | (Competition.code == name))
    ).all()
    if len(found) != 1:
        lack = "there is no competition" if not found else "several competitions have the code"
        raise click.ClickException(f"{lack} {name}")
    return found[0]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnusableInput(file.name, [Problem(path="", message="is not UTF-8 text")]) from problem


def _refuse(refused: UnusableInput, lang: str = "en") -> NoReturn:
    for problem in refused.problems:
        click.echo(f"{refused.source}: {problem.path}: {in_language(problem, lang)}", err=True)
    raise SystemExit(UNUSABLE)


commands: list[click.Command] = [rank, rules, verify, bundle]
