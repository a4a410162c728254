# SPDX-License-Identifier: Apache-2.0
"""A demonstration of an earlier day that nobody has used is gone, so that the next one is dated today."""

import shutil
from datetime import date, datetime

from sqlalchemy import func, select

from exam_portal.accounts.models import Account
from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings
from exam_portal.demo.seed import FOUNDED
from exam_portal.demo.stage import HERE

SIGNED_IN = "accounts.signed_in"


def clear_if_stale(settings: Settings, now: datetime) -> bool:
    """Whether the demonstration has been removed: it was dated on an earlier day, and untouched.

    The acts of a demonstration are dated around the day on which it was seeded: the next morning its test
    has been missed and its periods move on. Whoever acts in it has signed in, which is a leaf of the record;
    then it stays as it is. Only what the portal itself laid into its own instance directory is removed, and
    only on SQLite.
    """
    if not (settings.instance.demonstration and settings.is_embedded):
        return False
    database = Database(settings)
    try:
        database.hold()
        with database.reading() as session:
            stale = is_stale(session, now.astimezone(HERE).date())
    finally:
        database.dispose()
    if stale:
        _remove(settings, database)
    return stale


def is_stale(session: Session, today: date) -> bool:
    """Whether there is a demonstration of an earlier day in which nobody has signed in."""
    if session.scalar(select(Account.id).where(Account.is_demonstration.is_(False)).limit(1)) is not None:
        return False
    first = session.scalar(select(func.min(Leaf.at)))
    touched = session.scalar(select(Leaf.id).where(Leaf.type == SIGNED_IN).limit(1)) is not None
    return first is not None and not touched and (first + FOUNDED).astimezone(HERE).date() < today


def _remove(settings: Settings, database: Database) -> None:
    assert database.file is not None
    for ending in ("", "-wal", "-shm"):
        database.file.with_name(database.file.name + ending).unlink(missing_ok=True)
    for given, name in ((settings.storage.directory, "files"), (settings.secrets.key_directory, "keys")):
        if not given:  # a directory that somebody named may hold more than this
            shutil.rmtree(settings.path(given, name), ignore_errors=True)
