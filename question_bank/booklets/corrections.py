# SPDX-License-Identifier: Apache-2.0
"""The sheet beside a booklet whose paper was corrected: each question under that booklet's own number."""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.booklets.booklet import Heading
from question_bank.booklets.words import Words, words_of
from question_bank.paper import PaperForm, numbers_of, permutation


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction of a paper: of one item of these forms, or (without one) of the paper as a whole."""

    forms: frozenset[str]
    words: str
    item: str = ""
    withdrawn: str = ""  # why it holds no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A correction as the readers of one booklet meet it. `number`: of the question in that booklet."""

    number: str
    words: str
    withdrawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSheet:
    """What was corrected in the booklet of one code."""

    code: str
    title: str
    language: str
    heading: Heading
    corrections: tuple[Corrected, ...]

    @property
    def fixed(self) -> Words:
        """The fixed words in the language of the form."""
        return words_of(self.language)


def correction_sheets(
    forms: Sequence[tuple[PaperForm, bytes, Sequence[str]]],
    corrections: Sequence[Correction],
    heading: Heading,
) -> tuple[CorrectionSheet, ...]:
    """The sheet of each code whose booklet is touched; forms, seeds and codes as for the booklets."""
    found = []
    for form, seed, codes in forms:
        held = {"", *(item.id for item in form.items)}
        own = [each for each in corrections if form.id in each.forms and each.item in held]
        for code in codes if own else ():
            numbers = {"": "", **numbers_of(form, permutation(form, seed=seed, candidate=code))}
            found.append(
                CorrectionSheet(
                    code=code,
                    title=form.title,
                    language=form.language,
                    heading=heading,
                    corrections=tuple(
                        Corrected(
                            number=numbers.get(each.item, ""), words=each.words, withdrawn=each.withdrawn
                        )
                        for each in own
                    ),
                )
            )
    return tuple(found)
