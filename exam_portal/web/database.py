# SPDX-License-Identifier: Apache-2.0
"""The database as a request sees it: one reading session, and the writer for the moment of the act.

A POST validates first, then opens ``writer()``, loads and authorises again inside it, and calls one verb.
"""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import cast

from flask import Flask, current_app, g

from exam_portal.core import confinement
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.storage import Storage

EXTENSION = "exam_portal.database"


def _nothing() -> None:
    """Ask nothing."""


@dataclasses.dataclass(slots=True)
class _Bound:
    """The database of one application and the guards around its writer."""

    database: Database
    on_enter: Callable[[], None] = _nothing
    on_leave: Callable[[], None] = _nothing


def init_app(app: Flask, database: Database) -> None:
    """Requests of the application read from and write to this database."""
    app.extensions[EXTENSION] = _Bound(database)
    app.teardown_appcontext(_close_reader)


def guard_writer(app: Flask, *, on_enter: Callable[[], None], on_leave: Callable[[], None]) -> None:
    """The guards run inside every writer transaction: after it begins, and before it may commit."""
    bound: _Bound = app.extensions[EXTENSION]
    bound.on_enter, bound.on_leave = on_enter, on_leave


def database() -> Database:
    """Return the database of the running application."""
    return _bound().database


def files() -> Storage:
    """Return where a file is prepared, before the writer is taken: nobody shall wait for it."""
    assert "writer" not in g, "a file is prepared before the writer is taken"
    return database().files


def reader() -> Session:
    """Return the request's reading session; it refuses to write and is closed with the request."""
    if "reader" not in g:
        stack = contextlib.ExitStack()
        g.reader = stack.enter_context(database().reading())
        g.reader_stack = stack
        if g.get("is_confined"):
            confinement.confine(g.reader)
    return cast("Session", g.reader)


@contextlib.contextmanager
def writer(*, unhurried: bool = False) -> Iterator[Session]:
    """Hold the writer for one act: committed if the view's permission was granted inside, else undone.

    ``unhurried`` is for what has made sure that nobody writes answers meanwhile.
    """
    release_reader()
    bound = _bound()
    try:
        with bound.database.writing(unhurried=unhurried) as session:
            g.writer = session
            bound.on_enter()
            if g.get("is_confined"):
                confinement.confine(session)
            yield session
            bound.on_leave()
    finally:
        g.pop("writer", None)
        g.pop("writer_actor", None)
        release_reader()


def confine() -> None:
    """From here on the request reaches no table but those of marking: who asks is known by now."""
    g.is_confined = True
    if "reader" in g:
        confinement.confine(g.reader)


@contextlib.contextmanager
def framing() -> Iterator[Session]:
    """Yield the reading session for the frame of a page, which a confined request shows, too."""
    with confinement.opened(reader()) as found:
        yield found


def session() -> Session:
    """Return the writer's session inside ``writer()``, the reader's outside."""
    return cast("Session", g.get("writer") or reader())


def release_reader() -> None:
    """Give the reader's connection back, so that no request holds two; its rows are read afresh."""
    if "reader" in g:
        g.reader.rollback()


def _bound() -> _Bound:
    return cast("_Bound", current_app.extensions[EXTENSION])


def _close_reader(_problem: BaseException | None) -> None:
    stack = g.pop("reader_stack", None)
    g.pop("reader", None)
    if stack is not None:
        stack.close()
