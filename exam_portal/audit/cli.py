# SPDX-License-Identifier: Apache-2.0
"""Commands of the record."""

import itertools

import click

from exam_portal.audit import acts
from exam_portal.audit import fsck as checks
from exam_portal.core import schema
from exam_portal.core.settings import load

__all__ = ["acts", "commands"]  # importing the first adds its part to fsck


@click.command()
@click.option("--all", "everything", is_flag=True, help="Name every difference, not only the first.")
def fsck(everything: bool) -> None:
    """Recompute the record: commitments, places, tree, checkpoints and scans; exit 1 at a difference."""
    with schema.opened(load()) as database, database.reading() as session:
        found = list(itertools.islice(checks.differences(session), None if everything else 1))
    for difference in found:
        click.echo(str(difference))
    if found:
        raise SystemExit(1)
    click.echo("the record is sound")


commands = [fsck]
