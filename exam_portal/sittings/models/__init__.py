# SPDX-License-Identifier: Apache-2.0
"""Tables of the sittings: the room, the attempt, the script and its mask."""

from exam_portal.sittings.models.answers import (
    AnswerEvent,
    Attempt,
    LateEvent,
    LateRuling,
    LateVerdict,
    LeaseChange,
    Submission,
)
from exam_portal.sittings.models.desk import SeatCall, SittingMessage
from exam_portal.sittings.models.room import (
    Attendance,
    AttendanceStatus,
    GrantKind,
    Incident,
    IncidentCategory,
    Room,
    Sanction,
    SanctionLevel,
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
    "AttendanceStatus",
    "GrantKind",
    "Incident",
    "IncidentCategory",
    "LateEvent",
    "LateRuling",
    "LateVerdict",
    "LeaseChange",
    "MaskBag",
    "MaskKey",
    "MaskedScript",
    "Room",
    "Sanction",
    "SanctionLevel",
    "Script",
    "ScriptHandover",
    "ScriptScan",
    "Seat",
    "SeatCall",
    "Sitting",
    "SittingEvent",
    "SittingEventKind",
    "SittingMessage",
    "Submission",
    "TestMark",
    "TimeGrant",
]
