# SPDX-License-Identifier: Apache-2.0
"""Leaves commit to content without showing it, and milestones keep their order."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from scoring.verify.leaves import commitment, leaf_data, order_problems

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


@pytest.mark.parametrize(
    "order",
    [
        "genesis config roster open seal close mark mark mark-lock unblind result publish",
        "accounts.created genesis competitions.approved config mark adjudicate mark-lock result publish",
        "genesis config mark mark-lock result mark mark-lock result publish appeal mark mark-lock result",
        "genesis config config result publish appeal result publish",
        "genesis",
        "",
    ],
)
def test_milestones_in_order_pass(order: str) -> None:
    assert order_problems(order.split()) == []


@pytest.mark.parametrize(
    ("order", "place", "reason"),
    [
        ("config genesis", 0, "before any genesis"),
        ("genesis genesis", 1, "a second genesis"),
        ("genesis config open config", 3, "config after a open"),
        ("genesis config mark config", 3, "config after a mark"),
        ("genesis config mark result", 3, "before any mark-lock"),
        ("genesis config mark unblind", 3, "before any mark-lock"),
        ("genesis config publish", 2, "before any result"),
        ("genesis config seal", 2, "before any open"),
        ("genesis result", 1, "before any config"),
        ("genesis config open paper-reveal", 3, "before any paper-commit"),
    ],
)
def test_a_milestone_out_of_order_is_named_with_its_place(order: str, place: int, reason: str) -> None:
    assert any(found == place and reason in why for found, why in order_problems(order.split()))
