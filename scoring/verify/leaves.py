# SPDX-License-Identifier: Apache-2.0
"""Leaves of the log: what is committed, how it is spelt, and the order milestones must keep.

A leaf shows its type, its place and its minute; what happened stays behind a salted commitment until it is
opened. Acts may occur anywhere between milestones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scoring.verify.canonical import canonical_bytes, canonical_loads, canonical_object

LEAF_SCHEMA = "exam-portal/leaf/1"
SALT_BYTES = 32
LEAF_MINUTE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")
LEAF_TYPE = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
LEAF_KEYS = {"_", "commit", "seq", "t_minute", "type"}


def commitment(salt: bytes, content: object) -> str:
    """Hex of SHA-256("exam/commit/v1" || salt || canonical content): binding; silent without the salt."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(b"exam/commit/v1" + salt + canonical_bytes(content)).hexdigest()


def leaf_data(*, seq: int, kind: str, commit: str, at: datetime) -> bytes:
    """The bytes that enter the tree at place `seq` (counted from 0); the instant is cut to its minute."""
    if at.utcoffset() is None:
        raise ValueError("the instant of a leaf carries its time zone")
    minute = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    leaf = canonical_object(LEAF_SCHEMA, commit=commit, seq=seq, t_minute=minute, type=kind)
    if problem := leaf_problem(canonical_loads(leaf)):
        raise ValueError(problem)
    return leaf


def leaf_problem(leaf: Any) -> str | None:
    """What is wrong with the shape of a parsed leaf, if anything is."""
    if not isinstance(leaf, dict) or set(leaf) != LEAF_KEYS or leaf["_"] != LEAF_SCHEMA:
        return f"a leaf has exactly the keys {', '.join(sorted(LEAF_KEYS))} of {LEAF_SCHEMA}"
    if not isinstance(leaf["seq"], int) or isinstance(leaf["seq"], bool) or leaf["seq"] < 0:
        return "seq is not a place in the log"
    if not isinstance(leaf["type"], str) or not LEAF_TYPE.fullmatch(leaf["type"]):
        return "type is not a leaf type"
    if not isinstance(leaf["commit"], str) or not re.fullmatch(r"[0-9a-f]{64}", leaf["commit"]):
        return "commit is not a SHA-256 in hex"
    if not isinstance(leaf["t_minute"], str) or not LEAF_MINUTE.fullmatch(leaf["t_minute"]):
        return "t_minute is not a UTC minute"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A leaf type whose place matters: what must have come before it, and what may not have."""

    after: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()  # one of these, too
    never_after: frozenset[str] = frozenset()
    once: bool = False


def _milestone(after: str, never_after: str = "", *, either: str = "", once: bool = False) -> Milestone:
    return Milestone(
        after=frozenset(after.split()),
        either=frozenset(either.split()),
        never_after=frozenset(never_after.split()),
        once=once,
    )


MILESTONES: dict[str, Milestone] = {
    "genesis": _milestone("", once=True),
    "config": _milestone("genesis", never_after="open seal mark result publish"),
    "code": _milestone("genesis config"),
    "roster": _milestone("genesis config code"),
    "paper-commit": _milestone("genesis config code"),
    "key-commit": _milestone("genesis paper-commit"),
    "blind-commit": _milestone("genesis roster"),
    "assign-seed-commit": _milestone("genesis roster"),
    "attendance": _milestone("genesis roster"),
    "open": _milestone("genesis config code"),
    "paper-reveal": _milestone("genesis paper-commit open"),
    "heads": _milestone("genesis open attendance"),
    "seal": _milestone("genesis open attendance"),
    "close": _milestone("genesis open"),
    "anchor": _milestone("genesis close"),
    "mark": _milestone("genesis blind-commit"),
    "adjudicate": _milestone("genesis mark"),
    "mark-lock": _milestone("genesis mark"),
    "key-reveal": _milestone("genesis key-commit", either="seal close"),
    "unblind": _milestone("genesis mark-lock"),
    "result": _milestone("genesis config code"),
    "publish": _milestone("genesis result"),
    "appeal": _milestone("genesis publish"),
    "correction": _milestone("genesis mark-lock"),
}


def order_problems(types: Iterable[str]) -> list[tuple[int, str]]:
    """Each place where a milestone comes out of order, with the reason; acts are passed over.

    A competition holds several parts and vacancies at once, so a type may come again; what must never come
    early is the result of marks of which none is locked yet.
    """
    seen: set[str] = set()
    problems: list[tuple[int, str]] = []
    for place, kind in enumerate(types):
        rule = MILESTONES.get(kind)
        if rule is None:
            continue
        problems += [(place, reason) for reason in _broken(kind, rule, seen)]
        if kind == "result" and "mark" in seen and "mark-lock" not in seen:
            problems.append((place, "result before any mark-lock, though there are marks"))
        seen.add(kind)
    return problems


def _broken(kind: str, rule: Milestone, seen: set[str]) -> list[str]:
    reasons = [f"{kind} before any {needed}" for needed in sorted(rule.after - seen)]
    if rule.either and not rule.either & seen:
        reasons.append(f"{kind} before any {' or '.join(sorted(rule.either))}")
    reasons += [f"{kind} after a {barred}" for barred in sorted(rule.never_after & seen)]
    if rule.once and kind in seen:
        reasons.append(f"a second {kind}")
    return reasons
