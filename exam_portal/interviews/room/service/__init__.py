# SPDX-License-Identifier: Apache-2.0
"""Verbs of the room: plan it, and keep the time of each hearing."""

from exam_portal.interviews.room.service.phases import end_phase, pause_phase, resume_phase, start_phase
from exam_portal.interviews.room.service.plans import plan_room

__all__ = ["end_phase", "pause_phase", "plan_room", "resume_phase", "start_phase"]
