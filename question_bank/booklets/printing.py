# SPDX-License-Identifier: Apache-2.0
"""Booklets and key sheet of a form, code by code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.booklets.booklet import Booklet, Heading, booklet
from question_bank.booklets.right import Column, KeySheet, right_answers
from question_bank.paper import PaperForm, permutation

MOST_CODES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What is printed of one or several forms: a booklet for each code, and one sheet with all the keys."""

    booklets: tuple[Booklet, ...]
    key_sheet: KeySheet


def codes_of(form: str, count: int, *, is_only: bool) -> tuple[str, ...]:
    """The codes of a form: 101, 102 … of the only form 101 of a paper, 1011, 1012 … of one of several."""
    if count == 1:
        return (form,)
    if is_only and form.isdigit():
        return tuple(str(int(form) + number) for number in range(count))
    width = len(str(count))
    return tuple(f"{form}{number:0{width}d}" for number in range(1, count + 1))


def of(forms: Sequence[tuple[PaperForm, bytes, Sequence[str]]], heading: Heading) -> Printed:
    """The booklets of forms, each with its seed (32 bytes) and codes, and the one key sheet of them all."""
    if not forms:
        raise ValueError("nothing to print")
    codes = [code for _, _, own in forms for code in own]
    if len(set(codes)) != len(codes) or not codes:
        raise ValueError("every booklet has a code of its own")
    orders: Mapping[str, tuple[PaperForm, bytes]] = {
        code: (form, seed) for form, seed, own in forms for code in own
    }
    booklets, columns = [], []
    for code, (form, seed) in orders.items():
        order = permutation(form, seed=seed, candidate=code)
        booklets.append(booklet(form, order, code=code, heading=heading))
        columns.append(Column(code=code, answers=right_answers(form, order)))
    first = forms[0][0]
    sheet = KeySheet(title=first.title, language=first.language, heading=heading, columns=tuple(columns))
    return Printed(booklets=tuple(booklets), key_sheet=sheet)
