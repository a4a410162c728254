# SPDX-License-Identifier: Apache-2.0
"""Named places of the answer path at which a worker kills itself. The portal knows nothing of them.

They are put around the portal's own functions from outside, in the worker of a test's server only.
"""

import functools
import os
import random
import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exam_portal.core.database import lines

Reached = Callable[[], None]
POINTS: dict[str, Callable[[Reached], None]] = {}
LONGEST_COMMIT = 0.002


def arm(point: str, countdown: int, marker: str) -> None:
    """The worker kills itself when the point is reached for the ``countdown``-th time; only one worker ever.

    The marker is the file that says that it has happened.
    """
    left = [countdown]
    mutex = threading.Lock()

    def reached() -> None:
        with mutex:
            left[0] -= 1
            if left[0] == 0 and not Path(marker).exists():
                fresh = Path(f"{marker}.{os.getpid()}")
                fresh.write_text(point, encoding="utf-8")
                fresh.replace(marker)
                os.kill(os.getpid(), signal.SIGKILL)

    POINTS[point](reached)


def point(name: str) -> Callable[[Callable[[Reached], None]], Callable[[Reached], None]]:
    """Name a place."""

    def register(install: Callable[[Reached], None]) -> Callable[[Reached], None]:
        POINTS[name] = install
        return install

    return register


def around(owner: Any, name: str, *, before: Reached | None = None, after: Reached | None = None) -> None:
    """Have the function call what is given before or after it does its work."""
    whole = getattr(owner, name)

    @functools.wraps(whole)
    def watched(*arguments: Any, **options: Any) -> Any:
        if before is not None:
            before()
        done = whole(*arguments, **options)
        if after is not None:
            after()
        return done

    setattr(owner, name, watched)


@point("after_parse")
def after_parse(reached: Reached) -> None:
    """The batch is read and in order; nothing is stored."""
    from exam_portal.sittings.attempts.answer_path import AnswerPath

    around(AnswerPath, "_batch", after=reached)


@point("before_commit")
def before_commit(reached: Reached) -> None:
    """The statements have been carried out; the transaction is open (PostgreSQL: they are about to go)."""
    _around_commits(before=reached)


@point("during_commit")
def during_commit(reached: Reached) -> None:
    """The commit is under way: the death comes from beside, at a random moment of it."""

    def soon() -> None:
        threading.Timer(random.random() * LONGEST_COMMIT, reached).start()

    _around_commits(before=soon)


@point("after_commit")
def after_commit(reached: Reached) -> None:
    """The answer is stored; nobody has been told."""
    from exam_portal.sittings.attempts import statements

    around(statements, "store", after=reached)


@point("before_answer")
def before_answer(reached: Reached) -> None:
    """The acknowledgement is signed and not sent."""
    from exam_portal.sittings.attempts.answer_path import AnswerPath

    around(AnswerPath, "save_at_once", after=reached)


@point("submitting")
def submitting(reached: Reached) -> None:
    """Submission, script and leaf are written; the transaction is open."""
    from exam_portal.sittings.attempts import submit

    around(submit, "_seal", after=reached)


@point("submitted")
def submitted(reached: Reached) -> None:
    """The attempt is handed in; its candidate has no receipt yet."""
    from exam_portal.sittings.attempts.answer_path import AnswerPath

    around(AnswerPath, "hand_in", after=reached)


@point("sealing")
def sealing(reached: Reached) -> None:
    """An expired attempt is written as sealed; the transaction is open."""
    from exam_portal.sittings.attempts import service

    around(service, "seal_expired", after=reached)


@point("sealed")
def sealed(reached: Reached) -> None:
    """An expired attempt is sealed, the others are not."""
    from exam_portal.sittings import jobs

    around(jobs, "_seal", after=reached)


def _around_commits(*, before: Reached) -> None:
    """Watch the COMMIT of a save: the writer's own on SQLite, the one statement of a save on PostgreSQL."""

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if sql == "COMMIT":
                before()
            return super().execute(sql, *parameters)

    sqlite3.connect = functools.partial(sqlite3.connect, factory=Watched)  # type: ignore[assignment]
    around(lines.Statement, "run", before=before)
