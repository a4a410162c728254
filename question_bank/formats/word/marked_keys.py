# SPDX-License-Identifier: Apache-2.0
"""The right option where only its look says it: bold, underlined, coloured, highlighted, starred.

Whole papers have bold letters in front of every option; a mark is a key where it sets some options apart.
Which mark an author used is found over the whole document: one bold word elsewhere misleads nobody.
"""

from collections import Counter
from collections.abc import Sequence

from question_bank.formats.word.questions import Option, Question

_USUAL_FEW = 2  # a mark that a document uses for its keys stands in that many questions, or in half of them


def signs_of(question: Question) -> dict[str, tuple[str, ...]]:
    """The letters that each mark sets apart from the others."""
    by_option = [(option.letter, _marks(option)) for option in question.options]
    every = {mark for _, marks in by_option for mark in marks}
    found = {}
    for mark in sorted(every):
        letters = tuple(letter for letter, marks in by_option if mark in marks)
        if 0 < len(letters) < len(by_option):
            found[mark] = letters
    return found


def usual_signs(questions: Sequence[Question]) -> list[str]:
    """The marks that set one option apart, those of most questions first."""
    counts: Counter[str] = Counter()
    asked = [question for question in questions if len(question.options) > 1]
    for question in asked:
        counts.update(mark for mark, letters in signs_of(question).items() if len(letters) == 1)
    least = min(_USUAL_FEW, (len(asked) + 1) // 2)
    return [mark for mark, count in counts.most_common() if count >= least]


def key_of(question: Question, usual: Sequence[str]) -> tuple[str, ...]:
    """The letters that the look of the options names; none where nothing sets them apart."""
    signs = signs_of(question)
    named = [signs[mark] for mark in usual if mark in signs]
    alone = [letters for letters in named if len(letters) == 1]
    if named:
        return named[0] if len(named[0]) == 1 or not alone else alone[0]
    return next((letters for letters in signs.values() if len(letters) == 1), ())


def _marks(option: Option) -> set[str]:
    """The marks on the letter and those on most of the text, apart: an underlined letter is a key too."""
    on_text = {f"{mark} text" for mark in option.text.marks() if mark not in {"sup", "sub"}}
    on_label = {f"{mark} letter" for mark in option.label.marks() if mark not in {"sup", "sub"}}
    return on_text | on_label | ({"star"} if option.has_star else set())
