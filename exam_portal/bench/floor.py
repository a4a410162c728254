# SPDX-License-Identifier: Apache-2.0
"""The floor: a bare Flask application that parses the same JSON and commits one upsert."""

import json
import os
import sqlite3
import threading
from collections.abc import Callable

import psycopg
from flask import Flask, Response, request

from exam_portal.core.database import sqlite
from exam_portal.core.instance import die_with_parent

ADDRESS = "BENCH_FLOOR_DATABASE"
TABLE = (
    "CREATE TABLE IF NOT EXISTS floor (attempt TEXT PRIMARY KEY, seq INTEGER NOT NULL, body TEXT NOT NULL)"
)
UPSERT = (
    "INSERT INTO floor (attempt, seq, body) VALUES ({0}, {0}, {0})"
    " ON CONFLICT (attempt) DO UPDATE SET seq = excluded.seq, body = excluded.body"
)


def load() -> Flask:
    """Return the application on the database that the environment names."""
    die_with_parent()
    address = os.environ[ADDRESS]
    store = _on_postgresql(address) if address.startswith("postgresql") else _on_sqlite(address)
    app = Flask("floor")

    @app.post("/floor")
    def save() -> Response:
        content = request.get_json()
        store(content["lease"], content["seq"], json.dumps(content["events"]))
        return Response(json.dumps({"seq": content["seq"]}), mimetype="application/json")

    return app


def _on_sqlite(address: str) -> Callable[[str, int, str], None]:
    connection = sqlite3.connect(address, isolation_level=None, check_same_thread=False)
    for pragma in sqlite.WRITER:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute(TABLE)
    mutex = threading.Lock()

    def store(attempt: str, seq: int, body: str) -> None:
        with mutex:
            connection.execute(UPSERT.format("?"), (attempt, seq, body))

    return store


def _on_postgresql(address: str) -> Callable[[str, int, str], None]:
    local = threading.local()

    def store(attempt: str, seq: int, body: str) -> None:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(address, autocommit=True)
        local.connection.execute(UPSERT.format("%s"), (attempt, seq, body), prepare=True)

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        connection.execute(TABLE)
    return store
