# SPDX-License-Identifier: Apache-2.0
"""Totals become ranks; a tie across the last place is separated by rule, by decision, or not at all.

Nothing here is random, and nothing looks at a name or an id.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from scoring.marks import Decision
from scoring.ruleset.settings import TieBreak
from scoring.standing import OPEN, PASSED, Standing

TieKey = Callable[[Standing], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """The best and the worst rank that can come, and the rule that separated the candidate from an equal."""

    best: int
    worst: int
    tie_rule: str | None = None

    @property
    def rank(self) -> int | None:
        """The rank, where only one can come."""
        return self.best if self.best == self.worst else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A candidate inside a tie, with the rule that last separated the candidate from somebody."""

    standing: Standing
    rule: str | None = None


Block = tuple[tuple[Member, ...], bool]  # those who share a place, and whether the place is decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A tie that runs through the last place and that no rule separates: an authority must decide."""

    codes: tuple[str, ...]
    total: Decimal
    places: int


def place(
    standings: Sequence[Standing], tie_break: TieBreak, decisions: Sequence[Decision], places: int
) -> tuple[dict[str, Placing], list[Tie]]:
    """The placing of everyone whose total is certain, and the ties that wait for a decision.

    Undecided candidates count as above or below a total where they can end nowhere else. Where some can end
    on either side, or on it, the ranks lie between those of nobody and of everybody being ahead.
    """
    made = [each for each in standings if each.state == PASSED]
    made.sort(key=_total_of, reverse=True)
    undecided = [each for each in standings if each.state == OPEN and each.present]
    lowest = sorted(each.lowest for each in undecided if each.lowest is not None)
    highest = sorted(each.highest for each in undecided)
    placings: dict[str, Placing] = {}
    ties: list[Tie] = []
    passed = 0
    for total, equals in groupby(made, key=_total_of):
        group = list(equals)
        surely_above = len(lowest) - bisect_right(lowest, total)
        within_reach = len(highest) - bisect_left(highest, total) - surely_above
        first = 1 + passed + surely_above
        passed += len(group)
        if within_reach:
            unsettled = Placing(best=first, worst=first + within_reach + len(group) - 1)
            placings.update({each.candidate.id: unsettled for each in group})
            continue
        blocks = _blocks(group, places + 1 - first, tie_break, decisions)
        placings.update(_ranked(blocks, first))
        ties += [
            Tie(codes=_codes(members), total=total, places=places) for members, known in blocks if not known
        ]
    return placings, ties


def _total_of(standing: Standing) -> Decimal:
    return standing.total if standing.total is not None else Decimal(-1)


def _codes(members: Sequence[Member]) -> tuple[str, ...]:
    return tuple(member.standing.candidate.id for member in members)


def _ranked(blocks: Sequence[Block], first: int) -> dict[str, Placing]:
    placings = {}
    for members, known in blocks:
        worst = first if known else first + len(members) - 1
        for member in members:
            placings[member.standing.candidate.id] = Placing(best=first, worst=worst, tie_rule=member.rule)
        first += len(members)
    return placings


def _blocks(
    group: Sequence[Standing], room: int, tie_break: TieBreak, decisions: Sequence[Decision]
) -> list[Block]:
    """A group of equal totals in the order of its places; `room` is how many of it find a place."""
    members = tuple(Member(standing=each) for each in group)
    if len(group) == 1:
        return [(members, True)]
    classes = _separate(members, room, tie_break, list(tie_break.order))
    if not tie_break.places_boundary_only:
        return [block for each, left in _with_room(classes, room) for block in _settle(each, left, decisions)]
    inside = tuple(member for each, left in _with_room(classes, room) if left >= len(each) for member in each)
    outside = tuple(member for each, left in _with_room(classes, room) if left <= 0 for member in each)
    across = [(each, left) for each, left in _with_room(classes, room) if 0 < left < len(each)]
    middle = [block for each, left in across for block in _settle(each, left, decisions)]
    return [(inside, True), *middle, (outside, True)]


def _with_room(classes: Sequence[tuple[Member, ...]], room: int) -> list[tuple[tuple[Member, ...], int]]:
    """Each class with the places that are left when its turn comes."""
    left = []
    for each in classes:
        left.append((each, room))
        room -= len(each)
    return left


def _separate(
    members: tuple[Member, ...], room: int, tie_break: TieBreak, rules: list[str]
) -> list[tuple[Member, ...]]:
    """The members in classes, best first, by the first rules that tell them apart."""
    crossing = 0 < room < len(members)
    if not rules or (tie_break.places_boundary_only and not crossing):
        return [members]
    rule, *rest = rules
    classes = _classes(members, rule)
    if len(classes) == 1:
        return _separate(members, room, tie_break, rest)
    named = [tuple(replace(member, rule=rule) for member in each) for each in classes]
    return [
        inner for each, left in _with_room(named, room) for inner in _separate(each, left, tie_break, rest)
    ]


def _classes(members: tuple[Member, ...], rule: str) -> list[tuple[Member, ...]]:
    """The members by falling value under one rule; one class when anybody has no value under it."""
    value = _tie_value(rule)
    values = {member.standing.candidate.id: value(member.standing) for member in members}
    known = {key: each for key, each in values.items() if each is not None}
    if len(known) < len(values):
        return [members]
    levels = sorted(set(known.values()), reverse=True)
    return [
        tuple(member for member in members if known[member.standing.candidate.id] == level)
        for level in levels
    ]


def _tie_value(rule: str) -> TieKey:
    kind, _, name = rule.partition(":")
    part, _, criterion = name.partition(".")

    def by_part(standing: Standing) -> Decimal | None:
        return standing.result(part).mark

    def by_criterion(standing: Standing) -> Decimal | None:
        outcome = standing.result(part).outcome
        return dict(outcome.criteria).get(criterion) if outcome else None

    def by_nothing(_: Standing) -> Decimal | None:
        return None

    return {"part": by_part, "rubric": by_criterion}.get(kind, by_nothing)


def _settle(members: tuple[Member, ...], room: int, decisions: Sequence[Decision]) -> list[Block]:
    """A class that no rule separates: in the decided order, else shared, else waiting at the last place."""
    if len(members) == 1:
        return [(members, True)]
    codes = set(_codes(members))
    for decision in reversed(decisions):
        if codes <= set(decision.order):  # only a decision about a tie has an order
            turn = {code: place for place, code in enumerate(decision.order)}
            order = sorted(members, key=lambda member: turn[member.standing.candidate.id])
            return [((replace(member, rule="decision"),), True) for member in order]
    return [(members, not 0 < room < len(members))]
