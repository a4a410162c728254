# SPDX-License-Identifier: Apache-2.0
"""Questions of marked tests as the page of corrections shows them; words only to whom they are open.

As on the page of the item analysis: the text of a question belongs to those who may open its bank, and that
of a restricted one to nobody here. Everybody else reads ids and the bank's own names of the answers.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, NotFound
from exam_portal.items import access as bank_access
from exam_portal.items.models import ItemBank
from exam_portal.items.presentation import flat
from exam_portal.papers.models import Paper
from exam_portal.papers.opened import opened_form
from exam_portal.results import explanations, messages, presentation, rescoring
from exam_portal.results.item_responses import names_of
from exam_portal.sittings.attempts import correcting, scored
from exam_portal.sittings.attempts.errors import NoSuchKey
from exam_portal.sittings.models import TestCorrection
from exam_portal.web import filters, policy
from exam_portal.web import messages as web_messages
from question_bank import typed_keys
from question_bank.item import Item
from question_bank.kinds.choice import Choice, SingleChoice
from question_bank.kinds.description import Description
from question_bank.paper import PaperForm
from question_bank.rekeying import TRUTHS, KeyDoesNotFit, answers_of, right_of


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that a key can name: what candidates read, the bank's name of it, and whether it is right."""

    text: str
    name: str
    shown: str
    is_right: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a part: where it stands in each form, and what a key of it can be."""

    id: str
    places: Sequence[tuple[str, int]]  # form, number in it
    stem: str
    standing: str  # the kind of the correction in force; empty where there is none
    takes_several: bool
    answers: Sequence[Answer]
    takes_one: bool = False  # of a choice: a candidate chooses one of them
    typed: str = ""  # how a key of this kind is typed, where it is not chosen
    written: str = ""  # the key in force as it would be typed
    legend: Sequence[tuple[str, str]] = ()  # what its letters and numbers stand for

    @property
    def is_out(self) -> bool:
        """Whether the question is neutralised."""
        return self.standing == scored.NEUTRALISED

    @property
    def has_key(self) -> bool:
        """Whether another key can be given to the question here."""
        return bool(self.answers or self.typed) and not self.is_out


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RankingEffect:
    """What a correction would do to one ranking, in words; candidates by number."""

    code: str
    title: str
    href: str
    changes: Sequence[presentation.Difference]
    entering: Sequence[str]
    leaving: Sequence[str]
    moved: int
    ties: Sequence[str]
    lacks: Sequence[str]
    problem: str


def rankings(
    competition: Competition, effect: rescoring.Effect | None, titles: Mapping[str, str]
) -> list[RankingEffect]:
    """Return the rankings that would change; none where no ranking can be told yet."""
    return [_ranking(competition, each, titles) for each in (effect.vacancies if effect else None) or ()]


def _ranking(competition: Competition, of: rescoring.OnVacancy, titles: Mapping[str, str]) -> RankingEffect:
    vacancy = of.vacancy
    return RankingEffect(
        code=vacancy.code,
        title=filters.localised({"vi": vacancy.title, "en": vacancy.title_en or vacancy.title}),
        href=url_for("results.sheet", competition_id=competition.public_id, vacancy_id=vacancy.public_id),
        changes=presentation.changes_of(of.changes, titles),
        entering=[each.candidate for each in of.changes if each.line == "in"],
        leaving=[each.candidate for each in of.changes if each.line == "out"],
        moved=sum(each.rank is not None for each in of.changes),
        ties=[", ".join(each) for each in of.ties],
        lacks=[explanations.pending_words(each, titles) for each in of.lacks],
        problem=_told(of.problem) if of.problem is not None else "",
    )


def _told(problem: DomainError) -> str:
    parts = [str(part).rstrip(".") for part in web_messages.words(problem) if str(part)]
    return ". ".join(parts) + "."


def parts(session: Session, competition: Competition) -> list[str]:
    """Return the tests of the competition that are marked as a whole."""
    return [
        part.key
        for part in competitions.ruleset(competition).parts
        if part.kind == "test" and correcting.is_marked(session, competition.id, part.key)
    ]


def questions(session: Session, actor: Actor, competition_id: int, part: str) -> list[Asked]:
    """Return the questions of a part in the order of its forms, under the keys in force."""
    in_force = scored.in_force(session, competition_id, part)
    standing = {each.item: each.kind for each in in_force if each.kind != scored.RESTORED}
    found: dict[str, list[tuple[str, int]]] = {}
    first: dict[str, tuple[Item, Mapping[str, str], bool]] = {}
    for row in correcting.forms_sat(session, competition_id, part):
        held = opened_form(session, row.id)
        form = scored.with_keys(held, in_force)
        bank_id = session.get_one(Paper, row.paper_id).bank_id
        may_read = _may_read(session, actor, bank_id)
        names = names_of(session, bank_id, held.items)
        for place, item in enumerate(_asked(form), start=1):
            found.setdefault(item.id, []).append((row.code, place))
            first.setdefault(item.id, (item, names.get(item.id, {}), may_read and not item.restricted))
    return [
        Asked(
            id=name,
            places=places,
            stem=flat(first[name][0].stem) if first[name][2] else "",
            standing=standing.get(name, ""),
            takes_several=isinstance(first[name][0].body, Choice),
            takes_one=isinstance(first[name][0].body, SingleChoice),
            answers=_answers(*first[name]),
            **_typed(first[name][0], is_open=first[name][2]),
        )
        for name, places in found.items()
    ]


def _typed(item: Item, *, is_open: bool) -> Mapping[str, Any]:
    """Return how a key is typed; of letters nobody can who does not see what they stand for."""
    kind = item.body.kind
    if kind not in typed_keys.TYPED or (kind in typed_keys.LETTERED and not is_open):
        return {}
    hint = {"typed": str(messages.TYPED_KEYS[kind])}
    if not is_open:
        return hint
    legend = [(name, flat(text)) for name, text in typed_keys.legend(item)]
    return {**hint, "written": typed_keys.written(item), "legend": legend}


def new_key(session: Session, competition_id: int, part: str, item: str, typed: str) -> Sequence[str]:
    """Return the key that was typed, in the words of the question; NoSuchKey where it cannot be read."""
    forms = [opened_form(session, row.id) for row in correcting.forms_sat(session, competition_id, part)]
    found = next((each for form in forms for each in form.items if each.id == item), None)
    if found is None:
        raise NotFound
    try:
        return typed_keys.read(found, typed)
    except KeyDoesNotFit as problem:
        raise NoSuchKey from problem


def named(correction: Mapping[str, Any]) -> str:
    """Return the new key by the bank's names of the answers."""
    truths = _truths()
    return ", ".join(truths.get(name, name) for name in correction["names"])


