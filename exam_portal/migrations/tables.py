# SPDX-License-Identifier: Apache-2.0
"""Every table of the portal, imported in one place so that none is forgotten."""

from exam_portal.accounts import models as accounts
from exam_portal.appeals import models as appeals
from exam_portal.audit import models as audit
from exam_portal.competitions import models as competitions
from exam_portal.core import outbox, storage
from exam_portal.interviews import models as interviews
from exam_portal.interviews.record import models as record
from exam_portal.interviews.room import models as room
from exam_portal.items import models as items
from exam_portal.marking import models as marking
from exam_portal.marking.training import models as training
from exam_portal.papers import models as papers
from exam_portal.registration import models as registration
from exam_portal.results import models as results
from exam_portal.sittings import models as sittings

__all__ = [
    "accounts",
    "appeals",
    "audit",
    "competitions",
    "interviews",
    "items",
    "marking",
    "outbox",
    "papers",
    "record",
    "registration",
    "results",
    "room",
    "sittings",
    "storage",
    "training",
]
