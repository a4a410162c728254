# SPDX-License-Identifier: Apache-2.0
"""`exam-portal backup` and `restore`: the database and its files in one place, the keys in another."""

from datetime import UTC, datetime
from pathlib import Path

import click

from exam_portal.core import backup as copies
from exam_portal.core import settings as portal_settings


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="Copy the keys too, into this other directory.")
def backup(directory: Path, keys: Path | None) -> None:
    """Copy database and files into a new folder below DIRECTORY; safe while the server runs.

    The keys are not in it. Their copy must be kept apart and for a short time only: a person who was erased
    would come back with it.
    """
    settings = portal_settings.load()
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    made = copies.make(settings, directory / name)
    if keys is not None:
        copies.copy_keys(settings, keys / name, apart_from=directory)
    click.echo(f"{made.directory}: {made.tables} tables, {made.rows} rows, {made.files} files, checked")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, exists=True))
@click.option("--keys", type=click.Path(path_type=Path, exists=True), help="Folder with the copied keys.")
def restore(directory: Path, keys: Path | None) -> None:
    """Put the backup in DIRECTORY into an empty instance; nothing that exists is overwritten."""
    copies.restore(portal_settings.load(), directory, keys)
    click.echo("restored; compare the record with a checkpoint held elsewhere: exam-portal fsck")
