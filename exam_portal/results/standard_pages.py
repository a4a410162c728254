# SPDX-License-Identifier: Apache-2.0
"""The form as a judge reads it, question by question with its key, and what the judge has typed."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.results import errors, standards
from exam_portal.results.models import StandardEstimate, StandardRound, StandardSetting
from question_bank.booklets import Heading, Question, booklet, right_answers
from question_bank.kinds.description import Description
from question_bank.paper import PaperForm, Permutation


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item as the judge sees it: its questions with answers, what was typed, what the last round said."""

    id: str
    field: str
    questions: Sequence[tuple[Question, str]]
    typed: str
    is_wrong: bool
    before: str
    spread: Mapping[str, Any] | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """The page of one judge."""

    round: StandardRound
    own: StandardEstimate | None
    last: StandardRound | None  # the last complete round
    items: Sequence[Judged]

    @property
    def has_mistakes(self) -> bool:
        """Whether something that was typed cannot be stored."""
        return any(item.is_wrong for item in self.items)


def typed(setting: StandardSetting, sent: Mapping[str, str]) -> dict[str, int]:
    """Return the estimates as they were typed, or EstimateIncomplete."""
    found = {}
    for place, item in enumerate(setting.items):
        text = sent.get(_field(place), "").strip().removesuffix("%").strip()
        if not _is_share(text):
            raise errors.EstimateIncomplete
        found[item["id"]] = int(text)
    return found


def judging(session: Session, actor: Actor, setting: StandardSetting, sent: Mapping[str, str]) -> Judging:
    """Return the page of this judge; ``sent`` is what was just typed, if anything was."""
    form = standards.form_of(session, setting)
    current = setting.rounds[-1]
    complete = [one for one in setting.rounds if one.content is not None]
    last = complete[-1] if complete else None
    own = standards.own(current, actor.account_id)
    before = standards.own(last, actor.account_id) if last else None
    spread = {row["id"]: row for row in (last.content or {}).get("items", ())} if last else {}
    questions = _questions(form)
    items = []
    for place, item in enumerate(setting.items):
        given = str(own.shares[item["id"]]) if own else sent.get(_field(place), "")
        items.append(
            Judged(
                id=item["id"],
                field=_field(place),
                questions=questions.get(item["id"], ()),
                typed=given,
                is_wrong=bool(sent) and own is None and not _is_share(given.strip()),
                before=str(before.shares[item["id"]]) if before else "",
                spread=spread.get(item["id"]),
            )
        )
    return Judging(round=current, own=own, last=last, items=items)


def _questions(form: PaperForm) -> dict[str, list[tuple[Question, str]]]:
    """Return by item what a booklet in the order of the form asks, with the right answers."""
    order = Permutation(form=form.id, items=tuple(item.id for item in form.items), options={})
    asked = [item.id for item in form.items if not isinstance(item.body, Description)]
    answers = right_answers(form, order)
    found: dict[str, list[tuple[Question, str]]] = {}
    for question in booklet(form, order, code=form.id, heading=Heading(body="")).questions:
        if question.number:
            item = asked[int(question.number.split(".")[0]) - 1]
            found.setdefault(item, []).append((question, answers.get(question.number, "")))
    return found


def _field(place: int) -> str:
    return f"share-{place}"


def _is_share(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100
