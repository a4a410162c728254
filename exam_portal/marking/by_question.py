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
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView


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


def questions(session: Session, bag: BagView, tasks: Sequence[Task]) -> list[str]:
    """Return the questions that scripts of the list answer by typing; none where there is nothing to part.

    That is so of scans and sheets of paper, and where no script answers more than one.
    """
    return _questions(_asked(session, bag, tasks))


def reading(session: Session, found: Assigned, tasks: Sequence[Task], question: int, place: int) -> Reading:
    """Return the answer at this place (from 1) among those to a question (from 1); NotFound beyond them.

    Scripts whose paper did not ask the question are left out.
    """
    asked = _asked(session, found.bag, tasks)
    items = _questions(asked)
    if not 1 <= question <= len(items):
        raise NotFound
    item = items[question - 1]
    by_code = [script for script, own in asked if item in own]
    scripts = order.shuffled(session, found.bag, found.round, found.marker_id, by_code, question=question)
    if not 1 <= place <= len(scripts):
        raise NotFound
    script = scripts[place - 1]
    content = handover.content(session, script.id)
    at = next(number for number, answer in enumerate(content.answers) if answer.item == item)
    return Reading(
        question=question,
        questions=len(items),
        place=place,
        count=len(scripts),
        script=script,
        is_marked=any(task.state == "done" for task in tasks if task.script.id == script.id),
        answer=desk_page.answers(content, [])[at],
    )


def _asked(
    session: Session, bag: BagView, tasks: Sequence[Task]
) -> list[tuple[MaskedScriptView, tuple[str, ...]]]:
    """Return each script of the list with the questions of its paper, in the order of the codes."""
    items = handover.items_of(session, bag)
    scripts = sorted((task.script for task in tasks), key=lambda one: one.mask_code)
    return [(script, items.get(script.id, ())) for script in scripts]


def _questions(asked: Sequence[tuple[MaskedScriptView, tuple[str, ...]]]) -> list[str]:
    """Return the questions in the order of the fullest paper: whose code comes first has no say in it."""
    if all(len(items) < 2 for _, items in asked):
        return []
    fullest_first = sorted({items for _, items in asked}, key=lambda items: (-len(items), items))
    return list(dict.fromkeys(item for items in fullest_first for item in items))
