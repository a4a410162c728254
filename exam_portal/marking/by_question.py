# SPDX-License-Identifier: Apache-2.0
"""A bag read question by question: all answers to one, then all to the next, each in an order of its own.

Who has just read a brilliant answer to the first question reads the second one of that script more kindly
(the halo effect). Read one after another, answers to one question are held against each other, and no
script's answers follow each other. The mark is given at the desk, once for the whole script.
"""

import dataclasses
from collections.abc import Sequence

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import desk_page, order
from exam_portal.marking.access import Assigned
from exam_portal.marking.desk_page import ShownAnswer
from exam_portal.marking.own_work import Task
from exam_portal.marking.training import controls
from exam_portal.sittings.handover import MaskedScriptView


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One answer among those to its question."""

    question: int
    questions: int
    place: int
    count: int
    script: MaskedScriptView
    is_marked: bool
    answer: ShownAnswer


def questions(session: Session, tasks: Sequence[Task]) -> int:
    """Return how many typed answers each script of the bag holds; nought for scans and sheets of paper."""
    if not tasks:
        return 0
    content = controls.content(session, tasks[0].script)
    return len(content.answers) if content.kind == "text" else 0


def reading(session: Session, found: Assigned, tasks: Sequence[Task], question: int, place: int) -> Reading:
    """Return the answer at this place (from 1) among those to a question (from 1); NotFound beyond them.

    A bag whose scripts hold one answer each is read at the desk: there is nothing to part.
    """
    count = questions(session, tasks)
    if count < 2 or not 1 <= question <= count or not 1 <= place <= len(tasks):
        raise NotFound
    by_code = sorted((task.script for task in tasks), key=lambda one: one.mask_code)
    scripts = order.shuffled(session, found.bag, found.round, found.marker_id, by_code, question=question)
    script = scripts[place - 1]
    shown = desk_page.answers(controls.content(session, script), [])
    return Reading(
        question=question,
        questions=count,
        place=place,
        count=len(tasks),
        script=script,
        is_marked=any(task.state == "done" for task in tasks if task.script.id == script.id),
        answer=shown[question - 1],
    )
