# SPDX-License-Identifier: Apache-2.0
"""Neutralised items and changed keys: exact, uniform, as the rule set said before the test."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.correction import (
    CorrectedTest,
    Correction,
    ItemPoints,
    Neutralised,
    NothingLeft,
    Rekeyed,
    corrected,
)
from scoring.ranking import rank
from scoring.ruleset.settings import NEUTRALISE
from tests.scoring.builders import candidate, marks_content, read, weighted_content

WORTHS = st.integers(min_value=0, max_value=40).map(lambda quarters: Decimal(quarters) / 4)
POLICIES = pytest.mark.parametrize("policy", NEUTRALISE)


def points(**earned: str) -> list[ItemPoints]:
    """Items by name, each `earned/worth`."""
    pairs = {item: each.split("/") for item, each in earned.items()}
    return [
        ItemPoints(item=item, earned=Decimal(one), worth=Decimal(of)) for item, (one, of) in pairs.items()
    ]


@st.composite
def two_tests(draw: st.DrawFn) -> tuple[list[ItemPoints], list[ItemPoints], list[Correction]]:
    """The tests of two people who sat the same form, and neutralised items of it, some not in the form."""
    worths = draw(st.lists(WORTHS, min_size=1, max_size=8))
    sides = [
        [
            ItemPoints(item=str(place), earned=worth * draw(st.sampled_from([0, 1, 2, 4])) / 4, worth=worth)
            for place, worth in enumerate(worths)
        ]
        for _ in range(2)
    ]
    names = draw(st.lists(st.integers(0, len(worths) + 1).map(str), max_size=3, unique=True))
    assume(any(each.worth for each in sides[0] if each.item not in names))
    return sides[0], sides[1], [Neutralised(item=name) for name in names]


def share(found: CorrectedTest) -> Fraction:
    return Fraction(found.value) / Fraction(found.max)


def raw(own: Sequence[ItemPoints]) -> Decimal:
    return sum((each.earned for each in own), Decimal(0))


def most(own: Sequence[ItemPoints]) -> Decimal:
    return sum((each.worth for each in own), Decimal(0))


@pytest.mark.parametrize(
    ("policy", "value", "maximum"),
    [("redistribute", "2", "4"), ("full_credit", "3", "5"), ("zero_weight", "2", "5")],
)
@pytest.mark.parametrize("answer", ["0/1", "0.5/1", "1/1"])
def test_a_neutralised_item_does_for_everybody_what_the_policy_says(
    policy: str, value: str, maximum: str, answer: str
) -> None:
    found = corrected(points(a=answer, b="2/3", c="0/1"), [Neutralised(item="a")], policy)
    assert (found.value, found.max) == (Decimal(value), Decimal(maximum))
    assert found.applied == (Neutralised(item="a"),)


@POLICIES
def test_a_changed_key_replaces_what_the_item_earned_and_nothing_else(policy: str) -> None:
    found = corrected(points(a="0/1", b="2/3"), [Rekeyed(item="a", earned=Decimal(1))], policy)
    assert (found.value, found.max) == (Decimal(3), Decimal(4))


@POLICIES
def test_the_later_correction_of_an_item_is_in_force(policy: str) -> None:
    twice: list[Correction] = [Rekeyed(item="a", earned=Decimal(1)), Neutralised(item="a")]
    assert corrected(points(a="0/1", b="2/3"), twice, policy) == corrected(
        points(a="0/1", b="2/3"), twice[1:], policy
    )
    again = [Rekeyed(item="a", earned=Decimal(1)), Rekeyed(item="a", earned=Decimal("0.5"))]
    assert corrected(points(a="0/1", b="2/3"), again, policy).value == Decimal("2.5")


@POLICIES
@pytest.mark.parametrize("gone", [("a", "b"), ("a",)])
def test_a_form_of_which_nothing_of_worth_is_left_is_not_scored(policy: str, gone: tuple[str, ...]) -> None:
    own = points(a="1/1", b="0/0" if gone == ("a",) else "1/2")
    with pytest.raises(NothingLeft):
        corrected(own, [Neutralised(item=item) for item in gone], policy)


@pytest.mark.parametrize("earned", ["-0.25", "1.25"])
def test_no_key_gives_an_item_less_than_nothing_or_more_than_it_is_worth(earned: str) -> None:
    with pytest.raises(ValueError, match="cannot earn"):
        corrected(points(a="0/1", b="1/1"), [Rekeyed(item="a", earned=Decimal(earned))], "full_credit")


def test_an_unknown_policy_and_an_item_that_stands_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="policy"):
        corrected(points(a="0/1"), [], "drop")
    with pytest.raises(ValueError, match="twice"):
        corrected([*points(a="0/1"), *points(a="1/1")], [], "redistribute")


@POLICIES
def test_every_combination_of_three_items_agrees_with_the_formula(policy: str) -> None:
    for earned, gone in product(product((0, 1, 2), repeat=3), product((False, True), repeat=3)):
        own = [ItemPoints(item=str(n), earned=Decimal(e), worth=Decimal(2)) for n, e in enumerate(earned)]
        out = [place for place, is_gone in enumerate(gone) if is_gone]
        if len(out) == 3:
            continue
        left = Fraction(sum(earned) - sum(earned[place] for place in out))
        total, worth = Fraction(6), Fraction(2 * len(out))
        expected = {
            "redistribute": left * total / (total - worth) / total,
            "full_credit": (left + worth) / total,
            "zero_weight": left / total,
        }[policy]
        assert share(corrected(own, [Neutralised(item=str(place)) for place in out], policy)) == expected


@POLICIES
@given(two_tests())
def test_what_an_item_earned_does_not_matter_once_it_is_neutralised(
    policy: str, of: tuple[list[ItemPoints], list[ItemPoints], list[Correction]]
) -> None:
    own, _, corrections = of
    names = {each.item for each in corrections}
    emptied = [
        ItemPoints(item=each.item, earned=Decimal(0), worth=each.worth) if each.item in names else each
        for each in own
    ]
    assert corrected(own, corrections, policy) == corrected(emptied, corrections, policy)


@POLICIES
@given(two_tests())
def test_who_answered_the_other_items_better_stays_ahead_and_nobody_leaves_the_scale(
    policy: str, of: tuple[list[ItemPoints], list[ItemPoints], list[Correction]]
) -> None:
    one, other, corrections = of
    names = {each.item for each in corrections}
    rest = [raw([each for each in side if each.item not in names]) for side in (one, other)]
    first, second = corrected(one, corrections, policy), corrected(other, corrections, policy)
    assert first.max == second.max
    assert (first.value > second.value) == (rest[0] > rest[1])
    assert 0 <= share(first) <= 1


@POLICIES
@given(two_tests(), st.randoms())
def test_neither_their_order_nor_saying_it_twice_matters(
    policy: str, of: tuple[list[ItemPoints], list[ItemPoints], list[Correction]], chance: Any
) -> None:
    own, _, corrections = of
    mixed = [*corrections, *corrections]
    chance.shuffle(mixed)
    assert corrected(own, mixed, policy) == corrected(own, corrections, policy)


@given(two_tests())
def test_full_credit_lowers_nobody_zero_weight_raises_nobody_and_spread_points_keep_the_ends(
    of: tuple[list[ItemPoints], list[ItemPoints], list[Correction]],
) -> None:
    own, _, corrections = of
    before = Fraction(raw(own)) / Fraction(most(own))
    assert share(corrected(own, corrections, "full_credit")) >= before
    assert share(corrected(own, corrections, "zero_weight")) <= before
    spread = share(corrected(own, corrections, "redistribute"))
    assert spread >= share(corrected(own, corrections, "zero_weight"))
    assert spread <= share(corrected(own, corrections, "full_credit"))
    assert before != 1 or spread == 1
    assert before != 0 or spread == 0


@POLICIES
@given(two_tests())
def test_without_a_correction_of_its_items_a_test_stays_what_it_is(
    policy: str, of: tuple[list[ItemPoints], list[ItemPoints], list[Correction]]
) -> None:
    own, _, _ = of
    elsewhere: list[Correction] = [Neutralised(item="elsewhere"), Rekeyed(item="else", earned=Decimal(9))]
    assert corrected(own, elsewhere, policy) == CorrectedTest(value=raw(own), max=most(own), applied=())


def test_spread_points_are_rounded_once_and_say_in_the_ranking_what_was_done() -> None:
    found = corrected(points(a="1/1", b="2/3"), [Neutralised(item="a")], "redistribute")
    material = {
        "value": str(found.value),
        "max": str(found.max),
        "corrections": [{"question": "7", "kind": "neutralised"}, {"question": "9", "kind": "key"}],
    }
    ruleset, marks = read(weighted_content(), marks_content(candidate("A", test=material)))
    row = rank(ruleset, marks).to_json()["candidates"][0]
    assert row["parts"]["test"]["mark"] == "66.67"
    steps = [(step["code"], step["values"]) for step in row["explanation"]]
    assert steps == [("test_score", ["2", "3"]), ("neutralised_redistribute", ["7"]), ("key_changed", ["9"])]
