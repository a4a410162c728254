# SPDX-License-Identifier: Apache-2.0
"""Servers that are wrong in one way each. The oracle has to see it; else it sees nothing."""

import threading
import time
import unicodedata
from collections.abc import Callable
from typing import Any

BROKEN: dict[str, Callable[[], None]] = {}


def broken(change: Callable[[], None]) -> Callable[[], None]:
    """Name a way to be wrong."""
    BROKEN[change.__name__] = change
    return change


def put(owner: object, name: str, value: object) -> None:
    """The name means something else in this process."""
    setattr(owner, name, value)


@broken
def acknowledges_before_the_commit() -> None:
    """The answer goes out at once; the event is stored half a second later, if there is a later."""
    from exam_portal.sittings.attempts import statements

    store = statements.store

    def later(*arguments: Any) -> None:
        time.sleep(0.5)
        store(*arguments)

    def store_later(*arguments: Any) -> bool:
        threading.Thread(target=later, args=arguments, daemon=True).start()
        return True

    put(statements, "store", store_later)


@broken
def acknowledges_what_failed() -> None:
    """Whatever the database says, the answer is yes; and a failing disk ends nothing."""
    from exam_portal.core.database import groups, sqlite
    from exam_portal.sittings.attempts import statements

    store = statements.store

    def believe(*arguments: Any) -> bool:
        try:
            return store(*arguments)
        except Exception:  # noqa: BLE001 - that is the fault
            return True

    put(statements, "store", believe)
    for module in (groups, sqlite):
        put(module, "is_fatal", lambda _error: False)


@broken
def forgets_one_in_ten() -> None:
    """Now and then an event is acknowledged that was never stored."""
    from exam_portal.sittings.attempts import statements

    store = statements.store
    count = [0]

    def sometimes(*arguments: Any) -> bool:
        count[0] += 1
        return True if count[0] % 10 == 0 else store(*arguments)

    put(statements, "store", sometimes)


@broken
def listens_to_every_device() -> None:
    """The lease is not looked at: whoever has a token writes."""
    from exam_portal.core.database.lines import Statement
    from exam_portal.sittings.attempts import statements

    put(statements, "_ADVANCE", statements._ADVANCE.replace("lease = ?", "? <> ''"))
    for name in ("_BATCH", "_ONE"):
        plain: Statement = getattr(statements, name)
        put(statements, name, Statement(plain.name, plain.text.replace("lease = $5", "$5::text <> ''")))


@broken
def throws_late_answers_away() -> None:
    """What came late is said to be kept, and is not."""
    from exam_portal.sittings.attempts import quarantine

    put(quarantine, "keep", lambda *_arguments, **_options: None)


@broken
def receipts_for_everybody() -> None:
    """Each request for a receipt is answered with one made on the spot; nothing is handed in."""
    from exam_portal.sittings.attempts import receipts
    from exam_portal.sittings.attempts.answer_path import AnswerPath
    from exam_portal.sittings.models import Attempt, Sitting, Submission

    def hand_in(self: AnswerPath, token: Any, at: Any, **_rest: Any) -> Submission:
        with self.database.reading() as session:
            attempt = session.get_one(Attempt, token.attempt_id)
            sitting = session.get_one(Sitting, attempt.sitting_id).public_id
            content = receipts.content_of(
                attempt, sitting=sitting, kind="by_candidate", answered=0, items=0, at=at
            )
        return Submission(receipt=content, signature=receipts.sign(self.database.signer, content))

    put(AnswerPath, "hand_in", hand_in)


@broken
def follows_the_machines_clock() -> None:
    """Whatever the machine's clock says is the time."""
    from exam_portal.core import clock

    put(clock, "of_this_machine", lambda *_arguments: clock.SYSTEM)


@broken
def seals_nobody() -> None:
    """The background does not get round to those whose time is over."""
    from exam_portal.core import jobs
    from exam_portal.sittings import jobs as sittings  # what recurs there has registered itself by now

    assert sittings.SEAL_SECONDS
    jobs._RECURRING["sittings.seal"] = (lambda _settings: 3600.0, lambda *_arguments: None)


@broken
def seals_one_by_one() -> None:
    """Right, but slower: each in a transaction of its own, so that it can die between two."""
    from exam_portal.sittings import jobs

    put(jobs, "SEALED_TOGETHER", 1)


@broken
def composes_what_was_typed() -> None:
    """Letters and their marks are put together before they are stored; the hash says nothing of it."""
    from exam_portal.sittings.attempts import bodies

    seal = bodies.Bodies.seal

    def tidy(self: bodies.Bodies, key_id: str, attempt: str, event: Any) -> bytes:
        content = unicodedata.normalize("NFC", str(event["content"]))
        return seal(self, key_id, attempt, {**event, "content": content})

    put(bodies.Bodies, "seal", tidy)


@broken
def pages_are_slow() -> None:
    """The home page takes 0.4 s; nothing else is changed."""
    from flask import Flask

    answer = Flask.wsgi_app

    def slowly(self: Flask, environ: Any, start: Any) -> Any:
        if environ["PATH_INFO"] == "/":
            time.sleep(0.4)
        return answer(self, environ, start)

    put(Flask, "wsgi_app", slowly)


@broken
def lets_everybody_in() -> None:
    """Pages are slow, and nobody is told to come again."""
    from exam_portal.web import crowding

    pages_are_slow()
    put(crowding, "init_app", lambda *_arguments: None)
