# SPDX-License-Identifier: Apache-2.0
"""The form as a judge reads it, question by question with its key, and what the judge has typed."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.items import access as bank_access
from exam_portal.items.models import ItemBank
from exam_portal.papers.models import Paper
from exam_portal.papers.models import PaperForm as FormRow
from exam_portal.results import errors, estimates, standards
from exam_portal.results.models import StandardEstimate, StandardRound, StandardSetting
from exam_portal.web import policy
from question_bank.booklets import Keyed, Question, keyed_form
from question_bank.paper import PaperForm, Permutation


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item as the judge sees it: its questions with answers, what was typed, what the last round said."""

    id: str
    field: str
    questions: Sequence[Keyed]
    typed: str
    is_wrong: bool
    before: str
    spread: Mapping[str, Any] | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of Ebel's table, and the share that was typed into it."""

    field: str
    typed: str
    is_wrong: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """The page of one judge; `cells` is empty but for Ebel's method."""

    round: StandardRound
    own: StandardEstimate | None
    last: StandardRound | None  # the last complete round
    is_told: bool  # what all judges said in it
    items: Sequence[Judged]
    cells: Mapping[str, Cell]

    @property
    def has_mistakes(self) -> bool:
        """Whether something that was typed cannot be stored."""
        return any(cell.is_wrong for cell in self.cells.values()) or bool(self.wrong_items)

    @property
    def wrong_items(self) -> Sequence[Judged]:
        """The items of which nothing was said that can be stored."""
        return [item for item in self.items if item.is_wrong]


def typed(setting: StandardSetting, sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the estimates as they were typed, or EstimateIncomplete."""
    said = {item["id"]: sent.get(_field(place), "") for place, item in enumerate(setting.items)}
    if setting.method == estimates.ANGOFF:
        return {name: _share(text) for name, text in said.items()}
    return {"cells": {cell: _share(sent.get(cell, "")) for cell in estimates.CELLS}, "items": said}


def judging(session: Session, actor: Actor, setting: StandardSetting, sent: Mapping[str, str]) -> Judging:
    """Return the page of this judge; ``sent`` is what was just typed, if anything was.

    What the judge said in the round before is filled in: sixty questions are not typed twice to change two.
    """
    form = standards.form_of(session, setting)
    current = setting.rounds[-1]
    complete = [one for one in setting.rounds if one.content is not None]
    last = complete[-1] if complete else None
    own = standards.own(current, actor.account_id)
    before = standards.own(last, actor.account_id) if last else None
    is_told = last is not None and standards.are_told(setting, last, actor.account_id)
    spread = {row["id"]: row for row in (last.content or {}).get("items", ())} if last and is_told else {}
    questions = _questions(form, _hidden(session, actor, setting, form))
    is_refused = bool(sent) and own is None
    stored = own or before
    items = []
    for place, item in enumerate(setting.items):
        said = estimates.of_item(setting.method, stored.shares, item["id"]) if stored else ""
        given = sent.get(_field(place), "") if is_refused else said
        items.append(
            Judged(
                id=item["id"],
                field=_field(place),
                questions=questions.get(item["id"], ()),
                typed=given,
                is_wrong=is_refused and not _is_fit(setting, given),
                before=estimates.of_item(setting.method, before.shares, item["id"]) if before else "",
                spread=spread.get(item["id"]),
            )
        )
    cells = {}
    for cell in estimates.CELLS if setting.method == estimates.EBEL else ():
        said = str(stored.shares["cells"][cell]) if stored else ""
        given = sent.get(cell, "") if is_refused else said
        wrong = is_refused and not estimates.is_share(_bare(given))
        cells[cell] = Cell(field=cell, typed=given, is_wrong=wrong)
    return Judging(round=current, own=own, last=last, is_told=is_told, items=items, cells=cells)


def _hidden(session: Session, actor: Actor, setting: StandardSetting, form: PaperForm) -> set[str]:
    """Return the restricted items whose words are not for this judge: only its own board reads them."""
    row = session.get_one(FormRow, setting.form_id)
    bank_id = session.get_one(Paper, row.paper_id).bank_id
    bank = session.get(ItemBank, bank_id) if bank_id is not None else None
    if bank is not None:
        place = bank_access.place(session, actor, bank.organisation_id)
        if policy.may("items.see", place, actor=actor):
            return set()
    return {item.id for item in form.items if item.restricted}


def _questions(form: PaperForm, hidden: Collection[str]) -> dict[str, tuple[Keyed, ...]]:
    """Return by item what a booklet in the order of the form asks, with the right answers.

    Of hidden items there is the number only.
    """
    order = Permutation(form=form.id, items=tuple(item.id for item in form.items), options={})
    shown = keyed_form(form, order)
    return {
        name: tuple(map(_without_words, asked)) if name in hidden else asked for name, asked in shown.items()
    }


def _without_words(shown: Keyed) -> Keyed:
    words = gettext("This question is restricted: the setting board shows it to you in isolation.")
    return dataclasses.replace(shown, question=Question(number=shown.question.number, stem=words), answer="")


def _field(place: int) -> str:
    return f"share-{place}"


def _bare(text: str) -> str:
    return text.strip().removesuffix("%").strip()


def _share(text: str) -> int:
    if not estimates.is_share(_bare(text)):
        raise errors.EstimateIncomplete
    return int(_bare(text))


def _is_fit(setting: StandardSetting, text: str) -> bool:
    is_angoff = setting.method == estimates.ANGOFF
    return estimates.is_share(_bare(text)) if is_angoff else text in estimates.CELLS
