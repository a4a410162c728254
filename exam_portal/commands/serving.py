# SPDX-License-Identifier: Apache-2.0
"""`exam-portal serve`: one parent that holds the port, workers that hold the database."""

import importlib
import os
from pathlib import Path
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.server import MPServer

from exam_portal.core import clock, memory, schema, telemetry
from exam_portal.core import settings as portal_settings
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.core.settings.loading import variable

TARGET = "exam_portal.wsgi:load"
KILL_SECONDS = 20
DYING_SECONDS = 2  # a server that was killed may not have let go of everything yet


@click.command()
@click.option("--demo", is_flag=True, help="Seed the demonstration and print its addresses and accounts.")
@click.option("--host", help="Address to listen on (server.host).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (server.port).")
@click.option("--instance", type=click.Path(path_type=Path), help="Instance directory (instance.directory).")
def serve(demo: bool, host: str | None, port: int | None, instance: Path | None) -> None:
    """Serve the portal until it is stopped."""
    settings = _settle(demo=demo, host=host, port=port, instance=instance)
    telemetry.configure(settings.log)
    prepare(settings)
    if demo:
        seed(settings)
    memory.share()
    server(settings).serve()


def _settle(*, demo: bool, host: str | None, port: int | None, instance: Path | None) -> Settings:
    """Return the settings with what the command line says, which is said to the workers, too."""
    said: dict[str, Any] = {"server.host": host, "server.port": port, "instance.directory": instance}
    if demo:
        said |= {"instance.demonstration": "true", "rehearsal.enabled": "true"}
        os.environ.setdefault(variable("log.level"), "warning")  # so that the addresses stay on the screen
    for key, value in said.items():
        if value is not None:
            os.environ[variable(key)] = str(value)
    settings = portal_settings.load()
    if settings.server.base_url == portal_settings.Server().base_url:
        os.environ[variable("server.base_url")] = f"http://{settings.server.host}:{settings.server.port}"
    return portal_settings.load()


def prepare(settings: Settings) -> None:
    """Make the database ready, or refuse: another process holds it, or several nodes have to agree first.

    SQLite belongs to this one process and is migrated at the start. On PostgreSQL only an empty database is;
    an older one is migrated by `exam-portal db upgrade`, when all nodes are ready for it.
    """
    database = Database(settings)
    try:
        database.hold(wait_seconds=DYING_SECONDS)
        found = database.revision()
    finally:
        database.dispose()
    if found != schema.head() and (settings.is_embedded or found is None):
        schema.upgrade(settings)
    else:
        schema.require_current(found)


def seed(settings: Settings) -> None:
    """Have the demonstration in the database, dated today while nobody uses it; say what there is to see."""
    now = clock.SYSTEM.now()
    if importlib.import_module("exam_portal.demo.redating").clear_if_stale(settings, now):
        prepare(settings)
    database = Database(settings)
    try:
        described = importlib.import_module("exam_portal.demo.seed").ensure(database, now)
    finally:
        database.dispose()
    for line in described or ():
        click.echo(line)


def server(settings: Settings) -> MPServer:
    """Return the server. Workers are respawned when they fail; their life is not limited otherwise.

    A limited life would start a second writer before the first has ended.
    """
    options: dict[str, Any] = {}
    if settings.server.tls_certificate:
        options = {
            "ssl_cert": Path(settings.server.tls_certificate),
            "ssl_key": Path(settings.server.tls_key),
            "ssl_protocol_min": SSLProtocols.tls12,
        }
    return MPServer(
        TARGET,
        factory=True,
        address=settings.server.host,
        port=settings.server.port,
        interface=Interfaces.WSGI,
        workers=settings.server.workers,
        blocking_threads=settings.server.threads,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level=LogLevels.info if settings.log.level == "debug" else LogLevels.error,
        **options,
    )
