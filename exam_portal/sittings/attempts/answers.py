# SPDX-License-Identifier: Apache-2.0
"""The answers as the journal leaves them: a pure fold over its events."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from exam_portal.sittings.attempts import texts
from exam_portal.sittings.attempts.errors import JournalBroken

ANSWERS = frozenset({"answer", "text"})  # kinds of events


@dataclasses.dataclass(slots=True)
class Answers:
    """What stands at the end of the journal: responses by item id, and what is the candidate's alone.

    ``marks`` (struck options, highlights, notes), ``flags`` and the place are never answers and leave with
    nobody's script. ``left_out``: texts (client sequences) that did not fit what stood before them. A device
    can send such a one, so it changes nothing and breaks nothing: the next whole text puts all right.
    """

    responses: dict[str, Any] = dataclasses.field(default_factory=dict)
    flags: set[str] = dataclasses.field(default_factory=set)
    at_item: str | None = None
    marks: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    left_out: list[int] = dataclasses.field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many items have an answer that is not blank."""
        return sum(1 for response in self.responses.values() if not is_blank(response))

    def copy(self) -> "Answers":
        """Return the same answers, to go on from."""
        marks = {item: dict(made) for item, made in self.marks.items()}
        return Answers(dict(self.responses), set(self.flags), self.at_item, marks, list(self.left_out))

    def take(self, event: Mapping[str, Any]) -> None:
        """The event has happened."""
        item, content = event["item"], event["content"]
        match event["kind"]:
            case "answer":
                self.responses[item] = content
            case "text":
                self._take_text(event)
            case "flag":
                self.flags.add(item) if content else self.flags.discard(item)
            case "mark":
                self.marks.setdefault(item, {}).update(content)
            case "navigate":
                self.at_item = item

    def _take_text(self, event: Mapping[str, Any]) -> None:
        item = event["item"]
        try:
            self.responses[item] = texts.after(str(self.responses.get(item) or ""), event["content"])
        except JournalBroken:
            self.left_out.append(event["client_seq"])


def replay(events: Iterable[Mapping[str, Any]]) -> Answers:
    """Return the answers after all events, in their order."""
    answers = Answers()
    for event in events:
        answers.take(event)
    return answers


def is_blank(response: object) -> bool:
    """Whether nothing was answered: null, only white space, or lists and objects of nothing."""
    if response is None:
        return True
    if isinstance(response, str):
        return not response.strip()
    if isinstance(response, Mapping):
        return all(is_blank(entry) for entry in response.values())
    if isinstance(response, list | tuple):
        return not response
    return False