def words_of(session: Session, row: TestCorrection) -> Mapping[str, Any]:
    """Return reason and new key of a correction."""
    return scored.read(session, row)


def _asked(form: PaperForm) -> list[Item]:
    return [item for item in form.items if not isinstance(item.body, Description)]


def _answers(item: Item, names: Mapping[str, str], is_open: bool) -> list[Answer]:
    right, truths = right_of(item), _truths()
    if not isinstance(item.body, Choice):
        known = answers_of(item)
        return [Answer(text=each, name=each, shown=truths[each], is_right=each in right) for each in known]
    found = []
    for place, option in enumerate(item.body.options):
        name = names.get(option.id) or chr(ord("A") + place)
        shown = f"{name}. {flat(option.text)}" if is_open else name
        found.append(Answer(text=option.text, name=name, shown=shown, is_right=option.text in right))
    return sorted(found, key=lambda each: each.name)


def _truths() -> dict[str, str]:
    return dict(zip(TRUTHS, (gettext("True"), gettext("False")), strict=True))


def _may_read(session: Session, actor: Actor, bank_id: int | None) -> bool:
    bank = session.get(ItemBank, bank_id) if bank_id is not None else None
    if bank is None:
        return False
    place = bank_access.place(session, actor, bank.organisation_id)
    return policy.may("items.see", place, actor=actor)
