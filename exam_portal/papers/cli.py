# SPDX-License-Identifier: Apache-2.0
"""Drawing forms from an item file by a blueprint, without an installation: for boards that work in isolation.

Exit status: 0 forms were found, 3 no forms satisfy the blueprint (the output says what is missing), 2 the
input cannot be used.
"""

import json
import secrets
import sys
from pathlib import Path

import click

from exam_portal.items.cli import EXISTING, FINE, FOR_A_PERSON, UNUSABLE, read_items
from exam_portal.papers import fsck
from question_bank import assembly, blueprint

__all__ = ["commands", "fsck"]  # importing the second adds its part to ``exam-portal fsck``


@click.group("papers")
def group() -> None:
    """Assemble papers from item files."""


@group.command()
@click.option("--bank", "source", type=EXISTING, required=True, help="File with the items to draw from.")
@click.option("--blueprint", "plan", type=EXISTING, required=True, help="Blueprint (TOML).")
@click.option("--forms", type=click.IntRange(1, 64), default=1, show_default=True, help="Number of forms.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draw; a fresh one when left out.")
def assemble(source: Path, plan: Path, forms: int, seed: int | None) -> None:
    """Draw forms from the items of a file; each comes with the check of every constraint."""
    try:
        wanted = blueprint.parse(plan.read_text(encoding="utf-8"), plan.name)
    except blueprint.BlueprintMistakes as problem:
        for mistake in problem.mistakes:
            click.echo(f"{plan.name}:{mistake.line}: {mistake.message}", err=True)
        sys.exit(UNUSABLE)
    except UnicodeDecodeError:
        click.echo(f"{plan.name}: the file is not UTF-8 text", err=True)
        sys.exit(UNUSABLE)
    try:
        found = assembly.assemble(
            read_items(source), wanted, forms, secrets.randbits(63) if seed is None else seed
        )
    except assembly.SolverFailed as problem:
        click.echo(f"Nothing is known about these forms: {problem}", err=True)
        sys.exit(UNUSABLE)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    sys.exit(FINE if found.forms else FOR_A_PERSON)


commands = [group]
