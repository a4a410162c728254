# SPDX-License-Identifier: Apache-2.0
"""Questions beside their keys, for whoever reviews or judges them, worded and labelled as in booklets."""

from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.booklets.booklet import Question, numbered
from question_bank.booklets.right import answers_of
from question_bank.booklets.words import words_of
from question_bank.item import Item, view
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.description import Description
from question_bank.paper import PaperForm, Permutation


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A question with its right answer, and the item (or the part of a case study) that asks it.

    The text of a case study has no answer of its own; how it is marked by steps is the hint of its question.
    """

    question: Question
    answer: str
    item: Item


def keyed(item: Item) -> tuple[Keyed, ...]:
    """What an item asks, its options in the author's order; of a case study its text, then each question."""
    order = Permutation(form="", items=(item.id,), options={})
    return tuple(_keyed(item, order, "1", item.language))


def keyed_form(form: PaperForm, order: Permutation) -> dict[str, tuple[Keyed, ...]]:
    """The same of each item of a form, under the numbers of a booklet in this order."""
    items = {item.id: item for item in form.items}
    asked = [items[name] for name in order.items if not isinstance(items[name].body, Description)]
    return {
        item.id: tuple(_keyed(item, order, str(place), form.language))
        for place, item in enumerate(asked, start=1)
    }


def _keyed(item: Item, order: Permutation, number: str, language: str) -> Iterator[Keyed]:
    words = words_of(language)
    if isinstance(item.body, Description):
        yield Keyed(question=Question(number="", stem=item.stem), answer="", item=item)
        return
    answers = dict(answers_of(item, order, number, item.id, words))
    questions = numbered(view(item), order, number, item.id, words, tells=False)
    parts = item.body.items if isinstance(item.body, CaseStudy) else ()
    for question, part in zip(questions, (item, *parts), strict=True):
        answer = "" if isinstance(part.body, CaseStudy) else answers.get(question.number, "")
        yield Keyed(question=question, answer=answer, item=part)
