# SPDX-License-Identifier: Apache-2.0
"""`exam-portal version`: which program this is, as the logs of competitions state it."""

import click

from exam_portal.core import program


@click.command()
@click.option(
    "--packages", is_flag=True, help="List the packages whose names and versions `lock` is made over."
)
def version(packages: bool) -> None:
    """Say which program this is, in the words of a competition's `code` leaf."""
    for name, value in program.facts().items():
        click.echo(f"{name:8}{value}")
    for line in program.packages() if packages else ():
        click.echo(line)
