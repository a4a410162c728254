# SPDX-License-Identifier: Apache-2.0
"""SQLite gives rows backwards where nobody asked for an order.

PostgreSQL gives them in the order of their places, which a deleted row hands on to a new one: what relies on
the order in which rows were written is right almost always, and wrong on some day. Here it is wrong at once.
"""

import functools
import sqlite3


class Backwards(sqlite3.Connection):
    """A connection whose selects without an order turn their rows round."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.execute("PRAGMA reverse_unordered_selects = ON")


def read() -> None:
    """Every connection that this process opens from now on is such a one."""
    sqlite3.connect = functools.partial(sqlite3.connect, factory=Backwards)  # type: ignore[assignment]
