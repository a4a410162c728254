# SPDX-License-Identifier: Apache-2.0
"""Leaves commit to content without showing it, and milestones keep their order."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from scoring.verify.leaves import MILESTONES, commitment, leaf_data, order_problems

SALT = bytes(range(32))
AT = datetime(2026, 11, 23, 7, 5, 59, tzinfo=UTC)


def test_a_commitment_is_the_salted_hash_of_the_canonical_content() -> None:
    expected = hashlib.sha256(b"exam/commit/v1" + SALT + b'{"a":"1"}').hexdigest()
    assert commitment(SALT, {"a": "1"}) == expected
    assert commitment(SALT[::-1], {"a": "1"}) != expected


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        commitment(SALT[:16], {})


def test_a_leaf_is_cut_to_its_minute_in_utc() -> None:
    hanoi = AT.astimezone(timezone(timedelta(hours=7)))
    written = leaf_data(seq=3, kind="mark-lock", commit="0" * 64, at=hanoi)
    assert written == (
        b'{"_":"exam-portal/leaf/1","commit":"'
        + b"0" * 64
        + b'","seq":3,"t_minute":"2026-11-23T07:05Z","type":"mark-lock"}'
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": -1},
        {"kind": "Mark Lock"},
        {"commit": "0" * 63},
        {"commit": "Z" * 64},
        {"at": AT.replace(tzinfo=None)},
    ],
)
def test_a_leaf_out_of_shape_is_not_made(wrong: dict[str, object]) -> None:
    given: dict[str, Any] = {"seq": 0, "kind": "config", "commit": "0" * 64, "at": AT, **wrong}
    with pytest.raises(ValueError, match=r"seq|type|SHA-256|time zone"):
        leaf_data(**given)


WHOLE = """
    genesis competitions.approved config code roster paper-commit key-commit papers.sealed
    open paper-reveal attendance open heads seal heads seal close anchor assign-seed-commit key-reveal
    blind-commit mark mark adjudicate mark-lock unblind correction result publish appeal
    blind-commit mark mark mark-lock unblind result publish result publish
"""
ON_PAPER = """
    genesis config code roster open close attendance
    blind-commit mark mark mark-lock unblind result publish
"""
PANEL_ALONE = "genesis config code roster result publish"
TEST_IN_TWO_SITTINGS_THEN_WRITTEN = """
    genesis config code paper-commit key-commit roster
    open paper-reveal attendance open seal close key-reveal open attendance heads seal close key-reveal
    result publish paper-commit key-commit open paper-reveal open attendance seal close
    blind-commit mark mark-lock unblind result publish
"""
RENEWED_BETWEEN_PARTS = """
    genesis config code roster attendance open seal close code open attendance seal close result publish
"""


@pytest.mark.parametrize(
    "order",
    [
        WHOLE,
        ON_PAPER,
        PANEL_ALONE,
        TEST_IN_TWO_SITTINGS_THEN_WRITTEN,
        RENEWED_BETWEEN_PARTS,
        "accounts.created genesis competitions.created config code",
        "genesis config config",
        "genesis",
        "",
    ],
)
def test_milestones_in_order_pass(order: str) -> None:
    assert order_problems(order.split()) == []


RULES = [(kind, needed) for kind, rule in MILESTONES.items() for needed in sorted(rule.after)]


@pytest.mark.parametrize(("kind", "needed"), RULES)
def test_a_milestone_without_what_must_precede_it_is_named_with_its_place(kind: str, needed: str) -> None:
    order = [each for each in WHOLE.split() if each != needed]
    assert (order.index(kind), f"{kind} before any {needed}") in order_problems(order)


BARRED = [(kind, barred) for kind, rule in MILESTONES.items() for barred in sorted(rule.never_after)]


@pytest.mark.parametrize(("kind", "barred"), BARRED)
def test_a_milestone_after_what_it_may_not_follow_is_named_with_its_place(kind: str, barred: str) -> None:
    whole = WHOLE.split()
    place = whole.index(barred) + 1
    assert order_problems([*whole[:place], kind, *whole[place:]])[0][0] == place


@pytest.mark.parametrize(
    ("order", "place", "reason"),
    [
        ("config genesis", 0, "config before any genesis"),
        ("genesis genesis", 1, "a second genesis"),
        ("genesis config code roster blind-commit mark result", 6, "result before any mark-lock"),
        ("genesis config code roster open seal attendance", 5, "seal before any attendance"),
    ],
)
def test_what_is_out_of_order_is_told_in_words(order: str, place: int, reason: str) -> None:
    assert any(found == place and reason in why for found, why in order_problems(order.split()))
