# SPDX-License-Identifier: Apache-2.0
"""``exam-portal rehearse``: a whole competition, and a verdict."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:  # the client is heavy, and every command is put together at every start
    from exam_portal.rehearsal import run as rehearsal

__all__ = ["commands"]


@click.command()
@click.option(
    "--candidates", type=click.IntRange(2, 5000), default=20, show_default=True, help="Number of candidates."
)
@click.option(
    "--vacancies", type=click.IntRange(1, 50), default=2, show_default=True, help="Number of vacancies."
)
@click.option(
    "--seed",
    type=click.IntRange(0, 999),
    default=1,
    show_default=True,
    help="Seed of names, answers and marks.",
)
@click.option(
    "--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", help="Of its own portal."
)
@click.option("--items", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File of items.")
@click.option("--base-url", help="A running portal, with rehearsals enabled.")
@click.option(
    "--staff",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --base-url: logins of an administrator and an organiser, and the directory of letters (TOML).",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rehearsal"),
    help="Folder for report and bundle.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def rehearse(
    *,
    candidates: int,
    vacancies: int,
    seed: int,
    database: str,
    items: Path | None,
    base_url: str | None,
    staff: Path | None,
    out: Path,
    as_json: bool,
) -> None:
    """Carry a whole competition over HTTP, by people in every role, and say whether to go on."""
    from exam_portal.rehearsal import report
    from exam_portal.rehearsal import run as rehearsal

    if candidates < 2 * vacancies:
        raise click.UsageError("a post needs two candidates")
    out.mkdir(parents=True, exist_ok=True)
    wanted = rehearsal.Wanted(
        candidates=candidates,
        vacancies=vacancies,
        seed=seed,
        database=database,
        items=items,
        out=out.resolve(),
        portal=_portal(base_url, staff),
    )
    console = Console(stderr=True)
    with console.status("…") as status:
        found = rehearsal.run(wanted, say=_teller(console, status.update))
    (out / "report.json").write_text(json.dumps(found.as_dict(), ensure_ascii=False, indent=1), "utf-8")
    told = json.dumps(found.as_dict(), ensure_ascii=False) if as_json else report.in_words(found)
    click.echo(told)
    raise SystemExit(0 if found.is_go else 1)


def _teller(console: Console, show: Callable[[str], None]) -> Callable[[str], None]:
    def tell(line: str) -> None:
        show(line)
        if not console.is_terminal:
            console.print(line, highlight=False)

    return tell


def _portal(base_url: str | None, staff: Path | None) -> "rehearsal.Portal | None":
    from exam_portal.rehearsal import run as rehearsal
    from exam_portal.rehearsal.play import Login

    if base_url is None:
        return None
    if staff is None:
        raise click.UsageError("--base-url needs --staff")
    said = tomllib.loads(staff.read_text("utf-8"))
    return rehearsal.Portal(
        base_url=base_url.rstrip("/"),
        administrator=Login(**said["administrator"]),
        organiser=Login(**said["organiser"]),
        mail=Path(said["mail"]),
    )


commands = [rehearse]
