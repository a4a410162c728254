# SPDX-License-Identifier: Apache-2.0
"""The database of one installation: readers, the one writer, and commits of many in one."""

from exam_portal.core.database.database import Database
from exam_portal.core.database.groups import BatchLost
from exam_portal.core.database.outages import is_outage
from exam_portal.core.database.sqlite import UnsafeSqlite
from exam_portal.core.database.writer import NestedWriting, WriterHeldTooLong

__all__ = ["BatchLost", "Database", "NestedWriting", "UnsafeSqlite", "WriterHeldTooLong", "is_outage"]
