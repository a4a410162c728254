# SPDX-License-Identifier: Apache-2.0
"""Lines: connections to PostgreSQL that carry nothing but saves, so that what is prepared on them stays so.

(On the connections of the pool each reading ends with a ROLLBACK, after which the driver prepares anew.)
"""

import struct
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg import postgres, pq
from sqlalchemy import Engine


class Lines:
    """At most so many at once; each is opened when first needed, and closed when anything failed on it."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._free = threading.Semaphore(most)
        self._idle: deque[psycopg.Connection[Any]] = deque()

    @contextmanager
    def borrow(self) -> Iterator[psycopg.Connection[Any]]:
        """Yield a line; what was left open on it is committed at the end."""
        with self._free:
            line = self._take()
            try:
                yield line
                if line.info.transaction_status != pq.TransactionStatus.IDLE:
                    line.commit()
            except BaseException:
                if line.closed:  # where one died the others did: nobody shall meet them
                    self.dispose()
                    self._engine.dispose()
                line.close()
                raise
            self._idle.append(line)

    def dispose(self) -> None:
        """Close what nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> psycopg.Connection[Any]:
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def _open(self) -> psycopg.Connection[Any]:
        pooled = self._engine.raw_connection()
        line = pooled.driver_connection
        pooled.detach()
        assert isinstance(line, psycopg.Connection)
        return line


class Statement:
    """One statement that is its own transaction, prepared once on each line.

    It goes through the thin layer of the driver: those above it took more processor than all else of a save.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self._name, self._text = name.encode(), text.encode()
        self._known: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def run(self, line: psycopg.Connection[Any], values: Sequence[bytes | int | str]) -> int:
        """Return how many rows it wrote, after their COMMIT. Bytes travel as they are, the rest as text."""
        sent = [value if isinstance(value, bytes) else str(value).encode() for value in values]
        formats = [isinstance(value, bytes) for value in values]
        if line.prepare_threshold is None:
            return _rows(line, line.pgconn.exec_params(self._text, sent, param_formats=formats))
        if line not in self._known:
            _rows(line, line.pgconn.prepare(self._name, self._text))
            self._known.add(line)
        return _rows(line, line.pgconn.exec_prepared(self._name, sent, formats))


def _rows(line: psycopg.Connection[Any], result: pq.abc.PGresult) -> int:
    if result.status == pq.ExecStatus.COMMAND_OK:
        return result.command_tuples or 0
    if line.closed:
        raise psycopg.OperationalError(line.pgconn.get_error_message())
    raise psycopg.errors.error_from_result(result)


def array(values: Sequence[int] | Sequence[bytes]) -> bytes:
    """Return a list of integers or of byte strings as a parameter that is an array."""
    sent = [value if isinstance(value, bytes) else value.to_bytes(4, "big", signed=True) for value in values]
    element = postgres.types["int4" if isinstance(values[0], int) else "bytea"].oid
    head = _ARRAY.pack(1, 0, element, len(sent), 1)  # one dimension, no nulls, counted from one
    return head + b"".join(_LENGTH.pack(len(value)) + value for value in sent)


_ARRAY = struct.Struct("!iiIii")
_LENGTH = struct.Struct("!i")
