# SPDX-License-Identifier: Apache-2.0
"""`exam-portal db …`: the tables of an installation."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import click

from exam_portal.core import schema
from exam_portal.core import settings as portal_settings
from exam_portal.core.database import Database


@click.group()
def db() -> None:
    """Migrate the database, or write migrations."""


@db.command()
@click.option("--revision", default="head", show_default=True, help="Where to stop.")
def upgrade(revision: str) -> None:
    """Bring the database to this version's tables, all of it or nothing."""
    settings = portal_settings.load()
    schema.upgrade(settings, revision)
    click.echo(f"the database stands at {_current() or 'nothing'}")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="This may drop columns with their content. Is there a backup?")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION (`base`: no tables)."""
    schema.downgrade(portal_settings.load(), revision)
    click.echo(f"the database stands at {_current() or 'nothing'}")


@db.command()
def status() -> None:
    """Say at which revision the database stands; exit 1 unless it is the expected one."""
    found, expected = _current(), schema.head()
    click.echo(f"database {found or 'empty'}, program {expected}")
    if found != expected:
        sys.exit(1)


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from the difference between this database and the models (for developers)."""
    click.echo(_tidy(schema.new_revision(portal_settings.load(), message)))


@db.command("rewrite-initial")
@click.confirmation_option(prompt="This replaces every migration. Has nothing been released yet?")
def rewrite_initial() -> None:
    """Replace all migrations by one that makes every table (for developers, before a first release)."""
    click.echo(_tidy(schema.rewrite_initial()))


def _current() -> str | None:
    database = Database(portal_settings.load())
    try:
        return database.revision()
    finally:
        database.dispose()


def _tidy(script: Path) -> str:
    """Format the script where the formatter is installed, and return its name."""
    if importlib.util.find_spec("ruff"):
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(script)], check=True)
    return script.name
