# SPDX-License-Identifier: Apache-2.0
"""When marks lie too far apart, under every policy of marking and of review; and how the minute says it."""

from decimal import Decimal
from typing import Any

import pytest

from exam_portal.marking import standing
from exam_portal.marking.standing import Need, Rule
from scoring.explain import marks_become_one
from scoring.ruleset import read_ruleset
from tests.scoring.builders import gate_content


def a_rule(*, is_review: bool = False, review: str = "two_agree_else_mean", **marking: Any) -> Rule:
    """The written part of the gate rule set, its marking (or its review) overridden."""
    content = gate_content()
    content["review"]["policy"] = review
    next(part for part in content["parts"] if part["key"] == "written")["marking"].update(marking)
    return Rule.of(read_ruleset(content), "written", is_review=is_review)


def marks(*values: str) -> dict[int, Decimal]:
    return {number: Decimal(value) for number, value in enumerate(values, start=1)}


PERCENT = {"threshold": "10", "operator": ">=", "basis": "percent_of_max"}


@pytest.mark.parametrize(
    ("rule", "values", "is_apart", "need"),
    [
        (a_rule(), ("60", "69.5"), False, Need.NOTHING),
        (a_rule(), ("60", "70"), True, Need.THIRD),
        (a_rule(discrepancy=PERCENT), ("60", "70"), True, Need.THIRD),
        (a_rule(resolve="mean"), ("60", "70"), True, Need.NOTHING),
        (a_rule(resolve="chair_decides"), ("60", "70"), True, Need.NOTHING),
        (a_rule(), ("60",), False, Need.SECOND),
        (a_rule(is_review=True), ("60", "60"), False, Need.NOTHING),
        (a_rule(is_review=True), ("60", "60.5"), True, Need.THIRD),
        (a_rule(is_review=True, review="single"), ("60",), False, Need.NOTHING),
        (a_rule(is_review=True, review="tolerance"), ("60",), False, Need.NOTHING),
    ],
)
def test_marks_are_apart_where_the_rule_does_not_take_them_for_agreement(
    rule: Rule, values: tuple[str, ...], is_apart: bool, need: Need
) -> None:
    assert standing.is_apart(rule, marks(*values)) is is_apart
    assert standing.need(rule, marks(*values)) is need


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (a_rule(), "từ 10 điểm trở lên: bài được chấm lần thứ ba; điểm của lần này là điểm chính thức"),
        (a_rule(discrepancy=PERCENT), "từ 10% thang điểm trở lên"),
        (a_rule(resolve="mean"), "từ 10 điểm trở lên: lấy trung bình cộng"),
        (a_rule(resolve="chair_decides"), "Chủ tịch Hội đồng quyết định điểm của bài"),
        (a_rule(is_review=True), "Hai người chấm lại độc lập"),
        (a_rule(is_review=True, review="single"), "Bài được một người chấm lại"),
        (a_rule(is_review=True, review="tolerance"), "điểm cũ giữ nguyên"),
        (a_rule(is_review=True, review="review_only"), "Một người chưa chấm bài đó xem lại việc chấm"),
    ],
)
def test_the_minute_says_the_rule_in_the_words_of_the_notice(rule: Rule, words: str) -> None:
    said = " ".join(marks_become_one(rule.ruleset, rule.part, "vi", is_review=rule.is_review))
    assert words in said
    assert rule.part.marking is not None
    assert ("lần thứ ba" in said) is (rule.part.marking.resolve == "third_decides" and not rule.is_review)
