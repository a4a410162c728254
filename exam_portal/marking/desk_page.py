# SPDX-License-Identifier: Apache-2.0
"""What the desk shows beside the form: answers with their counts of words, and how far the marker is."""

import dataclasses
import itertools
import statistics
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from exam_portal.marking import highlights
from exam_portal.marking.highlights import Highlight, Piece
from exam_portal.marking.own_work import Task
from exam_portal.sittings.handover import ScriptContent
from question_bank.text import count_words

PAUSE = timedelta(minutes=30)  # a longer gap between two marks is a break, not work
ENOUGH = 4  # marks, before a pace is told
BESIDE = 3  # codes shown before and after the script that is open


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """One answer of the script, as the marker reads it."""

    number: int
    prompt: str
    guide: Sequence[Mapping[str, Any]]
    pieces: Sequence[Piece]
    words: int
    characters: int  # code points, blanks and line ends included


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One highlighted passage with what it covers."""

    number: int
    quote: str
    note: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the open script stands among those of the bag."""

    number: int
    count: int
    done: int
    minutes_each: int | None
    near: Sequence[Task]


def answers(content: ScriptContent, found: Sequence[Highlight]) -> list[ShownAnswer]:
    """Return the typed answers with their highlighted passages and counts."""
    return [
        ShownAnswer(
            number=number,
            prompt=answer.prompt,
            guide=answer.rubric,
            pieces=list(highlights.pieces(answer.text, number, found)),
            words=count_words(answer.text),
            characters=len(answer.text),
        )
        for number, answer in enumerate(content.answers, start=1)
    ]


def passages(shown: Sequence[ShownAnswer]) -> list[Passage]:
    """Return the highlighted passages of the script, in their order."""
    return [
        Passage(number=piece.number, quote=piece.text, note=piece.note)
        for answer in shown
        for piece in answer.pieces
        if piece.number is not None
    ]


def place(tasks: Sequence[Task], script_id: int) -> Place | None:
    """Return where the script stands among the marker's tasks, or None where it is no task."""
    at = next((index for index, task in enumerate(tasks) if task.script.id == script_id), None)
    if at is None:
        return None
    done = [task for task in tasks if task.state == "done"]
    return Place(
        number=at + 1,
        count=len(tasks),
        done=len(done),
        minutes_each=minutes_each([task.mark.at for task in done if task.mark is not None]),
        near=tasks[max(0, at - BESIDE) : at + BESIDE + 1],
    )


def minutes_each(given: Sequence[datetime]) -> int | None:
    """Return the usual time from one mark to the next in whole minutes, breaks aside; None for too few."""
    ordered = sorted(given)
    gaps = [later - earlier for earlier, later in itertools.pairwise(ordered)]
    seconds = [gap.seconds for gap in gaps if gap <= PAUSE]
    if len(seconds) < ENOUGH - 1:
        return None
    return max(1, (int(statistics.median_low(seconds)) + 30) // 60)


def next_open(tasks: Sequence[Task], script_id: int) -> Task | None:
    """Return the next script without a mark after this one, else the first one left."""
    at = next((index for index, task in enumerate(tasks) if task.script.id == script_id), 0)
    left = [task for task in (*tasks[at + 1 :], *tasks[:at]) if task.state != "done"]
    return left[0] if left else None
