# SPDX-License-Identifier: Apache-2.0
"""Marks are rounded once, exactly, whatever the decimal context around them."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rounding import is_multiple, mean, median, plain, published, quantise

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
MARKS = st.decimals("0", "100", places=4)


@pytest.mark.parametrize(
    ("value", "mode", "expected"),
    [
        ("49.995", "half_up", "50.00"),
        ("49.994", "half_up", "49.99"),
        ("0.005", "half_up", "0.01"),
        ("0.005", "half_even", "0.00"),
        ("0.015", "half_even", "0.02"),
        ("49.999", "down", "49.99"),
        ("0", "half_up", "0.00"),
        ("100", "down", "100.00"),
        ("-0.005", "half_up", "-0.01"),
    ],
)
def test_halves_go_where_the_rule_says(value: str, mode: str, expected: str) -> None:
    assert published(quantise(Decimal(value), 2, mode)) == expected


@given(MARKS, st.sampled_from(sorted(MODES)), st.integers(0, 6))
def test_rounding_agrees_with_the_decimal_module(value: Decimal, mode: str, decimals: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-decimals), rounding=MODES[mode])
    assert quantise(value, decimals, mode) == expected


@given(MARKS, MARKS, st.sampled_from(sorted(MODES)))
def test_rounding_keeps_the_order(first: Decimal, second: Decimal, mode: str) -> None:
    low, high = sorted((first, second))
    assert quantise(low, 2, mode) <= quantise(high, 2, mode)


@given(st.lists(MARKS, min_size=1, max_size=15))
def test_a_mean_is_exact_and_lies_between(values: list[Decimal]) -> None:
    assert mean(values) * len(values) == sum(map(Fraction, values))
    assert min(values) <= mean(values) <= max(values)
    assert min(values) <= median(values) <= max(values)


def test_an_ambient_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 2
        context.rounding = ROUND_DOWN
        assert published(quantise(mean([Decimal("84.5"), Decimal("84.37")]), 2, "half_up")) == "84.44"


def test_an_unknown_rounding_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no such rounding"):
        quantise(Decimal(1), 2, "up")


@pytest.mark.parametrize(
    ("value", "text"),
    [("84.50", "84.5"), ("100", "100"), ("1E+2", "100"), ("0.0", "0"), ("-0", "0"), ("-0.5", "-0.5")],
)
def test_a_decimal_is_spelt_as_short_as_it_can_be(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(("value", "text"), [("-0", "0"), ("-0.00", "0.00"), ("-1.50", "-1.50")])
def test_nought_bears_no_sign(value: str, text: str) -> None:
    assert published(Decimal(value)) == text


@pytest.mark.parametrize(("value", "fits"), [("72.5", True), ("72.25", False), ("0", True)])
def test_a_mark_is_a_multiple_of_the_step(value: str, fits: bool) -> None:
    assert is_multiple(Decimal(value), Decimal("0.5")) is fits
