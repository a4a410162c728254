# SPDX-License-Identifier: Apache-2.0
"""The command line: what runs an installation, and what each slice adds."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from exam_portal import background
from exam_portal.commands import backups, hall, jobs, schema, serving
from exam_portal.commands.version import version
from exam_portal.core.errors import Unusable
from exam_portal.core.settings import CONFIG_VARIABLE
from exam_portal.core.settings.loading import variable

OWN = (serving.serve, jobs.worker, hall.hall, schema.db, backups.backup, backups.restore, version)


class Portal(click.Group):
    """The group of all commands; a refusal is one sentence and exit status 2, never a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except Unusable as refusal:
            click.echo(f"exam-portal: {refusal}", err=True)
            sys.exit(2)


@click.group(cls=Portal)
@click.version_option(package_name="exam-portal")
@click.option("--config", metavar="FILE", help="Settings file, or a name such as development.")
@click.option("--instance", type=click.Path(path_type=Path), help="Instance directory of this installation.")
def main(config: str | None, instance: Path | None) -> None:
    """Run and look after an exam-portal installation."""
    if config is not None:
        os.environ[CONFIG_VARIABLE] = config
    if instance is not None:
        os.environ[variable("instance.directory")] = str(instance)


def slice_commands() -> Iterator[click.Command]:
    """Yield the commands that the slices add."""
    for module in background.slice_modules("cli"):
        yield from module.commands


for each in (*OWN, *slice_commands()):
    main.add_command(each)
