# SPDX-License-Identifier: Apache-2.0
"""Verbs of the room: plan it, keep the time of each hearing, draw its questions."""

from exam_portal.interviews.room.service.phases import end_phase, pause_phase, resume_phase, start_phase
from exam_portal.interviews.room.service.plans import plan_room
from exam_portal.interviews.room.service.questions import approve_questions, draw_questions, file_questions
from exam_portal.interviews.room.service.reading import note_reading

__all__ = [
    "approve_questions",
    "draw_questions",
    "end_phase",
    "file_questions",
    "note_reading",
    "pause_phase",
    "plan_room",
    "resume_phase",
    "start_phase",
]
