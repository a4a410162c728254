# SPDX-License-Identifier: Apache-2.0
"""Verbs of the sealed record: entrust its key, copy a share, open it; on paper, register the envelope."""

from exam_portal.interviews.record.service.envelope import (
    correct_envelope,
    envelope_entries,
    envelope_of,
    register_envelope,
)
from exam_portal.interviews.record.service.keepers import (
    discard,
    entrust,
    own_share,
    prepare,
    show_share,
    take_share,
)
from exam_portal.interviews.record.service.opening import (
    GivenBallot,
    OpenedRecord,
    note_refused,
    open_record,
    read_record,
)

__all__ = [
    "GivenBallot",
    "OpenedRecord",
    "correct_envelope",
    "discard",
    "entrust",
    "envelope_entries",
    "envelope_of",
    "note_refused",
    "open_record",
    "own_share",
    "prepare",
    "read_record",
    "register_envelope",
    "show_share",
    "take_share",
]
