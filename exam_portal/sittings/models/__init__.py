# SPDX-License-Identifier: Apache-2.0
"""Tables of the sittings: the room, the attempt, the script and its mask."""

from exam_portal.sittings.models.answers import AnswerEvent, Attempt, LateEvent, LeaseChange, Submission
from exam_portal.sittings.models.room import (
    Attendance,
    Incident,
    Room,
    Sanction,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
    TimeGrant,
)
from exam_portal.sittings.models.scripts import (
    MaskBag,
    MaskedScript,
    MaskKey,
    Script,
    ScriptHandover,
    ScriptScan,
    TestMark,
)

__all__ = [
    "AnswerEvent",
    "Attempt",
    "Attendance",
    "Incident",
    "LateEvent",
    "LeaseChange",
    "MaskBag",
    "MaskKey",
    "MaskedScript",
    "Room",
    "Sanction",
    "Script",
    "ScriptHandover",
    "ScriptScan",
    "Seat",
    "Sitting",
    "SittingEvent",
    "SittingEventKind",
    "Submission",
    "TestMark",
    "TimeGrant",
]
