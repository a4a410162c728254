# SPDX-License-Identifier: Apache-2.0
"""Several questions about one text: what each of them earns, and statements that are paid by their number."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti.probe import Probe, right_of, share_text
from question_bank.formats.qti.values import Value
from question_bank.formats.stated import LEAST, MOST, marks_of_each

_SIGNS_OF_TRY = 4  # what asking the rules once costs beside their own steps
_ROUNDING = Fraction(1, 10**6)
Truths = Sequence[tuple[str, str, str]]  # response, right choice, wrong choice


def steps_of(truths: Truths, probe: Probe) -> list[str] | None:
    """The shares that one, two … right statements earn; None where each statement earns marks of its own."""
    if not LEAST <= len(truths) <= MOST:
        return None
    paid: dict[int, set[Fraction]] = {count: set() for count in range(len(truths) + 1)}
    tries = [(judged, True) for judged in product((True, False), repeat=len(truths))]
    tries += [(tuple(at < count for at in range(len(truths))), False) for count in range(len(truths) + 1)]
    probe.notes.spend(_SIGNS_OF_TRY * len(tries), probe.line)
    for judged, has_wrong in tries:
        given: dict[str, Value] = {
            name: right if is_right else wrong
            for (name, right, wrong), is_right in zip(truths, judged, strict=True)
            if is_right or has_wrong
        }
        paid[sum(judged)].add(probe.score(given))
    if paid[0] != {Fraction(0)} or any(len(earned) > 1 for earned in paid.values()):
        return None
    by_count = [paid[count].pop() for count in range(1, len(truths) + 1)]
    full = by_count[-1]
    is_even = all(earned == by_count[0] * count for count, earned in enumerate(by_count, start=1))
    if is_even or full <= 0 or by_count != sorted(by_count):
        return None
    shares = [earned / full for earned in by_count]
    return [share_text(share) for share in shares] if all(round(s, 9) == s for s in shares) else None


def marks_of(truths: Truths, probe: Probe) -> list[str]:
    """What the mapping of each statement names, where that is what all of them earn; else equal parts."""
    full = probe.score({name: right for name, right, _ in truths})
    named = []
    for name, right, _ in truths:
        mapping = probe.declaration(name).mapping
        named.append(mapping.spelt.get(right, Fraction(0)) if mapping is not None else Fraction(0))
    if all(named) and sum(named) == full:
        return [share_text(worth) for worth in named]
    return marks_of_each(share_text(full), len(truths))


def scaled(worths: Mapping[str, Fraction], probe: Probe, line: int) -> Mapping[str, Fraction]:
    """The worths of the questions that rules mark, or their shares of what all earn together otherwise."""
    right = {name: value for name, value in probe.right().items() if name in worths}
    if set(right) != set(worths) or not worths:
        return worths
    full, total = probe.score(right), sum(worths.values(), Fraction(0))
    if full <= 0 or total <= 0 or abs(total - full) <= _ROUNDING:
        return worths
    message = "The questions are not marked each by itself in the file; as an item each earns its share."
    probe.notes.warn(line, "grading_changed", message)
    return {name: worth * full / total for name, worth in worths.items()}


def truth_of(name: str, ids: Sequence[str], probe: Probe) -> tuple[str, str, str] | None:
    """The right and the wrong choice of a statement that is true or false, if one is declared right."""
    try:
        right = right_of(probe.declaration(name))
    except Unreadable:
        return None
    if not isinstance(right, str) or right not in ids or len(ids) != 2:
        return None
    return name, right, next(each for each in ids if each != right)
