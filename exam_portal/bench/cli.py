# SPDX-License-Identifier: Apache-2.0
"""``exam-portal bench``: measure, and say what was measured."""

import json
from decimal import Decimal

import click

from exam_portal.bench import assembling
from exam_portal.bench import saves as measuring
from exam_portal.bench import soak as soaking
from exam_portal.bench import start as starting
from exam_portal.bench.report import Report, in_words

__all__ = ["commands"]


@click.group()
def bench() -> None:
    """Measure this machine."""


@bench.command()
@click.option(
    "--database",
    "kind",
    type=click.Choice(["sqlite", "postgresql"]),
    default="sqlite",
    help="Which database to measure on.",
)
@click.option(
    "--url", help="A running portal; its settings have to be this command's settings, on PostgreSQL."
)
@click.option("--seconds", type=click.IntRange(2, 3600), default=10, help="Length of each phase.")
@click.option("--attempts", type=click.IntRange(10, 5000), default=400, help="How many candidates write.")
@click.option("--connections", type=click.IntRange(1, 512), default=48, help="Requests under way at once.")
@click.option("--workers", type=click.IntRange(1, 32), help="Server processes (PostgreSQL; 2 by default).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def saves(
    *,
    kind: str,
    url: str | None,
    seconds: int,
    attempts: int,
    connections: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Load the answer path, then the bare floor, on the same server program, database and machine."""
    wanted = measuring.Wanted(
        database=kind,
        url=url,
        seconds=seconds,
        attempts=attempts,
        connections=connections,
        workers=workers or (1 if kind == "sqlite" else 2),
    )
    try:
        found: Report = measuring.run(wanted, say=lambda line: click.echo(line, err=True))
    except measuring.CannotMeasure as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(json.dumps(found.as_dict()) if as_json else in_words(found))
    if found.lost or found.errors:
        raise SystemExit(1)


@bench.command()
@click.option(
    "--database",
    "kind",
    type=click.Choice(["sqlite", "postgresql"]),
    default="sqlite",
    help="Which database to measure on.",
)
@click.option("--candidates", type=click.IntRange(10, 20_000), default=1000, help="How many sit.")
@click.option("--workers", type=click.IntRange(1, 32), help="Server processes (PostgreSQL; 2 by default).")
@click.option(
    "--submit-seconds", type=click.IntRange(1, 600), default=60, help="All hand in within this time."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def start(*, kind: str, candidates: int, workers: int | None, submit_seconds: int, as_json: bool) -> None:
    """Sign everybody in, give out the key within one second, and have everybody hand in."""
    wanted = starting.Wanted(
        database=kind,
        candidates=candidates,
        workers=workers or (1 if kind == "sqlite" else 2),
        submit_seconds=submit_seconds,
    )
    found = starting.run(wanted, say=lambda line: click.echo(line, err=True))
    click.echo(json.dumps(found.as_dict()) if as_json else starting.in_words(found))
    if found.lost or found.errors or found.refused:
        raise SystemExit(1)


@bench.command()
@click.option(
    "--database",
    "kind",
    type=click.Choice(["sqlite", "postgresql"]),
    default="sqlite",
    help="Which database to measure on.",
)
@click.option("--minutes", type=click.IntRange(2, 1440), default=240, help="How long (4 hours by default).")
@click.option("--rate", type=click.IntRange(1, 5000), default=300, help="Saves in a second.")
@click.option("--attempts", type=click.IntRange(10, 5000), default=400, help="How many candidates write.")
@click.option("--connections", type=click.IntRange(1, 512), default=48, help="Requests under way at once.")
@click.option("--workers", type=click.IntRange(1, 32), help="Server processes (PostgreSQL; 2 by default).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def soak(
    *, kind: str, minutes: int, rate: int, attempts: int, connections: int, workers: int | None, as_json: bool
) -> None:
    """Save for hours at one rate; fails where memory grows by 5 % or the log passes 200 MB."""
    wanted = soaking.Wanted(
        database=kind,
        minutes=minutes,
        rate=rate,
        attempts=attempts,
        connections=connections,
        workers=workers or (1 if kind == "sqlite" else 2),
    )
    found = soaking.run(wanted, say=lambda line: click.echo(line, err=True))
    click.echo(json.dumps(found.as_dict()) if as_json else soaking.in_words(found))
    if not found.holds:
        raise SystemExit(1)


@bench.command()
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the forms.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def assembly(*, seed: int, as_json: bool) -> None:
    """Assemble 4 forms of 40 from 2,000 questions and 10 of 60 from 5,000, without a common question."""
    found = assembling.run(lambda line: click.echo(line, err=True), seed)
    click.echo(json.dumps(found) if as_json else assembling.in_words(found))
    if any(Decimal(each["seconds"]) > each["aim"] for each in found):
        raise SystemExit(1)


commands = [bench]
